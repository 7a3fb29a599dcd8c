"""The window of a match: what each key does, under SDL's dummy driver."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
import pytest

from game.errors import LevelError
from game.keys import KEYS
from game.view.play.rules import Rules
from game.view.shared.theme import DARK, LIGHT
from game.view.windows import play
from tests.game.view.play.table import Given, Table


@pytest.mark.parametrize(
    ("key", "to"),
    [("up", (0, 0)), ("w", (0, 0)), ("right", (1, 1)), ("d", (1, 1)), ("down", (2, 0)), ("s", (2, 0))],
)
def test_arrows_and_wasd_move_the_person_and_with_them_the_policy(at: Table, key: str, to: tuple[int, int]) -> None:
    at.press(key)
    assert at.position() == to
    assert len(at.contest.match.current.policy) == 1


@pytest.mark.parametrize("key", ["left", "a"])
def test_left_moves_left_and_a_blocked_move_gets_a_hint(at: Table, key: str) -> None:
    at.press("right", key)
    assert at.position() == (1, 0)
    assert at.contest.hint == ""
    at.press(key)
    assert at.position() == (1, 0)
    assert len(at.contest.match.current.person) == 3
    assert any("you stayed, it counts as a step" in words for words in at.written)


@pytest.mark.parametrize(
    ("key", "step"), [("q", (-1, -1)), ("e", (-1, 1)), ("z", (1, -1)), ("c", (1, 1)), ("x", (0, 0)), ("w", (-1, 0))]
)
def test_diagonals_and_stay_where_the_level_has_them(driver: None, key: str, step: tuple[int, int]) -> None:
    sitting = Table(Given("stay"), "king").seated()
    sitting.press(key)
    assert sitting.position() == (2 + step[0], 2 + step[1])
    assert sitting.contest.hint == ""
    sitting.close()


@pytest.mark.parametrize("key", ["q", "e", "z", "c", "x"])
def test_a_key_that_is_no_action_of_the_level_only_gets_a_hint(at: Table, key: str) -> None:
    at.press(key)
    assert len(at.contest.match.current.person) == 0
    assert any(words.startswith("No ") and "here: the moves are" in words for words in at.written)


def test_a_key_that_does_nothing_says_so(at: Table) -> None:
    at.press("j")
    assert any("J does nothing here" in words for words in at.written)


def test_the_policy_plays_on_by_itself_and_enter_skips_to_its_end(at: Table) -> None:
    at.press("right", "right", "up")
    assert at.contest.match.current.person.goal
    assert not at.contest.match.current.over
    at.pass_time(1.5)
    assert 3 < len(at.contest.match.current.policy) < 9
    at.press("return")
    assert at.contest.match.current.policy.truncated
    assert at.contest.match.outcomes == ("win",)
    assert "You win the round" in at.written


def test_left_alone_the_policy_reaches_the_cap_within_seconds(at: Table) -> None:
    at.press("right", "right", "up")
    at.pass_time(4)
    assert at.contest.match.current.over


@pytest.mark.parametrize("key", ["return", "space"])
def test_enter_begins_the_next_round_and_after_the_last_a_new_match(at: Table, key: str) -> None:
    for number in (1, 2):
        at.press("right", "right", "up", key)
        assert at.contest.match.outcomes == ("win",) * number
        assert len(at.contest.match.rounds) == number
        if number == 1:
            at.press(key)
            assert len(at.contest.match.rounds) == 2
    assert at.contest.match.result == "win"
    assert "You win the match" in at.written
    assert "Room: you win the match, 2 : 0." in at.window.model.summary()
    at.press(key)
    assert at.contest.match.outcomes == ()
    assert at.contest.match.result is None


def test_enter_in_the_middle_of_a_round_only_gets_a_hint(at: Table) -> None:
    at.press("right", "return")
    assert len(at.contest.match.current.person) == 1
    assert any("still goes on" in words for words in at.written)


def test_a_loss_and_a_draw_are_plain_to_see(driver: None) -> None:
    sitting = Table(Given("right")).seated()
    sitting.press("right", "down", "right", "return")
    assert "The policy wins the round" in sitting.written
    assert "L" in sitting.written
    sitting.press("return", *["right"] * 9)
    assert "The round is a draw" in sitting.written
    assert "D" in sitting.written
    sitting.close()


def test_v_shows_and_hides_the_policys_arrows(at: Table) -> None:
    def picture() -> bytes:
        at.window.draw()
        return pygame.image.tobytes(at.window.window.get_surface(), "RGB")

    hidden = picture()
    at.press("v")
    shown = picture()
    assert at.window.model.show_arrows
    assert shown != hidden
    at.press("v")
    assert picture() == hidden


def test_an_arrow_of_the_policy_lies_left_of_the_cells_middle_when_it_goes_left(at: Table) -> None:
    at.press("v")
    board = at.screen.sides[1].board
    surface = at.window.window.get_surface()
    x, y = board.centre(0, 1)
    left = surface.get_at((round(x - board.cell * 0.25), round(y)))[:3]
    right = surface.get_at((round(x + board.cell * 0.25), round(y)))[:3]
    assert left == LIGHT.policy
    assert right == LIGHT.floor


def test_g_switches_between_sampling_and_greedy(driver: None) -> None:
    sitting = Table(Given("left", share=0.4), greedy=False).seated()
    assert set(np.unique(sitting.contest.strategy.probabilities).round(9)) == {0.2, 0.4}
    sitting.press("g")
    assert sitting.contest.is_greedy
    assert set(np.unique(sitting.contest.strategy.probabilities)) == {0.0, 1.0}
    assert any("most probable action" in words for words in sitting.written)
    sitting.press("g")
    assert not sitting.contest.is_greedy
    sitting.close()


def test_n_begins_a_new_match(at: Table) -> None:
    at.press("right", "right", "up", "return", "n")
    assert at.contest.match.outcomes == ()
    assert len(at.contest.match.current.person) == 0


def test_l_opens_the_chooser_and_enter_switches_the_level(at: Table) -> None:
    at.press("l")
    assert at.window.chooser is not None
    assert at.window.chooser.levels.choice.name == "room"
    assert {"Room", "King", "Cliff"} <= set(at.written)
    at.press("right", "return")
    at.wait_for_opponent()
    assert at.window.chooser is None
    assert at.contest.opponent.world.name == "king"
    assert at.contest.is_greedy


def test_escape_closes_the_chooser_and_the_match_goes_on(at: Table) -> None:
    at.press("right", "l", "right", "escape")
    assert at.window.chooser is None
    assert not at.window.model.closed
    assert at.contest.opponent.world.name == "room"
    assert len(at.contest.match.current.person) == 1


def test_a_click_chooses_a_level_and_a_click_beside_does_not(at: Table) -> None:
    at.press("l")
    at.window.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(2, 2)))
    assert at.window.chooser is not None
    card = at.window.chooser._cards[1][1]
    at.window.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=card.center))
    at.wait_for_opponent()
    assert at.contest.opponent.world.name == "king"


def test_escape_while_a_level_is_being_loaded_goes_back_to_the_match(at: Table, given: Given) -> None:
    given.hold.clear()
    at.press("right", "l", "right", "return")
    assert any("Loading" in words and "King" in words for words in at.written)
    at.press("escape")
    given.hold.set()
    at.pass_time(0.1)
    assert not at.window.model.closed
    assert at.contest.opponent.world.name == "room"
    assert len(at.contest.match.current.person) == 1


def test_a_level_that_cannot_be_had_is_said_and_the_match_goes_on(at: Table) -> None:
    at.press("right", "l", "right", "right", "return")
    at.wait_for_opponent()
    assert at.contest.opponent.world.name == "room"
    assert len(at.contest.match.current.person) == 1
    at.window.draw()
    assert any("cliff has no policy" in words for words in at.written)


def test_a_first_level_that_cannot_be_had_is_raised(driver: None) -> None:
    with pytest.raises(LevelError, match="nowhere"):
        play(Given(), "nowhere", Rules(seed=0))


def test_t_switches_the_theme(at: Table) -> None:
    surface = at.window.window.get_surface()
    assert surface.get_at((0, 0))[:3] == LIGHT.paper
    at.press("t")
    assert surface.get_at((0, 0))[:3] == DARK.paper
    at.press("t")
    assert surface.get_at((0, 0))[:3] == LIGHT.paper


def test_b_makes_text_bigger_four_sizes_in_turn(at: Table) -> None:
    sizes = [at.window.pen.style.text]
    for _ in range(4):
        at.press("b")
        sizes.append(at.window.pen.style.text)
    assert sizes[0] < sizes[1] < sizes[2] < sizes[3]
    assert sizes[4] == sizes[0]


def test_p_saves_a_picture(at: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    at.press("p")
    pictures = list((tmp_path / "screenshots").glob("*.png"))
    assert len(pictures) == 1
    assert pygame.image.load(pictures[0]).get_size() == at.window.window.get_surface().get_size()
    assert any("saved as" in words for words in at.written)


def test_f11_switches_full_screen(at: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    before = at.window.window.size
    at.press("f11")
    assert at.window.full_screen
    at.press("f11")
    assert not at.window.full_screen
    assert at.window.window.size == before


def test_h_shows_every_key_and_hides_them(at: Table) -> None:
    at.press("h")
    for key in KEYS["play"]:
        assert key.cap in at.written
        assert key.help in at.written
    at.press("right")
    assert len(at.contest.match.current.person) == 0
    at.press("h")
    assert "You" in at.written


def test_escape_ends_and_so_does_closing_the_window(at: Table) -> None:
    at.press("right", "h", "escape")
    assert not at.window.model.closed
    at.press("escape")
    assert at.window.model.closed
    assert at.window.model.summary() == "Room: left in round 1 of 3, you 0 : 0 policy."
    at.window.model.closed = False
    at.window.handle(pygame.Event(pygame.WINDOWCLOSE))
    assert at.window.model.closed
