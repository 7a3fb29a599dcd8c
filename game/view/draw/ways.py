"""The ways of two episodes on one board, told apart by colour, by line and by where in the cell they run."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pygame
from numpy.typing import NDArray

from game.view.draw.board import Board
from game.view.shared.theme import Colour
from game.world.dynamics import Layout

#: How far beside the middle of the cells each way runs, in cells.
PERSON_OFFSET = -0.13
POLICY_OFFSET = 0.13
#: A dash and the gap after it, in widths of the line.
DASH = 2.6


def segments(layout: Layout, states: NDArray[np.int32]) -> NDArray[np.int32]:
    """(n, 2, 2) int32: the steps of a way through ``states`` as pairs of (row, column), each of them once.

    A step back again is the same one: drawn twice, the dashes of one would fill the gaps of the other.
    """
    pair = np.sort(np.stack([states[:-1], states[1:]], axis=1).astype(np.int64), axis=1)
    once = np.unique(pair[:, 0] * len(layout.position) + pair[:, 1])
    return np.asarray(layout.position[np.stack(np.divmod(once, len(layout.position)), axis=1)])


def draw_way(
    surface: pygame.Surface,
    board: Board,
    steps: NDArray[np.int32],
    end: tuple[int, int],
    offset: float,
    colour: Colour,
    style: Literal["solid", "dashed"],
) -> None:
    """Draw the ``steps`` of a way, from :func:`segments`, beside the cells' middles by ``offset`` cells both ways.

    Its ``end`` (row, column) has a disc where it is solid, a square where it is dashed.
    """
    width = max(2, round(board.cell * 0.07))
    for here, there in steps.tolist():
        one, other = (board.centre(row + offset, column + offset) for row, column in (here, there))
        (dashed if style == "dashed" else line)(surface, colour, one, other, width)
    size = max(3, round(board.cell * 0.12))
    middle = board.centre(end[0] + offset, end[1] + offset)
    if style == "solid":
        pygame.draw.circle(surface, colour, middle, size)
    else:
        square = pygame.Rect(0, 0, 2 * size, 2 * size)
        square.center = round(middle[0]), round(middle[1])
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
