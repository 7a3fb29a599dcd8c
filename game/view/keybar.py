"""The keys on screen: a bar of key caps that is always in sight, and a help screen with all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from game.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from game.keys import Screen
    from game.view.text import Pen


def bar_height(pen: Pen) -> int:
    """The height that :func:`draw_bar` needs."""
    return pen.height() + pen.style.px(8)


def draw_bar(surface: pygame.Surface, pen: Pen, screen: Screen, rect: pygame.Rect) -> None:
    """Draw the key caps of ``screen`` into ``rect``, as many as fit in the table's order, help always among them."""
    theme, gap = pen.style.theme, pen.style.px(14)
    keys = [key for key in KEYS[screen] if key.bar]

    def width(key_cap: str, word: str) -> int:
        return pen.cap_width(key_cap) + pen.style.px(6) + pen.width(word) + gap

    help_key = next(key for key in keys if key.action == "help")
    room = rect.width - width(help_key.cap, help_key.short)
    chosen = []
    for key in keys:
        needed = width(key.cap, key.short)
        if key is not help_key and needed <= room:
            chosen.append(key)
            room -= needed
        elif key is not help_key:
            break
    left = rect.left
    for key in [*chosen, help_key]:
        cap = pen.cap(surface, key.cap, left, rect.centery)
        word = pen.text(surface, key.short, (cap.right + pen.style.px(6), rect.centery), "midleft", colour=theme.quiet)
        left = word.right + gap


def draw_help(
    surface: pygame.Surface, pen: Pen, screen: Screen, title: str, facts: Sequence[tuple[str, str]] = ()
) -> None:
    """Cover the window with all keys of ``screen`` and, below them, ``facts`` as (label, value)."""
    style, theme = pen.style, pen.style.theme
    window = surface.get_rect()
    inside = pen.cover(surface, window.inflate(-2 * style.px(20), -2 * style.px(16)), theme.policy)
    pen.text(surface, title, inside.topleft, role="title", width=inside.width)
    keys = KEYS[screen]
    top = inside.top + pen.height("title") + style.px(10)
    line = pen.height() + style.px(9)
    foot = _facts_height(pen, facts, inside.width)
    rows = max(1, (inside.bottom - foot - top) // line)
    columns = 1 if len(keys) <= rows else 2
    rows = -(-len(keys) // columns)
    line = min(line, (inside.bottom - foot - top) // rows)
    wide = inside.width // columns
    for column in range(columns):
        part = keys[column * rows : (column + 1) * rows]
        indent = max((pen.cap_width(key.cap) for key in part), default=0) + style.px(12)
        for number, key in enumerate(part):
            left, middle = inside.left + column * wide, top + number * line + line // 2
            pen.cap(surface, key.cap, left, middle)
            room = wide - indent - style.px(14)
            lines = pen.wrapped(key.help, room, 2) if line >= 2 * pen.height() else [pen.fitted(key.help, room)]
            for k, words in enumerate(lines):
                y = middle + round((k - (len(lines) - 1) / 2) * pen.height())
                pen.text(surface, words, (left + indent, y), "midleft")
    _draw_facts(surface, pen, facts, pygame.Rect(inside.left, inside.bottom - foot, inside.width, foot))


def _facts_lines(pen: Pen, facts: Sequence[tuple[str, str]], width: int) -> list[str]:
    text = "   ·   ".join(f"{label} {value}".replace(" ", "\u00a0") for label, value in facts)
    return pen.wrapped(text.replace("\u00a0·\u00a0", " · "), width, 4) if facts else []


def _facts_height(pen: Pen, facts: Sequence[tuple[str, str]], width: int) -> int:
    lines = len(_facts_lines(pen, facts, width))
    return lines * pen.height() + pen.style.px(14) if lines else 0


def _draw_facts(surface: pygame.Surface, pen: Pen, facts: Sequence[tuple[str, str]], rect: pygame.Rect) -> None:
    theme = pen.style.theme
    top = rect.top + pen.style.px(12)
    if rect.height:
        pygame.draw.line(surface, theme.edge, (rect.left, rect.top + 4), (rect.right, rect.top + 4))
    for number, words in enumerate(_facts_lines(pen, facts, rect.width)):
        pen.text(surface, words, (rect.left, top + number * pen.height()), colour=theme.quiet)
