"""A real match in a real window: keys, a resize and a close under Xvfb."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

if TYPE_CHECKING:
    from tests.game.view.conftest import Display

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import sys
sys.path[:0] = sys.argv[1:]
from tests.game.view.table import Given
from game.view.match import play
print(play(Given(), "room", rounds=3, greedy=True, seed=1))
"""


@pytest.mark.window
def test_a_real_window_is_played_resized_and_closed(display: Display, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(ROOT)]
    program = subprocess.Popen(command, env=display.environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        window = display.window()
        time.sleep(0.5)
        display.press("Right", "d", "Up", "Return")  # the first round: to the goal, and the policy to its end
        display.press("space", "d", "d", "w", "Return")
        display.do("windowsize", window, 900, 700)
        time.sleep(0.3)
        display.press("v", "p")
        time.sleep(0.3)
        display.close(window)
        out, _ = program.communicate(timeout=10)
    finally:
        program.kill()
        program.communicate()
    assert "Room: you win the match, 2 : 0." in out
    pictures = list((tmp_path / "screenshots").glob("*.png"))
    assert len(pictures) == 1
    assert pygame.image.load(pictures[0]).get_size() == (900, 700)


@pytest.mark.window
def test_escape_ends_a_real_window(display: Display, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(ROOT)]
    program = subprocess.Popen(command, env=display.environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        display.window()
        time.sleep(0.5)
        display.press("Right", "Escape")
        out, _ = program.communicate(timeout=10)
    finally:
        program.kill()
        program.communicate()
    assert program.returncode == 0
    assert "Room: left in round 1 of 3, you 0 : 0 policy." in out
