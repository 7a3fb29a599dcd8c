"""Policies under which each state is followed by at most one other: their values at any cap, by doubling the stride.

That is so for every deterministic policy in a deterministic world.  Of m steps from each state it is known what they
bring, where they lead and how likely it is that the episode still runs; put behind themselves they give 2m steps.  A
cap of 16 million takes 24 of these, loops or not, since nothing is assumed about where a walk leads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Stride:
    """Some steps from each state, all arrays (S,): what they bring (float64), the chance that the episode still runs
    after them (float64), and the state that it is in then (intp)."""

    steps: int
    value: NDArray[np.float64]
    chance: NDArray[np.float64]
    place: NDArray[np.intp]

    def then(self, other: Stride, discount: float) -> Stride:
        """These steps and after them those of ``other``."""
        weight = discount**self.steps * self.chance
        return Stride(
            self.steps + other.steps,
            self.value + weight * other.value[self.place],
            self.chance * other.chance[self.place],
            other.place[self.place],
        )


def one_step(step: NDArray[np.float64], successor: NDArray[np.intp], constant: NDArray[np.float64]) -> Stride | None:
    """A single step where each state has at most one successor, else None.

    ``step`` (S, M) float64 is the chance to go on to each ``successor`` (S, M), ``constant`` (S,) float64 what is
    expected of the step itself.
    """
    going = step > 0.0
    if (going.sum(axis=1) > 1).any():
        return None
    states, chosen = np.arange(len(step)), going.argmax(axis=1)
    return Stride(1, constant, step[states, chosen], successor[states, chosen])


def doubled(first: Stride, discount: float, cap: int) -> NDArray[np.float64]:
    """(S,) float64: the value of ``cap`` steps, each of which is ``first``."""
    states = np.arange(len(first.value))
    whole = Stride(0, np.zeros(len(states)), np.ones(len(states)), states)
    stride, left = first, cap
    while left:
        if left & 1:
            whole = whole.then(stride, discount)
        left >>= 1
        if left:
            stride = stride.then(stride, discount)
        if not stride.chance.any():
            # no episode lasts that long: all the longer strides bring the same
            return whole.then(stride, discount).value if left else whole.value
    return whole.value
