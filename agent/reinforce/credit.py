"""Estimators of ∇J: from episodes to the credit table.

Equation (17) needs of all the episodes only the table

    Ŵ(s, a) = (1/N) Σ_i Σ_{t<T_i} 1[s_t = s, a_t = a] · (what the estimator credits to step t of episode i)

because ∇̂J = Σ_{s,a} Ŵ(s, a) ∇_θ ln π_θ(a|s).  Sums run over steps, means over episodes, and γ^t is kept.
``agent/fast/kernel.py`` computes the same table in machine code for large batches.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Trajectory

#: Estimators that sample episodes, in the order of the codes that the kernel uses.
SAMPLED = ("total-return", "reward-to-go", "baseline")
#: All estimators: ``exact`` is the exact credit table W* in place of a sampled one, without variance.
ESTIMATORS = (*SAMPLED, "exact")


def returns_to_go(trajectory: Trajectory, discount: float) -> NDArray[np.float64]:
    """(T,) float64: G_t = Σ_{u≥t} γ^{u−t} r_u (Sutton & Barto, section 3.3)."""
    to_go = np.empty(len(trajectory))
    following = 0.0
    for t in range(len(trajectory) - 1, -1, -1):
        following = trajectory.rewards[t] + discount * following
        to_go[t] = following
    return to_go


def credited(
    trajectory: Trajectory, estimator: str, discount: float, baseline: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(T,) float64: what the estimator credits to each step of one episode.

    * ``total-return``: R(τ) for every step; with the sum over steps this is (17) as written.
    * ``reward-to-go``: γ^t G_t; rewards from before t drop out because Σ_a π ∇ ln π = 0.
    * ``baseline``: γ^t (G_t − b(s_t)), with b from earlier batches (Williams 1992, section 3); ``baseline`` (S,)
      holds b and is not read by the other two.

    The expectation of each, through ∇ ln π, is ∇J.
    """
    if estimator == "total-return":
        return np.full(len(trajectory), trajectory.total_return(discount))
    advantage = returns_to_go(trajectory, discount)
    if estimator == "baseline":
        advantage = advantage - baseline[trajectory.states[:-1]]
    return np.asarray(advantage * np.power(discount, np.arange(len(trajectory))), dtype=np.float64)


def credit_table(
    trajectories: Sequence[Trajectory],
    estimator: str,
    discount: float,
    baseline: NDArray[np.float64],
    shape: tuple[int, int],
) -> NDArray[np.float64]:
    """(S, A) float64: Ŵ of N episodes, the mean over episodes of the sums over steps."""
    table = np.zeros(shape)
    for trajectory in trajectories:
        values = credited(trajectory, estimator, discount, baseline)
        np.add.at(table, (trajectory.states[:-1], trajectory.actions), values)
    return table / len(trajectories)


def centred(credit: NDArray[np.float64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """(S, A) float64: Ŵ(s,a) − π(a|s) Σ_b Ŵ(s,b), the gradient with respect to the logits of a table.

    Its rows sum to zero: what is added to one action of a state is taken from the others.
    """
    return np.asarray(credit - probabilities * credit.sum(axis=1, keepdims=True))


class Baseline:
    """b(s): the mean of the returns G_t seen from s in earlier batches, older ones counting less.

    ``sums`` (S, 2) float64 holds Σ G_t and the number of visits; both are multiplied by ``KEEP`` before a batch
    is added.  A state that was never visited has b = 0.
    """

    KEEP = 0.8

    def __init__(self, n_states: int) -> None:
        self.sums = np.zeros((n_states, 2))

    def values(self) -> NDArray[np.float64]:
        """(S,) float64: b(s)."""
        total, count = self.sums.T
        return np.divide(total, count, out=np.zeros(len(total)), where=count > 0.0)

    def learn(self, sums: NDArray[np.float64]) -> None:
        """Take in a batch: (S, 2) float64 of Σ G_t and visits.  Call it after the batch's credit was computed."""
        self.sums *= self.KEEP
        self.sums += sums
