"""How far an estimate of ∇J lies from ∇J: exactly, from all trajectories of a tiny world, and by sampling.

The estimate from N episodes is a mean of N independent single-episode estimates, so its mean squared error is
trΣ/N, where Σ is the covariance of one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.reinforce.credit import credit_table
from game.snapshots.snapshot import Trajectory

if TYPE_CHECKING:
    from agent.fast.kernel import Kernel


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A single-episode estimate of ∇J as a random vector: its ``mean`` (S, A), and ``variance`` trΣ."""

    mean: NDArray[np.float64]
    variance: float

    def error(self, episodes: float) -> float:
        """√(trΣ/N): the root-mean-square distance of the estimate from N episodes to its mean."""
        return float(np.sqrt(self.variance / episodes))

    def relative(self) -> float:
        """ρ = trΣ / |∇J|²: the episodes after which the error is as long as the gradient itself."""
        return float(self.variance / (self.mean**2).sum())


def single_estimates(
    trajectories: Sequence[Trajectory],
    scores: NDArray[np.float64],
    estimator: str,
    discount: float,
    baseline: NDArray[np.float64],
) -> NDArray[np.float64]:
    """(n, S, A) float64: what (17) gives from each trajectory alone, with what ``estimator`` credits."""
    shape = scores.shape[:2]
    tables = [credit_table([trajectory], estimator, discount, baseline, shape) for trajectory in trajectories]
    return np.asarray(np.einsum("nsa,sabc->nbc", np.array(tables), scores))


def spread_of(estimates: NDArray[np.float64], probabilities: NDArray[np.float64]) -> Spread:
    """Mean and trΣ of single estimates (n, S, A) that come with ``probabilities`` (n,), exactly."""
    mean = np.einsum("n,nsa->sa", probabilities, estimates)
    squares = ((estimates - mean) ** 2).sum(axis=(1, 2))
    return Spread(mean, float(probabilities @ squares))


def sampled_estimates(
    kernel: Kernel,
    probabilities: NDArray[np.float64],
    scores: NDArray[np.float64],
    episodes: int,
    replicates: int,
    seed: int,
) -> NDArray[np.float64]:
    """(replicates, S, A) float64: independent estimates of ∇J, each from ``episodes`` fresh episodes, by (17)."""
    baseline = np.zeros(len(probabilities))
    tables = [
        kernel.batch(probabilities, "total-return", baseline, seed, replicate, 0, episodes).credit
        for replicate in range(replicates)
    ]
    return np.asarray(np.einsum("nsa,sabc->nbc", np.array(tables), scores))


def root_mean_square_error(estimates: NDArray[np.float64], gradient: NDArray[np.float64]) -> float:
    """√ of the mean over estimates (n, S, A) of |estimate − ∇J|²."""
    return float(np.sqrt(((estimates - gradient) ** 2).sum(axis=(1, 2)).mean()))
