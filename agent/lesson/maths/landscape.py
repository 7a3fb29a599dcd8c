"""J(θ) as a landscape over one or two parameters, and ways up it by (3) and (4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.lesson.maths.derivation import ascent, gradient_of_credit, policy_with

if TYPE_CHECKING:
    from agent.fast.kernel import Kernel


def objective_of_chance(exact: Exact, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) float64: J of the policies that take the second of two actions with probability p in every state."""
    n_states = exact.dynamics.n_states
    return np.array([exact.objective(exact.values(np.tile([1.0 - p, p], (n_states, 1)))) for p in chances])


@dataclass(frozen=True, slots=True)
class Plane:
    """Two parameters of a tabular policy: the logits of ``action`` in two ``states``; all other logits are 0."""

    exact: Exact
    states: tuple[int, int]
    action: int

    def theta(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """(S, A) float64: θ at a point (2,) of the plane."""
        theta = np.zeros((self.exact.dynamics.n_states, self.exact.dynamics.n_actions))
        theta[list(self.states), self.action] = point
        return theta

    def probabilities(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """(S, A) float64: the policy at a point (2,)."""
        return policy_with(self.exact.dynamics, self.theta(point)).probabilities()

    def objective(self, point: NDArray[np.float64]) -> float:
        """J at a point (2,)."""
        return self.exact.objective(self.exact.values(self.probabilities(point)))

    def heights(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """(len(y), len(x)) float64: J over a grid of the first parameter ``x`` and the second ``y``."""
        return np.array([[self.objective(np.array([one, other])) for one in x] for other in y])

    def along(self, point: NDArray[np.float64], credit: NDArray[np.float64]) -> NDArray[np.float64]:
        """(2,) float64: the gradient that a credit table (S, A) gives, in the plane."""
        gradient = gradient_of_credit(policy_with(self.exact.dynamics, self.theta(point)), credit)
        return np.asarray(gradient[list(self.states), self.action])

    def climb(self, start: NDArray[np.float64], rate: float, steps: int) -> NDArray[np.float64]:
        """(steps + 1, 2) float64: the way up by (3), with the exact gradient."""
        way = [start]
        for _ in range(steps):
            gradient = self.along(way[-1], self.exact.credit(self.probabilities(way[-1])))
            way.append(ascent(way[-1], rate, gradient))
        return np.array(way)

    def climb_sampled(
        self, kernel: Kernel, start: NDArray[np.float64], rate: float, steps: int, episodes: int, seed: int
    ) -> NDArray[np.float64]:
        """(steps + 1, 2) float64: the way by (4), each gradient estimated from fresh episodes by (17)."""
        way, baseline = [start], np.zeros(self.exact.dynamics.n_states)
        for step in range(steps):
            probabilities = self.probabilities(way[-1])
            batch = kernel.batch(probabilities, "total-return", baseline, seed, step, 0, episodes)
            way.append(ascent(way[-1], rate, self.along(way[-1], batch.credit)))
        return np.array(way)
