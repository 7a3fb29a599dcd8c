"""Training without a window: a progress bar on a terminal, plain lines over a pipe, and the board at the end."""

from __future__ import annotations

import collections
import time
from typing import TYPE_CHECKING

from game.view.text_board import board_text, has_arrows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TextIO

    from game.snapshot import Briefing, Snapshot
    from game.view.session import Training

#: Seconds between two redraws of the bar, and between two plain lines.
REDRAW, LINE = 0.1, 2.0


def watch_terminal(training: Training, stream: TextIO, stopped: Callable[[], bool]) -> None:
    """Train to the end, or until ``stopped`` says so between two updates, and tell the progress on ``stream``.

    The trainer never waits for the stream's redraws.
    """
    name = training.world.title
    dots = "…" if has_arrows(stream.encoding) else "..."
    stream.write(f"{name}: making ready (the first time, the kernel is compiled for some seconds) {dots}\n")
    stream.flush()
    briefing = training.begin()
    stream.write("  ".join(f"{label} {value}" for label, value in briefing.settings) + "\n")
    follow = _with_bar if stream.isatty() else _with_lines
    updates = training.updates()
    try:
        snapshots = collections.deque(follow(_until(updates, stopped), briefing, stream), maxlen=1)
    finally:  # a reader that has gone raises here; closing saves the run
        close = getattr(updates, "close", None)
        if close is not None:
            close()
    last = snapshots.pop() if snapshots else None
    if last is not None:
        unicode = has_arrows(stream.encoding)
        dynamics = training.world.dynamics
        if dynamics.layout is not None and dynamics.layout.width <= 100:
            stream.write("\nThe most probable action in each cell:\n\n")
            stream.write(board_text(dynamics, probabilities=last.after, unicode=unicode) + "\n\n")
    stream.flush()


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


def _with_bar(snapshots: Iterable[Snapshot], briefing: Briefing, stream: TextIO) -> Iterator[Snapshot]:
    """A progress bar with the time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column

    columns = (
        TextColumn("updates"),
        BarColumn(bar_width=16, table_column=Column(no_wrap=True)),
        MofNCompleteColumn(table_column=Column(no_wrap=True)),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
        TextColumn("{task.fields[line]}", markup=False, table_column=Column()),  # the one that goes on below
    )
    exact: Snapshot | None = None
    drawn = 0.0
    with Progress(*columns, console=Console(file=stream), auto_refresh=False) as progress:
        task = progress.add_task("", total=briefing.total_updates, line="")
        for snapshot in snapshots:
            exact = snapshot if snapshot.objective is not None else exact
            if time.monotonic() - drawn > REDRAW or snapshot.update == briefing.total_updates:
                drawn = time.monotonic()
                line = progress_line(snapshot, briefing, exact)
                progress.update(task, completed=snapshot.update, line=line, refresh=True)
            yield snapshot
