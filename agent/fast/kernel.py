"""Batches of episodes in machine code (numba): the walk of ``rollout.py`` and the sums of ``credit.py``.

Between two updates π is a table, so an episode is a chain of table look-ups; on the way back through it the
credit and the returns are added up.  The kernel releases Python's lock, and one Python thread a core walks a
fixed number of blocks of episodes, so that every sum is the same for any number of threads.

The uniforms are the 31-bit integers of ``game/world/dice.py``; bounds are stored as 32-bit integers ⌈cdf · 2³¹⌉, for
which ``integer < bound`` says exactly what ``u < cdf`` says in ``rollout.py``.
"""

from __future__ import annotations

import functools
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from agent.reinforce.batch import Batch
from agent.reinforce.credit import SAMPLED
from game.world.dice import GOLDEN, update_key
from game.world.dynamics import Dynamics

#: Blocks of a batch: enough for every core of a laptop to have work, few enough that their tables stay small.
BLOCKS = 16
#: Steps of a batch that are worth waking other threads.
WORTH_THREADS = 20_000
#: Most steps that all threads together keep of the episodes that they walk, 8 bytes each: two episodes a thread.
KEPT_STEPS = 2**27
#: States are looked through in groups of 2⁶, so that in a large world what no episode came near costs nothing.
GROUP_BITS = 6
#: Bytes, or a multiple of them, that a processor's core takes for itself when it writes one.
CACHE_LINE = 128
_TOTAL_RETURN, _REWARD_TO_GO, _BASELINE = range(len(SAMPLED))
_GOLDEN = np.uint64(GOLDEN)
#: Bits of the next state in a packed outcome of 32 bits, and of 64 where those are too few; then follow a bit for
#: the end, a bit for a goal, and the number of the reward.
_NARROW, _WIDE = 21, 32
inlined = numba.njit(inline="always", error_model="numpy")


def compiled(function: Any) -> Any:
    """The function compiled on first use, kept on disk where that is possible."""
    try:
        return numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # no folder to keep it in: compile in every process
        return numba.njit(nogil=True, error_model="numpy")(function)


