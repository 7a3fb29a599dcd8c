"""An axis: from values to pixels, linear or logarithmic, with ticks at round numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from game.snapshots.lesson_page import in_digits

#: The share of its range that an axis goes on beyond the values, on either side.
MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from ``low`` to ``high`` (``log``: their logarithms to base 10) between pixels ``begin`` and ``end``."""

    low: float
    high: float
    log: bool
    begin: float
    end: float
    ticks: Sequence[float] = ()

    @classmethod
    def over(
        cls, values: Sequence[NDArray[np.float64]], log: bool, begin: float, end: float, most: int, tight: bool
    ) -> Axis:
        """The axis over all ``values`` that are finite, with at most about ``most`` ticks; ``tight``: no margin."""
        together = np.concatenate([np.ravel(array) for array in values])
        together = together[np.isfinite(together)]
        if log:
            together = np.log10(together[together > 0.0])
        low, high = (float(together.min()), float(together.max())) if together.size else (0.0, 1.0)
        if high - low < 1e-9 * max(1.0, abs(high)):
            low, high = low - 0.5, high + 0.5
        margin = 0.0 if tight else MARGIN * (high - low)
        low, high = low - margin, high + margin
        ticks = _log_ticks(low, high, most) if log else tuple(round_ticks(low, high, most))
        return cls(low, high, log, begin, end, ticks)

    def places(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels of ``values``."""
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.log10(values)
        return np.asarray(self.begin + (values - self.low) / (self.high - self.low) * (self.end - self.begin))

    def place(self, value: float) -> float:
        """The pixel of one value."""
        return float(self.places(np.array([value]))[0])

    def word(self, tick: float) -> str:
        """What stands at a tick."""
        if self.log and abs(math.log10(tick)) >= 4:
            return "10" + str(round(math.log10(tick))).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        if self.log:
            return in_digits(tick, max(0, -math.floor(math.log10(tick) + 1e-9)))
        decimals = next((d for d in range(6) if all(abs(t - round(t, d)) < 1e-9 for t in self.ticks)), 6)
        return in_digits(tick, decimals)


def round_ticks(low: float, high: float, most: float) -> list[float]:
    """Return about ``most`` multiples of 1, 2 or 5 times a power of ten between ``low`` and ``high``, at least one."""
    raw = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)] or [low]


def _log_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Powers of ten between the logarithms ``low`` and ``high``, and 2 and 5 times them in a short range."""
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    every = max(1, -(-(last - first + 1) // max(1, most)))
    powers = [10.0**k for k in range(first, last + 1, every)]
    if len(powers) >= 3 or every > 1:
        return tuple(powers)
    fine = [factor * 10.0**k for k in range(first - 1, last + 1) for factor in (1, 2, 5)]
    return tuple(tick for tick in fine if low <= math.log10(tick) <= high) or (10.0**low,)
