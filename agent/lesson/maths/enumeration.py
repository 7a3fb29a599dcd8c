"""All trajectories of a tiny world, one by one: what the sums of (7), (9), (15) and (16) run over.

Two trajectories differ when a state, an action or what was paid differs; outcomes that are equal in all of these
are one (the world's tables have merged them).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from game.errors import LevelError
from game.snapshots.snapshot import Trajectory
from game.world.dynamics import Dynamics

#: Most trajectories that are listed.
MOST = 20_000


def count_trajectories(dynamics: Dynamics) -> int:
    """How many trajectories are possible within the cap, exactly: the number of terms of (7).

    By a recursion over the steps that are left, so that worlds far too large to list can be counted.
    """
    possible = dynamics.probability > 0.0
    ways: NDArray[np.object_] = np.full(dynamics.n_states, 1, dtype=object)
    for _ in range(dynamics.max_steps):
        ahead = np.where(dynamics.ends, 1, ways[dynamics.next_state])
        ways = np.where(possible, ahead, 0).sum(axis=(1, 2))
    ways[dynamics.terminal] = 1
    return int(ways[dynamics.start > 0.0].sum())


def all_trajectories(dynamics: Dynamics, probabilities: NDArray[np.float64]) -> list[Trajectory]:
    """Every trajectory that P0 and Pt allow, with its probabilities under a policy (S, A), in a fixed order.

    The order is that of states, actions and outcomes, so it stays the same while the policy changes.  Raises
    :class:`~game.errors.LevelError` where there are more than :data:`MOST`.
    """
    count = count_trajectories(dynamics)
    if count > MOST:
        raise LevelError(f"this level has {count:.3g} trajectories; expected at most {MOST:,} to list them")
    paths = [
        path
        for start in np.flatnonzero(dynamics.start > 0.0).tolist()
        for path in _paths(dynamics, start, dynamics.max_steps)
    ]
    return [_trajectory(dynamics, probabilities, path) for path in paths]


def _paths(dynamics: Dynamics, state: int, left: int) -> Iterator[list[tuple[int, int, int]]]:
    """All ways on from ``state``, as lists of (state, action, outcome); the last entry of each is (state, -1, 0)."""
    if left == 0 or dynamics.terminal[state]:
        yield [(state, -1, 0)]
        return
    for action in range(dynamics.n_actions):
        for outcome in np.flatnonzero(dynamics.probability[state, action] > 0.0).tolist():
            following = int(dynamics.next_state[state, action, outcome])
            here = (state, action, outcome)
            if dynamics.ends[state, action, outcome]:
                yield [here, (following, -1, 0)]
            else:
                for rest in _paths(dynamics, following, left - 1):
                    yield [here, *rest]


def _trajectory(dynamics: Dynamics, probabilities: NDArray[np.float64], path: list[tuple[int, int, int]]) -> Trajectory:
    states, actions, outcomes = np.array(path, dtype=np.int32).T
    happened = (states[:-1], actions[:-1], outcomes[:-1])
    ended = bool(dynamics.ends[happened][-1]) if len(path) > 1 else True
    return Trajectory(
        states=states,
        actions=actions[:-1],
        rewards=dynamics.reward[happened],
        policy_probability=probabilities[happened[:2]],
        transition_probability=dynamics.probability[happened],
        start_probability=float(dynamics.start[states[0]]),
        terminated=ended,
        truncated=not ended,
        goal=bool(dynamics.goal[happened].any()),
    )
