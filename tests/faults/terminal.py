"""The app on a terminal of its own, and hands that type faster than anyone: what it is sent, and what it sends."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.root import ROOT

#: What a terminal is asked, and what one of 24 rows answers.
QUESTION, ANSWER = b"\x1b[6n", b"\x1b[24;1R"
#: The alternate screen is left with the last one of these, and taken with the first.
LEAVES, TAKES = b"\x1b[?1049l", b"\x1b[?1049h"

#: Makes the terminal that of the session, so that it sends signals, and becomes the command.
TAKE = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Terminal:
    """A command on a terminal of 80 by 24 characters, in ``folder``.

    ``written`` counts the bytes that the command has sent; a thread reads them, so that it never waits.
    """

    def __init__(self, folder: Path, *arguments: str, columns: int = 80, rows: int = 24) -> None:
        self.master, slave = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(slave)
        unwanted = ("DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR", "CI")
        environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE, str(ROOT / "main.py"), *arguments],
            cwd=folder,
            env=environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        self.slave = slave
        self.written, self.last = 0, b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while select.select([self.master], [], [], 0.1)[0] or self.process.poll() is None:
            try:
                if not select.select([self.master], [], [], 0)[0]:
                    continue
                data = os.read(self.master, 1 << 16)
            except OSError:
                return
            seen = self.last[-len(QUESTION) + 1 :] + data
            self.last = (self.last + data)[-20000:]
            self.written += len(data)
            for _ in range(seen.count(QUESTION)):
                self.send(ANSWER)

    def send(self, data: bytes) -> None:
        """Send all of ``data``, unless the command no longer reads."""
        try:
            while data and self.process.poll() is None:
                if select.select([], [self.master], [], 0.05)[1]:
                    data = data[os.write(self.master, data[:512]) :]
        except OSError:
            return

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, happened: Callable[[], bool], seconds: float) -> bool:
        """Wait until something ``happened``, at most for ``seconds``."""
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    def begin(self, seconds: float) -> bool:
        """Wait for the first screen, or the end."""
        return self.until(lambda: self.written > 1000 or self.over, seconds)

    def end(self, seconds: float) -> bool:
        """Wait for the command's end."""
        return self.until(lambda: self.over, seconds)

    def alive(self, seconds: float) -> bool:
        """Whether the key of the theme still changes the screen: the first press may only close the help."""
        for _ in range(3):
            self.resize(80, 24)
            written = self.written
            self.send(b"t")
            if self.until(lambda before=written: self.written > before + 200 or self.over, seconds / 3):  # type: ignore[misc]
                return True
        return False

    @property
    def over(self) -> bool:
        """Whether the command has ended."""
        return self.process.poll() is not None

    @property
    def restored(self) -> bool:
        """Whether the terminal is as it was: echo, cursor, and the screen that lies below."""
        rest = self.last[self.last.rfind(TAKES) :] if TAKES in self.last else self.last
        return termios.tcgetattr(self.slave)[:4] == self.before[:4] and (TAKES not in rest or LEAVES in rest)

    def kill(self) -> None:
        """End it by force, and let go of the terminal."""
        if not self.over:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._reader.join(2)
        os.close(self.slave)
        os.close(self.master)
