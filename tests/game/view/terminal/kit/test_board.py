"""The board in characters: arrows where the policy says, scales that fit, the cursor, the trail, and no colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from game.view.shared.overlays import OVERLAYS, Overlays
from game.view.shared.text_board import board_text
from game.view.shared.theme import DARK, LIGHT
from game.view.terminal.kit.board import Board
from game.view.terminal.kit.look import Look, look_for
from game.view.terminal.kit.scale import HALF, PLAIN_SCALES, SCALES, Camera
from game.view.terminal.kit.scene import Scene
from game.world.catalog import World, load, shipped
from tests.game.view.learner import COINS, Learner, world_of_text

DARK_LOOK = Look(DARK)
PLAIN = Look(DARK, colour=False)
ASCII = Look(DARK, colour=False, unicode=False, braille=False)


def certain(world: World, seed: int = 0) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """A policy that takes one action in each state, by chance."""
    dynamics = world.dynamics
    chosen = np.random.default_rng(seed).integers(dynamics.n_actions, size=dynamics.n_states)
    return np.eye(dynamics.n_actions)[chosen]


@pytest.mark.parametrize("name", ["four_rooms", "cliff", "coins", "windy", "frozen_lake_8x8"])
def test_each_cell_shows_the_most_probable_action_as_the_plain_text_does(name: str) -> None:
    world = load(name)
    policy = certain(world)
    layout = world.dynamics.layout
    assert layout is not None
    grid = Board(world).draw(2 * layout.width, layout.height, DARK_LOOK, Scene(probabilities=policy))
    plain = board_text(world.dynamics, probabilities=policy).split("\n")
    acting = world.dynamics.reachable & ~world.dynamics.terminal
    for row in range(layout.height):
        for column in range(layout.width):
            state = layout.cell_states[0][row, column]
            if state >= 0 and acting[state]:
                assert grid.rows[row][2 * column][0] == plain[row][2 * column]


def test_all_four_arrows_of_a_large_cell_are_as_long_as_they_are_probable() -> None:
    world = world_of_text()
    policy = np.full((world.dynamics.n_states, 4), 0.0)
    policy[:] = [0.2, 0.6, 0.0, 0.2]  # up, right, down, left
    board = Board(world)
    text = board.draw(36, 18, DARK_LOOK, Scene(probabilities=policy)).text().split("\n")
    assert board.camera.scale.width == 12
    middle = 12 + 5  # the second cell of the first row
    assert text[2][middle - 1 : middle + 4] == "←·──→"
    assert text[1][middle] == "↑"
    assert text[3].ljust(40)[middle] == " ", "no arrow for what never happens"


def test_weight_and_colour_say_how_sure_and_pale_says_never_visited() -> None:
    world = world_of_text()
    learner = Learner(world)
    learner.begin()
    snapshot = next(iter(learner.updates()))
    policy = np.tile([0.25, 0.25, 0.25, 0.25], (world.dynamics.n_states, 1))
    policy[0], policy[1] = [0.0, 1.0, 0.0, 0.0], [0.4, 0.2, 0.2, 0.2]
    visits = np.ones(world.dynamics.n_states, dtype=np.int64)
    visits[1] = 0
    snapshot = replace(snapshot, visits=visits)
    for look in (DARK_LOOK, Look(LIGHT), PLAIN):
        row = Board(world).draw(6, 3, look, Scene(snapshot, policy)).rows[0]
        assert (row[0][0], row[2][0], row[4][0]) == ("→", "↑", "·")
        assert row[0][1] == look.sure(1.0)
        assert row[2][1] == look.style("untrained")
        assert row[0][1].bold
        assert not row[2][1].bold
        if look is PLAIN:
            assert all(style.color is None and style.bgcolor is None for _, style in row)
        else:
            assert row[0][1].color != row[2][1].color


#: All levels, and with each of the poorer looks one that has many kinds of tiles.
SEEN = [*((name, DARK_LOOK) for name in shipped()), ("ice_bridge", PLAIN), ("coins", ASCII), ("windy", ASCII)]


@pytest.mark.parametrize(("name", "look"), SEEN, ids=lambda part: part if isinstance(part, str) else "")
def test_every_level_fits_beside_the_panel_of_a_small_terminal_with_every_overlay(name: str, look: Look) -> None:
    world = load(name)
    learner = Learner(world, batch=2)
    learner.begin()
    snapshot, dice = next(iter(learner.updates())), np.random.default_rng(2)
    tables = dice.normal(size=(3, *snapshot.credit.shape))
    snapshot = replace(snapshot, credit=tables[0], exact_credit=tables[1], action_values=tables[2])
    overlays = Overlays()
    board = Board(world, overlays)
    pictures = set()
    for overlay in OVERLAYS:
        assert overlays.chosen == overlay
        scene = Scene(snapshot, certain(world), snapshot.episode.states[:3], cursor=(0, 0))
        grid = board.draw(40, 19, look, scene)
        assert not board.camera.partial
        text = grid.text()
        assert "@" in text
        assert text.isascii() or look is not ASCII
        pictures.add((text, tuple(style for row in grid.rows for _, style in row)))
        overlays.next()
    assert len(pictures) == len(OVERLAYS)


def test_a_level_too_large_is_seen_around_the_agent_and_the_cursor() -> None:
    world = load("maze:101")
    layout = world.dynamics.layout
    assert layout is not None
    board = Board(world)
    for state in (0, world.dynamics.n_states // 2, world.dynamics.n_states - 1):
        board.draw(40, 19, DARK_LOOK, Scene(passed=[state]))
        assert board.camera.scale == HALF
        assert board.camera.partial
        assert board.camera.corner(*layout.position[state].tolist()) is not None
    for cell in ((0, 0), (50, 100), (100, 3)):
        board.draw(40, 19, DARK_LOOK, Scene(passed=[0], cursor=cell))
        assert board.camera.corner(*cell) is not None


def test_the_camera_finds_the_cell_at_a_character_again() -> None:
    layout = load("maze:31").dynamics.layout
    assert layout is not None
    for scales in (SCALES, PLAIN_SCALES):
        for size in ((31, 16), (40, 19), (70, 40), (300, 150), (400, 200), (12, 5)):
            for focus in ((0, 0), (15, 15), (30, 30)):
                camera = Camera(layout, scales)
                camera.place(*size, focus)
                columns, rows = camera.size()
                assert columns <= size[0]
                assert rows <= size[1]
                seen = {camera.cell(x, y) for x in range(columns) for y in range(rows)}
                assert focus in seen or camera.scale.half
                for cell in seen - {None}:
                    assert cell is not None
                    at = camera.corner(*cell)
                    assert at is not None
                    assert camera.cell(*at) in (cell, (cell[0] - 1, cell[1]))  # the upper one of two halves
                camera.turn(1)
                before = camera.scale
                camera.place(*size, focus)
                assert scales.index(camera.scale) in (scales.index(before) + 1, len(scales) - 1)


def test_coins_that_are_taken_are_gone_and_the_trail_is_told_without_colour_too() -> None:
    world = world_of_text(COINS)
    layout = world.dynamics.layout
    assert layout is not None
    assert Board(world).draw(6, 3, PLAIN, Scene(passed=[0])).text().count("*") == 2
    path = [0, int(layout.cell_states[0][0, 1]), int(layout.cell_states[1][0, 2])]
    taken = int(layout.coin_set(path[2]))
    assert layout.taken[path[2]].any()
    assert taken
    grid = Board(world).draw(6, 3, PLAIN, Scene(passed=path))
    assert grid.text().count("*") == 1
    assert [bool(grid.rows[0][x][1].underline) for x in (0, 2, 4)] == [True, True, False]


def test_the_look_follows_the_terminal() -> None:
    assert look_for("utf-8", {}) == Look(DARK)
    assert not look_for("utf-8", {"NO_COLOR": "1"}).colour
    assert look_for("utf-8", {"COLORFGBG": "0;15"}).theme is LIGHT
    assert look_for("utf-8", {"COLORFGBG": "15;default;0"}).theme is DARK
    assert look_for("ascii", {}) == Look(DARK, unicode=False, braille=False)
    assert look_for("utf-8", {"TERM": "linux"}) == Look(DARK, braille=False)
    assert Look(DARK).other() == Look(LIGHT)
