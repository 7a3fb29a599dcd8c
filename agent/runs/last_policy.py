"""The policy that the last update of a run led to, as a snapshot of its own: no batch was sampled from it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from agent.exact.tables import LIMIT
from agent.reinforce.credit import centred
from game.snapshots.snapshot import Snapshot, Trajectory
from game.world.dynamics import Dynamics

if TYPE_CHECKING:
    from agent.trainer import Trainer


def last_policy(trainer: Trainer) -> Snapshot:
    """The policy of a trainer as it is now, with its exact numbers where they take seconds."""
    probabilities = trainer.probabilities()
    affordable = trainer.budget.affordable
    truth = trainer.exact.everything(probabilities, LIMIT) if affordable else None
    return Snapshot(
        update=trainer.update + 1,
        episodes=trainer.episodes,
        steps=trainer.steps,
        probabilities=probabilities,
        after=probabilities,
        credit=np.zeros_like(probabilities),
        visits=trainer.visits.copy(),
        episode=standing(trainer.dynamics),
        returns=np.array([]),
        mean_return=math.nan,
        goal_rate=math.nan,
        mean_length=math.nan,
        entropy=math.nan,
        gradient_norm=math.nan,
        seconds=trainer.seconds,
        objective=None if truth is None else truth.objective,
        values=None if truth is None else truth.values,
        action_values=None if truth is None else truth.action_values,
        exact_credit=None if truth is None else centred(truth.credit, probabilities),
        untold=affordable and truth is None,
    )


def standing(dynamics: Dynamics) -> Trajectory:
    """An episode that has not begun, at the most probable start."""
    start = int(dynamics.start.argmax())
    none = np.zeros(0)
    return Trajectory(
        states=np.array([start], np.int32),
        actions=np.zeros(0, np.int32),
        rewards=none,
        policy_probability=none,
        transition_probability=none,
        start_probability=float(dynamics.start[start]),
        terminated=False,
        truncated=False,
        goal=False,
    )
