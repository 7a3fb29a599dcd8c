"""What takes time to compute of a kept run, in a thread beside the view of it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import numpy as np

from game.snapshots.snapshot import Briefing, Snapshot
from game.snapshots.sources import Watched
from game.view.shared.task import Task


class Reckoner:
    """Makes the briefing, then in turns the exact numbers of the frame that is wanted, and J of all others.

    ``objective`` (n,) float64 is J of the kept policies, NaN where it is not known (yet); ``exact`` is the index of
    the newest frame wanted, and its snapshot.
    """

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.briefing: Briefing | None = None
        self.objective = np.full(len(watched.updates), np.nan)
        self.exact: tuple[int, Snapshot] | None = None
        self._tried = np.zeros(len(watched.updates), dtype=bool)
        self._wanted, self._counted = 0, False
        self._wake, self._stop = Event(), Event()
        self._task: Task[None] | None = None

    def begin(self) -> None:
        """Start the thread."""
        self._task = Task(self._run)

    def want(self, index: int) -> None:
        """Ask for the exact numbers of a frame."""
        self._wanted = index
        self._wake.set()

    @property
    def done(self) -> bool:
        """Whether there is nothing left to compute."""
        return self._counted and self.exact is not None and self.exact[0] == self._wanted

    def check(self) -> None:
        """Raise what went wrong in the thread, if anything did."""
        if self._task is not None and self._task.done:
            self._task.result()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._wake.set()
        if self._task is not None:
            self._task.wait()

    def _run(self) -> None:
        self.briefing = self.watched.briefing
        order, before = self._order(), -1
        while not self._stop.is_set():
            self._wake.clear()
            wanted = self._wanted
            settled, before = wanted == before, wanted  # while frames rush by, J of them is all that can be seen
            if settled and (self.exact is None or self.exact[0] != wanted):
                self.exact = (wanted, self.watched.snapshot(wanted))
            index = next(order, None) if self._tried[wanted] else wanted
            if index is not None:
                self._tried[index] = True
                objective = self.watched.objective(index)
                self.objective[index] = np.nan if objective is None else objective
            elif settled:
                self._counted = True
                self._wake.wait()

    def _order(self) -> Iterator[int]:
        """The last frame, then the multiples of a large power of 2 and of smaller and smaller ones: so J is soon
        known roughly, and then more and more finely."""
        count = len(self.objective)
        yield count - 1
        for index in sorted(range(count - 1), key=lambda index: -(index & -index) if index else -count):
            if not self._tried[index]:
                yield index
