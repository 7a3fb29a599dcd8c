"""Which part of a board is seen: the mouse wheel enlarges it around the pointer."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from game.view.draw.board import Board
from game.view.shared.theme import Theme
from game.world.dynamics import Layout

#: A notch of the wheel enlarges by this factor: two of them double.
NOTCH = 2**0.5
#: A cell is enlarged up to this side in pixels, as long as the board has at most so many pixels in all.
LARGEST_CELL, MOST_PIXELS = 48, 16_000_000


@dataclass(frozen=True, slots=True)
class Zoom:
    """How much larger than fitting a board is, and which of its points lies still.

    ``place`` is that point on the board in cells, (x, y), and ``pixel`` where it lies.
    """

    factor: float = 1.0
    place: tuple[float, float] = (0.0, 0.0)
    pixel: tuple[int, int] = (0, 0)

    def turned(self, notches: int, pixel: tuple[int, int], board: Board) -> Zoom:
        """The zoom after the wheel was turned with the pointer at ``pixel``, on ``board`` as it is now."""
        layout = board.layout
        cell = board.cell / self.factor
        room = (MOST_PIXELS / (layout.width * layout.height)) ** 0.5
        most = max(1.0, min(LARGEST_CELL, room) / cell)
        factor = max(1.0, min(most, self.factor * NOTCH**notches))
        if factor < 1.1:
            return Zoom()
        x, y = (pixel[0] - board.rect.left) / board.cell, (pixel[1] - board.rect.top) / board.cell
        return Zoom(factor, (x, y), pixel)

    def board(self, layout: Layout, area: pygame.Rect, theme: Theme) -> tuple[Board, pygame.Rect]:
        """The board for ``area``, and the part of ``area`` where it is seen."""
        size = round(area.width * self.factor), round(area.height * self.factor)
        board = Board(layout, pygame.Rect(area.topleft, size), theme)
        board.rect.topleft = area.topleft
        if self.factor > 1.0:
            left = self.pixel[0] - self.place[0] * board.cell
            top = self.pixel[1] - self.place[1] * board.cell
            board.rect.left = round(max(area.right - board.rect.width, min(area.left, left)))
            board.rect.top = round(max(area.bottom - board.rect.height, min(area.top, top)))
            if board.rect.width <= area.width:
                board.rect.left = area.left
            if board.rect.height <= area.height:
                board.rect.top = area.top
        return board, area.clip(board.rect)
