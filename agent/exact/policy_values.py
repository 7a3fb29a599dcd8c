"""What a policy is worth, within a cap or for ever."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from agent.exact.doubling import doubled, one_step
from agent.exact.tables import Evaluation, Tables

#: Up to so many elementary operations a recursion is done step by step: about a second; and where nothing else serves.
QUICK, LONG = 4e8, 1e10
#: Steps that stand for "for ever" where each state has one successor.
EVER = 2**60


def evaluated(
    exact: Tables, probabilities: NDArray[np.float64], advance: Callable[[], None] = lambda: None
) -> Evaluation | None:
    """All that a policy (S, A) attains within the cap, whatever the cap; None where that is out of reach.

    ``advance`` is called after each of three parts.
    """
    dynamics = exact.dynamics
    values = policy_values(exact, probabilities)
    advance()
    goals = capped_values(exact, probabilities, exact.goal_chance, 1.0, before_goal=True)
    advance()
    one = np.broadcast_to(np.where(dynamics.terminal, 0.0, 1.0)[:, None], probabilities.shape)
    steps = capped_values(exact, probabilities, one, 1.0)
    advance()
    if values is None or goals is None or steps is None:
        return None
    return Evaluation(exact.objective(values), values, float(dynamics.start @ goals), float(dynamics.start @ steps))


def policy_values(exact: Tables, probabilities: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """(S,) float64: V_0 of a policy (S, A), whatever the cap; None where that is out of reach."""
    return capped_values(exact, probabilities, exact.expected_reward, exact.dynamics.discount)


def policy_objective(exact: Tables, probabilities: NDArray[np.float64]) -> float | None:
    """J of a policy (S, A), whatever the cap; None where that is out of reach."""
    values = policy_values(exact, probabilities)
    return None if values is None else exact.objective(values)


def capped_values(
    exact: Tables,
    probabilities: NDArray[np.float64],
    immediate: NDArray[np.float64],
    discount: float,
    before_goal: bool = False,
) -> NDArray[np.float64] | None:
    """(S,) float64: Σ γ^t ``immediate`` (S, A) of a policy (S, A) within the cap; None where that is out of reach.

    With ``before_goal`` reaching a goal ends the episode.  A recursion of many operations is replaced by doubling,
    where each state has one successor, or by contours, where they miss nothing.
    """
    cap = exact.dynamics.max_steps
    weight = exact.weight_before_goal if before_goal else exact.weight
    step = np.einsum("sa,sam->sm", probabilities, weight)
    constant = (probabilities * immediate).sum(axis=1)
    cost = float(step.size) * cap
    if cost > QUICK:
        single = one_step(step, exact.successor, constant)
        if single is not None:
            return doubled(single, discount, cap)
        contours = exact.contours
        if contours is not None and contours.cost < cost:
            found = contours.solve(exact.chain(probabilities, immediate, discount, before_goal), cap)
            if found is not None:
                return found.values
    return exact.sweeps(step * discount, exact.successor, constant, cap)[0] if cost <= LONG else None


def endless_values(exact: Tables, action: NDArray[np.intp]) -> NDArray[np.float64] | None:
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
