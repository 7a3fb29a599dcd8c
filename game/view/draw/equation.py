"""Equations, set by matplotlib's mathtext into surfaces, each symbol in the colour of what it stands for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import pygame

from game.snapshots.lesson_page import Meaning
from game.view.shared.theme import Colour, Theme

#: Parts that a line may break before, where an equation is wider than its place.
BREAKS = ("+", r"\cdot", "=")
#: Space between two parts, in heights of the type.
GAP = 0.2


def colour_of(meaning: Meaning, theme: Theme) -> Colour:
    """The colour of what a symbol stands for; reward and environment are dark or pale enough to be read as text."""
    light = theme.name == "light"
    return {
        "ink": theme.ink,
        "quiet": theme.quiet,
        "policy": theme.policy,
        "truth": theme.truth,
        "environment": (150, 58, 120) if light else (232, 150, 200),
        "reward": (146, 92, 0) if light else (236, 184, 64),
    }[meaning]


#: Parts are measured once, at this size of type; other sizes are in proportion.
MEASURED = 100.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part at a size, in pixels: how far it moves the pen, and how far it reaches above and below the baseline."""

    text: str
    colour: Colour
    advance: int
    above: int
    below: int


class SetEquation:
    """An equation broken into lines of at most ``width`` pixels; ``size`` is the height of its type."""

    def __init__(self, parts: Sequence[tuple[str, Meaning]], size: int, width: int, theme: Theme) -> None:
        self.size = size
        self._gap, self._indent, self._leading = round(GAP * size), round(1.4 * size), round(0.25 * size)
        self._lines: list[list[_Piece]] = [[]]
        across = 0
        for group in _groups(parts):
            pieces = [_piece(text, size, colour_of(meaning, theme)) for text, meaning in group]
            wide = sum(piece.advance + self._gap for piece in pieces)
            if self._lines[-1] and across + wide - self._gap > width:
                self._lines.append([])
                across = self._indent
            self._lines[-1] += pieces
            across += wide
        self.width = max(
            sum(piece.advance + self._gap for piece in line) - self._gap + (self._indent if k else 0)
            for k, line in enumerate(self._lines)
        )
        self.height = sum(self._line_size(line)[1] for line in self._lines) + self._leading * (len(self._lines) - 1)

    @staticmethod
    def _line_size(line: list[_Piece]) -> tuple[int, int]:
        """Height above the baseline, and in all."""
        above = max(piece.above for piece in line)
        return above, above + max(piece.below for piece in line)

    def draw(self, surface: pygame.Surface, left: int, top: int) -> pygame.Rect:
        """Draw with the upper left corner at (left, top); returns the rectangle covered."""
        y = top
        for k, line in enumerate(self._lines):
            above, height = self._line_size(line)
            x = left + (self._indent if k else 0)
            for piece in line:
                image, baseline = _image(piece.text, self.size, piece.colour)
                surface.blit(image, (x, y + above - baseline))
                x += piece.advance + self._gap
            y += height + self._leading
        return pygame.Rect(left, top, self.width, self.height)


def _groups(parts: Sequence[tuple[str, Meaning]]) -> list[list[tuple[str, Meaning]]]:
    """The parts in runs that stay on one line."""
    groups: list[list[tuple[str, Meaning]]] = [[]]
    for part in parts:
        if part[0] in BREAKS and groups[-1]:
            groups.append([])
        groups[-1].append(part)
    return groups


@cache
def _mathtext() -> tuple[Any, Any, Any]:
    """Parsers for pictures and for measures, and the maker of fonts; importing matplotlib takes a moment."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    return MathTextParser("agg"), MathTextParser("path"), FontProperties


def prepare() -> None:
    """Import what sets equations and its fonts, which may be done in another thread before the first is drawn."""
    pictures, _, fonts = _mathtext()
    pictures.parse(
        r"$\widehat{\nabla_\theta J} = \mathbb{E}\,\sum_{t=0} \ln(P)$", 72, fonts(math_fontfamily="dejavusans")
    )


@cache
def _measure(text: str) -> tuple[float, float, float]:
    """Advance, reach above and below the baseline, in heights of the type."""
    _, measures, fonts = _mathtext()
    found = measures.parse(f"${text}$", 72, fonts(size=MEASURED, math_fontfamily="dejavusans"))
    return found.width / MEASURED, (found.height - found.depth) / MEASURED, found.depth / MEASURED


def _piece(text: str, size: int, colour: Colour) -> _Piece:
    advance, above, below = (math.ceil(size * share) for share in _measure(text))
    # A picture has a row of margin on either side of what was measured.
    return _Piece(text, colour, advance, above + 2, max(below, 0) + 2)


@lru_cache(maxsize=2000)
def _image(text: str, size: int, colour: Colour) -> tuple[pygame.Surface, int]:
    """A part as a picture, and where its baseline lies below its top."""
    import numpy as np

    pictures, measures, fonts = _mathtext()
    font = fonts(size=size, math_fontfamily="dejavusans")
    measured = measures.parse(f"${text}$", 72, font)
    shade = np.asarray(pictures.parse(f"${text}$", 72, font).image)
    image = pygame.Surface(shade.shape[::-1], pygame.SRCALPHA)
    image.fill((*colour, 0))
    pygame.surfarray.pixels_alpha(image)[:] = shade.T
    return image, round(measured.height - measured.depth) + 1
