"""Waiting in tests: for something that happens, never for an amount of time."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import NoReturn, TypeVar

Result = TypeVar("Result")

#: Seconds after which what did not happen never will, on however busy a machine.
PATIENCE = 60.0


def until(
    happened: Callable[[], Result],
    where: Callable[[], object] = lambda: "",
    between: Callable[[], object] = lambda: None,
    every: float = 0.002,
) -> Result:
    """Return what ``happened`` gives as soon as it is true; it is asked ``every`` so many seconds.

    ``between`` is called after each time that it is not.  Fails after PATIENCE, and then says ``where`` the program
    was.
    """
    end = time.monotonic() + PATIENCE
    while not (result := happened()):
        if time.monotonic() > end:
            never(where())
        between()
        time.sleep(every)  # what is waited for may need this processor
    return result


def never(where: object) -> NoReturn:
    """Fail, saying ``where`` the program was and what each of its threads was doing."""
    threads = {thread.ident: thread.name for thread in threading.enumerate()}
    stacks = (
        f"thread {threads.get(ident, ident)}:\n{''.join(traceback.format_stack(frame))}"
        for ident, frame in sys._current_frames().items()
    )
    raise AssertionError("it never happened\n" + "\n".join([str(where), *stacks]))
