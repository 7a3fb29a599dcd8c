"""The world's rules in lines of characters."""

from __future__ import annotations

import textwrap

from game.view.shared.world_words import EXPLAINED, rules
from game.world.dynamics import Dynamics

#: On a terminal lower than this the rules take one line, and the help has the rest.
ROOMY = 24


def rules_lines(dynamics: Dynamics, width: int, height: int) -> list[str]:
    """Return the rules in at most two lines of ``width`` characters, broken between two rules only.

    Where that is too little, γ stands without its explanation; the last line may be cut.
    """
    most = 2 if height >= ROOMY else 1 if height >= 16 else 0
    lines: list[str] = []
    for parts in (rules(dynamics), [rule.partition(EXPLAINED)[0] for rule in rules(dynamics)]):
        whole = "\u00a0· ".join(part.replace(" ", "\u00a0") for part in parts)
        lines = textwrap.wrap(whole, max(20, width), break_on_hyphens=False)
        if len(lines) <= most:
            break
    return [line.replace("\u00a0", " ") for line in lines[:most]]
