"""A real window on a real display: keys, mouse, a resize and a close, sent from outside by xdotool."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")
ROOT = Path(__file__).resolve().parents[3]

#: Watches a small run and says on standard output what happens to it.
PROGRAM = """
import sys
from game.view import window
from tests.game.view.learner import Learner, world_of_text

class Tells(window.TrainingWindow):
    def _handle(self, event):
        super()._handle(event)
        print("size", *self.window.get_surface().get_size(), "paused", self.playback.paused,
              "overlay", self.stage.overlay, "shown", self.playback.demonstration is not None, flush=True)

window.TrainingWindow = Tells
learner = Learner(world_of_text(), total=100000)
print("said", window.watch(learner, close_when_done=False), "saved", len(learner.saved), flush=True)
"""


@pytest.fixture
def display() -> Iterator[str]:
    """A display of its own; absent tools are a failure in CI and a skip elsewhere."""
    missing = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    if missing:
        message = f"{' and '.join(missing)} not installed"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


class Shown:
    """The program in its window, and hands on its keyboard and mouse."""

    def __init__(self, display: str, folder: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in ("SDL_VIDEODRIVER", "WAYLAND_DISPLAY")}
        self.environment = {**kept, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM], cwd=folder, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.window = ""

    def find(self) -> None:
        """Wait for the window, and give it the focus: keys sent before go nowhere."""
        self.window = self.until(lambda: self.tool("search", "--onlyvisible", "--class", ".").split())[0]
        self.until(lambda: self.tool("windowfocus", self.window, "getwindowfocus") == self.window)

    def tool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def until(self, happened: Callable[[], Result]) -> Result:
        end = time.monotonic() + 20
        while not (result := happened()):
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)
        return result

    def end(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def last(self) -> str:
        lines = self.log.read_text().splitlines()
        return lines[-1] if lines else ""


class _ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest_of_the_union", ctypes.c_long * 24),
    )


def ask_to_close(display: str, window: int) -> None:
    """What a window manager sends when the cross of a window is clicked; there is no window manager here."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    protocols, delete = (x11.XInternAtom(connection, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
    client_message = 33
    data = (ctypes.c_long * 5)(delete, 0)
    event = _ClientMessage(client_message, 0, 1, connection, window, protocols, 32, data)
    x11.XSendEvent(connection, ctypes.c_ulong(window), 0, 0, ctypes.byref(event))
    x11.XCloseDisplay(connection)


@pytest.fixture
def shown(display: str, tmp_path: Path) -> Iterator[Shown]:
    shown = Shown(display, tmp_path)
    try:
        shown.find()
        yield shown
    finally:
        shown.end()


@pytest.mark.window
def test_keys_mouse_resize_and_close_reach_a_real_window(shown: Shown, tmp_path: Path) -> None:
    def clicked() -> bool:
        # Before the first update there is no policy to demonstrate, so a click may come too early.
        shown.tool("mousemove", "--window", shown.window, "120", "160", "click", "1")
        return "shown True" in shown.last()

    shown.tool("key", "space")
    shown.until(lambda: "paused True" in shown.last())
    shown.tool("key", "o")
    shown.until(lambda: "overlay credit" in shown.last())
    shown.until(clicked)
    shown.tool("windowsize", shown.window, "900", "640")
    shown.until(lambda: "size 900 640" in shown.last())
    shown.tool("key", "p")
    pictures = shown.until(lambda: list((tmp_path / "screenshots").glob("small-*.png")))
    assert pictures[0].read_bytes().startswith(b"\x89PNG")
    shown.tool("key", "Escape")
    assert shown.process.wait(20) == 0
    assert shown.last() == "said saved in runs/small saved 1"


@pytest.mark.window
def test_closing_the_window_from_outside_saves_too(shown: Shown, display: str) -> None:
    ask_to_close(display, int(shown.window))
    assert shown.process.wait(20) == 0
    assert shown.last() == "said saved in runs/small saved 1"
