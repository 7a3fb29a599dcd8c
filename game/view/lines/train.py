"""Training over a pipe: plain lines, and the board at the end."""

from __future__ import annotations

import collections
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from game.snapshots.snapshot import Briefing, Snapshot
from game.snapshots.sources import Training
from game.view.shared.text_board import board_text, has_arrows
from game.world.catalog import World

#: Seconds between two lines.
LINE = 2.0


def watch_terminal(training: Training, stream: TextIO, stopped: Callable[[], bool]) -> None:
    """Train to the end, or until ``stopped`` says so between two updates, and tell the progress on ``stream``."""
    name = training.world.title
    dots = "…" if has_arrows(stream.encoding) else "..."
    stream.write(f"{name}: making ready (the first time, the kernel is compiled for some seconds) {dots}\n")
    stream.flush()
    briefing = training.begin()
    stream.write("  ".join(f"{label} {value}" for label, value in briefing.settings) + "\n")
    updates = training.updates()
    try:
        snapshots = collections.deque(_with_lines(_until(updates, stopped), briefing, stream), maxlen=1)
    finally:  # a reader that has gone raises here; closing saves the run
        close = getattr(updates, "close", None)
        if close is not None:
            close()
    last = snapshots.pop() if snapshots else None
    if last is not None:
        stream.write(learned_text(training.world, last, has_arrows(stream.encoding)))
    stream.flush()


def learned_text(world: World, last: Snapshot, unicode: bool) -> str:
    """The arrows of the policy that the last update led to, "" where the board is too wide for lines."""
    layout = world.dynamics.layout
    if layout is None or layout.width > 100:
        return ""
    board = board_text(world.dynamics, probabilities=last.after, unicode=unicode)
    return f"\nThe most probable action in each cell:\n\n{board}\n\n"


def _until(snapshots: Iterator[Snapshot], stopped: Callable[[], bool]) -> Iterator[Snapshot]:
    """Snapshots until a person stops."""
    for snapshot in snapshots:
        yield snapshot
        if stopped():
            return


def progress_line(snapshot: Snapshot, briefing: Briefing, exact: Snapshot | None) -> str:
    """How far training is, in one line; ``exact`` is the newest update whose exact J is known, None before one is.

    J is said to be of that update where it is an earlier one, since the mean return beside it is of this one.
    """
    parts = [f"mean return {snapshot.mean_return:.4g}"]
    if exact is not None and exact.objective is not None:
        best = "" if briefing.optimum is None else f" of at best {briefing.optimum:.4g}"
        of = "" if exact.update == snapshot.update else f" (update {exact.update:,})"
        parts.append(f"J {exact.objective:.4g}{of}{best}")
    parts.append(f"success {snapshot.goal_rate:.0%}")
    return "  ".join(parts)


def _with_lines(snapshots: Iterable[Snapshot], briefing: Briefing, stream: TextIO) -> Iterator[Snapshot]:
    """A plain line now and then, and one for the last update."""
    exact: Snapshot | None = None
    said, last = time.monotonic(), None
    shown = 0
    for snapshot in snapshots:
        exact = snapshot if snapshot.objective is not None else exact
        last = snapshot
        tenth = 10 * snapshot.update // (briefing.total_updates or snapshot.update + 1)
        if tenth > shown or time.monotonic() - said > LINE:
            shown, said = max(tenth, shown), time.monotonic()
            stream.write(_counted(snapshot, briefing, exact))
            stream.flush()
            last = None
        yield snapshot
    if last is not None:
        stream.write(_counted(last, briefing, exact))


def _counted(snapshot: Snapshot, briefing: Briefing, exact: Snapshot | None) -> str:
    total = "" if briefing.total_updates is None else f" of {briefing.total_updates:,}"
    line = progress_line(snapshot, briefing, exact)
    return f"update {snapshot.update:,}{total}  episodes {snapshot.episodes:,}  {line}\n"
