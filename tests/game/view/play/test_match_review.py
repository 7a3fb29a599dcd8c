"""The round that is over, looked back on: in the window and in the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pygame
import pytest

from game.snapshots.snapshot import Opponent, Review, Trajectory
from game.snapshots.sources import Opponents
from game.view.draw.ways import segments
from game.view.lines.play import play_terminal
from game.view.play.review import NO_COSTS, NO_FAULT
from game.view.play.rules import Rules
from game.view.shared.theme import LIGHT
from tests.game.view.play.table import Given, NoGrid, Shipped, Table
from tests.game.view.play.test_match_looks import check_writing
from tests.waiting import PATIENCE

#: Down at the first step of the room costs 0.05, and so does any other left or down; there is luck of 0.02.
COST, LUCK = 0.05, 0.02


def reviewed(trajectory: Trajectory) -> Review:
    """A review that finds fault with every move down or left, for the best would be right."""
    costs = np.array([COST if action in (2, 3) else 0.0 for action in trajectory.actions.tolist()])
    best = np.where(costs > 0.0, 1, trajectory.actions).astype(np.int32)
    return Review(costs, best, 0.7, LUCK)


class Reviewed(Given):
    """The test's opponents, with reviews."""

    def opponent(self, argument: str) -> Opponent:
        return replace(super().opponent(argument), review=reviewed)


class ReviewedShipped(Shipped):
    """Every shipped level, with reviews of many faults."""

    def opponent(self, argument: str) -> Opponent:
        opponent = super().opponent(argument)

        def faults(trajectory: Trajectory) -> Review:
            steps = len(trajectory)
            return Review(
                np.linspace(105.0, 0.0001, steps, dtype=np.float64), np.zeros(steps, dtype=np.int32), -1234.5, -105.25
            )

        return replace(opponent, review=faults)


class ReviewedNoGrid(NoGrid):
    """A world without a grid, with reviews."""

    def opponent(self, argument: str) -> Opponent:
        return replace(super().opponent(argument), review=lambda t: Review(np.full(len(t), 0.1), t.actions, 1.0, 0.0))


def seated(given: Opponents, level: str = "room") -> Table:
    return Table(given, level).seated()


def look_back(sitting: Table) -> None:
    """Press R at the end of a round, and wait for the costs."""
    sitting.press("r")
    assert sitting.screen.review is not None
    sitting.screen.review.task.wait()
    sitting.window.frame(0.02)


def test_r_shows_what_the_return_is_made_of_and_where_the_best_action_was_left(driver: None) -> None:
    sitting = seated(Reviewed())
    sitting.press("right", "down", "up", "right", "up", "return")
    look_back(sitting)
    assert "You" in sitting.written
    assert "best from this start" in sitting.written
    assert sitting.written.count("−0.050") == 2  # the sum, and the one choice in the list
    assert sitting.written.count("0.020") == 2  # luck of both
    assert "step 2: down, best right" in sitting.written
    assert any("On average your choices cost 0.050" in words for words in sitting.written)
    assert "You win the round" in sitting.written
    assert "hide" in sitting.written
    sitting.press("r")
    assert sitting.screen.review is None
    assert "step 2: down, best right" not in sitting.written
    sitting.close()


def test_both_ways_lie_on_one_board_in_two_colours_beside_each_other(driver: None) -> None:
    sitting = seated(Reviewed("up"))
    sitting.press("up", "right", "right", "down", "return")
    look_back(sitting)
    assert sitting.screen.review is not None
    board = sitting.screen.review._board
    assert board is not None
    surface = sitting.window.window.get_surface()
    x, y = board.centre(0.5, 0)
    across = [surface.get_at((round(x + k * board.cell / 40), round(y)))[:3] for k in range(-15, 16)]
    person, policy = across.index(LIGHT.person), across.index(LIGHT.policy)
    assert person < 15 < policy
    sitting.close()


def test_a_step_taken_twice_or_back_again_is_drawn_once() -> None:
    layout = Given().levels()[0].dynamics.layout
    assert layout is not None
    states = np.array([3, 4, 3, 4, 5, 5], dtype=np.int32)
    steps = segments(layout, states).tolist()
    assert steps == [[[1, 0], [1, 1]], [[1, 1], [1, 2]], [[1, 2], [1, 2]]]
    assert segments(layout, states[:1]).tolist() == []


