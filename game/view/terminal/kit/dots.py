"""Plots in characters: 2 × 4 dots each in braille, or one sign each where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from game.view.terminal.kit.grid import Grid
    from game.view.terminal.kit.look import Ink

#: The bit of each dot of a braille character, by row and column.
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint8)


#: Most dots of a piece of a line; no screen is so large.
LONGEST = 2000


class Plot:
    """``width`` by ``height`` characters whose axes go over ``x`` and ``y`` (low, high).

    Without braille a point is the ``sign`` that it is drawn with.  Of curves that cross in a character the last is
    drawn alone, so that its line stays one.
    """

    def __init__(
        self, grid: Grid, place: tuple[int, int, int, int], x: tuple[float, float], y: tuple[float, float]
    ) -> None:
        self.grid, (self.left, self.top) = grid, place[:2]
        self.width, self.height = max(0, place[2]), max(0, place[3])
        self.x, self.y = x, y
        self.across, self.down = (2, 4) if grid.look.braille else (1, 1)

    def points(self, x: NDArray[np.float64], y: NDArray[np.float64], ink: Ink, sign: str, bold: bool = False) -> None:
        """Draw single points; those outside are left out."""
        self._draw(*self._places(x, y), ink, sign, bold)

    def marks(self, x: NDArray[np.float64], y: NDArray[np.float64], ink: Ink, sign: str) -> None:
        """Draw points that are to be seen, each as a character of its own."""
        style = self.grid.look.style(ink, bold=True)
        for column, row in zip(*self._places(x, y), strict=True):
            across, down = int(column) // self.across, int(row) // self.down
            if 0 <= across < self.width and 0 <= down < self.height:
                self.grid.put(self.left + across, self.top + down, sign, style)

    def line(self, x: NDArray[np.float64], y: NDArray[np.float64], ink: Ink, sign: str, bold: bool = False) -> None:
        """Draw a line through points."""
        if not len(x):
            return
        columns, rows = self._places(x, y)
        if len(x) > 1:
            steps = np.maximum(np.abs(np.diff(columns)), np.abs(np.diff(rows)))
            count = np.minimum(steps, LONGEST).astype(int) + 1  # points of each piece, both ends among them
            piece = np.repeat(np.arange(len(count)), count)
            share = (np.arange(len(piece)) - (np.cumsum(count) - count)[piece]) / np.maximum(1, count - 1)[piece]
            columns = columns[piece] + share * np.diff(columns)[piece]
            rows = rows[piece] + share * np.diff(rows)[piece]
            columns, rows = np.append(columns, columns[-1:]), np.append(rows, rows[-1:])
        self._draw(columns, rows, ink, sign, bold)

    def level(self, y: float, ink: Ink, dashed: bool = True) -> None:
        """Draw a level line over the whole width, of characters of its own, over what is there."""
        row = self.row(y)
        if row is not None:
            sign = ("╌" if dashed else "─") if self.grid.look.unicode else "-"
            self.grid.put(self.left, row, sign * self.width, self.grid.look.style(ink))

    def row(self, y: float) -> int | None:
        """The grid's row at a height; None outside."""
        share = (y - self.y[0]) / (self.y[1] - self.y[0])
        row = int((1.0 - share) * self.height * self.down) // self.down if share > 0 else self.height - 1
        return self.top + row if 0.0 <= share <= 1.0 and row < self.height else None

    def _places(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Columns and rows of dots."""
        spans = [(high - low) or 1.0 for low, high in (self.x, self.y)]
        columns = (np.asarray(x) - self.x[0]) / spans[0] * (self.width * self.across - 1)
        rows = (self.y[1] - np.asarray(y)) / spans[1] * (self.height * self.down - 1)
        return np.rint(columns), np.rint(np.clip(rows, -1e6, 1e6))

    def _draw(self, columns: NDArray[np.float64], rows: NDArray[np.float64], ink: Ink, sign: str, bold: bool) -> None:
        columns, rows = np.rint(columns), np.rint(rows)
        inside = (columns >= 0) & (columns < self.width * self.across) & (rows >= 0) & (rows < self.height * self.down)
        x, y = (part[inside].astype(int) for part in (columns, rows))
        masks = np.zeros((self.height, self.width), dtype=np.uint8)
        np.bitwise_or.at(masks, (y // self.down, x // self.across), _BITS[y % 4, x % 2])
        style = self.grid.look.style(ink, bold=bold)
        for row, column in np.argwhere(masks).tolist():
            at, line = self.left + column, self.top + row
            if not (0 <= at < self.grid.width and 0 <= line < self.grid.height):
                continue
            if self.grid.look.braille:
                before, last = self.grid.rows[line][at]
                there = ord(before) - 0x2800 if last is style and 0x2800 <= ord(before) < 0x2900 else 0
                self.grid.rows[line][at] = (chr(0x2800 + (int(masks[row, column]) | there)), style)
            else:
                self.grid.put(at, line, sign, style)
