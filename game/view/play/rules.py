"""How a match is to be played."""

from __future__ import annotations

from dataclasses import dataclass

from game.match.record import Matches


@dataclass(frozen=True, slots=True)
class Rules:
    """How a match is played.

    ``rounds`` is N of best of N; ``greedy``: whether the policy begins by taking its most probable actions; ``seed``
    makes starts and dice repeatable; ``matches`` is where matches are counted; ``tempo`` is the policy's in steps a
    second where one plays against the clock; ``update`` is that of the training after which the policy is raced at
    first, None for as it is now.
    """

    rounds: int = 5
    greedy: bool = False
    seed: int | None = None
    matches: Matches | None = None
    tempo: float | None = None
    update: int | None = None
