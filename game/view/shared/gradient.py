"""Is the gradient right?  The numbers of an update held against the exact gradient, for window and terminal."""

from __future__ import annotations

import math

import numpy as np

from game.snapshots.snapshot import Briefing, Snapshot
from game.view.shared.numbers import number
from game.view.shared.record import Record

#: Over so many of the last rows of the record the error is averaged.
RECENT = 20
#: What stands where there is no number.
NOTHING = "–"


class GradientNumbers:
    """Keeps the last update whose exact numbers are ``known``."""

    def __init__(self) -> None:
        self.known: Snapshot | None = None

    def lines(self, snapshot: Snapshot | None) -> tuple[tuple[str, str, str], ...]:
        """(name, column of the record, value) of the numbers beside the dial."""
        self.see(snapshot)
        if snapshot is None:
            return ()
        known = self.current(snapshot)
        angle = "no signal" if snapshot.gradient_norm == 0.0 else NOTHING
        length = NOTHING
        if known is not None and known.angle is not None and snapshot.gradient_norm > 0.0:
            angle = f"{known.angle:.0f}°"
        if known is not None and known.norm_ratio is not None:
            length = number(known.norm_ratio)
        return (
            ("angle", "angle", angle),
            ("length", "ratio", length),
            ("entropy", "entropy", NOTHING if math.isnan(snapshot.entropy) else f"{number(snapshot.entropy)} nats"),
            ("success", "goal", NOTHING if math.isnan(snapshot.goal_rate) else f"{100 * snapshot.goal_rate:.0f} %"),
        )

    def current(self, snapshot: Snapshot | None) -> Snapshot | None:
        """The exact numbers of the update on screen itself, None where there are none: older ones are not its own."""
        self.see(snapshot)
        known = self.known
        return known if known is not None and snapshot is not None and known.update == snapshot.update else None

    def why_empty(self, snapshot: Snapshot | None, briefing: Briefing | None) -> str:
        """Why there is nothing to hold the update on screen against, and of which update there was last."""
        if snapshot is not None and snapshot.untold:
            return "∇J is below what can be computed here"
        if snapshot is not None and not snapshot.sampled:
            return "the last policy: no batch was sampled from it, so there is no estimate"
        if self.known is not None:
            return f"∇J not computed in this update; last in update {self.known.update:,}"
        costly = briefing is not None and briefing.optimum is None
        return "too large a level for the exact ∇J" if costly else "no exact ∇J yet"

    def see(self, snapshot: Snapshot | None) -> None:
        """Take in what is shown now, None before there is anything."""
        if snapshot is not None and (snapshot.exact_credit is not None or snapshot.norm_ratio is not None):
            self.known = snapshot
        elif snapshot is None or (self.known is not None and snapshot.update < self.known.update):
            self.known = None  # a new run


def sample_size_words(briefing: Briefing | None, record: Record, snapshot: Snapshot | None) -> tuple[str, ...]:
    """How the error depends on N, in words with numbers, the longest first.

    The relative error of one update is ‖∇̂J − ∇J‖ / ‖∇J‖; its mean square over the last updates falls as 1/N.
    """
    general = ("4 × the episodes, ½ the error",)
    if briefing is None or snapshot is None or not len(record.rows):
        return general
    squares = record.column("error")
    squares = squares[~np.isnan(squares)][-RECENT:]
    size = dict(briefing.settings).get("N", "")
    if not len(squares) or not size:
        return general
    error = math.sqrt(float(squares.mean()))
    if error == 0.0:
        return ("the exact gradient itself: no error",)
    now, then = number(error), number(error / 2)
    return (
        f"error of the estimate: {now} of ‖∇J‖ at N = {size}; with 4 × N about half, {then}",
        f"error {now} of ‖∇J‖ at N = {size}; with 4 × N about {then}",
        f"error {now} at N = {size}; 4 × N: {then}",
        *general,
    )
