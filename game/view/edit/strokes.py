"""The strokes made on a level: done, undone, done again; and what is said of one that cannot be."""

from __future__ import annotations

from collections.abc import Callable

from game.errors import LevelError
from game.world.level import Level


class Strokes:
    """A level under edit, with everything that it was before.

    ``level`` is as it is now; ``first`` as it was at the beginning; ``refused`` is the sentence about the last stroke
    that could not be, "" after one that could.
    """

    def __init__(self, level: Level) -> None:
        self.first = self.level = level
        self.refused = ""
        self._undone: list[Level] = []
        self._done: list[Level] = []

    @property
    def changed(self) -> bool:
        """Whether the level differs from what it was at the beginning."""
        return self.level != self.first

    def stroke(self, change: Callable[[Level], Level]) -> bool:
        """Change the level; returns whether it is another one now.  What cannot be is refused, and nothing is lost."""
        try:
            level = change(self.level)
        except LevelError as error:
            self.refused = str(error)
            return False
        self.refused = ""
        if level == self.level:
            return False
        self._done.append(self.level)
        self._undone.clear()
        self.level = level
        return True

    def merge_from(self, count: int) -> None:
        """Take all strokes after the first ``count`` for one: a line drawn in one go is undone in one go."""
        del self._done[count + 1 :]

    @property
    def count(self) -> int:
        """How many strokes can be undone."""
        return len(self._done)

    def undo(self) -> bool:
        """Take the last stroke back; returns whether there was one."""
        if not self._done:
            return False
        self._undone.append(self.level)
        self.level, self.refused = self._done.pop(), ""
        return True

    def redo(self) -> bool:
        """Do again what was undone last; returns whether there was anything."""
        if not self._undone:
            return False
        self._done.append(self.level)
        self.level, self.refused = self._undone.pop(), ""
        return True
