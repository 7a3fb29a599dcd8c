"""The ways of two episodes on one board, told apart by colour, by line and by where in the cell they run."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import pygame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from game.view.board import Board
    from game.view.theme import Colour

#: How far beside the middle of the cells each way runs, in cells.
PERSON_OFFSET = -0.13
POLICY_OFFSET = 0.13
#: A dash and the gap after it, in widths of the line.
DASH = 2.6


def draw_way(
    surface: pygame.Surface,
    board: Board,
    places: Sequence[Sequence[float]],
    offset: float,
    colour: Colour,
    style: Literal["solid", "dashed"],
) -> None:
    """Draw the way through ``places`` (row, column), beside the cells' middles by ``offset`` cells both ways.

    It ends in a disc where it is solid, in a square where it is dashed.
    """
    points = [board.centre(row + offset, column + offset) for row, column in places]
    width = max(2, round(board.cell * 0.07))
    # A way walked twice, or back again, is drawn once: else the gaps between dashes would be filled.
    for start, end in dict.fromkeys((min(pair), max(pair)) for pair in pairwise(points)):
        (dashed if style == "dashed" else line)(surface, colour, start, end, width)
    size = max(3, round(board.cell * 0.12))
    if style == "solid":
        pygame.draw.circle(surface, colour, points[-1], size)
    else:
        square = pygame.Rect(0, 0, 2 * size, 2 * size)
        square.center = round(points[-1][0]), round(points[-1][1])
        pygame.draw.rect(surface, colour, square)


def line(
    surface: pygame.Surface, colour: Colour, start: tuple[float, float], end: tuple[float, float], width: int
) -> None:
    """A straight line with round ends."""
    pygame.draw.line(surface, colour, start, end, width)
    if width > 2:
        for point in (start, end):
            pygame.draw.circle(surface, colour, point, (width - 1) // 2)


def dashed(
    surface: pygame.Surface, colour: Colour, start: tuple[float, float], end: tuple[float, float], width: int
) -> None:
    """A straight line of dashes."""
    begin, along = pygame.Vector2(start), pygame.Vector2(end) - pygame.Vector2(start)
    length = along.length()
    if length == 0.0:
        return
    count = max(1, round(length / (2 * DASH * width)))
    for k in range(count):
        first, last = begin + along * (k / count), begin + along * ((k + 0.55) / count)
        pygame.draw.line(surface, colour, first, last, width)
