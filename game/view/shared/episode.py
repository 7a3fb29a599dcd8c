"""The numbers of an episode, for window and terminal: its sums after each step, its steps, and how it ended."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Trajectory
from game.view.shared.numbers import number
from game.view.shared.text_board import ARROWS

#: Steps between two sums that are kept; those after a step in between are added up when they are asked for.
BLOCK = 4096
#: Longer episodes take too long to add up between two frames.
LONG = 20_000


class Sums:
    """R(τ) and the terms of ln P(τ|θ) after each step of an episode, added up once: a frame only looks them up.

    Only steps that pay are added up in R(τ), and of the others every ``BLOCK``-th sum is kept: a walk through a large
    maze has millions.
    """

    def __init__(self, episode: Trajectory | None, discount: float) -> None:
        self.episode = episode
        if episode is None:
            return
        with np.errstate(divide="ignore"):
            self.start = float(np.log(episode.start_probability))
        self.policy, self.transition = (
            _Logarithms(chances) for chances in (episode.policy_probability, episode.transition_probability)
        )
        self.paid = episode.paid
        self.returns = np.cumsum(episode.rewards[self.paid] * discount**self.paid)

    def after(self, steps: int) -> tuple[float, tuple[float, float, float]]:
        """R(τ) so far by (6), and ln P0, Σ ln π and Σ ln Pt by (13), after ``steps`` steps."""
        if steps == 0:
            return 0.0, (self.start, 0.0, 0.0)
        paying = int(np.searchsorted(self.paid, steps))
        total = float(self.returns[paying - 1]) if paying else 0.0
        return total, (self.start, self.policy.sum(steps), self.transition.sum(steps))


class _Logarithms:
    """Sums of the logarithms of the first numbers of an array (T,)."""

    def __init__(self, chances: NDArray[np.float64]) -> None:
        self.chances = chances
        parts = [self._sum(first, first + BLOCK) for first in range(0, len(chances), BLOCK)]
        self.before = np.concatenate([[0.0], np.cumsum(parts)])

    def sum(self, steps: int) -> float:
        """Of the first ``steps``, or of all where that is more."""
        block = min(steps, len(self.chances)) // BLOCK
        return float(self.before[block] + self._sum(block * BLOCK, steps))

    def _sum(self, first: int, last: int) -> float:
        with np.errstate(divide="ignore"):
            return float(np.log(self.chances[first:last]).sum())


@functools.lru_cache(maxsize=2)
def sums_of(episode: Trajectory, discount: float) -> Sums:
    """The sums of an episode; those of the last two are kept, so that a worker can add up a long one beforehand."""
    return Sums(episode, discount)


def ending(part: Trajectory | None) -> str:
    """In a word how an episode ended, "" while it goes on."""
    if part is None or not (part.terminated or part.truncated):
        return ""
    if part.truncated:
        return "cut off at the cap · "
    return "goal reached · " if part.goal else "ended · "


def step_values(part: Trajectory, t: int, actions: tuple[str, ...]) -> tuple[str, str, str, str, str, str]:
    """Step ``t`` of an episode in words: t, the action, π(a|s), ln π, Pt and the reward."""
    chance = float(part.policy_probability[t])
    return (
        f"{t:,}",
        ARROWS.get(actions[part.actions[t]], "?"),
        number(chance, 3),
        number(float(np.log(chance)) if chance > 0 else -np.inf, 3),
        number(float(part.transition_probability[t]), 2),
        number(float(part.rewards[t]), 2),
    )
