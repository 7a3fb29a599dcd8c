"""The line to the terminal: nothing waits for a slow one, and a terminal that has gone is no error.

After each frame the terminal is asked where its cursor is.  Its answer says that the frame has arrived, whatever lies
between; until then no other frame is sent.
"""

from __future__ import annotations

import os
import sys
import time
from typing import IO, Any

from textual import events
from textual.driver import Driver
from textual.message import Message

#: Seconds within which a terminal that answers at all has answered first, and after which a lost answer is given up.
FIRST_ANSWER, LOST = 2.0, 30.0
ASK = "\x1b[6n"


class Outlet:
    """What is written to: a stream whose reader may go away; it counts the characters."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.written = 0
        self.gone = False

    def write(self, text: str) -> int:
        """Write, unless there is nobody left to read."""
        if not self.gone:
            try:
                self._stream.write(text)
            except (OSError, ValueError):
                self.gone = True
        self.written += len(text)
        return len(text)

    def flush(self) -> None:
        """Write through; this waits for a slow line, in the thread of Textual's writer."""
        if not self.gone:
            try:
                self._stream.flush()
            except (OSError, ValueError):
                self.gone = True

    def fileno(self) -> int:
        """The stream's."""
        return self._stream.fileno()


def line_driver() -> type[Driver] | None:
    """Textual's driver with such a line; None, for Textual's own, where the system has no such terminals."""
    if sys.platform == "win32":
        return None
    from textual.drivers.linux_driver import LinuxDriver

    class LineDriver(LinuxDriver):
        """Writes to standard output, and knows whether the last frame has arrived."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.outlet = Outlet(sys.__stdout__ or sys.__stderr__)  # type: ignore[arg-type]
            self._file = self.outlet  # type: ignore[assignment]
            self._asked: float | None = None
            self._answers: bool | None = None

        @property
        def free(self) -> bool:
            """Whether the terminal has taken all that was sent."""
            writer = self._writer_thread
            if writer is not None and not writer._queue.empty():
                return False
            if self._asked is None:
                return True
            waited = time.monotonic() - self._asked
            if self._answers is None and waited > FIRST_ANSWER:
                self._answers = False
            if self._answers is False or waited > LOST:
                self._asked = None
            return self._asked is None

        def ask(self) -> None:
            """Ask the terminal to say when it has come this far."""
            if self._answers is not False and self._asked is None and self._writer_thread is not None:
                self._asked = time.monotonic()
                self.write(ASK)

        def process_message(self, message: Message) -> None:
            """Take the terminal's answer; all else is for the app."""
            if isinstance(message, events.CursorPosition):
                self._answers, self._asked = True, None
            else:
                super().process_message(message)

        def _get_terminal_size(self) -> tuple[int, int]:
            """The size that the terminal has now; Textual takes COLUMNS and LINES for it where they are exported."""
            try:
                width, height = os.get_terminal_size(self.outlet.fileno())
                return width, height
            except (OSError, ValueError):
                return super()._get_terminal_size()

        def _run_input_thread(self) -> None:
            try:
                self.run_input_thread()
            except (OSError, ValueError):  # the terminal has gone; the signal that says so ends the program
                self.outlet.gone = True

    return LineDriver
