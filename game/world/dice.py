"""Chance: every random choice is one uniform number through :func:`pick`.

Training draws its uniforms from a counter-based stream: the number for (seed, update, episode, step) is a hash
of these four, so it does not depend on which thread or process asks, or in which order.  A step's hash gives two
uniforms of 31 bits each (so that a bound of 1 still fits 32 bits): the upper half picks the action, the lower
half the outcome; the upper half of step −1 picks the start.  ``agent/fast/kernel.py`` computes
the same hash in machine code.

The hash is SplitMix64 (Steele, Lea and Flood 2014): the episode's key is hashed from seed, update and episode,
and the steps are the successive outputs of the generator that starts at the key.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
UNIFORM = 2.0**-31


def mix(value: int) -> int:
    """SplitMix64's finaliser: a bijection of the 64-bit integers that scrambles every bit."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def update_key(seed: int, update: int) -> int:
    """The 64-bit key of one update's stream."""
    return mix((mix((seed + GOLDEN) & MASK) ^ update * GOLDEN) & MASK)


def episode_key(update: int, episode: int) -> int:
    """The 64-bit key of one episode's stream, from the key of its update."""
    return mix((update + (episode + 1) * GOLDEN) & MASK)


def uniforms(key: int, step: int) -> tuple[float, float]:
    """The two uniforms in [0, 1) of ``step`` (−1: the start) in the episode with ``key``."""
    bits = mix((key + (step + 2) * GOLDEN) & MASK)
    return (bits >> 33) * UNIFORM, (bits & 0x7FFFFFFF) * UNIFORM


def pick(cdf: Sequence[float] | NDArray[np.float64], u: float) -> int:
    """The index that the uniform ``u`` in [0, 1) picks from a cumulative distribution ending in 1."""
    for index, bound in enumerate(cdf):
        if u < bound:
            return index
    raise AssertionError(f"u = {u} lies above the distribution's last bound")


def cumulative(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cumulative distributions along the last axis, ending in exactly 1.

    From the last positive probability on every bound is 1, so rounding can neither pick an impossible outcome
    nor none.
    """
    cdf = np.cumsum(probability, axis=-1)
    remaining = np.flip(np.cumsum(np.flip(probability, -1), axis=-1), -1)
    last = np.ones(probability.shape, dtype=bool)
    last[..., :-1] = remaining[..., 1:] <= 0.0
    cdf[last] = 1.0
    return np.minimum(cdf, 1.0)
