"""Batches of episodes in machine code (numba): the walk of ``rollout.py`` and the sums of ``credit.py``.

Between two updates π is a table, so an episode is a chain of table look-ups; on the way back through it the
credit and the returns are added up.  The kernel releases Python's lock, and one Python thread a core walks a
fixed number of blocks of episodes, so that every sum is the same for any number of threads.

The uniforms are the 31-bit integers of ``game/dice.py``; bounds are stored as 32-bit integers ⌈cdf · 2³¹⌉, for
which ``integer < bound`` says exactly what ``u < cdf`` says in ``rollout.py``.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numba
import numpy as np

from agent.batch import Batch
from agent.credit import SAMPLED
from game.dice import GOLDEN, cumulative, update_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from game.dynamics import Dynamics

#: Blocks of a batch: enough for every core of a laptop to have work, few enough that their tables stay small.
BLOCKS = 16
_TOTAL_RETURN, _REWARD_TO_GO, _BASELINE = range(len(SAMPLED))
_GOLDEN = np.uint64(GOLDEN)


def _compiled(function: Any) -> Any:
    """The function compiled on first use, kept on disk where that is possible."""
    try:
        return numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # no folder to keep it in: compile in every process
        return numba.njit(nogil=True, error_model="numpy")(function)


class Kernel:
    """The tables of one world in the form that the machine code reads."""

    def __init__(self, dynamics: Dynamics, threads: int | None = None) -> None:
        self.dynamics = dynamics
        self.start_bound = bounds(dynamics.start_cdf)
        self.outcome_bound = bounds(dynamics.outcome_cdf)
        self.flags = dynamics.ends.astype(np.uint8) + 2 * dynamics.goal.astype(np.uint8)
        self.next_state = np.array(dynamics.next_state)
        self.reward = np.array(dynamics.reward)
        self.power = dynamics.discount ** np.arange(dynamics.max_steps)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self.threads = threads or min(cores, BLOCKS)
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        n_blocks = BLOCKS if dynamics.n_states * dynamics.n_actions <= 2**20 else BLOCKS // 4
        self.credit = np.empty((n_blocks, dynamics.n_states, dynamics.n_actions))
        self.sums = np.empty((n_blocks, dynamics.n_states, 2))

    def batch(
        self,
        probabilities: NDArray[np.float64],
        estimator: str,
        baseline: NDArray[np.float64],
        seed: int,
        update: int,
        first: int,
        count: int,
    ) -> Batch:
        """Episodes ``first`` … ``first + count`` − 1 of an update under a policy (S, A), and their sums."""
        policy_bound = bounds(cumulative(probabilities))
        key = np.uint64(update_key(seed, update))
        returns, lengths = np.empty(count), np.empty(count, dtype=np.int32)
        goals = np.empty(count, dtype=np.bool_)
        n_blocks = len(self.credit)
        edges = [count * block // n_blocks for block in range(n_blocks + 1)]

        def walk(block: int) -> None:
            self.credit[block] = 0.0
            self.sums[block] = 0.0
            low, high = edges[block], edges[block + 1]
            if low == high:
                return
            _walk(
                key,
                first + low,
                high - low,
                SAMPLED.index(estimator),
                self.dynamics.discount,
                self.start_bound,
                policy_bound,
                self.outcome_bound,
                self.next_state,
                self.reward,
                self.flags,
                self.power,
                baseline,
                self.credit[block],
                self.sums[block],
                returns[low:high],
                lengths[low:high],
                goals[low:high],
            )

        if self.pool is None:
            for block in range(n_blocks):
                walk(block)
        else:
            list(self.pool.map(walk, range(n_blocks)))
        return Batch(self.credit.sum(axis=0) / count, self.sums.sum(axis=0), returns, lengths, goals)


def bounds(cdf: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Cumulative distributions as 32-bit integers: the smallest 31-bit uniform that lies above each bound."""
    return np.ceil(cdf * 2.0**31).astype(np.uint32)


