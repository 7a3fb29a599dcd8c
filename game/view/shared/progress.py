"""A progress bar for work that counts its parts; it is drawn on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TextIO


@contextmanager
def counted(label: str, total: int, stream: TextIO, after: float = 0.0) -> Iterator[Callable[[], None]]:
    """Gives a function to call after each of ``total`` parts; the bar goes when the work is done.

    It comes ``after`` seconds: what is quick needs none.
    """
    if not stream.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=Console(file=stream), transient=True)
    task = progress.add_task("", total=total)
    beginning = Timer(after, progress.start)
    beginning.daemon = True
    if after > 0.0:
        beginning.start()
    else:
        beginning.run()
    try:
        yield lambda: progress.advance(task)
    finally:
        beginning.cancel()
        if after > 0.0:
            beginning.join()  # a bar that has begun to come must be there before it can go
        progress.stop()
