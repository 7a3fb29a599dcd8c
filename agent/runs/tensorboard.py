"""The rows of ``metrics.csv`` as TensorBoard reads them: scalars of the same names over updates.

The package tensorboard is imported only when a run is asked for them.  Events are appended when the run is saved, as
the rows are, by no thread of their own.
"""

from __future__ import annotations

import io
import time
from pathlib import Path

from agent.runs.metrics import row
from game.errors import SettingsError
from game.snapshots.snapshot import Snapshot

#: Begins the names of its files; then follows the update that the file goes on from, so that they sort in order.
PREFIX = "events.out.tfevents."


def require() -> None:
    """Raise :class:`~game.errors.SettingsError` where the package is missing."""
    try:
        import tensorboard.compat.proto.event_pb2  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            f"--tensorboard needs the package tensorboard, which cannot be imported here ({error}); "
            "expected it to be installed (pip install tensorboard), or the option left out"
        ) from error


class EventFile:
    """The events of one run from an update on; those of later updates, which a kill had left, no longer count."""

    def __init__(self, folder: Path, from_update: int) -> None:
        from tensorboard.compat.proto.event_pb2 import Event, SessionLog
        from tensorboard.summary.writer.record_writer import RecordWriter

        self.path = folder / f"{PREFIX}{from_update:012d}"
        for left in folder.glob(f"{PREFIX}*"):
            if left > self.path:  # they went on from an update that is to come again
                left.unlink()
        self.path.write_bytes(b"")
        self.end = 0
        self.pending = io.BytesIO()
        self.write = RecordWriter(self.pending).write
        self.write(Event(wall_time=time.time(), file_version="brain.Event:2").SerializeToString())
        start = SessionLog(status=SessionLog.START)  # whoever reads it drops what he had from this step on
        self.write(Event(wall_time=time.time(), step=from_update + 1, session_log=start).SerializeToString())

    def add(self, snapshot: Snapshot) -> None:
        """Add an update's numbers, as :meth:`agent.runs.metrics.History.add` does; an empty cell is no event."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        numbers = row(snapshot)
        step = numbers.pop("update")
        values = [Summary.Value(tag=name, simple_value=value) for name, value in numbers.items() if value is not None]
        event = Event(wall_time=time.time(), step=step, summary=Summary(value=values))
        self.write(event.SerializeToString())

    def flush(self) -> None:
        """Append what was added since the last call."""
        data = self.pending.getvalue()
        with self.path.open("r+b") as file:
            file.truncate(self.end)  # where the last call failed, a part of it may be there
            file.seek(self.end)
            file.write(data)
        self.end += len(data)
        self.pending.seek(0)
        self.pending.truncate()
