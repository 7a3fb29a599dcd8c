"""A number in every cell: as a colour, and in figures where they fit."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray

from game.view.draw.board import Board
from game.view.draw.pen import Pen
from game.view.shared.numbers import number, short_count
from game.view.shared.theme import VIRIDIS, ramp, readable_on
from game.world.level import DIRECTIONS

#: Viridis without its darkest end, in steps too small to see.
SCALE = tuple(ramp(VIRIDIS, 0.08 + 0.92 * step / 127) for step in range(128))


class Heat:
    """Coloured cells of one board; set once for each change, then drawn in every frame."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self._layer: pygame.Surface | None = None
        self._words: list[tuple[str, tuple[int, int], tuple[int, int, int]]] = []

    def set(self, pen: Pen, places: NDArray[np.int32], values: NDArray[np.float64], counts: bool) -> None:
        """Show ``values`` (n,) at the cells ``places`` (n, 2); ``counts`` are drawn on a logarithmic scale."""
        board = self.board
        scale = np.log1p(values) if counts else values
        low, high = (float(scale.min()), float(scale.max())) if len(scale) else (0.0, 0.0)
        share = (scale - low) / ((high - low) or 1.0)
        self._layer = pygame.Surface(board.rect.size, pygame.SRCALPHA)
        self._words = []
        inset = -2 * round(0.07 * board.cell)
        room = board.cell * 0.9
        decimals = 2 if board.cell > 3.6 * pen.height() else 1
        for (row, column), value, part in zip(places.tolist(), values.tolist(), share.tolist(), strict=True):
            rect = board.cell_rect(row, column).inflate(inset, inset)
            colour = SCALE[round(part * (len(SCALE) - 1))]
            radius = round(0.08 * board.cell)
            pygame.draw.rect(self._layer, colour, rect.move(-board.rect.left, -board.rect.top), border_radius=radius)
            if board.cell >= 2 * pen.height():
                word = short_count(int(value)) if counts else number(value, decimals)
                if pen.width(word) <= room:
                    self._words.append((word, rect.center, readable_on(colour)))

    def set_actions(
        self, pen: Pen, places: NDArray[np.int32], values: NDArray[np.float64], actions: tuple[str, ...]
    ) -> None:
        """Show ``values`` (n, A) at the cells ``places`` (n, 2), each towards where its action leads."""
        board = self.board
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
        share = (values - low) / ((high - low) or 1.0)
        self._layer = pygame.Surface(board.rect.size, pygame.SRCALPHA)
        self._words = []
        side = max(2, round(0.29 * board.cell))
        steps = [DIRECTIONS.get(action, (0, 0)) for action in actions]
        for (row, column), numbers, parts in zip(places.tolist(), values.tolist(), share.tolist(), strict=True):
            cell = board.cell_rect(row, column)
            best = max(numbers)
            for (down, right), value, part in zip(steps, numbers, parts, strict=True):
                rect = pygame.Rect(0, 0, side, side)
                rect.center = (
                    round(cell.centerx + right * 0.32 * cell.width),
                    round(cell.centery + down * 0.32 * cell.width),
                )
                colour = SCALE[round(part * (len(SCALE) - 1))]
                place = rect.move(-board.rect.left, -board.rect.top)
                pygame.draw.rect(self._layer, colour, place, border_radius=round(0.2 * side))
                if value >= best - 1e-12 * max(1.0, abs(best)):  # the best action has a frame
                    pygame.draw.rect(self._layer, board.theme.ink, place, max(1, side // 14), round(0.2 * side))
                word = number(value, 2)
                if side > 1.6 * pen.height() and pen.width(word) <= 0.92 * side:
                    self._words.append((word, rect.center, readable_on(colour)))

    def clear(self) -> None:
        """Show none."""
        self._layer, self._words = None, []

    def draw(self, surface: pygame.Surface, pen: Pen) -> None:
        """Draw what was set last."""
        if self._layer is not None:
            surface.blit(self._layer, self.board.rect)
            for word, place, colour in self._words:
                pen.text(surface, word, place, "center", colour=colour)
