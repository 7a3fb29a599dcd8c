"""The clock of a round: time comes in, and steps that are due come out, however it is cut into frames."""

from __future__ import annotations

import pytest

from game.match.clock import COUNTDOWN, LEAST_GRACE, TEMPOS, Clock


def begun(tempo: float = 2.0) -> Clock:
    clock = Clock(tempo)
    clock.pass_time(COUNTDOWN)
    return clock


@pytest.mark.parametrize("tempo", TEMPOS)
@pytest.mark.parametrize("frame", [1 / 64, 1 / 4, 1.0, 8.0])
def test_the_policy_keeps_its_tempo_whatever_the_length_of_a_frame(tempo: float, frame: float) -> None:
    """Sixteen seconds in frames that are exact in binary: ⌊16 · tempo⌋ steps."""
    clock = begun(tempo)
    assert sum(clock.pass_time(frame) for _ in range(round(16 / frame))) == int(16 * tempo)
    assert clock.elapsed == 16.0


def test_nothing_happens_during_the_countdown() -> None:
    clock = Clock(4.0)
    assert not clock.running
    assert clock.pass_time(COUNTDOWN - 0.5) == 0
    assert clock.countdown == 0.5
    assert clock.elapsed == 0.0
    assert clock.pass_time(1.0) == 2  # the second half of this second belongs to the round
    assert clock.running
    assert clock.elapsed == 0.5


def test_a_pause_stops_all_time() -> None:
    clock = begun()
    clock.pass_time(0.75)
    clock.paused = True
    assert not clock.running
    assert clock.pass_time(100.0) == 0
    assert clock.elapsed == 0.75
    clock.paused = False
    assert clock.pass_time(0.25) == 1
    clock.grant()
    clock.paused = True
    clock.pass_time(100.0)
    assert clock.left == LEAST_GRACE


@pytest.mark.parametrize(("elapsed", "granted"), [(1.0, LEAST_GRACE), (12.0, 12.0)])
def test_when_the_policy_has_ended_there_is_as_long_again_and_at_least_some_seconds(
    elapsed: float, granted: float
) -> None:
    clock = begun()
    clock.pass_time(elapsed)
    clock.grant()
    assert clock.granted == granted
    assert clock.pass_time(granted - 0.5) == 0
    assert clock.left == 0.5
    clock.pass_time(2.0)
    assert clock.left == 0.0


def test_tempos_go_up_and_down_as_far_as_there_are_any() -> None:
    clock = Clock(2.2)  # between two of them, as a person may give it
    clock.change_tempo(1)
    assert clock.tempo == 3.0
    clock.change_tempo(-1)
    clock.change_tempo(-1)
    assert clock.tempo == 1.5
    for by, last in ((1, TEMPOS[-1]), (-1, TEMPOS[0])):
        for _ in TEMPOS:
            clock.change_tempo(by)
        assert clock.tempo == last


def test_a_new_round_begins_with_a_countdown_and_keeps_the_tempo() -> None:
    clock = begun(3.0)
    clock.pass_time(1.2)
    clock.grant()
    clock.begin()
    assert (clock.tempo, clock.countdown, clock.elapsed, clock.left) == (3.0, COUNTDOWN, 0.0, None)
    assert clock.pass_time(COUNTDOWN + 0.3) == 0  # what was left of a step is forgotten
