"""A match between a person and a policy: the same start, the same dice, turn by turn.

A turn has two uniforms, one for the action and one for the outcome, and both sides get the same two.  The policy
picks its action with the first one; the person's action is the key.  The second one picks what comes of the
action, so that who does what the other does, where the other is, shares its luck.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from game.dice import cumulative, pick
from game.snapshot import Trajectory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from game.dynamics import Dynamics

Outcome = Literal["win", "loss", "draw"]
#: The uniforms of one turn: one for the action, one for what comes of it.
Dice = tuple[float, float]

#: Returns closer than this are equal: rounding must not decide a round.
TIE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Strategy:
    """How the policy picks: ``probabilities`` (S, A) float64, and ``cdf`` (S, A), the same cumulated over A."""

    probabilities: NDArray[np.float64]
    cdf: NDArray[np.float64]

    def choose(self, state: int, u: float) -> int:
        """The action that the uniform ``u`` picks in ``state``."""
        return pick(self.cdf[state], u)


def sampling(probabilities: NDArray[np.float64]) -> Strategy:
    """The policy as it was learned: each action with its probability."""
    return Strategy(probabilities, cumulative(probabilities))


def greedy(probabilities: NDArray[np.float64]) -> Strategy:
    """The policy that always takes the most probable action, the first of equals."""
    return sampling(np.eye(probabilities.shape[1])[probabilities.argmax(axis=1)])


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """One episode of each side, from the same start.

    ``person`` and ``policy`` are τ of (11) so far; in both, ``policy_probability`` is π(a_t|s_t) of the policy
    played against, so for the person it says how probable their moves would have been to the policy.
    """

    person: Trajectory
    policy: Trajectory

    @property
    def over(self) -> bool:
        """Whether both sides have ended."""
        return has_ended(self.person) and has_ended(self.policy)

    def outcome(self, discount: float) -> Outcome | None:
        """How the round ended for the person, by the returns of (6); None while it goes on."""
        if not self.over:
            return None
        mine, theirs = self.person.total_return(discount), self.policy.total_return(discount)
        if math.isclose(mine, theirs, rel_tol=TIE, abs_tol=TIE):
            return "draw"
        return "win" if mine > theirs else "loss"


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Best of ``best_of`` rounds on one world; the last of ``rounds`` is the one being played."""

    dynamics: Dynamics
    best_of: int
    rounds: tuple[Round, ...]

    @property
    def current(self) -> Round:
        """The round being played, or the one just over."""
        return self.rounds[-1]

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """How the rounds that are over ended for the person, in order."""
        ended = (played.outcome(self.dynamics.discount) for played in self.rounds)
        return tuple(outcome for outcome in ended if outcome is not None)

    def count(self, outcome: Outcome) -> int:
        """How many rounds ended so."""
        return self.outcomes.count(outcome)

    @property
    def decided(self) -> bool:
        """Whether the rounds left can no longer change who wins; an undecided last round leaves a draw."""
        left = self.best_of - len(self.outcomes)
        return left == 0 or abs(self.count("win") - self.count("loss")) > left

    @property
    def result(self) -> Outcome | None:
        """How the match ended for the person, None while it goes on."""
        if not self.decided:
            return None
        lead = self.count("win") - self.count("loss")
        return "draw" if lead == 0 else "win" if lead > 0 else "loss"


def has_ended(trajectory: Trajectory) -> bool:
    """Whether the episode was terminated, or truncated at the cap."""
    return trajectory.terminated or trajectory.truncated


def throw(rng: np.random.Generator) -> Dice:
    """The dice of one turn."""
    action, outcome = rng.random(2)
    return float(action), float(outcome)


def new_match(dynamics: Dynamics, best_of: int, rng: np.random.Generator) -> Match:
    """A match at its first turn."""
    assert best_of >= 1
    return Match(dynamics, best_of, (_new_round(dynamics, rng),))


