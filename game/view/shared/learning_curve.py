"""What a learning curve says in numbers and words, for window and terminal: its range, its legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Briefing
from game.view.shared.numbers import number
from game.view.shared.record import Record

#: No line joins two values of J that so large a share of the run, and more than so many rows, lie between.
GAP, GAP_ROWS = 0.25, 8


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of a finished run: after so many ``episodes``; ``objective`` is J there, None where it is not known.

    ``measured`` is the last update up to there in which the estimate was held against ∇J, None before the first.
    """

    episodes: float
    objective: float | None
    measured: int | None = None


def entries(record: Record, briefing: Briefing | None, objective: str) -> list[tuple[str, str]]:
    """What the legend says: (kind of sample, words); ``objective`` is what it says of J."""
    found = [("dot", record.dots), ("mean", "running mean")]
    exact = record.column("objective") if len(record.rows) else np.empty(0)
    exact = exact[~np.isnan(exact)]
    if exact.size or "=" in objective:
        found.append(("exact", objective))
    if briefing is not None and briefing.optimum is not None:
        found.append(("optimum", f"best possible {number(briefing.optimum, 3)}"))
    elif briefing is not None:
        found.append(("none", "best possible: too costly to compute"))
    best = best_found(record, briefing)
    if best is not None:
        found.append(("found", f"best found of what it sees {number(best, 3)}"))
    return found


def best_found(record: Record, briefing: Briefing | None) -> float | None:
    """Return the best J that is known of a policy that sees less than the state: searched for, or attained since.

    None where the policy sees the state: the best possible is attained by such a policy then, or nearly.
    """
    if briefing is None or briefing.best_found is None:
        return None
    exact = record.column("objective") if len(record.rows) else np.empty(0)
    return float(np.nanmax(np.append(exact, briefing.best_found)))


def bounds(record: Record, levels: Sequence[float]) -> tuple[float, float]:
    """The range of the plot: nearly all returns, the curves' ends, and the ``levels`` of what can be attained."""
    values = np.concatenate([record.returns[:, 1], record.column("mean")])
    low, high = np.percentile(values, [2, 99])
    ends = [record.column("mean")[-1], *levels]
    low, high = min(low, *ends), max(high, *ends)
    margin = 0.06 * (high - low) or 0.5
    return float(low - margin), float(high + margin)


def stretches(record: Record) -> list[NDArray[np.intp]]:
    """The rows whose J is known, in pieces that may be joined by lines.

    Over a quarter of the run and several rows a line would claim what nobody knows.
    """
    known = np.flatnonzero(~np.isnan(record.column("objective")))
    episodes = record.column("episodes")
    wide = np.diff(episodes[known]) > GAP * episodes[-1]
    return [piece for piece in np.split(known, np.flatnonzero(wide & (np.diff(known) > GAP_ROWS)) + 1) if len(piece)]
