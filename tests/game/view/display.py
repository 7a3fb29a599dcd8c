"""A display for the tests of windows: Xvfb, with xdotool for a person's hands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.waiting import PATIENCE, until

#: By which xdotool finds the window: the title's encoding is beyond it where there is no locale.
WINDOW_CLASS = "arrowgrad-test"


#: Sends the window what a click on its cross sends.  A program of its own, since Xlib ends the one that errs.
CLOSE = """
import ctypes, sys

class ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
    )

x11, window = ctypes.CDLL("libX11.so.6"), int(sys.argv[2])
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XInternAtom.restype = ctypes.c_ulong
server = ctypes.c_void_p(x11.XOpenDisplay(sys.argv[1].encode()))
assert server, "no display"
protocols, delete = (x11.XInternAtom(server, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
event = ClientMessage(33, 0, 1, None, window, protocols, 32, (ctypes.c_long * 5)(delete, 0, 0, 0, 0))
room = (ctypes.c_char * 256).from_buffer_copy(bytes(event).ljust(256, bytes(1)))
x11.XSendEvent(server, ctypes.c_ulong(window), 0, ctypes.c_long(0), room)
x11.XCloseDisplay(server)
"""


class Display:
    """An X display with nobody else on it; ``environment`` is what a program needs to open its window there."""

    def __init__(self, number: int) -> None:
        self.environment = {name: value for name, value in os.environ.items() if name != "SDL_VIDEODRIVER"}
        self.environment["DISPLAY"] = f":{number}"
        self.environment["SDL_VIDEO_X11_WMCLASS"] = WINDOW_CLASS
        self.environment.pop("WAYLAND_DISPLAY", None)

    def do(self, *words: object) -> str:
        """Run xdotool with ``words``; returns what it prints."""
        command = ["xdotool", *map(str, words)]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        return done.stdout.strip()

    def window(self) -> int:
        """The id of the program's window, in the foreground, once it is there.

        Keys are dropped until the program has taken note of its focus: wait for it to say so.
        """

        def focused() -> int | None:
            found = self.do("search", "--onlyvisible", "--class", WINDOW_CLASS).splitlines()
            there = bool(found) and self.do("windowfocus", found[-1], "getwindowfocus") == found[-1]
            return int(found[-1]) if there else None

        window = until(focused, lambda: "there is no window", every=0.05)
        assert window is not None
        return window

    def close(self, window: int) -> None:
        """Ask the window to close, as a click on its cross does: xdotool cannot."""
        command = [sys.executable, "-c", CLOSE, self.environment["DISPLAY"], str(window)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr

    def press(self, *keys: str) -> None:
        """Press keys by their X names, one after the other, in the window that has the focus."""
        for key in keys:
            self.do("key", key)


@contextmanager
def opened_display() -> Iterator[Display]:
    """A display of its own for as long as the context lasts."""
    reader, writer = os.pipe()
    # A number of its own: two servers that look for a free one at the same time can find the same.
    own = f":{1000 + os.getpid() % 30000}"
    command = ["Xvfb", own, "-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    command.append("-noreset")  # else it starts anew whenever its last client has gone, and refuses the next one
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb did not start"
        yield Display(int(number))
    finally:
        server.terminate()
        server.wait(PATIENCE)