@_compiled
def _mix(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@_compiled
def _walk(
    key: np.uint64,
    first: int,
    count: int,
    estimator: int,
    discount: float,
    start_bound: NDArray[np.uint32],
    policy_bound: NDArray[np.uint32],
    outcome_bound: NDArray[np.uint32],
    next_state: NDArray[np.int32],
    reward: NDArray[np.float64],
    flags: NDArray[np.uint8],
    power: NDArray[np.float64],
    baseline: NDArray[np.float64],
    credit: NDArray[np.float64],
    sums: NDArray[np.float64],
    returns: NDArray[np.float64],
    lengths: NDArray[np.int32],
    goals: NDArray[np.bool_],
) -> None:
    """Walk one block of episodes and add up what they teach."""
    max_steps = len(power)
    n_actions, n_outcomes = outcome_bound.shape[1], outcome_bound.shape[2]
    where = np.empty(max_steps, np.int32)
    which = np.empty(max_steps, np.int32)
    paid = np.empty(max_steps, np.float64)
    for index in range(count):
        random = _mix(key + np.uint64(first + index + 1) * _GOLDEN) + _GOLDEN
        bits = np.uint32(_mix(random) >> np.uint64(33))
        state = np.searchsorted(start_bound, bits, side="right")
        steps = 0
        goal = False
        total = 0.0
        while steps < max_steps:
            random += _GOLDEN
            mixed = _mix(random)
            bits = np.uint32(mixed >> np.uint64(33))
            action = 0
            for a in range(n_actions - 1):
                action += bits >= policy_bound[state, a]
            bits = np.uint32(mixed & np.uint64(0x7FFFFFFF))
            outcome = 0
            for k in range(n_outcomes - 1):
                outcome += bits >= outcome_bound[state, action, k]
            where[steps] = state
            which[steps] = action
            paid[steps] = reward[state, action, outcome]
            flag = flags[state, action, outcome]
            state = next_state[state, action, outcome]
            steps += 1
            if flag:
                goal = goal or flag >= 2
                if flag & 1:
                    break
        for t in range(steps):
            total += paid[t] * power[t]
        to_go = 0.0
        for t in range(steps - 1, -1, -1):
            to_go = paid[t] + discount * to_go
            s = where[t]
            if estimator == _TOTAL_RETURN:
                value = total
            elif estimator == _REWARD_TO_GO:
                value = power[t] * to_go
            else:
                value = power[t] * (to_go - baseline[s])
            credit[s, which[t]] += value
            sums[s, 0] += to_go
            sums[s, 1] += 1.0
        returns[index] = total
        lengths[index] = steps
        goals[index] = goal


@_compiled
def sweeps(
    step: NDArray[np.float64], successor: NDArray[np.intp], constant: NDArray[np.float64], cap: int
) -> tuple[NDArray[np.float64], int]:
    """``exact.sweeps`` in machine code."""
    value = np.zeros(len(constant))
    following = np.empty(len(constant))
    done = 0
    while done < cap:
        change = 0.0
        largest = 1e-300
        for s in range(len(constant)):
            total = 0.0
            for m in range(step.shape[1]):
                total += step[s, m] * value[successor[s, m]]
            total = constant[s] + total
            following[s] = total
            change = max(change, abs(total - value[s]))
            largest = max(largest, abs(total))
        value, following = following, value
        done += 1
        if change * (cap - done) <= 1e-15 * largest:
            break
    return value, done


@_compiled
def both_ways(
    step: NDArray[np.float64],
    successor: NDArray[np.intp],
    constant: NDArray[np.float64],
    start: NDArray[np.float64],
    discount: float,
    cap: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], int]:
    """``exact.both_ways`` in machine code."""
    S, M = step.shape
    tables = np.zeros((min(cap + 1, 64), S))
    last = 0
    while last < cap:
        if last + 1 == len(tables):
            longer = np.zeros((min(cap + 1, 2 * len(tables)), S))
            longer[: last + 1] = tables
            tables = longer
        change = 0.0
        largest = 1e-300
        for s in range(S):
            total = 0.0
            for m in range(M):
                total += step[s, m] * tables[last, successor[s, m]]
            total = constant[s] + discount * total
            tables[last + 1, s] = total
            change = max(change, abs(total - tables[last, s]))
            largest = max(largest, abs(total))
        last += 1
        if change * (cap - last) <= 1e-15 * largest:
            break
    occupancy = np.zeros(S)
    ahead = np.zeros((S, M))
    running = start.copy()
    following = np.empty(S)
    done = last
    for t in range(cap):
        left = min(cap - t - 1, last)
        following[:] = 0.0
        for s in range(S):
            here = running[s]
            if here == 0.0:
                continue
            occupancy[s] += here
            for m in range(M):
                ahead[s, m] += here * tables[left, successor[s, m]]
                following[successor[s, m]] += discount * here * step[s, m]
        running, following = following, running
        done += 1
        if running.sum() * (cap - t) <= 1e-17:
            break
    return tables[last].copy(), occupancy, ahead, done
