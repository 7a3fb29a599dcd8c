"""A real window of the lesson under Xvfb: keys and the mouse from outside, resizing and closing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.root import ROOT
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from tests.game.view.display import Display


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import pygame
from tests.game.view.lesson.test_lesson import Made
from game.view import windows
from game.view.lesson.window import LessonWindow

class Tells(LessonWindow):
    now = None

    def frame(self, seconds):
        super().frame(seconds)
        before, self.now = self.now, (bool(pygame.key.get_focused()), *self.window.get_surface().get_size())
        if self.now != before:
            print("focus", self.now[0], "size", *self.now[1:], flush=True)

    def update(self, seconds):
        before = self.model.page
        super().update(seconds)
        page = self.model.page
        if page is not before:
            print("page", page.number, *(slider.value for slider in page.sliders), flush=True)

windows.LessonWindow = Tells
print(windows.lesson(Made(), page=4), flush=True)
"""


@pytest.mark.window
def test_a_real_window_is_walked_changed_and_closed(display: Display, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(ROOT)]
    told, pictures = tmp_path / "told", tmp_path / "screenshots"
    with told.open("w") as file:
        program = subprocess.Popen(
            command, env=display.environment, cwd=tmp_path, stdout=file, stderr=subprocess.STDOUT
        )

    def says(words: str) -> None:
        until(lambda: words in told.read_text(), lambda: f"never {words}:\n{told.read_text()}")

    try:
        says("page 4 2.0 0.0 1")
        window = display.window()
        says("focus True")
        display.press("Right")
        says("page 5 2.0 0.0 1")
        display.press("Right")
        says("page 6 2.0 0.0 1")
        display.press("plus")
        says("page 6 2.5 0.0 1")
        display.press("Tab", "minus")
        says("page 6 2.5 -0.1 1")
        display.press("a")
        display.do("windowsize", window, 900, 700)
        says("size 900 700")
        display.do("mousemove", "--window", window, 40, 652, "click", 1)
        says("page 6 0.5 -0.1 1")
        display.do("key", "1", "0")  # in one go: digits that come slowly are pages of their own
        says("page 10 ")
        display.press("p")
        until(lambda: list(pictures.glob("lesson-10-*.png")), told.read_text)
        display.close(window)
        assert program.wait(PATIENCE) == 0, told.read_text()
    finally:
        program.kill()
        program.wait(PATIENCE)
    assert "The lesson was left on page 10, Title 10." in told.read_text()
    assert len(list(pictures.iterdir())) == 1
