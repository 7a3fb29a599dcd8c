"""A rectangle of characters to draw on, and what differs between two of them."""

from __future__ import annotations

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from game.view.lesson.text import spelt
from game.view.terminal.kit.look import Look


class Grid:
    """``height`` rows of ``width`` cells, each a character and its style; what is put outside is cut off.

    A character that takes two cells has "" in the second.
    """

    def __init__(self, width: int, height: int, look: Look, blank: Style | None = None) -> None:
        self.width, self.height, self.look = max(0, width), max(0, height), look
        cell = (" ", blank or look.style())
        self.rows: list[list[tuple[str, Style]]] = [[cell] * self.width for _ in range(self.height)]

    def put(self, x: int, y: int, text: str, style: Style, width: int | None = None) -> int:
        """Write ``text`` from column ``x`` in row ``y``, cut with an ellipsis to ``width``; returns where it ends."""
        text = self.written(text)
        if width is not None:
            text = fitted(text, width, self.look.unicode)
        if not 0 <= y < self.height:
            return x + cell_len(text)
        row = self.rows[y]
        for letter in text:
            size = 1 if letter < "\u0300" else get_character_cell_size(letter)
            if size and x >= 0 and x + size <= self.width:
                row[x] = (letter, style)
                if size == 2:
                    row[x + 1] = ("", style)
            x += size
        return x

    def right(self, x: int, y: int, text: str, style: Style) -> int:
        """Write ``text`` so that it ends before column ``x``; returns where it begins."""
        left = x - cell_len(self.written(text))
        self.put(left, y, text, style)
        return left

    def fill(self, x: int, y: int, width: int, height: int, style: Style) -> None:
        """Blank a rectangle."""
        for row in self.rows[max(0, y) : max(0, y + height)]:
            for column in range(max(0, x), min(self.width, x + width)):
                row[column] = (" ", style)

    def lay(self, x: int, y: int, other: Grid) -> None:
        """Copy another grid to here."""
        for k, row in enumerate(other.rows):
            if 0 <= y + k < self.height and x >= 0:
                room = max(0, self.width - x)
                self.rows[y + k][x : x + len(row[:room])] = row[:room]

    def written(self, text: str) -> str:
        """``text`` as it can be written here: in ASCII where the terminal has no more."""
        return text if self.look.unicode or text.isascii() else spelt(text)

    def text(self) -> str:
        """What is written, without styles."""
        return "\n".join("".join(letter for letter, _ in row).rstrip() for row in self.rows)

    def strip(self, y: int) -> Strip:
        """A row for Textual."""
        if not 0 <= y < self.height:
            return Strip.blank(self.width, self.look.style())
        segments: list[Segment] = []
        run: list[str] = []
        last: Style | None = None
        for letter, style in self.rows[y]:
            if style is not last and run:
                segments.append(Segment("".join(run), last))
                run = []
            run.append(letter)
            last = style
        if run:
            segments.append(Segment("".join(run), last))
        return Strip(segments, self.width)

    def changes(self, before: Grid) -> list[tuple[int, int, int]]:
        """(row, first column, columns) of each row that differs from a grid of the same size."""
        found = []
        for y, (row, old) in enumerate(zip(self.rows, before.rows, strict=True)):
            if row != old:
                different = [x for x, (now, was) in enumerate(zip(row, old, strict=True)) if now != was]
                found.append((y, different[0], different[-1] + 1 - different[0]))
        return found


def fitted(text: str, width: int, unicode: bool = True) -> str:
    """``text``, cut with an ellipsis if it takes more than ``width`` cells."""
    if cell_len(text) <= width:
        return text
    dots = "…" if unicode else "."
    while text and cell_len(text) > width - len(dots):
        text = text[:-1]
    return (text.rstrip() + dots) if width > 0 else ""


def first_fitting(words: tuple[str, ...], width: int) -> str:
    """The first of ``words`` that takes at most ``width`` cells, else the last, to be cut."""
    return next((text for text in words if cell_len(text) <= width), words[-1])
