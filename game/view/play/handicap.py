"""Choosing an earlier policy to race: a place among the updates after which a run's policy was kept."""

from __future__ import annotations

import numpy as np

from game.errors import RunError
from game.snapshots.snapshot import Opponent
from game.view.shared.numbers import number

NOT_KEPT = "No earlier policies of this run were kept, so there is none to race."
#: The keys of the slider, as (cap, word).
SLIDER_KEYS = (("← →", "one on or back"), ("↓ ↑", "a tenth"), ("Enter", "race it"), ("Esc", "back"))


class Handicap:
    """The place of a slider; ``index`` is that of the chosen policy in ``newest.updates``, which must not be empty.

    ``chosen`` is the policy there; it is the newest one itself at the end.
    """

    def __init__(self, newest: Opponent, update: int | None) -> None:
        self.newest = newest
        self.last = len(newest.updates) - 1
        self.index = self.last if update is None else nearest(newest, update)
        self.chosen = self._at(self.index)

    @property
    def share(self) -> float:
        """Where the slider is, from 0 to 1."""
        return self.index / max(1, self.last)

    def move(self, by: int) -> None:
        """Some kept updates on, or back."""
        self._choose(self.index + by)

    def leap(self, by: int) -> None:
        """Some tenths of all on, or back."""
        self._choose(self.index + by * max(1, round(self.last / 10)))

    def slide(self, share: float) -> None:
        """To a place from 0 to 1."""
        self._choose(round(share * self.last))

    def words(self) -> str:
        """Which policy it is."""
        update, total = int(self.newest.updates[self.index]), int(self.newest.updates[-1])
        return f"after update {update:,} of {total:,}" + (": as it is now" if self.index == self.last else "")

    def value(self) -> tuple[str, str]:
        """Return how good it is, and what the best possible is, "" where that is not known."""
        objective, optimum = self.chosen.objective, self.newest.optimum
        words = "J unknown" if objective is None else f"J = {number(objective, 3)}"
        return words, "" if optimum is None else f", best possible {number(optimum, 3)}"

    def _choose(self, index: int) -> None:
        index = min(max(index, 0), self.last)
        if index != self.index:
            self.index, self.chosen = index, self._at(index)

    def _at(self, index: int) -> Opponent:
        assert self.newest.after is not None
        return self.newest if index == self.last else self.newest.after(index)


def nearest(opponent: Opponent, update: int) -> int:
    """The index of the kept update that is nearest to ``update``.  Raises RunError where none were kept."""
    if opponent.after is None:
        raise RunError(f"{opponent.label}: no earlier policies were kept; leave out --update, or train anew")
    return int(np.abs(opponent.updates - update).argmin())
