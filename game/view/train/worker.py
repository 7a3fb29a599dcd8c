"""The worker thread: it alone calls the training, one update or command at a time, and hands over snapshots.

The lock guards a few references and is never held while the training works, so the window never waits for an
update.  The worker sleeps on a condition while nothing is asked of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Literal

from game.snapshots.snapshot import Briefing, Snapshot
from game.snapshots.sources import Training
from game.view.shared.episode import LONG, sums_of
from game.view.shared.record import History, Record

Command = Literal["begin", "save", "restart", "update", "measure", "close"]
#: While nothing is asked for, exact numbers of the update on screen are computed where they take about so long.
SPARE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Report:
    """Something that happened: a run began (``briefing``), was saved (``text``) or failed (``error``).

    ``saving``: it was saving that failed, which can be tried again.
    """

    briefing: Briefing | None = None
    text: str = ""
    error: Exception | None = None
    saving: bool = False


class Feed:
    """Runs a training beside the window.

    ``finished``: the run has all its updates, or failed; ``closed``: the worker has ended.
    """

    def __init__(self, training: Training) -> None:
        self._training = training
        self._condition = threading.Condition()
        self._commands: list[Command] = ["begin"]
        self._updates: Iterator[Snapshot] | None = None
        self._asked = self._free = False
        self._doing: Command | None = None
        self._since = 0.0
        self._snapshot: Snapshot | None = None
        self._bare: Snapshot | None = None
        self._reports: list[Report] = []
        self._history = History()
        self.finished = self.closed = False
        self._thread = threading.Thread(target=self._run, name="busy training", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def ask(self) -> None:
        """Ask for one more snapshot; one that is under way counts."""
        with self._condition:
            self._asked = self._doing != "update"
            self._condition.notify()

    def run_freely(self, free: bool) -> None:
        """Make one update after the other without being asked, or stop doing so."""
        if free != self._free:
            with self._condition:
                self._free = free
                self._condition.notify()

    def save(self) -> None:
        """Save between two updates."""
        self._command("save")

    def restart(self) -> None:
        """Save and begin a new run, between two updates."""
        self._command("restart")

    def close(self) -> None:
        """Save after the update under way, and end."""
        self._command("close")

    def take(self) -> Snapshot | None:
        """The newest snapshot, once."""
        with self._condition:
            snapshot, self._snapshot = self._snapshot, None
        return snapshot

    def reports(self) -> list[Report]:
        """What happened since this was last called."""
        with self._condition:
            reports, self._reports = self._reports, []
        return reports

    def record(self) -> Record:
        """What was measured so far."""
        with self._condition:
            return self._history.record()

    def working(self) -> tuple[Command | None, float]:
        """What the worker does at this moment, and for how many seconds it has."""
        with self._condition:
            return self._doing, time.monotonic() - self._since

    def join(self, seconds: float) -> bool:
        """Wait until the worker has ended; returns whether it has.  One that was never started has."""
        if self._thread.ident is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    # -- in the worker ------------------------------------------------------------------------------------

    def _command(self, command: Command) -> None:
        with self._condition:
            if command not in self._commands:
                self._commands.append(command)
            self._condition.notify()

    def _run(self) -> None:
        while (command := self._next()) != "close":
            self._guarded(command)
        if self._updates is not None:
            self._guarded("save")
            self._guarded("close")
        self.closed = True

    def _next(self) -> Command:
        """Wait for something to do."""
        with self._condition:
            self._doing = None
            while True:
                if "close" in self._commands:
                    command: Command = "close"
                elif self._commands:
                    command = self._commands.pop(0)
                elif (self._asked or self._free) and self._updates is not None and not self.finished:
                    command, self._asked = "update", False
                elif self._bare is not None:
                    command = "measure"
                else:
                    self._condition.wait()
                    continue
                self._doing, self._since = command, time.monotonic()
                return command

    def _guarded(self, command: Command) -> None:
        """Do it; what goes wrong is reported, and the worker goes on to serve commands."""
        try:
            if command == "update":
                self._update()
            elif command == "measure":
                self._measure()
            elif command == "save":
                self._report(Report(text=self._training.save()))
            elif command == "close":
                self._leave_updates()
            else:
                self._leave_updates()
                self._begin(self._training.begin() if command == "begin" else self._training.restart())
        except Exception as error:  # whatever the training raises has to reach the person
            if command != "save":
                self.finished = True
            self._report(Report(error=error, saving=command == "save"))

    def _leave_updates(self) -> None:
        """Let the iterator finish what it does last here, not wherever it is thrown away."""
        if isinstance(self._updates, Generator):
            self._updates.close()

    def _begin(self, briefing: Briefing) -> None:
        self._updates = iter(self._training.updates())
        history = History()
        if briefing.past is not None:
            history.go_on(briefing.past)
        with self._condition:
            self._history, self._snapshot, self._bare = history, None, None
            self.finished, self._asked = False, False
            self._reports.append(Report(briefing=briefing))

    def _update(self) -> None:
        assert self._updates is not None
        snapshot = next(self._updates, None)
        if snapshot is not None and len(snapshot.episode) > LONG:
            sums_of(snapshot.episode, self._training.world.dynamics.discount)  # here, since no frame has the time
        ended = self._training.ended() if snapshot is None else None
        with self._condition:
            if snapshot is None:
                self.finished, self._snapshot, self._bare = True, ended, None
            else:
                self._history.add(snapshot)
                self._snapshot = snapshot
                self._bare = snapshot if snapshot.objective is None else None

    def _measure(self) -> None:
        """Compute the exact numbers of the update on screen, for the screen alone: there is the time."""
        bare, self._bare = self._bare, None
        assert bare is not None
        exact = self._training.exactly(bare, SPARE_SECONDS)
        if exact is not bare:
            with self._condition:
                self._snapshot = exact

    def _report(self, report: Report) -> None:
        with self._condition:
            self._reports.append(report)