def test_the_best_action_is_marked_where_it_was_left(driver: None) -> None:
    sitting = seated(Reviewed())
    sitting.press("right", "down", "up", "right", "up", "return")
    look_back(sitting)
    assert sitting.screen.review is not None
    board = sitting.screen.review._board
    assert board is not None
    x, y = board.centre(1, 1)
    surface = sitting.window.window.get_surface()
    assert surface.get_at((round(x + board.cell * 0.3), round(y)))[:3] == LIGHT.truth
    assert surface.get_at((round(x - board.cell * 0.3), round(y)))[:3] != LIGHT.truth
    sitting.close()


def test_r_in_the_middle_of_a_round_only_gets_a_hint(at: Table) -> None:
    at.press("right", "r")
    assert at.screen.review is None
    assert any("R looks back" in words for words in at.written)


def test_the_next_round_ends_the_review_and_so_do_the_policys_arrows(driver: None) -> None:
    sitting = seated(Reviewed())
    sitting.press("right", "right", "up", "return")
    look_back(sitting)
    assert any(words.startswith(NO_FAULT) for words in sitting.written)
    sitting.press("v")
    assert sitting.screen.review is None
    look_back(sitting)
    sitting.press("return")
    assert sitting.screen.review is None
    assert len(sitting.contest.match.rounds) == 2
    sitting.close()


def test_the_window_says_where_the_costs_are_not_to_be_had(at: Table) -> None:
    at.press("right", "right", "up", "return")
    look_back(at)
    assert any(words.startswith("What each choice cost is too much") for words in at.written)
    assert "return R(τ)" in at.written


@pytest.mark.parametrize("size", [(640, 480), (800, 600), (1280, 800), (1920, 1080), (700, 900)])
def test_nothing_is_cut_and_nothing_overlaps_in_a_review(driver: None, size: tuple[int, int]) -> None:
    for level in ("first_steps", "line_world", "cliff", "four_rooms"):
        sitting = seated(ReviewedShipped(), level)
        sitting.window.window.size = size
        while not sitting.contest.person_has_ended:
            sitting.contest.do("left")
        sitting.contest.finish()
        look_back(sitting)
        for text_size in range(4):
            sitting.window.text_size = text_size
            check_writing(sitting, f"{level} {size} {text_size}")
            assert "1" in sitting.written or text_size > 1, f"{level} {size} {text_size}"
        sitting.close()


def test_a_world_without_a_grid_is_looked_back_on_by_its_numbers(driver: None) -> None:
    sitting = seated(ReviewedNoGrid(), "line_world")
    while not sitting.contest.person_has_ended:
        sitting.contest.do("right")
    sitting.contest.finish()
    look_back(sitting)
    check_writing(sitting, "no grid")
    assert "best from this start" in sitting.written
    sitting.close()


def test_waiting_for_the_costs_is_said_and_the_window_goes_on(driver: None) -> None:
    given = Reviewed()
    sitting = seated(given)

    def slow(trajectory: Trajectory) -> Review:
        assert given.hold.wait(PATIENCE)
        return reviewed(trajectory)

    sitting.contest.opponent = replace(sitting.contest.opponent, review=slow)
    sitting.press("right", "right", "up", "return")
    given.hold.clear()
    sitting.press("r")
    assert any(words.startswith("Working out") for words in sitting.written)
    before = pygame.image.tobytes(sitting.window.window.get_surface(), "RGB")
    given.hold.set()
    assert sitting.screen.review is not None
    sitting.screen.review.task.wait()
    sitting.window.frame(0.02)
    assert pygame.image.tobytes(sitting.window.window.get_surface(), "RGB") != before
    sitting.close()


def said(given: Opponents, text: str, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    play_terminal(given, "room", Rules(rounds=3, greedy=True, seed=0), stdin=io.StringIO(text), stdout=stdout)
    stdout.flush()
    return raw.getvalue().decode(encoding)


def test_the_terminal_prints_the_same_as_lines() -> None:
    out = said(Reviewed(), "d\ns\nw\nd\nw\nr\n")
    assert "· · o\n% o o\n· o X\n" in out
    assert "o = your way, x = the policy's, % = both" in out
    lines = [line.split() for line in out.splitlines()]
    assert ["best", "from", "this", "start", "0.700", "0.700"] in lines
    assert ["choices", "-0.050", "-0.450"] in lines
    assert "On average your choices cost 0.050; luck is 0 on average, whatever one chooses." in out
    assert "  step 2: down, best right: -0.050\n" in out


def test_the_terminal_says_what_it_cannot_show() -> None:
    assert "R looks back".lower() in said(Reviewed(), "d\nr\n").lower()
    assert NO_COSTS in said(Given(), "d\nd\nw\nr\n")
    assert "return R(tau)" in said(Reviewed(), "d\nd\nw\nr\n", "ascii")
