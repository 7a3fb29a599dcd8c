"""A real match in a real window: keys, a resize and a close under Xvfb."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

from tests.root import ROOT
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from tests.game.view.display import Display

#: Plays in the window, and tells a line for each control that arrived.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import pygame
from game.view.play import window as match
from game.view import windows as program
from game.view.play.rules import Rules
from tests.game.view.play.table import Given

class Tells(match.MatchWindow):
    now = None

    def frame(self, seconds):
        super().frame(seconds)
        before, self.now = self.now, (bool(pygame.key.get_focused()), *self.window.get_surface().get_size())
        if self.now != before:
            print("focus", self.now[0], "size", *self.now[1:], flush=True)

    def _press(self, name, character):
        super()._press(name, character)
        print("pressed", name, flush=True)

    def update(self, seconds):
        before = self.screen
        super().update(seconds)
        if self.screen is not before:
            print("seated", flush=True)

program.MatchWindow = Tells
print(program.play(Given(), "room", Rules(rounds=3, greedy=True, seed=1)), flush=True)
"""


class Player:
    """The program in its window on ``display``, and a person at its keyboard."""

    def __init__(self, display: Display, folder: Path) -> None:
        self.display, self.told = display, folder / "told"
        with self.told.open("w") as told:
            command = [sys.executable, "-c", PROGRAM, str(ROOT)]
            self.program = subprocess.Popen(
                command, env=display.environment, cwd=folder, stdout=told, stderr=subprocess.STDOUT
            )
        self.window = 0

    def sit_down(self) -> None:
        """Wait until the match has begun."""
        self.wait_for("seated", 1)
        self.window = self.display.window()
        self.wait_for("focus True", 1)

    def wait_for(self, words: str, times: int) -> None:
        """Wait until the program has told ``words`` so many times."""
        until(lambda: self.told.read_text().count(words) >= times, self.told.read_text)

    def press(self, *keys: str) -> None:
        """Press keys by their X names, each once the one before has arrived."""
        for key in keys:
            arrived = self.told.read_text().count("pressed")
            self.display.press(key)
            self.wait_for("pressed", arrived + 1)

    def end(self) -> str:
        """Wait for the program's own end; returns all that it told."""
        assert self.program.wait(PATIENCE) == 0
        return self.told.read_text()


@pytest.fixture
def player(display: Display, tmp_path: Path) -> Iterator[Player]:
    sitting = Player(display, tmp_path)
    try:
        sitting.sit_down()
        yield sitting
    finally:
        sitting.program.kill()
        sitting.program.wait(PATIENCE)


@pytest.mark.window
def test_a_real_window_is_played_resized_and_closed(player: Player, tmp_path: Path) -> None:
    player.press("Right", "d", "Up", "Return")  # the first round: to the goal, and the policy to its end
    player.press("r")
    player.wait_for("pressed r\n", 1)
    player.press("space", "d", "d", "w", "Return")
    player.display.do("windowsize", "--sync", player.window, 900, 700)
    player.wait_for("size 900 700", 1)
    player.press("v", "p")
    player.display.close(player.window)
    assert "Room: you win the match, 2 : 0." in player.end()
    pictures = list((tmp_path / "screenshots").glob("*.png"))
    assert len(pictures) == 1
    assert pygame.image.load(pictures[0]).get_size() == (900, 700)


@pytest.mark.window
def test_escape_ends_a_real_window(player: Player) -> None:
    player.press("Right")
    player.display.press("Escape")
    assert "Room: left in round 1 of 3, you 0 : 0 policy." in player.end()
