"""Choosing a level in the terminal: their names, and the picture of the one that is selected."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.cells import cell_len

from game.view.play.level_choice import TITLE, LevelChoice
from game.view.terminal.kit.board import Board
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.look import Look
from game.view.terminal.kit.rules import rules_lines
from game.view.terminal.kit.scene import Scene


class LevelList:
    """Draws a choice of levels."""

    def __init__(self, levels: LevelChoice) -> None:
        self.levels = levels
        self._first = self._shown = 0
        self._boards: dict[int, Board] = {}

    def level_at(self, x: int, y: int, width: int) -> int | None:
        """Return the index of the level whose name lies at a column and a row of so many columns, None beside all."""
        index = self._first + y - 2
        shown = range(self._first, min(self._first + self._shown, len(self.levels.worlds)))
        return index if index in shown and x < self._wide(width) else None

    def _wide(self, columns: int) -> int:
        widest = max(cell_len(words) for words in (TITLE, *(world.title for world in self.levels.worlds)))
        return min(widest + 4, columns // 2)

    def draw(self, width: int, height: int, look: Look) -> Iterator[tuple[str, int, int, Grid]]:
        """Yield the names at the left, at the right the picture, below it what the level teaches."""
        wide = self._wide(width)
        keys = Grid(width, 1, look)
        keys.put(0, 0, "↑ ↓ select   Enter play it   Esc back", look.style("quiet"), width)
        yield "keys", 0, height - 1, keys
        names = Grid(wide, height - 1, look)
        names.put(0, 0, TITLE, look.style(bold=True), wide)
        self._shown = max(1, height - 4)
        self._first = min(max(self._first, self.levels.selected - self._shown + 1), self.levels.selected)
        for y, world in enumerate(self.levels.worlds[self._first : self._first + self._shown], start=2):
            here = self._first + y - 2 == self.levels.selected
            style = look.style("policy", "policy_pale", bold=True) if here else look.style()
            names.fill(0, y, wide - 1, 1, style)
            names.put(0, y, ("> " if here else "  ") + world.title, style, wide - 1)
        yield "list", 0, 0, names
        world = self.levels.choice
        words = textwrap.wrap(world.teaches, max(10, width - wide - 2))
        if world.source:
            words += textwrap.wrap(f"Source: {world.source}", max(10, width - wide - 2))
        words += rules_lines(world.dynamics, max(10, width - wide - 2), height)
        if world.name == self.levels.playing:
            words.append("playing now")
        below = Grid(width - wide - 1, min(len(words) + 1, height), look)
        for y, line in enumerate(words):
            below.put(0, y, line, look.style("ink" if y == 0 else "quiet"))
        picture = Grid(width - wide - 1, max(0, height - 3 - below.height), look)
        if world.dynamics.layout is not None:
            board = self._boards.setdefault(self.levels.selected, Board(world))
            picture.lay(0, 0, board.draw(picture.width, picture.height, look, Scene()))
        yield "picture", wide + 1, 2, picture
        yield "words", wide + 1, height - below.height - 1, below
