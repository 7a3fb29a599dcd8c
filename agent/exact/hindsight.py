"""What each choice of an episode cost: the price of having left the best action.

The best is the optimum over policies of state and time, by backward recursion: with ``k`` steps left the values are
V*_k, and V*_t of the tutorial's time t is the table with cap − t left.  Tables are kept for every k until they have
settled: O(S · T) memory at most, with T the steps until then.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.exact.tables import settled
from game.snapshots.snapshot import Review, Trajectory

#: Most values that are kept: 200 MB.
MOST_VALUES = 25_000_000
#: Most elementary operations: a few seconds.
MOST_COST = 2e9
#: Actions whose values differ by less than this, relative to the best one, are equally good.
EQUAL = 1e-11


def optimal_values(exact: Exact) -> list[NDArray[np.float64]] | None:
    """V* (S,) float64 with 0, 1, 2 … steps left, until nothing changes any more; None where that is too costly."""
    tables = [np.zeros(exact.dynamics.n_states)]
    cap = exact.dynamics.max_steps
    while len(tables) <= cap:
        if len(tables) * exact.sweep_cost > MOST_COST or len(tables) * len(tables[0]) > MOST_VALUES:
            return None
        following = np.einsum("sam,sm->sa", exact.weight, tables[-1][exact.successor])
        value = (exact.expected_reward + exact.dynamics.discount * following).max(axis=1)
        change = np.abs(value - tables[-1]).max()
        tables.append(value)
        if settled(change, value, cap + 1 - len(tables)):
            break
    return tables


class Hindsight:
    """Reviews episodes of one world; the optimum is worked out once, when it is first asked for."""

    def __init__(self, exact: Exact) -> None:
        self.exact = exact
        self._tables: list[NDArray[np.float64]] | None = None
        self._tried = False

    def __call__(self, trajectory: Trajectory) -> Review | None:
        """What the choices of an episode cost; None where the optimum is too costly."""
        if not self._tried:
            self._tables = optimal_values(self.exact)
            self._tried = True
        return None if self._tables is None else review(self.exact, self._tables, trajectory)


def review(exact: Exact, tables: list[NDArray[np.float64]], trajectory: Trajectory) -> Review:
    """The costs γ^t (V*_t(s_t) − Q*_t(s_t, a_t)), from the ``tables`` of :func:`optimal_values`."""
    dynamics, steps = exact.dynamics, np.arange(len(trajectory))
    states, actions = trajectory.states[:-1], trajectory.actions
    left = np.minimum(dynamics.max_steps - steps - 1, len(tables) - 1)
    ahead = [tables[k][exact.successor[state]] for k, state in zip(left, states, strict=True)]
    following = np.einsum("tam,tm->ta", exact.weight[states], np.reshape(ahead, (len(steps), exact.successor.shape[1])))
    action_value = exact.expected_reward[states] + dynamics.discount * following
    best = action_value.max(axis=1)
    lost = best - action_value[steps, actions]
    lost[lost <= EQUAL * np.maximum(1.0, np.abs(best))] = 0.0
    costs = dynamics.discount**steps * lost
    attainable = float(tables[min(dynamics.max_steps, len(tables) - 1)][trajectory.states[0]])
    forgone = 0.0
    if not (trajectory.terminated or trajectory.truncated):
        ahead = tables[min(dynamics.max_steps - len(steps), len(tables) - 1)][trajectory.states[-1]]
        forgone = float(dynamics.discount ** len(steps) * ahead)
    return Review(
        costs=costs,
        best=np.where(lost == 0.0, actions, action_value.argmax(axis=1)).astype(np.int32),
        attainable=attainable,
        luck=trajectory.total_return(dynamics.discount) - attainable + float(costs.sum()) + forgone,
        forgone=forgone,
    )
