"""What a policy is worth, within a cap or for ever."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from agent.exact.doubling import doubled, one_step
from agent.exact.exact import Exact

#: Steps that stand for "for ever" where each state has one successor.
EVER = 2**60


def endless_values(exact: Exact, action: NDArray[np.intp]) -> NDArray[np.float64] | None:
    """(S,) float64: what a deterministic policy brings without a cap; None where that is not finite.

    ``action`` (S,) intp is the policy.
    """
    dynamics, states = exact.dynamics, np.arange(len(action))
    step, constant = exact.weight[states, action], exact.expected_reward[states, action]
    single = one_step(step, exact.successor, constant)
    if single is not None:
        return doubled(single, dynamics.discount, EVER)
    from scipy.sparse import coo_array  # heavy, and only needed here
    from scipy.sparse.linalg import MatrixRankWarning, splu

    S, M = step.shape
    counted = dynamics.reachable & ~dynamics.terminal
    rows = np.repeat(states, M)
    columns = exact.successor.ravel()
    flow = step.ravel()
    stays = rows == columns
    ending = np.where(dynamics.ends[states, action], dynamics.probability[states, action], 0.0).sum(axis=1)
    away = np.bincount(rows[~stays], flow[~stays], minlength=S)
    gamma = dynamics.discount
    diagonal = np.where(counted, (1.0 - gamma) + gamma * (ending + away), 1.0)
    off = ~stays & (flow > 0.0) & counted[rows]
    matrix = coo_array(
        (
            np.concatenate([diagonal, -gamma * flow[off]]),
            (np.concatenate([states, rows[off]]), np.concatenate([states, columns[off]])),
        ),
        shape=(S, S),
    ).tocsc()
    with warnings.catch_warnings():
        warnings.simplefilter("error", MatrixRankWarning)
        try:
            value = splu(matrix, permc_spec="MMD_AT_PLUS_A").solve(np.where(counted, constant, 0.0))
        except (RuntimeError, MatrixRankWarning):
            return None
    return np.asarray(value) if np.isfinite(value).all() else None
