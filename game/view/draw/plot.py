"""What every plot is drawn with: lines, dashes, dots and bars with smooth edges, and where a legend's entries stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray

from game.view.draw.tiles import SUPER
from game.view.shared.theme import Colour, mixed

#: Pixels; what lies further out is drawn as if it lay there, since pygame counts in 32 bits.
FAR = 20_000.0


def draw_line(surface: pygame.Surface, colour: Colour, points: NDArray[np.float64], width: int) -> None:
    """Draw a line through ``points`` (n, 2), in pixels, ``width`` pixels wide; a single point is drawn as a dot."""
    points = np.clip(points, -FAR, FAR)
    if len(points) == 1:
        pygame.draw.aacircle(surface, colour, points[0].tolist(), width)
    if len(points) < 2:
        return
    if width > 4:  # fine lines beside each other leave seams in a wide one
        pygame.draw.lines(surface, colour, False, points.tolist(), width - 2)
    for offset in np.linspace(-(width - 1) / 2, (width - 1) / 2, width):
        for shift in np.array([[0.0, offset], [offset, 0.0]]):
            pygame.draw.aalines(surface, colour, False, (points + shift).tolist())


def draw_level(surface: pygame.Surface, colour: Colour, left: int, right: int, y: int, width: int) -> None:
    """Draw a level line, whose edges are those of the pixels."""
    pygame.draw.line(surface, colour, (left, y), (right, y), width)


def draw_dashes(surface: pygame.Surface, colour: Colour, points: NDArray[np.float64], width: int, dash: int) -> None:
    """Draw dashes of ``dash`` pixels along the line through ``points`` (n, 2)."""
    if len(points) < 2:
        return
    points = np.clip(points, -FAR, FAR)
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
    level = bool((points[:, 1] == points[0, 1]).all())
    for begin in np.arange(0.0, along[-1], round(1.6 * dash)):
        inside = along[(along > begin) & (along < begin + dash)]
        marks = np.concatenate([[begin], inside, [min(begin + dash, along[-1])]])
        piece = np.column_stack([np.interp(marks, along, points[:, k]) for k in (0, 1)])
        if level:
            draw_level(surface, colour, round(piece[0, 0]), round(piece[-1, 0]), round(piece[0, 1]), width)
            continue
        way = piece[-1] - piece[0]
        across = np.array([-way[1], way[0]]) / np.hypot(*way)
        for offset in np.linspace(-(width - 1) / 2, (width - 1) / 2, 2 * width - 1):  # a dash ends at right angles
            pygame.draw.aalines(surface, colour, False, (piece + offset * across).tolist())


def draw_dots(
    surface: pygame.Surface, colour: Colour, points: NDArray[np.float64], size: int, hole: Colour | None = None
) -> None:
    """Draw a dot of ``size`` pixels at each of ``points`` (n, 2); with the colour of a ``hole`` it is a ring."""
    dot = _dot(colour, size, hole)
    corners = np.clip(points, -FAR, FAR) - dot.get_width() / 2
    surface.fblits([(dot, (x, y)) for x, y in corners.tolist()])


@lru_cache(maxsize=64)
def _dot(colour: Colour, size: int, hole: Colour | None) -> pygame.Surface:
    dot = pygame.Surface((size * SUPER, size * SUPER), pygame.SRCALPHA)
    dot.fill((*colour, 0))
    radius = size * SUPER / 2
    pygame.draw.circle(dot, colour, (radius, radius), radius)
    if hole is not None:
        pygame.draw.circle(dot, hole, (radius, radius), radius / 2)
    return pygame.transform.smoothscale(dot, (size, size))


def draw_bars(
    surface: pygame.Surface, colour: Colour, ground: Colour, points: NDArray[np.float64], base: float
) -> None:
    """Draw a bar from the height ``base`` to each of ``points`` (n, 2), nearly as wide as they are apart.

    Where an edge lies within a column of pixels, that is mixed with ``ground``, the colour behind the bars.
    """
    points = np.clip(points, -FAR, FAR)
    apart = float(np.diff(points[:, 0]).min()) if len(points) > 1 else 20.0
    wide = max(2.0, 0.86 * apart)
    for x, y in points.tolist():
        left, right = x - wide / 2, x + wide / 2
        top, height = round(min(y, base)), round(max(y, base)) - round(min(y, base))
        first, end = int(np.ceil(left)), int(np.floor(right))
        pygame.draw.rect(surface, colour, pygame.Rect(first, top, end - first, height))
        for column, share in ((first - 1, first - left), (end, right - end)):
            pygame.draw.rect(surface, mixed(colour, ground, 1.0 - share), pygame.Rect(column, top, 1, height))


def flow(widths: Sequence[int], room: int, gap: int) -> list[tuple[int, int]]:
    """Return (line, left edge) of each entry of a legend, ``gap`` pixels apart in lines of ``room`` pixels."""
    places: list[tuple[int, int]] = []
    line, left = 0, 0
    for width in widths:
        if left and left + width > room:
            line, left = line + 1, 0
        places.append((line, left))
        left += width + gap
    return places
