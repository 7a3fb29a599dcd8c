"""Choosing a level, without a picture: which are there, and which one is selected."""

from __future__ import annotations

from collections.abc import Sequence

from game.world.catalog import World

#: What stands above the levels.
TITLE = "Choose a level"
#: What the moving actions do here; in rows and columns of levels.
STEPS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


class LevelChoice:
    """The levels, shown in so many ``columns``; ``selected`` is the index of the one that Enter takes."""

    def __init__(self, worlds: Sequence[World], playing: str) -> None:
        self.worlds, self.playing, self.columns = worlds, playing, 1
        names = [world.name for world in worlds]
        self.selected = names.index(playing) if playing in names else 0

    @property
    def choice(self) -> World:
        """The level selected."""
        return self.worlds[self.selected]

    def move(self, action: str) -> None:
        """Select the next level in a direction."""
        rows, columns = STEPS[action]
        wanted = self.selected + rows * self.columns + columns
        if 0 <= wanted < len(self.worlds):
            self.selected = wanted
        elif rows > 0 and self.selected // self.columns < (len(self.worlds) - 1) // self.columns:
            self.selected = len(self.worlds) - 1
