"""The window of a match against the clock, its slider of earlier policies, and its sounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from game.errors import RunError
from game.match.clock import COUNTDOWN
from game.match.match import new_match, play_on, sampling, step, take_turn
from game.snapshots.snapshot import Opponent, Review, Trajectory
from game.view.play.cues import count, cue
from game.view.play.sound import RATE, TONES, wave
from game.view.shared.theme import LIGHT
from game.world.catalog import world_from_text
from tests.game.view.play.table import ROOM, Given, Shipped, Table, table, with_past
from tests.game.view.play.test_match_looks import check_writing

PAST = (0, 10, 20, 300)


class Trained(Shipped):
    """Every shipped level, with policies of long ago."""

    def opponent(self, argument: str) -> Opponent:
        return with_past(super().opponent(argument), (0, *range(999_000, 1_000_000, 100)))


@pytest.fixture
def sitting(given: Given, driver: None) -> Table:
    given.past = PAST
    return Table(given).seated()


# -- the clock ----------------------------------------------------------------------------------------------


def test_a_countdown_stands_on_the_persons_board(sitting: Table) -> None:
    sitting.press("k")
    digits = []
    for _ in range(10):
        sitting.leap(0.3)
        digits += [words for words in sitting.written if words in ("3", "2", "1")]
    assert list(dict.fromkeys(digits)) == ["3", "2", "1"]
    sitting.leap(0.6)
    assert not {"3", "2", "1"} & set(sitting.written)
    assert len(sitting.contest.match.current.policy) == 1
    sitting.close()


def test_the_time_that_is_left_is_a_bar_that_grows_shorter(sitting: Table) -> None:
    sitting.press("k")
    sitting.leap(COUNTDOWN + 4.6)
    sitting.press("g", "v")

    def bar() -> int:
        sitting.window.draw()
        surface, card = sitting.window.window.get_surface(), sitting.screen._layout.card
        row = [surface.get_at((x, card.top - sitting.window.pen.style.px(7) + 2))[:3] for x in range(card.width)]
        return row.count(LIGHT.person)

    widths = [bar()]
    for _ in range(4):
        sitting.leap(1.0)
        widths.append(bar())
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 4 * widths[-1] > 0
    sitting.leap(1.0)
    assert {"The policy wins the round", "Your time ran out."} <= set(sitting.written)
    sitting.close()


def test_a_round_that_time_broke_off_is_looked_back_on(given: Given, driver: None) -> None:
    def review(trajectory: Trajectory) -> Review:
        ended = trajectory.terminated or trajectory.truncated
        steps = len(trajectory)
        return Review(np.full(steps, 0.05), trajectory.actions, 0.7, 0.0, 0.0 if ended else 0.71)

    opponent = given.opponent
    given.opponent = lambda argument: replace(opponent(argument), review=review)  # type: ignore[method-assign]
    sitting = Table(given, tempo=2.0).seated()
    sitting.leap(COUNTDOWN)
    sitting.press("right")
    sitting.leap(4.6)
    sitting.leap(5.1)
    sitting.press("r")
    assert sitting.screen.review is not None
    sitting.screen.review.task.wait()
    sitting.leap(0.1)
    assert {"time ran out", "−0.710"} <= set(sitting.written)
    said = " ".join(sitting.written)
    assert "On average your choices cost 0.050; when your time ran out, 0.710 could still be expected." in said
    sitting.close()


def test_time_stands_still_under_the_keys_the_levels_and_the_slider(sitting: Table) -> None:
    sitting.press("k")
    sitting.leap(COUNTDOWN + 0.6)
    for key in ("h", "l", "u"):
        sitting.press(key)
        sitting.leap(5)
        sitting.press("escape")
        assert len(sitting.contest.match.current.policy) == 1
    sitting.close()


def test_plus_and_minus_change_the_tempo_which_is_on_screen(sitting: Table) -> None:
    sitting.press("k")
    assert "2 steps a second" in sitting.written
    sitting.press("-", "-")
    assert "1 step a second" in sitting.written
    sitting.press("=")
    sitting.leap(COUNTDOWN + 2.1)
    assert len(sitting.contest.match.current.policy) == 3
    sitting.close()


def test_the_tempo_of_the_command_line_and_of_another_level(given: Given, driver: None) -> None:
    sitting = Table(given, tempo=5.0).seated()
    assert "5 steps a second" in sitting.written
    sitting.press("l", "right", "return")
    sitting.wait_for_opponent()
    assert sitting.contest.opponent.world.name == "king"
    assert sitting.contest.clock is not None
    assert sitting.contest.clock.tempo == 5.0
    sitting.close()


@pytest.mark.parametrize("size", [(640, 480), (800, 600), (1280, 800)])
def test_nothing_is_cut_and_nothing_overlaps(driver: None, size: tuple[int, int]) -> None:
    sitting = Table(Trained(), "line_world", tempo=8.0).seated()
    sitting.window.window.size = size
    for text_size in range(4):
        sitting.window.text_size = text_size
        where = f"{size} {text_size}"
        sitting.press("n")
        check_writing(sitting, f"{where} countdown")
        sitting.leap(COUNTDOWN + 0.5)
        check_writing(sitting, f"{where} go")
        sitting.press("return")
        check_writing(sitting, f"{where} pause")
        sitting.press("return", "u", "left")
        check_writing(sitting, f"{where} slider")
        sitting.press("escape")
        sitting.contest.finish()
        while not sitting.contest.person_has_ended:
            sitting.contest.do("left")
        check_writing(sitting, f"{where} end")
    sitting.close()


# -- the slider ---------------------------------------------------------------------------------------------


def test_u_and_the_arrow_keys_choose_an_earlier_policy_and_enter_races_it(sitting: Table) -> None:
    sitting.press("right", "u")
    assert "Race the policy after update 300 of 300: as it is now" in sitting.written
    sitting.press("left")
    assert "Race the policy after update 20 of 300" in sitting.written
    assert "J = −0.020, best possible 0.700" in sitting.written
    assert len(sitting.contest.match.current.person) == 1
    sitting.press("return")
    assert sitting.contest.opponent.update == 20
    assert len(sitting.contest.match.current.person) == 0
    assert "you against the test's run after update 20 of 300" in sitting.written
    sitting.press("u", "right", "return")
    assert sitting.contest.opponent.update is None
    sitting.close()


@pytest.mark.parametrize("key", ["escape", "u"])
def test_leaving_the_slider_leaves_the_match_as_it_was(sitting: Table, key: str) -> None:
    sitting.press("right", "u", "left", key)
    assert not sitting.window.model.closed
    assert sitting.contest.opponent.update is None
    assert len(sitting.contest.match.current.person) == 1
    sitting.close()


def test_the_slider_is_dragged_and_the_board_shows_the_policy_there(sitting: Table) -> None:
    sitting.press("u")
    assert sitting.screen.handicap is not None
    track = sitting.screen.handicap.track

    def mouse(kind: int, x: int) -> None:
        sitting.window.handle(pygame.Event(kind, button=1, pos=(x, track.centery), rel=(0, 0), buttons=(1, 0, 0)))

    mouse(pygame.MOUSEMOTION, track.left)
    assert sitting.screen.handicap.handicap.index == 3
    mouse(pygame.MOUSEBUTTONDOWN, track.right)
    for x, update in ((track.left + 2 * track.width // 3, 20), (track.left - 500, 0)):
        mouse(pygame.MOUSEMOTION, x)
        assert sitting.screen.handicap.handicap.chosen.update == update
    mouse(pygame.MOUSEBUTTONUP, track.left)
    mouse(pygame.MOUSEMOTION, track.right)
    assert sitting.screen.handicap.handicap.chosen.update == 0
    sitting.window.draw()
    board, surface = sitting.screen.sides[1].board, sitting.window.window.get_surface()
    middle = board.centre(0, 1)
    above = surface.get_at((round(middle[0]), round(middle[1] - board.cell * 0.25)))
    assert above[:3] == LIGHT.policy  # after update 0 it goes up
    sitting.close()


def test_the_board_shows_the_policy_of_the_slider_however_often_it_moves_within_a_frame(
    given: Given, driver: None
) -> None:
    """Each policy passed over is gone at once, and the next one may lie where it lay."""
    given.past = tuple(range(41))
    opponent = given.opponent

    def after(index: int) -> Opponent:
        newest = opponent("room")
        share = 0.25 + 0.75 * index / 40
        return replace(newest, probabilities=table(newest.world, "up", share), update=index)

    given.opponent = lambda argument: replace(opponent(argument), after=after)  # type: ignore[method-assign]
    sitting = Table(given).seated()
    sitting.press("u")
    assert sitting.screen.handicap is not None
    slider, surface = sitting.screen.handicap, sitting.window.window.get_surface()
    side = sitting.screen.sides[1]

    def mouse(kind: int, index: int) -> None:
        place = (slider.track.left + round(slider.track.width * index / 40), slider.track.centery)
        pygame.event.post(pygame.Event(kind, button=1, pos=place, rel=(0, 0), buttons=(1, 0, 0)))

    generator = np.random.default_rng(0)
    mouse(pygame.MOUSEBUTTONDOWN, 39)
    for _ in range(40):
        for index in generator.integers(0, 40, size=4).tolist():
            mouse(pygame.MOUSEMOTION, index)
        sitting.window.frame(0.0)
        shown = surface.subsurface(side.board.rect).copy()
        # Drawn from nothing, the same comes out.
        side.place(sitting.screen._layout.boards[1], sitting.window.pen.style.theme)
        sitting.window.draw()
        assert pygame.image.tobytes(shown, "RGB") == pygame.image.tobytes(surface.subsurface(side.board.rect), "RGB")
    sitting.close()


def test_a_run_that_kept_no_policies_says_so(at: Table) -> None:
    at.press("u")
    assert at.screen.handicap is None
    assert any("No earlier policies" in words for words in at.written)


def test_the_update_of_the_command_line_is_the_nearest_that_was_kept(given: Given, driver: None) -> None:
    refused = Table(given, update=3)
    with pytest.raises(RunError, match="no earlier policies were kept"):
        refused.seated()
    refused.close()
    given.past = PAST
    sitting = Table(given, update=13).seated()
    assert sitting.contest.opponent.update == 10
    sitting.close()


# -- sounds -------------------------------------------------------------------------------------------------


def test_what_there_is_to_hear() -> None:
    """In the room: right is a step, down then leads into the pit; up and the goal are gains."""
    world = world_from_text(ROOM, "room", "room", "room").dynamics
    rng = np.random.default_rng(0)
    up, right, down, left = range(4)
    strategy = sampling(np.eye(4)[np.full(world.n_states, left)])
    begun = new_match(world, 1, rng, timed=True)
    after = step(begun, strategy, right)
    assert cue(begun, after) == "step"
    assert cue(after, play_on(after, strategy, 1)) == "policy"
    assert cue(after, after) is None
    further = step(after, strategy, right)
    assert cue(further, step(further, strategy, down)) == "hazard"
    there = step(further, strategy, up)
    assert cue(further, there) == "gain"
    assert cue(there, play_on(there, strategy)) == "win"
    assert cue(play_on(there, strategy), new_match(world, 1, rng)) is None
    bump = new_match(world, 1, rng)
    for _ in range(8):
        bump = take_turn(bump, strategy, left)
    assert cue(bump, take_turn(bump, strategy, left)) == "draw"
    assert [count(*pair) for pair in ((3.0, 2.5), (2.1, 2.0), (2.0, 1.9), (0.1, 0.0))] == [None, "count", None, "go"]


def test_every_cue_is_a_short_sound_that_begins_and_ends_softly() -> None:
    for name in TONES:
        samples = wave(name)
        assert 0.03 < len(samples) / RATE < 1.0
        assert 1000 < abs(samples.astype(int)).max() < 20_000
        assert abs(samples[[0, -1]]).max() < 200


def test_sound_is_off_until_m_switches_it_on(sitting: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    sitting.press("right")
    assert pygame.mixer.get_init() is None
    sitting.press("m")
    assert "Sound on." in sitting.written
    assert pygame.mixer.get_init() is not None
    played: list[str | None] = []
    monkeypatch.setattr(sitting.window.sound, "play", played.append)
    sitting.press("right", "up", "return")
    assert [name for name in played if name] == ["step", "gain", "win"]
    sitting.press("m")
    assert "Sound off." in sitting.written
    assert pygame.mixer.get_init() is None
    sitting.close()


def test_no_sound_device_is_one_quiet_sentence(
    sitting: Table, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "no such driver")
    sitting.press("m", "right")
    sitting.press("m")
    assert any("no sound device" in words for words in sitting.written)
    assert not sitting.window.sound.on
    sitting.press("right", "up")
    assert sitting.contest.match.current.person.goal
    assert capfd.readouterr() == ("", "")
    sitting.close()
