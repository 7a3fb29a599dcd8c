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
    unit, window, keys = pen.style.px, surface.get_rect(), KEYS[screen]
    _dim(surface, pen)
    largest = window.inflate(-2 * unit(20), -2 * unit(14))
    most = largest.width - 2 * unit(14)
    head, foot = pen.height("title") + unit(12), _facts_height(pen, facts, most)
    room = largest.height - 2 * unit(10) - head - foot
    indent = max(pen.cap_width(key.cap) for key in keys) + unit(12)
    longest = indent + max(pen.width(key.help) for key in keys) + unit(20)
    columns = 1 if len(keys) * (pen.height() + unit(9)) <= room or 2 * longest > 3 * most else 2
    columns = 2 if len(keys) * (pen.height() + unit(2)) > room else columns
    rows = -(-len(keys) // columns)
    line = min(pen.height() + unit(18), room // rows)
    wide = min(longest, most // columns)
    facts_width = max((pen.width(words) for words in _facts_lines(pen, facts, most)), default=0)
    card = pygame.Rect(0, 0, max(columns * wide, facts_width) + 2 * unit(14), head + rows * line + foot + 2 * unit(10))
    card.center = window.center
    inside = pen.cover(surface, card, pen.style.theme.policy)
    pen.text(surface, title, inside.topleft, role="title", width=inside.width)
    for number, key in enumerate(keys):
        left = inside.left + number // rows * wide
        middle = inside.top + head + number % rows * line + line // 2
        pen.cap(surface, key.cap, left, middle)
        space = wide - indent - unit(14)
        lines = pen.wrapped(key.help, space, 2) if line >= 2 * pen.height() else [pen.fitted(key.help, space)]
        for k, words in enumerate(lines):
            y = middle + round((k - (len(lines) - 1) / 2) * pen.height())
            pen.text(surface, words, (left + indent, y), "midleft")
    _draw_facts(surface, pen, facts, pygame.Rect(inside.left, inside.bottom - foot, inside.width, foot))


def _dim(surface: pygame.Surface, pen: Pen) -> None:
    """Let what is there fade into the paper."""
    veil = pygame.Surface(surface.get_size())
    veil.fill(pen.style.theme.paper)
    veil.set_alpha(190)
    surface.blit(veil, (0, 0))


def listed(facts: Sequence[tuple[str, str]]) -> str:
    """``facts`` in one line that breaks between two of them only."""
    return "\u00a0· ".join(f"{label} {value}".strip().replace(" ", "\u00a0") for label, value in facts)


def _facts_lines(pen: Pen, facts: Sequence[tuple[str, str]], width: int) -> list[str]:
    return pen.wrapped(listed(facts), width, 4) if facts else []


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
