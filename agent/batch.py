"""What the episodes of one update amount to: sums, whichever way the episodes were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agent.credit import credit_table, returns_to_go

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from game.dynamics import Dynamics
    from game.snapshot import Trajectory


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
