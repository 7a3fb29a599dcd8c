"""What is said when a round is looked back on, alike in the window and in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from game.match.match import Round
from game.snapshots.snapshot import Opponent, Review, Trajectory
from game.world.dynamics import Dynamics

if TYPE_CHECKING:
    #: How a view writes a number.
    Number = Callable[[float], str]

NO_COSTS = "What each choice cost is too much to work out for this level."
NO_FAULT = "You never left a best action."
#: Luck and costs below this are rounding.
NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that left the best action: the step (counted from 1), its state, the action taken and the best one."""

    step: int
    state: int
    action: str
    best: str
    cost: float

    def words(self) -> str:
        """The step, and what was done in place of what."""
        return f"step {self.step:,}: {self.action}, best {self.best}"


@dataclass(frozen=True, slots=True)
class Hindsight:
    """What there is to say about both sides' choices in one round."""

    person: Review
    policy: Review
    choices: tuple[Choice, ...]
    returns: tuple[float, float]

    def ledger(self, number: Number) -> list[tuple[str, str, str]]:
        """How each return comes about, as (label, the person's, the policy's); the last is the sum of those above."""
        sides = (self.person, self.policy)
        rows = [
            ("best from this start", [side.attainable for side in sides]),
            ("choices", [-side.costs.sum() for side in sides]),
            *([("time ran out", [-side.forgone for side in sides])] if self.person.forgone else []),
            ("luck", [0.0 if abs(side.luck) < NOTHING else side.luck for side in sides]),
            ("return R(τ)", list(self.returns)),
        ]
        return [(label, *(number(float(value)) for value in values)) for label, values in rows]  # type: ignore[misc]

    def meaning(self, number: Number) -> str:
        """What the costs mean, honestly."""
        cost, forgone = float(self.person.costs.sum()), self.person.forgone
        if forgone:
            choices = f"On average your choices cost {number(cost)}" if cost > 0.0 else NO_FAULT.rstrip(".")
            return f"{choices}; when your time ran out, {number(forgone)} could still be expected."
        if cost > 0.0:
            return f"On average your choices cost {number(cost)}; luck is 0 on average, whatever one chooses."
        return f"{NO_FAULT} Luck is 0 on average, whatever one chooses."


def hindsight(opponent: Opponent, played: Round) -> Hindsight | None:
    """Both episodes of a round that is over, reviewed; None where that is too costly.  It may take seconds."""
    if opponent.review is None:
        return None
    person, policy = opponent.review(played.person), opponent.review(played.policy)
    if person is None or policy is None:
        return None
    dynamics = opponent.world.dynamics
    returns = (played.person.total_return(dynamics.discount), played.policy.total_return(dynamics.discount))
    return Hindsight(person, policy, costly(dynamics, played.person, person), returns)


def costly(dynamics: Dynamics, episode: Trajectory, review: Review) -> tuple[Choice, ...]:
    """The choices that cost something, the costliest first, of equals the earlier."""
    order = sorted(range(len(episode)), key=lambda t: -review.costs[t])
    return tuple(
        Choice(
            t + 1,
            int(episode.states[t]),
            dynamics.actions[episode.actions[t]],
            dynamics.actions[review.best[t]],
            float(review.costs[t]),
        )
        for t in order
        if review.costs[t] > 0.0
    )
