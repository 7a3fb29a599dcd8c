"""The recursions of ``exact.py`` in machine code (numba)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.fast.kernel import compiled


@compiled
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


@compiled
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
            for t in range(last + 1):  # an assignment of slices would take numba four seconds more to compile
                for s in range(S):
                    longer[t, s] = tables[t, s]
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
