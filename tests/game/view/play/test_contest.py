"""A match against the clock and with a handicap, without a view: time and controls come in, words come out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from game.match.clock import COUNTDOWN, LEAST_GRACE
from game.match.record import Matches
from game.view.play.contest import Contest
from game.view.play.handicap import Handicap
from game.view.play.words import RULE, facts, how_far, message, round_sentence
from tests.game.view.play.table import Given

#: The steps from the start of the room to its goal.
WAY = ("right", "right", "up")


def contest(
    action: str = "left", tempo: float | None = 2.0, rounds: int = 1, matches: Matches | None = None
) -> Contest:
    given = Given(action)
    given.past = (0, 4, 8)
    return Contest(given.opponent("room"), rounds, True, np.random.default_rng(1), matches, tempo)


def lengths(played: Contest) -> tuple[int, int]:
    return len(played.match.current.person), len(played.match.current.policy)


def test_the_policy_moves_at_its_tempo_whether_the_person_moves_or_not() -> None:
    played = contest()
    assert message(played) == RULE
    played.do("right")
    assert played.update(COUNTDOWN)
    assert lengths(played) == (0, 0)  # too early
    played.update(1.0)
    assert lengths(played) == (0, 2)
    for _ in range(3):
        played.do("up")
    assert lengths(played) == (3, 2)  # and the person as fast as they can
    assert how_far(played, 1)[0] == "2 steps, greedy, 2 a second"


def test_enter_pauses_and_goes_on() -> None:
    played = contest()
    played.update(COUNTDOWN + 0.75)
    played.do("next")
    assert not played.update(100.0)
    assert message(played) == "Paused: Enter goes on."
    played.do("right")
    assert lengths(played) == (0, 1)
    played.do("next")
    played.update(0.25)
    assert lengths(played) == (0, 2)


def test_of_equal_returns_the_first_wins() -> None:
    for early, result, words in ((True, "win", "you were"), (False, "loss", "the policy was")):
        played = contest("right")  # into the edge, to the cap: nine times −0.01
        played.update(COUNTDOWN)
        if not early:
            played.update(4.5)
            assert message(played) == f"The policy is done: {LEAST_GRACE:.1f} s left for you."
        for _ in range(9):
            played.do("left")
        if early:
            while not played.match.current.over:
                played.update(0.1)
        assert played.match.result == result
        assert played.hint == f"Equal returns: {words} there first."
        assert round_sentence(played.match).endswith(f"and {words} there first.")


def test_time_runs_out(tmp_path: Path) -> None:
    matches = Matches(tmp_path / "matches.json")
    played = contest(matches=matches)
    played.update(COUNTDOWN)
    for _ in range(46):  # nine steps, the policy's cap, take 4.5 s; then there are five
        played.update(0.1)
    assert played.clock is not None
    assert played.clock.left is not None
    played.do("right")
    while not played.match.current.over:
        assert played.update(0.1)
    assert played.match.current.late
    assert played.match.result == "loss"
    assert played.hint == "Your time ran out."
    assert how_far(played, 0)[0] == "1 step, out of time"
    assert "your time ran out" in round_sentence(played.match)
    played.do("right")
    assert len(played.match.current.person) == 1
    assert matches.sentences("room", "") == ()
    assert matches.sentences("room", " against the clock") == played.standing
    assert played.standing[0] == "1 match against the clock: 0 won, 1 lost, 0 drawn"


def test_a_person_who_ended_sees_the_policy_play_on_and_wins() -> None:
    played = contest()
    played.update(COUNTDOWN)
    for action in WAY:
        played.do(action)
    assert played.person_has_ended
    for _ in range(60):
        played.update(0.1)
    assert played.match.result == "win"


def test_k_changes_the_mode_and_the_tempo_stays() -> None:
    played = contest(tempo=None)
    played.do("right")
    played.do("faster")
    assert "K plays against the clock" in played.hint
    played.do("clock")
    assert played.match.timed
    assert played.clock is not None
    assert lengths(played) == (0, 0)
    played.do("faster")
    assert played.hint == "The policy's tempo: 3 steps a second."
    assert ("tempo", "3 steps a second") in facts(played)
    played.do("clock")
    assert played.clock is None
    assert not played.match.timed
    played.do("clock")
    assert played.clock.tempo == 3.0


def test_every_round_has_its_countdown() -> None:
    played = contest(rounds=3)
    played.update(COUNTDOWN)
    for action in WAY:
        played.do(action)
    played.do("next")
    assert played.match.current.over
    played.do("next")
    assert played.clock is not None
    assert played.clock.countdown == COUNTDOWN
    assert played.match.timed
    assert played.match.current.timed


def test_an_earlier_policy_is_raced_in_a_match_of_its_own(tmp_path: Path) -> None:
    matches = Matches(tmp_path / "matches.json")
    played = contest(tempo=None, matches=matches)
    handicap = Handicap(played.newest, None)
    assert (handicap.share, handicap.words()) == (1.0, "after update 8 of 8: as it is now")
    handicap.slide(0.1)
    assert handicap.words() == "after update 0 of 8"
    handicap.move(1)
    assert handicap.chosen.update == 4
    handicap.leap(-5)
    handicap.leap(-1)
    assert handicap.chosen.update == 0
    played.do("right")
    played.face(handicap.chosen)
    assert lengths(played) == (0, 0)
    for action in WAY:
        played.do(action)
    assert played.match.current.policy.states.tolist()[1] == 0  # up, as at first, not left into the edge
    played.finish()
    assert played.standing == matches.sentences("room", " against update 0")
    played.face(played.newest)
    assert played.standing == ()
    assert Handicap(played.newest, 5).chosen.update == 4  # the nearest that was kept