class Kernel:
    """The tables of one world in the form that the machine code reads.

    ``outcome`` (S · A · K) uint32 or uint64 packs what happens: the next state, a bit for the end, a bit for a goal,
    and the number of the reward in ``rewards``, so that a step reads one word.
    """

    def __init__(self, dynamics: Dynamics, threads: int | None = None) -> None:
        self.dynamics = dynamics
        S, A, K = dynamics.probability.shape
        self.start_bound = bounds(dynamics.start_cdf)
        # The last bound is 1 and needs no look.
        self.outcome_bound = bounds(dynamics.outcome_cdf[:, :, : max(1, K - 1)]).ravel()
        self.rewards, number = np.unique(dynamics.reward, return_inverse=True)
        bits = _NARROW if S <= 2**_NARROW and len(self.rewards) <= 2 ** (30 - _NARROW) else _WIDE
        packed = number.reshape(S, A, K).astype(np.uint64) << np.uint64(bits + 2)
        packed |= dynamics.goal.astype(np.uint64) << np.uint64(bits + 1)
        packed |= dynamics.ends.astype(np.uint64) << np.uint64(bits)
        packed |= dynamics.next_state.astype(np.uint64)
        self.outcome = packed.astype(np.uint32 if bits == _NARROW else np.uint64).ravel()
        self.power = dynamics.discount ** np.arange(dynamics.max_steps)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        n_blocks = BLOCKS if S * A <= 2**20 else BLOCKS // 4
        self.threads = max(1, min(threads or cores, n_blocks, KEPT_STEPS // (2 * dynamics.max_steps)))
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self.credit = np.zeros((n_blocks, S, A))
        self.sums = np.zeros((n_blocks, S, 2))
        self.n_groups = (S >> GROUP_BITS) + 1
        # Flags of different blocks lie apart: two threads that write to one line of the cache wait for each other.
        self.touched = np.zeros((n_blocks, self.n_groups + CACHE_LINE), dtype=np.bool_)
        self.clean = True
        self.walk = walker(A, K, bits)
        self.expected_length = float(dynamics.max_steps)

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
        policy_bound = policy_bounds(probabilities)
        key = np.uint64(update_key(seed, update))
        returns, lengths = np.empty(count), np.empty(count, dtype=np.int32)
        goals = np.empty(count, dtype=np.bool_)
        n_blocks, n_states, n_actions = self.credit.shape
        edges = count * np.arange(n_blocks + 1) // n_blocks
        parts = self.n_groups * np.arange(self.threads + 1) // self.threads
        credit, sums = np.zeros((n_states, n_actions)), np.zeros((n_states, 2))
        if not self.clean:  # the last batch was interrupted
            self.credit[:], self.sums[:], self.touched[:] = 0.0, 0.0, False
        self.clean = False

        def walk(thread: int) -> None:
            self.walk(
                key,
                first,
                edges,
                (thread, self.threads),
                SAMPLED.index(estimator),
                self.dynamics.discount,
                self.start_bound,
                policy_bound,
                self.outcome_bound,
                self.outcome,
                self.rewards,
                self.power,
                baseline,
                self.credit.reshape(n_blocks, n_states * n_actions),
                self.sums,
                self.touched,
                returns,
                lengths,
                goals,
            )

        def gather(thread: int) -> None:
            add_up(self.credit, self.sums, self.touched, parts[thread], parts[thread + 1], count, credit, sums)

        threads = range(self.threads)
        each = map if self.pool is None or count * self.expected_length < WORTH_THREADS else self.pool.map
        list(each(walk, threads))
        list(each(gather, threads))
        self.clean = True
        self.expected_length = lengths.mean()
        return Batch(credit, sums, returns, lengths, goals)


def bounds(cdf: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Cumulative distributions as 32-bit integers: the smallest 31-bit uniform that lies above each bound."""
    return np.ceil(cdf * 2.0**31).astype(np.uint32)


@inlined
def bound_row(
    probabilities: NDArray[np.float64], s: int | np.int64, bound: NDArray[np.uint32], at: int | np.int64
) -> None:
    """Write the bounds of state ``s`` from the place ``at`` on."""
    last = probabilities.shape[1] - 1
    while last > 0 and probabilities[s, last] == 0.0:
        last -= 1
    total = 0.0
    for a in range(probabilities.shape[1]):
        total += probabilities[s, a]
        bound[at + a] = np.uint32(2147483648) if a >= last else np.uint32(np.ceil(min(total, 1.0) * 2.0**31))


@compiled
def policy_bounds(probabilities: NDArray[np.float64]) -> NDArray[np.uint32]:
    """(S · A,) uint32: ``bounds(cumulative(probabilities))`` of a policy (S, A), in one pass."""
    S, A = probabilities.shape
    bound = np.empty(S * A, np.uint32)
    for s in range(S):
        bound_row(probabilities, s, bound, s * A)
    return bound


@compiled
def add_up(
    credit: NDArray[np.float64],
    sums: NDArray[np.float64],
    touched: NDArray[np.bool_],
    first: int,
    last: int,
    count: int,
    all_credit: NDArray[np.float64],
    all_sums: NDArray[np.float64],
) -> None:
    """Add the blocks' rows of the groups ``first`` … ``last`` − 1 of states to one table, and leave them zero.

    The credit becomes a mean over ``count`` episodes.  Only rows of states that were visited are read: in a large
    world most were not, and its tables are long.
    """
    S = len(all_sums)
    for group in range(first, last):
        states = range(group << GROUP_BITS, min(S, (group + 1) << GROUP_BITS))
        seen = False
        for block in range(len(credit)):
            if touched[block, group]:
                touched[block, group] = False
                seen = True
                for s in states:
                    if sums[block, s, 1] > 0.0:
                        for a in range(credit.shape[2]):
                            all_credit[s, a] += credit[block, s, a]
                            credit[block, s, a] = 0.0
                        all_sums[s, 0] += sums[block, s, 0]
                        all_sums[s, 1] += sums[block, s, 1]
                        sums[block, s, 0] = sums[block, s, 1] = 0.0
        if seen:
            for s in states:
                for a in range(credit.shape[2]):
                    all_credit[s, a] /= count


@inlined
def mix(value: np.uint64) -> np.uint64:
    """``dice.mix``."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@inlined
def begin(key: np.uint64, episode: int, start_bound: NDArray[np.uint32]) -> tuple[np.uint64, np.uint64]:
    """The stream of an episode, and the state that it starts in."""
    stream = mix(key + np.uint64(episode + 1) * _GOLDEN) + _GOLDEN
    bits = np.uint32(mix(stream) >> np.uint64(33))
    return stream, np.uint64(np.searchsorted(start_bound, bits, side="right"))


@inlined
def choose(
    state: np.uint64,
    stream: np.uint64,
    policy_bound: NDArray[np.uint32],
    at: np.uint64,
    outcome_bound: NDArray[np.uint32],
    A: int,
    K: int,
) -> tuple[np.uint64, np.uint64]:
    """The place of (state, action) in the tables, and of the outcome, of one step; the state's bounds begin ``at``."""
    mixed = mix(stream)
    bits = np.uint32(mixed >> np.uint64(33))
    action = np.uint64(0)
    for a in range(A - 1):
        action += np.uint64(bits >= policy_bound[at + np.uint64(a)])
    bits = np.uint32(mixed & np.uint64(0x7FFFFFFF))
    place = state * np.uint64(A) + action
    which = place * np.uint64(K)
    for k in range(K - 1):
        which += np.uint64(bits >= outcome_bound[place * np.uint64(K - 1) + np.uint64(k)])
    return place, which


@inlined
def _step(
    state: np.uint64,
    stream: np.uint64,
    policy_bound: NDArray[np.uint32],
    outcome_bound: NDArray[np.uint32],
    outcome: NDArray[Any],
    A: int,
    K: int,
) -> tuple[np.uint64, np.uint64]:
    """The place of (state, action) in the tables, and the packed outcome, of one step."""
    place, which = choose(state, stream, policy_bound, state * np.uint64(A), outcome_bound, A, K)
    return place, np.uint64(outcome[which])


@inlined
def _learn(
    places: NDArray[np.uint32],
    happened: NDArray[Any],
    steps: int,
    estimator: int,
    discount: float,
    rewards: NDArray[np.float64],
    power: NDArray[np.float64],
    baseline: NDArray[np.float64],
    credit: NDArray[np.float64],
    sums: NDArray[np.float64],
    touched: NDArray[np.bool_],
    A: int,
    bits: int,
) -> tuple[float, bool]:
    """Walk back through an episode and add up what it teaches; its return, and whether it reached a goal."""
    total = 0.0
    flags = np.uint64(0)
    for t in range(steps):
        what = np.uint64(happened[np.uint64(t)])
        total += rewards[what >> np.uint64(bits + 2)] * power[np.uint64(t)]
        flags |= what
    to_go = 0.0
    for later in range(steps):
        here = np.uint64(steps - 1 - later)
        place = np.uint64(places[here])
        state = place // np.uint64(A)
        to_go = rewards[np.uint64(happened[here]) >> np.uint64(bits + 2)] + discount * to_go
        if estimator == _TOTAL_RETURN:
            credit[place] += total
        elif estimator == _REWARD_TO_GO:
            credit[place] += power[here] * to_go
        else:
            credit[place] += power[here] * (to_go - baseline[state])
        sums[state, 0] += to_go
        sums[state, 1] += 1.0
        touched[state >> np.uint64(GROUP_BITS)] = True
    return total, (flags >> np.uint64(bits + 1)) & np.uint64(1) == np.uint64(1)


@functools.cache
def walker(A: int, K: int, bits: int) -> Any:
    """The machine code for worlds with A actions and at most K outcomes, packed with ``bits`` bits of state.

    All three are constants of its inner loops.

    Two episodes are walked at once: each step waits for the one before it, so a second chain of look-ups fills the
    time in which the processor would wait for the first.
    """

    def walk(
        key: np.uint64,
        first: int,
        edges: NDArray[np.int64],
        turn: tuple[int, int],
        estimator: int,
        discount: float,
        start_bound: NDArray[np.uint32],
        policy_bound: NDArray[np.uint32],
        outcome_bound: NDArray[np.uint32],
        outcome: NDArray[Any],
        rewards: NDArray[np.float64],
        power: NDArray[np.float64],
        baseline: NDArray[np.float64],
        credit: NDArray[np.float64],
        sums: NDArray[np.float64],
        touched: NDArray[np.bool_],
        returns: NDArray[np.float64],
        lengths: NDArray[np.int32],
        goals: NDArray[np.bool_],
    ) -> None:
        """Walk the blocks turn[0], turn[0] + turn[1] …; block b has the episodes edges[b] … edges[b + 1] − 1."""
        cap = len(power)
        places = np.empty((2, cap), np.uint32)
        happened = np.empty((2, cap), outcome.dtype)
        state, ends = np.uint64((1 << bits) - 1), np.uint64(bits)
        episode = np.zeros(2, np.int64)
        length = np.zeros(2, np.int64)
        for block in range(turn[0], len(credit), turn[1]):
            following, last = edges[block], edges[block + 1]
            stream_0, state_0 = np.uint64(0), np.uint64(0)
            stream_1, state_1 = np.uint64(0), np.uint64(0)
            running_0, running_1 = False, False
            while True:
                if not running_0 and following < last:
                    stream_0, state_0 = begin(key, first + following, start_bound)
                    episode[0], length[0], running_0 = following, 0, True
                    following += 1
                if not running_1 and following < last:
                    stream_1, state_1 = begin(key, first + following, start_bound)
                    episode[1], length[1], running_1 = following, 0, True
                    following += 1
                if not (running_0 or running_1):
                    break
                t_0, t_1 = length[0], length[1]
                if running_0 and running_1:
                    for _ in range(cap - max(t_0, t_1)):
                        stream_0 += _GOLDEN
                        stream_1 += _GOLDEN
                        place_0, what_0 = _step(state_0, stream_0, policy_bound, outcome_bound, outcome, A, K)
                        place_1, what_1 = _step(state_1, stream_1, policy_bound, outcome_bound, outcome, A, K)
                        places[0, np.uint64(t_0)], happened[0, np.uint64(t_0)] = np.uint32(place_0), what_0
                        places[1, np.uint64(t_1)], happened[1, np.uint64(t_1)] = np.uint32(place_1), what_1
                        state_0, state_1 = what_0 & state, what_1 & state
                        t_0 += 1
                        t_1 += 1
                        if (what_0 | what_1) >> ends & np.uint64(1):
                            break
                elif running_0:
                    for _ in range(cap - t_0):
                        stream_0 += _GOLDEN
                        place_0, what_0 = _step(state_0, stream_0, policy_bound, outcome_bound, outcome, A, K)
                        places[0, np.uint64(t_0)], happened[0, np.uint64(t_0)] = np.uint32(place_0), what_0
                        state_0 = what_0 & state
                        t_0 += 1
                        if what_0 >> ends & np.uint64(1):
                            break
                else:
                    for _ in range(cap - t_1):
                        stream_1 += _GOLDEN
                        place_1, what_1 = _step(state_1, stream_1, policy_bound, outcome_bound, outcome, A, K)
                        places[1, np.uint64(t_1)], happened[1, np.uint64(t_1)] = np.uint32(place_1), what_1
                        state_1 = what_1 & state
                        t_1 += 1
                        if what_1 >> ends & np.uint64(1):
                            break
                length[0], length[1] = t_0, t_1
                for lane in range(2):
                    steps = length[lane]
                    running = running_0 if lane == 0 else running_1
                    if running and (
                        steps == cap or np.uint64(happened[lane, np.uint64(steps - 1)]) >> ends & np.uint64(1)
                    ):
                        total, goal = _learn(
                            places[lane],
                            happened[lane],
                            steps,
                            estimator,
                            discount,
                            rewards,
                            power,
                            baseline,
                            credit[block],
                            sums[block],
                            touched[block],
                            A,
                            bits,
                        )
                        index = episode[lane]
                        returns[index], lengths[index], goals[index] = total, steps, goal
                        if lane == 0:
                            running_0 = False
                        else:
                            running_1 = False

    return compiled(walk)
