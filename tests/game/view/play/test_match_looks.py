"""The window of a match: what is said and shown, that nothing is cut or overlaps, and how fast it is."""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import pytest

from game.snapshots.snapshot import Opponent
from game.view.shared.world_words import rules, tile_words, tiles_on
from tests.game.view.play.table import Given, NoGrid, Shipped, Table, table


def test_the_screen_says_whom_one_plays_both_returns_and_the_best_possible(at: Table) -> None:
    at.press("right")
    assert "you against the test's run" in at.written
    assert "best possible on average" in at.written
    assert "0.700" in at.written
    assert at.written.count("−0.010") == 2
    assert "Round 1 of 3" in at.written


def test_the_first_frame_comes_at_once_and_the_window_goes_on_while_loading(driver: None) -> None:
    given = Given()
    given.hold.clear()
    sitting = Table(given)
    sitting.window.frame(0.0)
    assert any("room" in words for words in sitting.written)
    sitting.press("right", "l", "return", "v", "g")
    assert sitting.window.screen is None
    given.hold.set()
    sitting.seated().press("right")
    assert sitting.position() == (1, 1)
    sitting.close()


def test_the_agent_moves_smoothly_between_two_cells(at: Table) -> None:
    at.press("right")
    side = at.screen.sides[0]
    seen = []
    for _ in range(12):
        at.window.frame(0.02)
        seen.append(side._place_between(at.contest.match.current.person, int(side.shown))[1])
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len({round(place, 3) for place in seen if 0 < place < 1}) >= 4


def test_falling_back_to_the_start_is_said(driver: None) -> None:
    given = Given()
    world = given.levels()[2]
    given.opponent = lambda argument: Opponent(world, table(world, "up"), "a run", None, None)  # type: ignore[method-assign]
    sitting = Table(given, "cliff").seated()
    sitting.press("right")
    assert any("Onto the cliff: −100, back to a start" in words for words in sitting.written)
    sitting.close()


def check_writing(sitting: Table, where: str) -> None:
    """No two words overlap, and none leaves the window."""
    sitting.window.draw()
    bounds = sitting.window.window.get_surface().get_rect()
    written = sitting.window.pen.written
    assert written, where
    for one in written:
        assert bounds.contains(one.rect), f"{where}: {one.text!r} leaves the window"
    for one, other in combinations(written, 2):
        lap = one.rect.clip(other.rect)
        assert min(lap.size) <= 2, f"{where}: {one.text!r} overlaps {other.text!r}"


def test_a_world_without_a_grid_is_played_by_the_names_of_its_states(driver: None) -> None:
    sitting = Table(NoGrid(), "line_world", rounds=25, greedy=False).seated()
    sitting.press("right", "v")
    check_writing(sitting, "no grid")
    assert f"in state {sitting.contest.match.current.person.states[-1]}" in sitting.written
    assert "Round 1 of 25" in sitting.written
    sitting.close()


@pytest.mark.parametrize("size", [(640, 480), (800, 600), (1280, 800), (1920, 1080), (700, 900)])
def test_nothing_is_cut_and_nothing_overlaps(driver: None, size: tuple[int, int]) -> None:
    for level in ("first_steps", "line_world", "cliff", "four_rooms"):
        sitting = Table(Shipped(), level, rounds=5).seated()
        sitting.window.window.size = size
        for text_size in range(4):
            sitting.window.text_size = text_size
            where = f"{level} {size} {text_size}"
            check_writing(sitting, f"{where} start")
            sitting.press("right", "left", "j")
            check_writing(sitting, f"{where} hint")
            sitting.contest.hint = (
                "a sentence about a level that cannot be had, with its file and what was expected " * 2
            )
            check_writing(sitting, f"{where} long hint")
            sitting.contest.finish()
            while not sitting.contest.person_has_ended:
                sitting.contest.do("left")
            sitting.contest.finish()
            check_writing(sitting, f"{where} end of round")
            assert any("round" in words or "match" in words for words in sitting.written), where
            sitting.press("return", "l")
            check_writing(sitting, f"{where} chooser")
            sitting.press("escape", "h")
            check_writing(sitting, f"{where} help")
            assert not [words for words in sitting.written if "…" in words], where
            sitting.press("h", "n")
        sitting.close()


@pytest.mark.slow
def test_a_frame_takes_at_most_16_ms(driver: None) -> None:
    sitting = Table(Shipped(), "four_rooms").seated()
    sitting.press("v")
    times = []
    for _ in range(60):
        sitting.contest.do("right")
        sitting.window.model.changed = True
        begun = time.thread_time()
        sitting.window.frame(0.016)
        times.append(time.thread_time() - begun)
    assert np.median(times) < 0.016
    sitting.close()


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize("size", [(800, 600), (1280, 800), (1920, 1080)])
def test_the_rules_and_what_each_tile_does_stand_over_the_boards(size: tuple[int, int]) -> None:
    sitting = Table(Shipped(), "ice_bridge").seated()
    try:
        sitting.window.window.size = size
        sitting.pass_time(0.1)
        world = sitting.contest.opponent.world
        written = " ".join(sitting.written).replace("\u00a0", " ")
    finally:
        sitting.close()
    assert all(rule in written for rule in rules(world.dynamics))
    assert world.dynamics.layout is not None
    for tile in tiles_on(world.dynamics.layout):
        assert tile_words(tile, world.dynamics.layout) in written
