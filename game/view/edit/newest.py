"""One computation at a time, in a thread beside the screen, and always of the newest question."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Thread
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Newest(Generic[Question, Answer]):
    """Answers the newest question asked; those in between, which nobody waits for any more, are passed over.

    ``answer`` is (question, answer) of the newest question that was answered, None before; an answer that belongs to
    an earlier question than the last one asked is old, which :attr:`waiting` says.  ``error`` is what a call raised.
    """

    def __init__(self, call: Callable[[Question], Answer]) -> None:
        self._call, self._changed = call, Condition()
        self._asked = self._taken = 0
        self._question: Question | None = None
        self._stopped = False
        self.answer: tuple[Question, Answer] | None = None
        self.error: BaseException | None = None
        self._thread = Thread(target=self._run, name="busy newest", daemon=True)
        self._thread.start()

    def ask(self, question: Question) -> None:
        """Ask for an answer; returns at once."""
        with self._changed:
            self._question, self._asked = question, self._asked + 1
            self._changed.notify_all()

    @property
    def waiting(self) -> bool:
        """Whether the last question is not answered yet."""
        with self._changed:
            return self._taken < self._asked

    def wait(self, seconds: float) -> bool:
        """Wait for the answer to the last question; returns whether it came within so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._taken == self._asked, seconds)

    def close(self) -> None:
        """End the thread, after the computation that it is in."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        done = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda done=done: self._stopped or self._asked > done)  # type: ignore[misc]
                if self._stopped:
                    return
                done, question = self._asked, self._question
            try:
                found, error = (question, self._call(question)), None  # type: ignore[arg-type]
            except BaseException as raised:
                found, error = None, raised
            with self._changed:
                self._taken, self.error = done, error
                if found is not None:
                    self.answer = found  # type: ignore[assignment]
                self._changed.notify_all()
