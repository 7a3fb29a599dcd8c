"""The line to the terminal: nothing waits for a slow one, and a terminal that has gone is no error.

After each frame the terminal is asked where its cursor is.  Its answer says that the frame has arrived, whatever lies
between; until then no other frame is sent.
"""

from __future__ import annotations

import codecs
import os
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TextIO

from textual import events
from textual.driver import Driver
from textual.message import Message

#: Seconds within which a terminal that answers at all has answered first, and after which a lost answer is given up.
FIRST_ANSWER, LOST = 2.0, 30.0
#: Seconds that the end waits for a line to take what is left.
LAST_WORDS = 1.0
#: Seconds within which the system itself says by a signal that a terminal has gone.
HANGING_UP = 1.0
ASK = "\x1b[6n"


class Outlet:
    """What a terminal is sent: text goes into a queue, and a thread writes it as fast as the line takes it.

    ``gone``: there is nobody left to read.  Characters that the stream's encoding lacks are written as question marks.
    """

    def __init__(self, stream: TextIO) -> None:
        self._file, self._encoding = stream.fileno(), stream.encoding or "utf-8"
        self._condition = threading.Condition()
        self._waiting: deque[str] = deque()
        self._writing = False
        self._thread: threading.Thread | None = None
        self.gone = False

    @property
    def empty(self) -> bool:
        """Whether all has been written."""
        with self._condition:
            return not self._waiting and not self._writing

    def write(self, text: str) -> None:
        """Have text written, in turn; never waits."""
        with self._condition:
            self._waiting.append(text)
            self._condition.notify()

    def open(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="terminal", daemon=True)
        self._thread.start()

    def close(self, seconds: float) -> None:
        """End when all has been written, or after so many seconds without it."""
        thread, self._thread = self._thread, None
        with self._condition:
            self._condition.notify()
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        while (text := self._next()) is not None:
            if not self.gone:
                try:
                    self._send(text.encode(self._encoding, "replace"))
                except (OSError, ValueError):
                    self.gone = True

    def _next(self) -> str | None:
        """Wait for text, and return all there is; None at the end."""
        with self._condition:
            self._writing = False
            while not self._waiting:
                if self._thread is not threading.current_thread():
                    return None
                self._condition.wait()
            text = "".join(self._waiting)
            self._waiting.clear()
            self._writing = True
            return text

    def _send(self, data: bytes) -> None:
        """Write to the end; this waits for a slow line.  Past Python's buffer, whose lock would hold up the exit."""
        while data:
            try:
                data = data[os.write(self._file, data) :]
            except BlockingIOError:  # another program has left the terminal in this mode
                select.select([], [self._file], [])

    def here(self) -> bool:
        """Whether there is a terminal to write to."""
        return not self.gone and os.isatty(self._file)


class Line:
    """A line whose far end may be slow, or gone.

    ``answers``: whether the terminal says where its cursor is, None before that is known.
    """

    def __init__(self, outlet: Outlet) -> None:
        self.outlet = outlet
        self.answers: bool | None = None
        self._asked: float | None = None
        self._gone_since: float | None = None
        self.stop_reading: Callable[[], None] = lambda: None

    @property
    def free(self) -> bool:
        """Whether the terminal has taken all that was sent."""
        if not self.outlet.empty:
            return False
        if self._asked is None:
            return True
        waited = time.monotonic() - self._asked
        if self.answers is None and waited > FIRST_ANSWER:
            self.answers = False
        if self.answers is False or waited > LOST:
            self._asked = None
        return self._asked is None

    def ask(self) -> None:
        """Ask the terminal to say when it has come this far."""
        if self.answers is not False and self._asked is None:
            self._asked = time.monotonic()
            self.outlet.write(ASK)

    def answered(self) -> None:
        """The terminal has come this far."""
        self.answers, self._asked = True, None

    def has_gone(self) -> bool:
        """Whether there has been no terminal for longer than it takes the system to say so by a signal."""
        if self.outlet.here():
            return False
        if self._gone_since is None:
            self._gone_since = time.monotonic()
            self.stop_reading()  # what has gone is always ready to be read
        return time.monotonic() - self._gone_since > HANGING_UP


def open_line() -> Line | None:
    """Return the line of standard output; None, for Textual's own, where the system has no such terminals."""
    if sys.platform == "win32" or sys.__stdout__ is None:
        return None
    return Line(Outlet(sys.__stdout__))


def line_driver(line: Line) -> type[Driver]:
    """Return Textual's driver, writing to a line.  Only what Textual documents or names publicly is overridden."""
    from textual.drivers.linux_driver import LinuxDriver

    class LineDriver(LinuxDriver):
        """Writes through the line, and reads what is typed, whatever it is."""

        def write(self, data: str) -> None:
            """Have text written; never waits."""
            line.outlet.write(data)

        def start_application_mode(self) -> None:
            """Take the terminal."""
            line.outlet.open()
            line.stop_reading = self.exit_event.set
            super().start_application_mode()  # type: ignore[no-untyped-call]

        def close(self) -> None:
            """Give the terminal back; one that takes nothing is not waited for."""
            line.outlet.close(LAST_WORDS)
            super().close()

        def process_message(self, message: Message) -> None:
            """Take the terminal's answer; all else is for the app."""
            if isinstance(message, events.CursorPosition):
                line.answered()
            else:
                super().process_message(message)

        def run_input_thread(self) -> None:
            """Read what is typed through a sieve: Textual's reader ends at a byte that is no UTF-8."""
            keyboard = self.fileno
            self.fileno, sieved = os.pipe()
            sieve = threading.Thread(target=self._sieve, args=(keyboard, sieved), name="sieve", daemon=True)
            sieve.start()
            try:
                super().run_input_thread()
            finally:
                sieve.join()
                os.close(sieved)
                os.close(self.fileno)
                self.fileno = keyboard

        def _sieve(self, keyboard: int, sieved: int) -> None:
            """Pass on what is UTF-8, until the reader is to end or the terminal has gone."""
            decode = codecs.getincrementaldecoder("utf-8")("ignore").decode
            try:
                while not self.exit_event.is_set():
                    if select.select([keyboard], [], [], 0.1)[0]:
                        typed = os.read(keyboard, 4096)
                        if not typed:
                            raise OSError("the terminal has gone")
                        os.write(sieved, decode(typed).encode())
            except (OSError, ValueError):  # the signal that says so ends the program
                line.outlet.gone = True

    return LineDriver
