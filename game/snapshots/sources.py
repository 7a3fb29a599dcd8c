"""What ``main.py`` hands to a view: worlds, iterators and callables, never a trainer.

A view may stop asking at any time; nothing that is learned depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Briefing, Frame, Opponent, Snapshot, Trajectory
from game.world.catalog import World


class Training(Protocol):
    """A run that learns.

    All methods but ``demonstrate`` are called from one worker thread of the view, one at a time, so that none of
    them waits for another; they may take long, and the window goes on meanwhile.  Each may raise an
    :class:`~game.errors.ArrowgradError`, whose text the view shows.
    """

    world: World

    def begin(self) -> Briefing:
        """Make ready (this imports torch); called once, before ``updates``."""
        ...

    def updates(self) -> Iterator[Snapshot]:
        """One snapshot per update, until the run has all its episodes."""
        ...

    def exactly(self, snapshot: Snapshot, seconds: float) -> Snapshot:
        """The snapshot of the last update with the exact numbers of its policy, where it has none and they take about
        so many ``seconds`` or less; for the screen alone: nothing that is learned or kept changes."""
        ...

    def ended(self) -> Snapshot:
        """The policy that the last update led to, with its exact numbers where they take seconds."""
        ...

    def save(self) -> str:
        """Save what was learned; returns a short sentence that says where."""
        ...

    def restart(self) -> Briefing:
        """Save, and begin a new run with the same settings from the first update; ``updates`` is asked anew."""
        ...

    def demonstrate(self, probabilities: NDArray[np.float64], start: int | None) -> Trajectory:
        """An episode of a policy (S, A) from a state (None: from P0), on dice of its own, never learned from.

        Called from the thread of the window; takes at most a few milliseconds.
        """
        ...


class Watched(Protocol):
    """A finished or interrupted run to look at again; all methods may be called from any thread.

    ``updates`` (n,) int64, ascending, n ≥ 1, are the updates whose frames were kept, the last one the policy at the
    end (see :class:`~game.snapshots.snapshot.Frame`); ``metrics`` are the columns of ``metrics.csv`` by name,
    (rows,) float64 each, NaN where a cell is empty.  ``quick``: exact numbers take milliseconds.
    """

    world: World
    updates: NDArray[np.int64]
    quick: bool

    @property
    def metrics(self) -> Mapping[str, NDArray[np.float64]]:
        """See above."""
        ...

    @property
    def briefing(self) -> Briefing:
        """What a view of the training was told; on a large level asking for it may take seconds."""
        ...

    def frame(self, index: int) -> Frame:
        """The kept frame at an index of ``updates``; a few milliseconds."""
        ...

    def snapshot(self, index: int, exact: bool = True) -> Snapshot:
        """The same frame as the snapshot that it was, as far as it is kept.

        ``after`` is the policy of the next kept frame; ``visits`` are not kept (1 everywhere), nor ``returns``
        (only that of the episode).  The exact numbers are computed anew where that takes seconds; else, or if
        not ``exact``, they are None, and ``objective`` is what the metrics say.
        """
        ...

    def objective(self, index: int) -> float | None:
        """J of the same snapshot: computed anew where that takes milliseconds, and at the end of the run seconds."""
        ...

    def demonstrate(self, probabilities: NDArray[np.float64], start: int | None) -> Trajectory:
        """An episode of a policy, as in :class:`Training`."""
        ...


class Opponents(Protocol):
    """Where a game against the policy finds its levels and opponents."""

    def levels(self) -> Sequence[World]:
        """The worlds that can be chosen."""
        ...

    def opponent(self, argument: str) -> Opponent:
        """The opponent on a LEVEL argument: the newest run of that level, else the shipped policy."""
        ...

    def training(self, argument: str) -> Training:
        """The run of the opponent that was had last on a level, to go on with; a shipped policy's is copied first."""
        ...
