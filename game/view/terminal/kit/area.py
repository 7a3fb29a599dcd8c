"""A part of the screen that shows a grid, and sends the terminal only the rows that have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from game.view.terminal.kit.grid import Grid


class Area(Widget):
    """Shows a :class:`~game.view.terminal.kit.grid.Grid` at a place of its own."""

    DEFAULT_CSS = "Area { position: absolute; width: 1; height: 1; }"
    ALLOW_SELECT = False

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.grid: Grid | None = None
        self.place: tuple[int, int, int, int] | None = None

    def show(self, x: int, y: int, grid: Grid) -> None:
        """Show ``grid`` with its corner at column ``x`` of row ``y``."""
        place = (x, y, grid.width, grid.height)
        before, self.grid = self.grid, grid
        if place != self.place or before is None:
            self.place = place
            self.styles.offset = (x, y)
            self.styles.width, self.styles.height = grid.width, grid.height
            self.display = grid.width > 0 and grid.height > 0
            self.refresh()
            return
        changed = [Region(left, row, width, 1) for row, left, width in grid.changes(before)]
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        """A row of the grid."""
        return self.grid.strip(y) if self.grid is not None else Strip.blank(self.size.width)
