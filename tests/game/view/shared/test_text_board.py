"""The board and the list of levels as text."""

from __future__ import annotations

import numpy as np
import pytest

from game.view.lines.levels import levels_json, levels_text
from game.view.shared.text_board import board_text, has_arrows
from game.world.catalog import World, load, shipped, world_from_text


def small_world() -> World:
    text = "map = '''\nS#*\n~.G\n'''\ntitle = 'Small – one'\nteaches = 'That it is small.'"
    return world_from_text(text, "small", "small.toml", "small.toml")


def test_walls_are_blocks_and_floor_is_dots() -> None:
    dynamics = small_world().dynamics
    assert board_text(dynamics) == "S ██*\n~ · G"
    assert board_text(dynamics, unicode=False) == "S ##*\n~ . G"


def test_a_taken_coin_is_floor() -> None:
    dynamics = small_world().dynamics
    assert board_text(dynamics, state=dynamics.n_states - 1) == "S ██·\n~ · @"


def test_arrows_show_the_most_probable_action_where_one_can_act() -> None:
    dynamics = small_world().dynamics
    table = np.full((dynamics.n_states, 4), 0.1)
    table[np.arange(dynamics.n_states), np.arange(dynamics.n_states) % 4] = 0.7
    assert board_text(dynamics, probabilities=table) == "↑ ██→\n↓ ← G"
    assert board_text(dynamics, state=7, probabilities=table, unicode=False) == "> ##v\n@ ^ G"


def test_each_action_has_its_own_sign() -> None:
    text = 'map = "."\nactions = ["up-left", "stay"]'
    dynamics = world_from_text(text, "one", "one", "one").dynamics
    assert board_text(dynamics, probabilities=np.array([[0.9, 0.1]])) == "↖"
    assert board_text(dynamics, probabilities=np.array([[0.1, 0.9]])) == "○"
    assert board_text(dynamics, probabilities=np.array([[0.9, 0.1]]), unicode=False) == "\\"


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", True), ("ascii", False), ("latin-1", False), ("nonsense", False), (None, False)],
)
def test_arrows_need_an_encoding_that_has_them(encoding: str | None, expected: bool) -> None:
    assert has_arrows(encoding) is expected


@pytest.mark.parametrize("width", [30, 60, 80, 200])
@pytest.mark.parametrize("unicode", [True, False])
def test_the_list_names_every_level_and_keeps_to_its_width(width: int, unicode: bool) -> None:
    text = levels_text([load(name) for name in shipped()], width, unicode)
    lines = text.split("\n")
    assert max(map(len, lines)) <= width
    assert text.isascii() is not unicode
    words = " ".join(text.split())
    for name in shipped():
        assert name in words


def test_the_list_puts_words_beside_pictures() -> None:
    assert levels_text([small_world()], 60).split("\n")[:3] == [
        "  S ██*   small",
        "  ~ · G   Small – one",
        "          That it is small.",
    ]


def test_the_list_for_programs_holds_the_map_and_the_facts() -> None:
    (entry,) = levels_json([small_world()])
    assert entry["name"] == "small"
    assert entry["map"] == ["S#*", "~.G"]
    assert entry["actions"] == ["up", "right", "down", "left"]
    assert (entry["states"], entry["discount"], entry["max_steps"]) == (10, 0.99, 100)
