"""Where everything lies in the window of a match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame

if TYPE_CHECKING:
    from game.view.theme import Style

#: Two boards lie one above the other when their cells are at least this much larger so.
STACKING_GAIN = 1.25


@dataclass(frozen=True, slots=True)
class MatchLayout:
    """Rectangles in pixels: ``header`` the level and the opponent, ``sides`` a person's half and the policy's, each
    ``heads`` over ``boards``; ``card`` the score and what is said; ``bar`` the keys.  ``stacked``: one above the other.
    """

    header: pygame.Rect
    heads: tuple[pygame.Rect, pygame.Rect]
    boards: tuple[pygame.Rect, pygame.Rect]
    card: pygame.Rect
    bar: pygame.Rect
    stacked: bool


def match_layout(size: tuple[int, int], style: Style, shape: tuple[int, int], bar_height: int) -> MatchLayout:
    """The layout for a window of ``size`` and boards of ``shape`` (rows, columns)."""
    width, height = size
    margin, gap = style.px(24), style.px(12)
    inner = width - 2 * margin
    header = pygame.Rect(margin, style.px(14), inner, _line(style, "title"))
    bar = pygame.Rect(margin, height - bar_height - style.px(10), inner, bar_height)
    card_height = _line(style, "title") + _line(style, "text") + style.px(28)
    card = pygame.Rect(margin, bar.top - style.px(10) - card_height, inner, card_height)
    field = pygame.Rect(margin, header.bottom + gap, inner, card.top - gap - header.bottom - gap)
    head = _line(style, "title") + style.px(8)
    beside = (
        pygame.Rect(field.left, field.top, (inner - margin) // 2, field.height),
        pygame.Rect(field.right - (inner - margin) // 2, field.top, (inner - margin) // 2, field.height),
    )
    half = (field.height - gap) // 2
    above = (
        pygame.Rect(field.left, field.top, inner, half),
        pygame.Rect(field.left, field.bottom - half, inner, half),
    )
    stacked = _cell(above[0], head, shape) > (1.0 if height > width else STACKING_GAIN) * _cell(beside[0], head, shape)
    halves = [_centred(area, head, shape) for area in (above if stacked else beside)]
    heads = tuple(pygame.Rect(area.left, area.top, area.width, head - style.px(8)) for area in halves)
    boards = tuple(pygame.Rect(area.left, area.top + head, area.width, area.height - head) for area in halves)
    return MatchLayout(header, (heads[0], heads[1]), (boards[0], boards[1]), card, bar, stacked)


def _line(style: Style, role: str) -> int:
    return round(style.text * (1.4 if role == "title" else 1.0) * 1.35)


def _cell(area: pygame.Rect, head: int, shape: tuple[int, int]) -> float:
    return min(area.width / shape[1], (area.height - head) / shape[0])


def _centred(area: pygame.Rect, head: int, shape: tuple[int, int]) -> pygame.Rect:
    """The part of ``area`` that a head and a board take, in its middle from top to bottom."""
    used = min(area.height, head + int(_cell(area, head, shape)) * shape[0] + 2)
    return pygame.Rect(area.left, area.top + (area.height - used) // 2, area.width, used)
