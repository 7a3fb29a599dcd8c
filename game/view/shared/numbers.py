"""How a number is written, in the window and in the terminal."""

from __future__ import annotations

import math


def number(value: float, decimals: int = 2, exact: bool = False) -> str:
    """``value`` with a true minus sign and never "-0"; ``exact`` ones keep two digits however small they are."""
    size = abs(value)
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        text = "∞" if value > 0 else "-∞"
    elif size >= 1e6 or (exact and 0 < size < 0.5 * 10**-decimals):
        text = f"{value:.1e}".replace("e-0", "e-").replace("e+0", "e")
    elif size >= 1000:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.{decimals if size < 100 else min(decimals, 1)}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace("-", "−")


def counted(count: float, word: str) -> str:
    """Return a count and what is counted, in the singular for one: "1 step", "2,000 steps", "0.5 steps"."""
    amount = f"{count:g}" if isinstance(count, float) else f"{count:,}"
    return f"{amount} {word}{'s' * (count != 1)}"


def short_count(value: int) -> str:
    """A count in at most five characters: 999, 1.2k, 35k, 1.4M."""
    for size, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= size:
            share = value / size
            return f"{share:.1f}{letter}" if share < 9.95 else f"{share:.0f}{letter}"
    return str(value)
