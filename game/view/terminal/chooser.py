"""Choosing a level in the terminal: their names, and the picture of the one that is selected."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events

from game.keys import Screen as Table
from game.view.terminal.kit.board import Board
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.scene import Scene
from game.view.terminal.kit.view import View
from game.world.catalog import World

TITLE = "Choose a level"


class ChooserView(View):
    """Lies over the match; ``chosen`` is called with the argument and the title of the level that Enter takes."""

    table: ClassVar[Table] = "play"
    title_of_help = "The keys of the match"

    def __init__(self, worlds: Sequence[World], playing: str, chosen: Callable[[str, str], None]) -> None:
        super().__init__()
        self.worlds, self.playing, self.chosen = worlds, playing, chosen
        names = [world.name for world in worlds]
        self.selected = names.index(playing) if playing in names else 0
        self._first = self._shown = 0
        self._boards: dict[int, Board] = {}

    def act(self, action: str, _name: str) -> None:
        """Select, choose, or go back."""
        if action in ("up", "down", "left", "right"):
            by = 1 if action in ("down", "right") else -1
            self.selected = min(max(self.selected + by, 0), len(self.worlds) - 1)
        elif action == "next":
            world = self.worlds[self.selected]
            self.leave()
            self.chosen(world.argument, world.title)
        elif action in ("level", "quit"):
            self.leave()

    def on_click(self, event: events.Click) -> None:
        """Select a level, and choose it when it is."""
        index = self._first + int(event.screen_y) - 2
        if 0 <= index - self._first < self._shown and event.screen_x < self._wide():
            if index == self.selected:
                self.act("next", "")
            self.selected, self.changed = index, True

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """The next level."""
        self.act("down", "")
        self.changed = True

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """The level before."""
        self.act("up", "")
        self.changed = True

    def _wide(self) -> int:
        widest = max(cell_len(words) for words in (TITLE, *(world.title for world in self.worlds)))
        return min(widest + 4, self.host.size.width // 2)

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """The names at the left, at the right the picture, below it what the level teaches."""
        look, wide = self.look, self._wide()
        keys = Grid(width, 1, look)
        keys.put(0, 0, "↑ ↓ select   Enter play it   Esc back", look.style("quiet"), width)
        yield "keys", 0, height - 1, keys
        names = Grid(wide, height - 1, look)
        names.put(0, 0, TITLE, look.style(bold=True), wide)
        self._shown = max(1, height - 4)
        self._first = min(max(self._first, self.selected - self._shown + 1), self.selected)
        for y, world in enumerate(self.worlds[self._first : self._first + self._shown], start=2):
            here = self._first + y - 2 == self.selected
            style = look.style("policy", "policy_pale", bold=True) if here else look.style()
            names.fill(0, y, wide - 1, 1, style)
            names.put(0, y, ("> " if here else "  ") + world.title, style, wide - 1)
        yield "list", 0, 0, names
        world = self.worlds[self.selected]
        words = textwrap.wrap(world.teaches, max(10, width - wide - 2))
        if world.source:
            words += textwrap.wrap(f"Source: {world.source}", max(10, width - wide - 2))
        if world.name == self.playing:
            words.append("playing now")
        below = Grid(width - wide - 1, min(len(words) + 1, height), look)
        for y, line in enumerate(words):
            below.put(0, y, line, look.style("ink" if y == 0 else "quiet"))
        picture = Grid(width - wide - 1, max(0, height - 3 - below.height), look)
        if world.dynamics.layout is not None:
            board = self._boards.setdefault(self.selected, Board(world))
            picture.lay(0, 0, board.draw(picture.width, picture.height, look, Scene()))
        yield "picture", wide + 1, 2, picture
        yield "words", wide + 1, height - below.height - 1, below
