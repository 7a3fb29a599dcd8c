"""What the episodes of one update amount to: sums, whichever way the episodes were made."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.reinforce.credit import credit_table, returns_to_go
from game.snapshots.snapshot import Trajectory
from game.world.dynamics import Dynamics


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What N episodes amount to.

    ``credit`` (S, A) float64 is Ŵ; ``sums`` (S, 2) float64 holds Σ G_t and the number of steps per state;
    ``returns`` (N,) float64 are R(τ_i), ``lengths`` (N,) int32 are T_i, ``goals`` (N,) bool.
    """

    credit: NDArray[np.float64]
    sums: NDArray[np.float64]
    returns: NDArray[np.float64]
    lengths: NDArray[np.int32]
    goals: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """What an update needs to know of its whole batch, in how many processes it was ever walked.

    ``credit`` (S, A) and ``sums`` (S, 2) as in :class:`Batch`; ``episodes`` is N and ``steps`` Σ T_i; ``mean_return``
    and ``spread`` are the mean and the standard deviation of all returns, the latter nan where one is not finite;
    ``goal_rate`` is the share of episodes that reached a goal.  ``returns`` are those of this process, to look at.
    """

    credit: NDArray[np.float64]
    sums: NDArray[np.float64]
    episodes: int
    steps: int
    mean_return: float
    spread: float
    goal_rate: float
    returns: NDArray[np.float64]

    @property
    def visits(self) -> NDArray[np.float64]:
        """(S,) float64: the steps taken from each state."""
        return self.sums[:, 1]


def summarised(batch: Batch) -> Summary:
    """The summary of a batch that one process walked."""
    return Summary(
        credit=batch.credit,
        sums=batch.sums,
        episodes=len(batch.returns),
        steps=int(batch.lengths.sum()),
        mean_return=float(batch.returns.mean()),
        spread=float(batch.returns.std()) if np.isfinite(batch.returns).all() else math.nan,
        goal_rate=float(batch.goals.mean()),
        returns=batch.returns,
    )


def no_episodes(dynamics: Dynamics) -> Batch:
    """What no episode at all amounts to: the share of a process that is one too many for a small batch."""
    shape = (dynamics.n_states, dynamics.n_actions)
    nothing = np.zeros(0)
    return Batch(np.zeros(shape), np.zeros((shape[0], 2)), nothing, nothing.astype(np.int32), nothing.astype(np.bool_))


def gathered(
    dynamics: Dynamics, trajectories: list[Trajectory], estimator: str, baseline: NDArray[np.float64]
) -> Batch:
    """The sums over readable episodes that an update needs, as the kernel gives them."""
    shape = (dynamics.n_states, dynamics.n_actions)
    sums = np.zeros((dynamics.n_states, 2))
    for trajectory in trajectories:
        np.add.at(sums[:, 0], trajectory.states[:-1], returns_to_go(trajectory, dynamics.discount))
        np.add.at(sums[:, 1], trajectory.states[:-1], 1.0)
    return Batch(
        credit=credit_table(trajectories, estimator, dynamics.discount, baseline, shape),
        sums=sums,
        returns=np.array([trajectory.total_return(dynamics.discount) for trajectory in trajectories]),
        lengths=np.array([len(trajectory) for trajectory in trajectories], dtype=np.int32),
        goals=np.array([trajectory.goal for trajectory in trajectories]),
    )
