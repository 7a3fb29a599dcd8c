"""A real window of the lesson under Xvfb: keys and the mouse from outside, resizing and closing."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.root import ROOT

if TYPE_CHECKING:
    from tests.game.view.conftest import Display


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.game.view.lesson.test_lesson import Made
from game.view.lesson import window as lesson

class Tells(lesson.LessonWindow):
    def _take(self, page):
        super()._take(page)
        print("page", page.number, *(slider.value for slider in page.sliders), flush=True)

lesson.LessonWindow = Tells
print(lesson.lesson_window(Made(), page=4), flush=True)
"""


@pytest.mark.window
def test_a_real_window_is_walked_changed_and_closed(display: Display, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(ROOT)]
    program = subprocess.Popen(command, env=display.environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        window = display.window()
        time.sleep(1.0)
        display.press("Right", "Right", "plus", "Tab", "minus", "a")
        display.do("windowsize", window, 900, 700)
        time.sleep(0.4)
        display.do("mousemove", "--window", window, 40, 652, "click", 1)
        time.sleep(0.3)
        display.press("1", "0", "p")
        display.close(window)
        out, _ = program.communicate(timeout=20)
    finally:
        program.kill()
    assert "page 4 2.0 0.0 1" in out
    assert "page 6 2.5 -0.1 1" in out
    assert "page 6 0.5 -0.1 1" in out
    assert "The lesson was left on page 10, Title 10." in out
    assert len(list((tmp_path / "screenshots").glob("lesson-10-*.png"))) == 1