def next_round(match: Match, rng: np.random.Generator) -> Match:
    """The match with one more round, at its first turn; the last round must be over and the match undecided."""
    assert match.current.over
    assert not match.decided
    return replace(match, rounds=(*match.rounds, _new_round(match.dynamics, rng)))


def take_turn(match: Match, strategy: Strategy, action: int | None, dice: Dice) -> Match:
    """One turn of the current round: each side that has not ended moves once, the person by ``action``.

    ``action`` is None when the person has ended and the policy plays on.
    """
    played = match.current
    person = played.person
    if action is not None:
        person = _walk(match.dynamics, person, lambda _state, _u: action, strategy, (dice,))
    policy = _walk(match.dynamics, played.policy, strategy.choose, strategy, (dice,))
    return replace(match, rounds=(*match.rounds[:-1], Round(person, policy)))


def play_on(match: Match, strategy: Strategy, rng: np.random.Generator, turns: int | None = None) -> Match:
    """Let the policy play on alone, to its end or for at most ``turns`` turns."""
    played = match.current
    limit = match.dynamics.max_steps if turns is None else turns
    policy = _walk(match.dynamics, played.policy, strategy.choose, strategy, _throws(rng, limit))
    return replace(match, rounds=(*match.rounds[:-1], Round(played.person, policy)))


def stood_still(trajectory: Trajectory) -> bool:
    """Whether the last step led nowhere: blocked by a wall or the edge, or a stay."""
    return len(trajectory) > 0 and bool(trajectory.states[-1] == trajectory.states[-2])


def _throws(rng: np.random.Generator, limit: int) -> Iterator[Dice]:
    for _ in range(limit):
        yield throw(rng)


def _new_round(dynamics: Dynamics, rng: np.random.Generator) -> Round:
    start = pick(dynamics.start_cdf, rng.random())
    trajectory = Trajectory(
        states=np.array([start], dtype=np.int32),
        actions=np.empty(0, dtype=np.int32),
        rewards=np.empty(0),
        policy_probability=np.empty(0),
        transition_probability=np.empty(0),
        start_probability=float(dynamics.start[start]),
        terminated=False,
        truncated=False,
        goal=False,
    )
    return Round(trajectory, trajectory)


def _walk(
    dynamics: Dynamics,
    trajectory: Trajectory,
    choose: Callable[[int, float], int],
    strategy: Strategy,
    throws: Iterable[Dice],
) -> Trajectory:
    """The episode continued by one step for each throw, as far as it goes."""
    if has_ended(trajectory):
        return trajectory
    states, actions, outcomes = [int(trajectory.states[-1])], [], []
    room = dynamics.max_steps - len(trajectory)
    for u_action, u_outcome in throws:
        state = states[-1]
        action = choose(state, u_action)
        outcome = pick(dynamics.outcome_cdf[state, action], u_outcome)
        actions.append(action)
        outcomes.append(outcome)
        states.append(int(dynamics.next_state[state, action, outcome]))
        if dynamics.ends[state, action, outcome] or len(actions) == room:
            break
    taken = (
        np.array(states[:-1], dtype=np.intp),
        np.array(actions, dtype=np.intp),
        np.array(outcomes, dtype=np.intp),
    )
    terminated = bool(dynamics.ends[taken].any())
    return Trajectory(
        states=np.append(trajectory.states, np.array(states[1:], dtype=np.int32)),
        actions=np.append(trajectory.actions, np.array(actions, dtype=np.int32)),
        rewards=np.append(trajectory.rewards, dynamics.reward[taken]),
        policy_probability=np.append(trajectory.policy_probability, strategy.probabilities[taken[:2]]),
        transition_probability=np.append(trajectory.transition_probability, dynamics.probability[taken]),
        start_probability=trajectory.start_probability,
        terminated=terminated,
        truncated=not terminated and len(actions) == room,
        goal=trajectory.goal or bool(dynamics.goal[taken].any()),
    )
