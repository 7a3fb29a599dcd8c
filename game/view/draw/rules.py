"""The world's rules in lines: which share of steps slips, what pays, γ and the cap."""

from __future__ import annotations

from game.view.draw.keybar import joined
from game.view.draw.pen import Pen
from game.view.shared.world_words import EXPLAINED, rules
from game.world.dynamics import Dynamics

#: In a window that is lower than so many lines of text the rules take one line, else up to two; the help has the rest.
LOW = 36


def rules_lines(pen: Pen, dynamics: Dynamics, size: tuple[int, int], margin: int) -> list[str]:
    """Return the rules in lines for a window of ``size``, broken between two rules only.

    Where that is too little, γ stands without its explanation.
    """
    width, most = size[0] - 2 * margin, 2 if size[1] >= LOW * pen.height() else 1
    told = rules(dynamics)
    lines = pen.wrapped(joined(told), width, most)
    if lines[-1].endswith("…"):
        lines = pen.wrapped(joined([rule.partition(EXPLAINED)[0] for rule in told]), width, most)
    return lines
