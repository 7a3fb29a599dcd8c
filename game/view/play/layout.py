"""Where everything lies in the window of a match."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from game.view.shared.theme import Role, Style

#: The words that a whole class must read are larger by this factor where the window has room …
BIG = 1.4
#: … for this many of them in a row.
BIG_ROOM = 52
#: Two boards lie one above the other when their cells are at least this much larger so.
STACKING_GAIN = 1.25


@dataclass(frozen=True, slots=True)
class MatchLayout:
    """Rectangles in pixels: ``header`` the level and the opponent, ``rules`` those of the world.

    ``sides`` are a person's half and the policy's, each ``heads`` over ``boards``; ``field`` all of both; ``card`` the
    score and what is said; ``bar`` the keys.  ``stacked``: one above the other.
    """

    header: pygame.Rect
    rules: pygame.Rect
    heads: tuple[pygame.Rect, pygame.Rect]
    boards: tuple[pygame.Rect, pygame.Rect]
    field: pygame.Rect
    card: pygame.Rect
    bar: pygame.Rect
    stacked: bool


def big_style(size: tuple[int, int], style: Style) -> Style:
    """The style for names, returns and verdicts."""
    return Style(style.theme, max(style.text, min(round(BIG * style.text), size[0] // BIG_ROOM)))


def match_layout(
    size: tuple[int, int], style: Style, shape: tuple[int, int], bar_height: int, rules_height: int = 0
) -> MatchLayout:
    """The layout for a window of ``size`` and boards of ``shape`` (rows, columns)."""
    width, height = size
    margin, gap = style.px(24), style.px(12)
    inner = width - 2 * margin
    big = big_style(size, style)
    header = pygame.Rect(margin, style.px(14), inner, _line(style, "title"))
    rules = pygame.Rect(margin, header.bottom + style.px(4), inner, rules_height)
    bar = pygame.Rect(margin, height - bar_height - style.px(10), inner, bar_height)
    card_height = _line(big, "title") + _line(style, "text") + style.px(28)
    card = pygame.Rect(margin, bar.top - style.px(10) - card_height, inner, card_height)
    field = pygame.Rect(margin, rules.bottom + gap, inner, card.top - gap - rules.bottom - gap)
    head = _line(big, "title") + style.px(8)
    wide = (inner - margin) // 2
    beside = pygame.Rect(field.left, field.top, wide, field.height)
    above = pygame.Rect(field.left, field.top, inner, (field.height - gap) // 2)
    gain = 1.0 if height > width else STACKING_GAIN
    stacked = _cell(above, head, shape) > gain * _cell(beside, head, shape)
    half = above if stacked else beside
    half.height = min(half.height, head + int(_cell(half, head, shape)) * shape[0] + 2)
    if stacked:
        between = min(style.px(36), field.height - 2 * half.height)
        half.top = field.top + (field.height - 2 * half.height - between) // 2
        halves = [half, half.move(0, half.height + between)]
    else:
        half.centery = field.centery
        halves = [half, half.move(field.right - half.right, 0)]
    heads = tuple(pygame.Rect(area.left, area.top, area.width, head - style.px(8)) for area in halves)
    boards = tuple(pygame.Rect(area.left, area.top + head, area.width, area.height - head) for area in halves)
    return MatchLayout(header, rules, (heads[0], heads[1]), (boards[0], boards[1]), field, card, bar, stacked)


def _line(style: Style, role: Role) -> int:
    return round(style.text * (1.4 if role == "title" else 1.0) * 1.35)


def _cell(area: pygame.Rect, head: int, shape: tuple[int, int]) -> float:
    return min(area.width / shape[1], (area.height - head) / shape[0])
