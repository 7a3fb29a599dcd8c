"""The optimum: the best that a policy of state and time can attain within the cap.

Its definition is a recursion: V*_n, with n steps left, is the best action's expected reward and V*_{n−1} after it.
Where that settles early, or the cap is small, it is done as it stands.  Else the best policy without a cap is found
(best-first search, then policy iteration), and it is shown that the cap does not matter.  With h its value for ever,

- from below: V*_n is at least what this one policy attains in n steps, which is worked out for n = cap;
- from above: Δ(s,a) = h(s) − Q_h(s,a) ≥ 0 is what an action loses against it.  Where a table g ≥ max(0, −h) and a
  number ρ < 1 have γ E[g(s')] − Δ(s,a) ≤ ρ g(s) for every action of every state, V*_n ≤ h + ρⁿ g: for n = 0 since
  V*_0 = 0, and from n to n + 1 since max_a (Q_h + γ ρⁿ E[g]) ≤ h + ρⁿ max_a (γ E[g] − Δ) by ρⁿ ≤ 1.

Where nothing is ever paid for, h ≥ 0, so g = 0 serves; with a discount g = max(−h) and ρ = γ; where each step costs
and γ = 1, g = −h.  The numbers are given out only where the two bounds meet to ``WITHIN``, and are null elsewhere.
Both are checked in floating point: what an action gains by rounding, 1e-14 of a value, counts as nothing.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.exact.policy_values import endless_values, evaluated
from agent.exact.tables import Evaluation, Tables, settled

#: Most elementary operations of a recursion whose cap is out of reach: of a short try first, and of a last resort.
SHORT, LONG = 5e7, 2e9
#: Most rounds of policy iteration, and how often best-first search follows one state.
ROUNDS, VISITS = 100, 4
#: How far the bounds may lie apart, relative to the optimum and to the largest of all values.
WITHIN = 1e-10
#: Differences of action values that are rounding, relative to the values.
ROUNDING = 1e-14
#: Most sweeps in search of a table g, and most that it may grow in them: ρⁿ g would be too much.
SEARCH, LARGEST = 200, 1e3


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """A policy that is best where time does not matter: its ``action`` (S,) intp and its ``value`` (S,) float64,
    for ever; ``lost`` (S, A) float64 is what an action loses against it, 0 or more."""

    action: NDArray[np.intp]
    value: NDArray[np.float64]
    lost: NDArray[np.float64]


def optimum(exact: Tables, patience: float) -> Evaluation | None:
    """The best of policies of state and time, None where it is out of reach.

    ``patience`` is the cost, in elementary operations, up to which a recursion is done step by step.
    """
    if exact.cost <= patience:
        return recursion(exact, np.inf)
    return recursion(exact, SHORT) or by_policies(exact) or recursion(exact, LONG)


def recursion(exact: Tables, patience: float) -> Evaluation | None:
    """Backward recursion with a maximum; None where it has not settled after ``patience`` operations.

    Among actions of equal value the first is taken.
    """
    dynamics, states = exact.dynamics, np.arange(exact.dynamics.n_states)
    running = np.where(dynamics.terminal, 0.0, 1.0)
    columns = np.zeros((dynamics.n_states, 3))  # value, goal probability, steps
    for done in range(1, dynamics.max_steps + 1):
        action_value = action_values(exact, columns[:, 0])
        best = action_value.max(axis=1)
        near = action_value >= (best - 1e-12 * np.maximum(1.0, np.abs(best)))[:, None]
        action = near.argmax(axis=1)
        goal_weight, weight = exact.weight_before_goal[states, action], exact.weight[states, action]
        goal = exact.goal_chance[states, action] + (goal_weight * columns[:, 1][exact.successor]).sum(axis=1)
        steps = running + (weight * columns[:, 2][exact.successor]).sum(axis=1)
        following = np.stack([best, goal, steps], axis=1)
        change, columns = np.abs(following - columns).max(), following
        if settled(change, columns, dynamics.max_steps - done):
            break
        if done * exact.sweep_cost > patience and done < dynamics.max_steps:
            return None
    start = dynamics.start
    return Evaluation(float(start @ columns[:, 0]), columns[:, 0], *(float(start @ columns[:, c]) for c in (1, 2)))


def action_values(exact: Tables, value: NDArray[np.float64]) -> NDArray[np.float64]:
    """(S, A) float64: the expected reward of an action and what follows it, where ``value`` (S,) comes after it."""
    following = np.einsum("sam,sm->sa", exact.weight, value[exact.successor])
    return np.asarray(exact.expected_reward + exact.dynamics.discount * following)


def by_policies(exact: Tables) -> Evaluation | None:
    """The optimum from the best policy without a cap, where the two bounds above meet; else None."""
    best = policy_iteration(exact)
    if best is None:
        return None
    dynamics, states = exact.dynamics, np.arange(exact.dynamics.n_states)
    taken = np.zeros(exact.expected_reward.shape)
    taken[states, best.action] = 1.0
    attained = evaluated(exact, taken)
    slack = excess(exact, best)
    if slack is None or attained is None:
        return None
    gap = np.abs(best.value - attained.values) + slack
    counted = dynamics.reachable & ~dynamics.terminal
    largest = np.abs(attained.values[counted]).max(initial=0.0)
    near = gap[counted].max(initial=0.0) <= WITHIN * largest
    return attained if near and dynamics.start @ gap <= WITHIN * abs(attained.objective) else None


def excess(exact: Tables, best: Best) -> NDArray[np.float64] | None:
    """(S,) float64: ρⁿ g, so much that V*_n of the cap may lie above the best policy's value for ever; or None.

    Tries the tables of the module's first lines, and the least one that a few sweeps of g ← max(g, (γ E[g] − Δ)/ρ)
    reach from them, for the ρ that makes ρⁿ 1e-13.
    """
    dynamics = exact.dynamics
    counted = dynamics.reachable & ~dynamics.terminal
    short = np.where(counted, np.maximum(0.0, -best.value), 0.0)
    if not short.any():
        return short
    level = np.where(counted, short.max(), 0.0)
    found = [g * rate**dynamics.max_steps for g in (short, level) if (rate := shrinks(exact, best, g)) < 1.0]
    aim = 1e-13 ** (1.0 / dynamics.max_steps)
    table = short
    for _ in range(SEARCH if not found else 0):
        further = np.maximum(table, np.where(counted, ahead(exact, best, table) / aim, 0.0))
        if (further <= table * (1.0 + ROUNDING)).all():
            break
        if further.max() > LARGEST * short.max():
            return None  # it pays to go round and round: the cap decides how often
        table = further
    if not found and (rate := shrinks(exact, best, table)) < 1.0:
        found.append(table * rate**dynamics.max_steps)
    return min(found, key=lambda slack: float(slack.max())) if found else None


def ahead(exact: Tables, best: Best, table: NDArray[np.float64]) -> NDArray[np.float64]:
    """(S,) float64: the largest γ E[g(s')] − Δ(s,a) of a state's actions."""
    following = np.einsum("sam,sm->sa", exact.weight, table[exact.successor])
    return np.asarray((exact.dynamics.discount * following - best.lost).max(axis=1))


def shrinks(exact: Tables, best: Best, table: NDArray[np.float64]) -> float:
    """The least ρ that serves a table g; 1 or more where there is none below."""
    counted = exact.dynamics.reachable & ~exact.dynamics.terminal
    following = ahead(exact, best, table)[counted]
    here = table[counted]
    if (following[here == 0.0] > 0.0).any():
        return np.inf
    return float((following[here > 0.0] / here[here > 0.0]).max(initial=0.0))


def policy_iteration(exact: Tables) -> Best | None:
    """The best policy where episodes have no cap, from that of best-first search on; None where it is not found.

    An action is changed only for one that is better by more than rounding.
    """
    states = np.arange(exact.dynamics.n_states)
    action = best_first(exact)
    for _ in range(ROUNDS):
        value = endless_values(exact, action)
        if value is None:
            return None
        action_value = action_values(exact, value)
        taken, most = action_value[states, action], action_value.max(axis=1)
        better = most - taken > ROUNDING * (np.abs(most) + np.abs(taken))
        if not better.any():
            return Best(action, value, np.maximum(0.0, taken[:, None] - action_value))
        action = np.where(better, action_value.argmax(axis=1), action)
    return None


def best_first(exact: Tables) -> NDArray[np.intp]:
    """(S,) intp: the best actions if of each action's likely outcomes one could choose.

    Dijkstra's search backwards from the endings; without slip this is the best policy, where what is further away is
    worth no more.  An outcome is likely that is at least half as likely as the action's likeliest.
    """
    dynamics = exact.dynamics
    likely = dynamics.probability >= 0.5 * dynamics.probability.max(axis=2, keepdims=True)
    likely &= ~dynamics.terminal[:, None, None] & (dynamics.probability > 0.0)
    value = np.full(dynamics.n_states, -np.inf)
    action = np.zeros(dynamics.n_states, dtype=np.intp)
    last = np.where(likely & dynamics.ends, dynamics.reward, -np.inf).max(axis=2)
    value, action = last.max(axis=1), last.argmax(axis=1)
    state, chosen, outcome = np.nonzero(likely & ~dynamics.ends)
    target = dynamics.next_state[state, chosen, outcome]
    order = np.argsort(target, kind="stable")
    first = np.searchsorted(target[order], np.arange(dynamics.n_states + 1)).tolist()
    origin, by = state[order].tolist(), chosen[order].tolist()
    reward = dynamics.reward[state, chosen, outcome][order].tolist()
    # lists: the search goes state by state, where they are faster than arrays
    values, actions, visits = value.tolist(), action.tolist(), [0] * dynamics.n_states
    discount = dynamics.discount
    front = [(-values[s], s) for s in np.flatnonzero(value > -np.inf).tolist()]
    heapq.heapify(front)
    while front:
        negative, there = heapq.heappop(front)
        if -negative < values[there] or visits[there] == VISITS:
            continue
        visits[there] += 1
        for edge in range(first[there], first[there + 1]):
            s, found = origin[edge], reward[edge] - discount * negative
            if found > values[s]:
                values[s], actions[s] = found, by[edge]
                heapq.heappush(front, (-found, s))
    return np.array(actions, dtype=np.intp)
