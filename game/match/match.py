"""A match between a person and a policy: the same start, the same dice, turn by turn or against the clock.

Each step has two uniforms, one for the action and one for the outcome.  They are numbered by each side's own steps:
the t-th step of either side has the t-th two, whoever takes it first.  The policy picks its action with the first
one; the person's action is the key.  The second one picks what comes of the action, so that who does at their t-th
step what the other does at theirs, in the same state, shares its luck.

Turn by turn the higher return of (6) wins a round, and equal returns are a draw.  Against the clock the policy moves
at a tempo of its own, and time counts twice: of equal returns the side that ended first has the better one, and a
person who runs out of time has lost.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Trajectory
from game.world.dice import cumulative, mix, pick, uniforms
from game.world.dynamics import Dynamics

Outcome = Literal["win", "loss", "draw"]
Name = Literal["person", "policy"]

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
    played against, so for the person it says how probable their moves would have been to the policy.  ``key`` is that
    of the dice.  ``first`` is the side that ended before the other one; ``timed``: that matters.  ``late``: the
    person's time ran out.
    """

    person: Trajectory
    policy: Trajectory
    key: int = 0
    timed: bool = False
    first: Name | None = None
    late: bool = False

    @property
    def person_has_ended(self) -> bool:
        """Whether the person's part is over, by its last step or by time."""
        return self.late or has_ended(self.person)

    @property
    def over(self) -> bool:
        """Whether both sides have ended."""
        return self.person_has_ended and has_ended(self.policy)

    def outcome(self, discount: float) -> Outcome | None:
        """How the round ended for the person, by the returns of (6) and, where it is timed, by time; None before."""
        if not self.over:
            return None
        if self.late:
            return "loss"
        mine, theirs = self.person.total_return(discount), self.policy.total_return(discount)
        if not math.isclose(mine, theirs, rel_tol=TIE, abs_tol=TIE):
            return "win" if mine > theirs else "loss"
        if not self.timed:
            return "draw"
        return "win" if self.first == "person" else "loss"

    def by_time(self, discount: float) -> bool:
        """Whether time decided the round, not the returns."""
        mine, theirs = self.person.total_return(discount), self.policy.total_return(discount)
        return self.late or (self.timed and self.over and math.isclose(mine, theirs, rel_tol=TIE, abs_tol=TIE))


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Best of ``best_of`` rounds on one world, ``timed`` or not; the last of ``rounds`` is the one being played."""

    dynamics: Dynamics
    best_of: int
    rounds: tuple[Round, ...]
    timed: bool = False

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


def new_match(dynamics: Dynamics, best_of: int, rng: np.random.Generator, timed: bool = False) -> Match:
    """A match at its first step."""
    assert best_of >= 1
    return Match(dynamics, best_of, (_new_round(dynamics, rng, timed),), timed)


def next_round(match: Match, rng: np.random.Generator) -> Match:
    """The match with one more round, at its first step; the last round must be over and the match undecided."""
    assert match.current.over
    assert not match.decided
    return replace(match, rounds=(*match.rounds, _new_round(match.dynamics, rng, match.timed)))


def step(match: Match, strategy: Strategy, action: int) -> Match:
    """The person's next step in the current round, by ``action``; nothing where their part is over."""
    played = match.current
    if played.person_has_ended:
        return match
    person = _walk(match.dynamics, played.person, played.key, lambda _state, _u: action, strategy, 1)
    first = "person" if played.first is None and has_ended(person) else played.first
    return _with(match, replace(played, person=person, first=first))


def play_on(match: Match, strategy: Strategy, steps: int | None = None) -> Match:
    """The policy's next steps, to its end or at most so many."""
    played = match.current
    limit = match.dynamics.max_steps if steps is None else steps
    policy = _walk(match.dynamics, played.policy, played.key, strategy.choose, strategy, limit)
    first = "policy" if played.first is None and has_ended(policy) else played.first
    return _with(match, replace(played, policy=policy, first=first))


def take_turn(match: Match, strategy: Strategy, action: int) -> Match:
    """One turn: each side that has not ended takes a step, the person by ``action``."""
    return play_on(step(match, strategy, action), strategy, 1)


def run_out(match: Match) -> Match:
    """The person's time is over: the round stands as it is, lost."""
    return _with(match, replace(match.current, late=not has_ended(match.current.person)))


def _with(match: Match, played: Round) -> Match:
    return replace(match, rounds=(*match.rounds[:-1], played))


def _new_round(dynamics: Dynamics, rng: np.random.Generator, timed: bool) -> Round:
    key = mix(int(rng.integers(2**63)))
    start = pick(dynamics.start_cdf, uniforms(key, -1)[0])
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
    return Round(trajectory, trajectory, key, timed)


def _walk(
    dynamics: Dynamics,
    trajectory: Trajectory,
    key: int,
    choose: Callable[[int, float], int],
    strategy: Strategy,
    limit: int,
) -> Trajectory:
    """The episode continued by at most ``limit`` steps, as far as it goes."""
    if has_ended(trajectory):
        return trajectory
    states, actions, outcomes = [int(trajectory.states[-1])], [], []
    room = dynamics.max_steps - len(trajectory)
    for t in range(len(trajectory), len(trajectory) + min(limit, room)):
        u_action, u_outcome = uniforms(key, t)
        state = states[-1]
        action = choose(state, u_action)
        outcome = pick(dynamics.outcome_cdf[state, action], u_outcome)
        actions.append(action)
        outcomes.append(outcome)
        states.append(int(dynamics.next_state[state, action, outcome]))
        if dynamics.ends[state, action, outcome]:
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
