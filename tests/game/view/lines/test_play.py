"""The match without a display: what is typed is done, over a pipe, in any encoding."""

from __future__ import annotations

import io

import numpy as np
import pytest

from game.errors import LevelError
from game.snapshots.snapshot import Opponent
from game.view.lines.play import play_terminal
from game.view.play.rules import Rules
from game.world.catalog import World, world_from_text
from tests.game.view.learner import Learner
from tests.game.view.play.table import Given

LINE = 'title = "Line"\ndiscount = 1\nmax_steps = 6\nstep_reward = -1\nactions = ["left", "right"]\nmap = "S..G"'
OTHER = 'title = "Other"\nmap = "S.G"'


class Always:
    """The policy that mostly goes one way on two small levels."""

    def __init__(self, action: str = "right") -> None:
        self.action = action

    def levels(self) -> list[World]:
        return [world_from_text(text, name, name, name) for name, text in (("line", LINE), ("other", OTHER))]

    def training(self, argument: str) -> Learner:
        return Learner(self.opponent(argument).world)

    def opponent(self, argument: str) -> Opponent:
        for world in self.levels():
            if world.argument == argument:
                table = np.full((world.dynamics.n_states, world.dynamics.n_actions), 1e-9)
                table[:, world.dynamics.actions.index(self.action)] = 1.0
                table /= table.sum(axis=1, keepdims=True)
                return Opponent(world, table, "the test's policy", -1.0, None)
        raise LevelError(f"there is no level '{argument}'; expected line or other")


def played(text: str, rounds: int = 1, action: str = "right", encoding: str = "utf-8") -> tuple[str, str]:
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    result = play_terminal(
        Always(action), "line", Rules(rounds=rounds, greedy=True, seed=0), stdin=io.StringIO(text), stdout=stdout
    )
    stdout.flush()
    return raw.getvalue().decode(encoding), result


def test_the_first_screen_says_whom_one_plays_and_what_can_be_typed() -> None:
    out, result = played("")
    assert "Line: you against the test's policy, best of 1" in out
    assert "best possible on average: -1.000" in out
    assert "d = right, a = left" in out or "a = left, d = right" in out
    assert result == "Line: left in round 1 of 1, you 0 : 0 policy."


@pytest.mark.parametrize("right", ["d", "right"])
def test_moves_by_letter_or_word_walk_to_a_draw(right: str) -> None:
    out, result = played(f"{right}\n" * 3)
    assert "@ · · G" in out
    assert "S · · @\n" in out
    assert "A draw: both have a return of -1.000." in out
    assert result == "Line: the match is a draw, 0 : 0, 1 draw."


def test_the_policy_plays_on_when_the_person_has_ended() -> None:
    out, result = played("d\nd\nd\n", action="left")
    assert "6 steps, stopped at the cap" in out
    assert "You win the round: your return is -1.000, the policy's -6.000." in out
    assert result == "Line: you win the match, 1 : 0."


def test_a_blocked_move_and_a_missing_action_get_a_hint() -> None:
    out, _ = played("a\nw\nzzz\nreturn\n\n")
    assert "The edge: you stayed, it counts as a step." in out
    assert "No up here: the moves are left, right." in out
    assert "'zzz' is nothing to do here; h shows what is" in out
    assert out.count("The round still goes on") == 2


def test_enter_goes_to_the_next_round_and_to_a_new_match() -> None:
    out, result = played("a\nd\nd\nd\n\nd\nd\nd\n\n", rounds=2)
    assert "round 2 of 2, you 0 : 1 policy" in out
    assert "Line: the policy wins the match, 0 : 1, 1 draw. Enter plays again." in out
    assert result == "Line: left in round 1 of 2, you 0 : 0 policy."


def test_u_plays_against_an_earlier_policy() -> None:
    given, stdout = Given("left"), io.StringIO()
    given.past = (0, 4, 8)
    stdin = io.StringIO("d\nu\nu 1\nd\nu 99\n")
    play_terminal(given, "room", Rules(rounds=1, greedy=True, seed=0, update=5), stdin=stdin, stdout=stdout)
    out = stdout.getvalue()
    assert "Room: you against the test's run after update 4 of 8, best of 1" in out
    assert "3 policies were kept, up to update 8: u 50 plays" in out
    assert "A new match, against the test's run after update 0 of 8." in out
    assert out.rstrip().count("A new match, against the test's run.") == 1
    assert "No earlier policies" in played("u 3\n")[0]


def test_what_needs_a_screen_says_so() -> None:
    assert played("k\n+\ntab\nm\n")[0].count("needs a screen of its own") == 4
    stdout = io.StringIO()
    play_terminal(Always(), "line", Rules(seed=0, tempo=2.0), stdin=io.StringIO("d\n"), stdout=stdout)
    assert "there is no clock: the policy moves when you do" in stdout.getvalue()


def test_v_shows_the_policy_in_arrows_or_in_ascii() -> None:
    assert "@ → → G\n" in played("v\n")[0]
    assert "@ > > G\n" in played("v\n", encoding="ascii")[0]


def test_g_switches_between_greedy_and_sampling() -> None:
    out, _ = played("g\ng\n")
    assert out.index("policy samples its action") < out.index("policy takes its most probable action")


def test_n_begins_a_new_match() -> None:
    assert played("d\nn\n")[0].count("you: return 0.000") == 2


def test_l_lists_the_levels_and_switches() -> None:
    out, result = played("l\nl nowhere\nl other\nd\nd\n")
    assert "levels: line, other" in out
    assert "there is no level 'nowhere'" in out
    assert result == "Other: the match is a draw, 0 : 0, 1 draw."


def test_q_ends() -> None:
    assert played("d\nq!\nd\nd\n")[1] == "Line: left in round 1 of 1, you 0 : 0 policy."


def test_a_first_level_that_cannot_be_had_is_an_error() -> None:
    with pytest.raises(LevelError, match="nowhere"):
        play_terminal(
            Always(), "nowhere", Rules(rounds=1, greedy=True, seed=0), stdin=io.StringIO(""), stdout=io.StringIO()
        )
