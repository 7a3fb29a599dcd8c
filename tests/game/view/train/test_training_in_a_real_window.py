"""A real window on a real display: keys, mouse, a resize and a close, sent from outside by xdotool."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from tests.root import ROOT
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from tests.game.view.display import Display

Result = TypeVar("Result")

#: Watches a small run and says on standard output what happens to it.
PROGRAM = """
import faulthandler, signal, sys
import pygame
faulthandler.register(signal.SIGUSR1)
from game.view import windows as program
from game.view.train import window
from tests.game.view.learner import Learner, world_of_text

class Tells(window.TrainingWindow):
    def handle(self, event):
        super().handle(event)
        print("focus", bool(pygame.key.get_focused()), "size", *self.window.get_surface().get_size(),
              "paused", self.model.playback.paused,
              "overlay", self.board.overlay, "shown", self.model.playback.demonstration is not None, flush=True)

program.TrainingWindow = Tells
learner = Learner(world_of_text(), total=100000)
print("said", program.watch(learner, close_when_done=False), "saved", len(learner.saved), flush=True)
"""


class Shown:
    """The program in its window, and hands on its keyboard and mouse."""

    def __init__(self, display: Display, folder: Path) -> None:
        self.display = display
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM],
                cwd=folder,
                env=display.environment | {"PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.window = 0

    def find(self) -> None:
        """Wait for the window, and give it the focus: keys sent before go nowhere."""
        self.window = self.display.window()
        self.until(lambda: "focus True" in self.last())

    def until(self, happened: Callable[[], Result]) -> Result:
        return until(happened, self.where, every=0.02)

    def where(self) -> str:
        """What the program says when it is asked where it is."""
        self.process.send_signal(signal.SIGUSR1)
        until(lambda: "most recent call first" in self.log.read_text() or self.process.poll() is not None)
        return self.log.read_text()

    def end(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def last(self) -> str:
        lines = self.log.read_text().splitlines()
        return lines[-1] if lines else ""


@pytest.fixture
def shown(display: Display, tmp_path: Path) -> Iterator[Shown]:
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
        shown.display.do("mousemove", "--window", shown.window, 120, 160, "click", 1)
        return "shown True" in shown.last()

    shown.display.press("space")
    shown.until(lambda: "paused True" in shown.last())
    shown.display.press("o")
    shown.until(lambda: "overlay credit" in shown.last())
    shown.until(clicked)
    shown.display.do("windowsize", shown.window, 900, 640)
    shown.until(lambda: "size 900 640" in shown.last())
    shown.display.press("p")
    pictures = shown.until(lambda: list((tmp_path / "screenshots").glob("small-*.png")))
    assert pictures[0].read_bytes().startswith(b"\x89PNG")
    shown.display.press("Escape")
    assert shown.process.wait(PATIENCE) == 0
    assert shown.last() == "said saved in runs/small saved 1"


@pytest.mark.window
def test_closing_the_window_from_outside_saves_too(shown: Shown) -> None:
    shown.display.close(shown.window)
    assert shown.process.wait(PATIENCE) == 0
    assert shown.last() == "said saved in runs/small saved 1"
