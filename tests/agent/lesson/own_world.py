"""The tiny world of the lesson once more, written down by hand: an oracle that shares no code with the program.

Cells 0 … 4: a pit, two start cells, ice, a goal.  Left is action 0, right is 1; three steps at most.  On the ice a
step fails with probability ``slip``.  Gradients are complex-step derivatives: exact to rounding, without a formula.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

GAMMA, CAP, STEP = 0.9, 3, 1e-30
PAID = {0: -1.0, 4: 1.0}
#: The components of θ in the order of the lesson: (cell, action).
COMPONENTS = [(cell, action) for cell in (1, 2, 3) for action in (0, 1)]
FIRST = np.array([[0.0, 0.0], [0.0, 0.6], [0.4, 0.0], [0.0, 1.0], [0.0, 0.0]])

Array = NDArray[np.float64]
Walk = tuple[tuple[int, ...], tuple[int, ...]]


def derivative(function: Callable[[Any], Any], theta: Array, place: tuple[int, int]) -> float:
    """∂ function / ∂ θ[place] by a complex step."""
    moved = theta.astype(complex)
    moved[place] += 1j * STEP
    return float(np.imag(function(moved)) / STEP)


def gradient(function: Callable[[Any], Any], theta: Array) -> Array:
    """∇ of a function of θ (5, 2), by complex steps."""
    return np.array([[derivative(function, theta, (s, a)) for a in range(2)] for s in range(len(theta))])


def softmax(theta: Any) -> Any:
    """π of a table of logits."""
    return np.exp(theta) / np.exp(theta).sum(axis=1, keepdims=True)


@cache
def _walks() -> list[Walk]:
    """What happens for each choice of actions and slips; what cannot slip is left out, what has ended stays ended."""
    found: dict[Walk, None] = {}
    for start in (1, 2):
        for choices in itertools.product(itertools.product((0, 1), (False, True)), repeat=CAP):
            states, actions = [start], []
            for action, slips in choices:
                here = states[-1]
                if here in PAID:
                    break
                if slips and here != 3:
                    break
                states.append(here if slips else here + (1 if action else -1))
                actions.append(action)
            else:
                found[tuple(states), tuple(actions)] = None
                continue
            if states[-1] in PAID:
                found[tuple(states), tuple(actions)] = None
    return list(found)


@dataclass(frozen=True)
class OwnWorld:
    """The world at a slip and a start; methods take θ (5, 2), real or complex."""

    slip: float = 0.3
    first_start: float = 0.5

    def chance(self, s: int, a: int, to: int) -> float:
        """Pt(to | s, a)."""
        aim = s + (1 if a else -1)
        if s == 3:
            return {aim: 1.0 - self.slip, s: self.slip}.get(to, 0.0)
        return 1.0 if to == aim else 0.0

    def walks(self) -> list[Walk]:
        """(states, actions) of every trajectory, in the order of the lesson: the move before the slip."""
        return _walks()

    @staticmethod
    def rewards(walk: Walk) -> list[float]:
        """r_t of each step."""
        return [PAID.get(to, -0.1) for to in walk[0][1:]]

    def total(self, walk: Walk) -> float:
        """R(τ)."""
        return sum(GAMMA**t * r for t, r in enumerate(self.rewards(walk)))

    def terms(self, walk: Walk, theta: Any) -> tuple[Any, Any, Any]:
        """P0, the product of π, and the product of Pt."""
        states, actions = walk
        policy = softmax(theta)
        of_policy, of_world = 1.0, 1.0
        for s, a, to in zip(states, actions, states[1:], strict=False):
            of_policy = of_policy * policy[s, a]
            of_world = of_world * self.chance(s, a, to)
        return (self.first_start if states[0] == 1 else 1.0 - self.first_start), of_policy, of_world

    def probability(self, walk: Walk, theta: Any) -> Any:
        """P(τ|θ)."""
        start, of_policy, of_world = self.terms(walk, theta)
        return start * of_policy * of_world

    def objective(self, theta: Any) -> Any:
        """J(θ)."""
        return sum(self.total(walk) * self.probability(walk, theta) for walk in self.walks())

    def gradient(self, theta: Array) -> Array:
        """∇J."""
        return gradient(self.objective, theta)

    def score(self, walk: Walk, theta: Array) -> Array:
        """∇ ln P(τ|θ)."""
        return gradient(lambda moved: np.log(self.probability(walk, moved)), theta)

    def estimate(self, walk: Walk, theta: Array, credits: list[float]) -> Array:
        """Σ_t credit_t ∇ ln π(a_t|s_t)."""
        total = np.zeros(theta.shape)
        policy = softmax(theta)
        for s, a, credit in zip(walk[0], walk[1], credits, strict=False):
            total[s] -= credit * policy[s]
            total[s, a] += credit
        return total

    def single(self, theta: Array, credit: Callable[[Walk], list[float]]) -> tuple[Array, float]:
        """Mean and trΣ of the estimate from one episode."""
        walks = self.walks()
        chances = np.array([self.probability(walk, theta) for walk in walks])
        estimates = np.array([self.estimate(walk, theta, credit(walk)) for walk in walks])
        mean = np.tensordot(chances, estimates, 1)
        return mean, float(chances @ ((estimates - mean) ** 2).sum(axis=(1, 2)))

    def values(self, theta: Array) -> Array:
        """V with three steps left, by recursion from the definition."""
        policy = softmax(theta)

        def value(s: int, left: int) -> float:
            if s in PAID or left == 0:
                return 0.0
            return float(
                sum(
                    policy[s, a] * self.chance(s, a, to) * (PAID.get(to, -0.1) + GAMMA * value(to, left - 1))
                    for a in (0, 1)
                    for to in range(5)
                    if self.chance(s, a, to) > 0.0
                )
            )

        return np.array([value(s, CAP) for s in range(5)])


def name(walk: Walk) -> str:
    """1→2→3←3 and so on."""
    return f"{walk[0][0]}" + "".join(f"{'←→'[a]}{s}" for a, s in zip(walk[1], walk[0][1:], strict=True))
