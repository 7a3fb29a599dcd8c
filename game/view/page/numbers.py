"""Numbers as a page holds them: rounded once, so that what it shows is right, and packed as text."""

from __future__ import annotations

import base64
import math
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: A packed number is at least 0 and below this: 12 bits, two characters of base64.
BASE = 4096


def rounded(values: NDArray[np.float64], decimals: int) -> NDArray[np.int64]:
    """``values`` in units of 10^−decimals as whole numbers, each the one that ``f"{value:.{decimals}f}"`` shows.

    ``decimals`` may be negative.  A product such as 0.0005 · 1000 can round onto a tie; those are decided exactly.
    """
    scaled = values * 10.0**decimals
    whole = np.rint(scaled)
    near_tie = np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) < 1e-9 * np.maximum(1.0, np.abs(scaled))
    for place in zip(*np.nonzero(near_tie), strict=True):
        whole[place] = int(Decimal(float(values[place])).scaleb(decimals).to_integral_value())
    return whole.astype(np.int64)


def decimals_for(largest: float, digits: int) -> int:
    """The decimals that leave ``digits`` digits to a number as large as ``largest``; they may be negative."""
    return digits - 1 - (math.floor(math.log10(largest)) if largest > 0.0 else 0)


def packed(numbers: NDArray[Any]) -> str:
    """Whole numbers from 0 to 4095 as base64, two in three bytes; an odd one out is followed by a 0."""
    flat = np.asarray(numbers, dtype=np.uint16).ravel()
    assert not len(flat) or flat.max() < BASE
    one, two = np.append(flat, np.zeros(len(flat) % 2, np.uint16)).reshape(-1, 2).T
    parts = np.stack([one >> 4, (one & 15) << 4 | two >> 8, two & 255], axis=1)
    return base64.b64encode(parts.astype(np.uint8).tobytes()).decode("ascii")


def packed_wide(numbers: NDArray[Any]) -> str:
    """Whole numbers from 0 to 4096² − 1, each as two packed ones, the high one first."""
    return packed(np.stack(np.divmod(np.asarray(numbers, dtype=np.int64), BASE), axis=-1))
