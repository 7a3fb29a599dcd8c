"""How large a cell of the board is in characters, and which part of the board is seen."""

from __future__ import annotations

from dataclasses import dataclass

from game.world.dynamics import Layout


@dataclass(frozen=True, slots=True)
class Scale:
    """A cell is ``width`` columns by ``height`` rows; ``half``: two cells share a character, one above the other."""

    width: int
    height: int
    half: bool = False

    def size(self, rows: int, columns: int) -> tuple[int, int]:
        """(columns, rows) of characters that so many cells take."""
        return columns * self.width, -(-rows // 2) if self.half else rows * self.height

    def room(self, width: int, height: int) -> tuple[int, int]:
        """(rows, columns) of cells that so many characters have room for."""
        return height * (2 if self.half else 1) // self.height, width // self.width


HALF = Scale(1, 1, half=True)
#: From small to large; characters are about twice as high as wide.
SCALES = (HALF, Scale(2, 1), Scale(4, 2), Scale(8, 4), Scale(12, 6))
#: Where there are no colours or no blocks for halves.
PLAIN_SCALES = (Scale(1, 1), *SCALES[1:])


class Camera:
    """Which cells are seen at which scale; it follows a focus where the board is larger than its place.

    ``zoom`` counts the steps that a person made the cells larger than what fits.
    """

    def __init__(self, layout: Layout, scales: tuple[Scale, ...] = SCALES) -> None:
        self.layout, self.scales = layout, scales
        self.zoom = 0
        self.scale = scales[0]
        self.top = self.left = self.rows = self.columns = 0
        self._fitting = 0

    def place(self, width: int, height: int, focus: tuple[int, int]) -> None:
        """Look at the board through ``width`` by ``height`` characters, with the cell ``focus`` in sight."""
        fitting = [
            k
            for k, scale in enumerate(self.scales)
            if all(a <= b for a, b in zip(scale.size(*self._whole), (width, height), strict=True))
        ]
        self._fitting = max(fitting, default=0)
        self.zoom = max(0, min(self.zoom, len(self.scales) - 1 - self._fitting))
        self.scale = self.scales[self._fitting + self.zoom]
        rows, columns = self.scale.room(width, height)
        self.rows, self.columns = min(rows, self.layout.height), min(columns, self.layout.width)
        self.top = _following(self.top, self.rows, self.layout.height, focus[0])
        self.left = _following(self.left, self.columns, self.layout.width, focus[1])
        if self.scale.half and self.top % 2:  # a character begins with an even row
            self.top += 1
            self.rows = min(self.rows, self.layout.height - self.top)

    @property
    def _whole(self) -> tuple[int, int]:
        return self.layout.height, self.layout.width

    @property
    def partial(self) -> bool:
        """Whether some of the board is out of sight."""
        return self.rows < self.layout.height or self.columns < self.layout.width

    def size(self) -> tuple[int, int]:
        """(columns, rows) of characters in use."""
        return self.scale.size(self.rows, self.columns)

    def turn(self, steps: int) -> None:
        """Larger cells, or smaller ones again; never smaller than what fits."""
        self.zoom = max(0, min(self.zoom + steps, len(self.scales) - 1 - self._fitting))

    def corner(self, row: int, column: int) -> tuple[int, int] | None:
        """(x, y) of the first character of a cell; None where it is out of sight."""
        row, column = row - self.top, column - self.left
        if not (0 <= row < self.rows and 0 <= column < self.columns):
            return None
        return column * self.scale.width, row // 2 if self.scale.half else row * self.scale.height

    def cell(self, x: int, y: int) -> tuple[int, int] | None:
        """The cell (row, column) at a character; None beside the board."""
        row, column = y * (2 if self.scale.half else 1) // self.scale.height, x // self.scale.width
        if x < 0 or y < 0 or row >= self.rows or column >= self.columns:
            return None
        return row + self.top, column + self.left


def _following(first: int, seen: int, whole: int, focus: int) -> int:
    """The first cell to show, moved no more than needed to have the focus and a few cells around it in sight."""
    margin = min(3, (seen - 1) // 2)
    first = min(first, focus - margin)
    first = max(first, focus + margin - seen + 1)
    return max(0, min(first, whole - seen))
