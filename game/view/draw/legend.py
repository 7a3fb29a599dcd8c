"""The tiles of a board, each with its picture and what it does and pays."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from game.view.draw.pen import Pen
from game.view.draw.tiles import coin_sprite, tile_sprite
from game.view.shared.world_words import tile_words, tiles_on
from game.world.dynamics import Layout
from game.world.level import Tile

#: What is looked up in a legend: a tile and its words.
Entry = tuple[Tile, str]


def legend_lines(pen: Pen, layout: Layout | None, width: int, most: int = 6) -> list[list[Entry]]:
    """Return the tiles of a board in at most so many lines of ``width`` pixels; () where a board has no rules."""
    if layout is None or layout.slip is None:
        return []
    lines: list[list[Entry]] = [[]]
    left = 0
    for tile in tiles_on(layout):
        entry = (tile, pen.fitted(tile_words(tile, layout), width - _sign(pen)))
        wide = _sign(pen) + pen.width(entry[1])
        if left and left + wide > width:
            lines.append([])
            left = 0
        lines[-1].append(entry)
        left += wide + pen.style.px(18)
    return lines[:most] if lines[0] else []


def line_height(pen: Pen) -> int:
    """Return the height of a line of a legend in pixels."""
    return pen.height() + pen.style.px(5)


def draw_legend(surface: pygame.Surface, pen: Pen, lines: Sequence[Sequence[Entry]], at: tuple[int, int]) -> None:
    """Draw lines of a legend, from their upper left corner on."""
    size = pen.height()
    for k, line in enumerate(lines):
        left, top = at[0], at[1] + k * line_height(pen)
        for tile, words in line:
            surface.blit(tile_sprite(tile, size, pen.style.theme), (left, top))
            if tile.effect == "coin":
                surface.blit(coin_sprite(size), (left, top))
            frame = pygame.Rect(left, top, size, size)
            pygame.draw.rect(surface, pen.style.theme.grid, frame, 1)
            place = (left + _sign(pen), top + size // 2)
            left = pen.text(surface, words, place, "midleft").right + pen.style.px(18)


def _sign(pen: Pen) -> int:
    """Return the width of a tile's picture and the gap behind it."""
    return pen.height() + pen.style.px(7)
