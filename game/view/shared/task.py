"""A slow call in a thread of its own, so that the window goes on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Task(Generic[T]):
    """One call, begun at once in a worker thread; ``lasting``: the program does not end before it has come back."""

    def __init__(self, call: Callable[[], T], lasting: bool = False) -> None:
        self._call = call
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="busy task", daemon=not lasting)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as error:
            self._error = error

    @property
    def done(self) -> bool:
        """Whether the call has come back."""
        return not self._thread.is_alive()

    def result(self) -> T:
        """What the call returned, after waiting for it; raises what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._results[0]

    def wait(self) -> None:
        """Wait for the call, whatever comes of it: leaving in the middle of an import can crash Python."""
        self._thread.join()
