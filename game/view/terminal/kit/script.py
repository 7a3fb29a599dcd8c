"""A script that goes on in a thread of its own, so that the app answers while it waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from game.view.programs import Script
from game.view.shared.task import Task

S = TypeVar("S")


class Steps(Generic[S]):
    """The steps of a script, from one screen to the next; one is under way at most."""

    def __init__(self, script: Script[S]) -> None:
        self._script = script
        self._step: Task[S] | None = None

    def go_on(self, arrived: Callable[[], object], error: BaseException | None = None) -> None:
        """Begin the next step, by raising ``error`` in the script if one is given; ``arrived`` is called at its end."""
        assert self._step is None, "a step is under way already"
        step = partial(next, self._script) if error is None else partial(self._script.throw, error)

        def walk() -> S:
            try:
                return step()
            finally:
                arrived()

        self._step = Task(walk)

    def result(self) -> S:
        """Return the screen that was come to; raises what the script raised, StopIteration at its end."""
        assert self._step is not None
        step, self._step = self._step, None
        return step.result()

    def close(self) -> str:
        """Wait for the step under way, and end the script where it is; returns its last sentence if it had just ended.

        Raises what the script raises.
        """
        try:
            if self._step is not None:
                self.result()
        except StopIteration as end:
            return str(end.value or "")
        finally:
            self._script.close()
        return ""
