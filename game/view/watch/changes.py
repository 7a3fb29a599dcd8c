"""Where in a run J rose and fell most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: So many of the largest rises, and of the largest falls, are gone through.
MOST = 10
#: J is what rose and fell where it is known of this share of the frames, or of so many.
ENOUGH, MANY = 1 / 3, 64
#: A change counts from this share of the whole range on: what is smaller is rounding.
LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """From the kept frame ``start`` to ``stop`` (indices) the value went from ``before`` to ``after``."""

    start: int
    stop: int
    before: float
    after: float

    @property
    def by(self) -> float:
        """How much it rose; negative: it fell."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Changes:
    """The largest changes first; ``exact``: they are of J, otherwise of the mean return of a batch."""

    exact: bool
    rises: tuple[Change, ...]
    falls: tuple[Change, ...]

    @property
    def name(self) -> Literal["J", "the mean return"]:
        """What rose and fell."""
        return "J" if self.exact else "the mean return"


def values_at(updates: NDArray[np.int64], metrics: Mapping[str, NDArray[np.float64]], name: str) -> NDArray[np.float64]:
    """(n,) float64: a column of the metrics at ``updates`` (n,), NaN where there is none."""
    rows = metrics["update"].astype(np.int64)
    found = np.full(len(updates), np.nan)
    if len(rows):
        places = np.minimum(np.searchsorted(rows, updates), len(rows) - 1)
        same = rows[places] == updates
        found[same] = metrics[name][places[same]]
    return found


def changes(updates: NDArray[np.int64], metrics: Mapping[str, NDArray[np.float64]], final: float | None) -> Changes:
    """The changes from each kept frame whose J is known to the next one; of the mean return where these are few.

    ``final`` is J of the policy at the end, the last of ``updates``; the metrics have no row for it.
    """
    objective = values_at(updates, metrics, "objective")
    if final is not None:
        objective[-1] = final
    exact = int(np.isfinite(objective).sum()) >= max(2.0, min(MANY, ENOUGH * len(objective)))
    values = objective if exact else values_at(updates, metrics, "mean_return")
    known = np.flatnonzero(np.isfinite(values))
    by = np.diff(values[known])
    least = LEAST * float(np.ptp(values[known])) if len(known) else 0.0
    order = np.argsort(-np.abs(by), kind="stable")
    found = [
        Change(int(known[k]), int(known[k + 1]), float(values[known[k]]), float(values[known[k + 1]]))
        for k in order.tolist()
        if abs(by[k]) > least
    ]
    rises, falls = ([one for one in found if (one.by > 0) == up][:MOST] for up in (True, False))
    return Changes(exact, tuple(rises), tuple(falls))
