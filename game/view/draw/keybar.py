"""The keys on screen: a bar of key caps that is always in sight, and a help screen with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pygame

from game.keys import KEYS, Screen
from game.view.draw.legend import Entry, draw_legend, legend_lines, line_height
from game.view.draw.pen import Pen
from game.view.shared.theme import Style
from game.world.dynamics import Layout

#: The text of a help screen is not made smaller than this many pixels.
SMALLEST = 11


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


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the keys lie on a help screen, in pixels; ``cut``: not all words have room."""

    rows: int
    line: int
    wide: int
    indent: int
    head: int
    foot: int
    card: tuple[int, int]
    cut: bool


def draw_help(
    surface: pygame.Surface,
    pen: Pen,
    screen: Screen,
    title: str,
    facts: Sequence[tuple[str, str]] = (),
    layout: Layout | None = None,
) -> None:
    """Cover the window with all keys of ``screen`` and, below them, a board's tiles and ``facts`` as (label, value).

    Text is smaller than the pen's where else words would be cut.
    """
    _dim(surface, pen)
    plain = pen
    pen = _legible(pen.style, surface.get_size(), screen, tuple(facts), layout)
    if _plan(pen, surface.get_size(), screen, facts, layout).cut:  # a very small window has no room for the tiles
        layout = None
        pen = _legible(plain.style, surface.get_size(), screen, tuple(facts), layout)
    pen.written, pen.layer = plain.written, plain.layer
    plan, unit, keys = _plan(pen, surface.get_size(), screen, facts, layout), pen.style.px, KEYS[screen]
    card = pygame.Rect((0, 0), plan.card)
    card.center = surface.get_rect().center
    inside = pen.cover(surface, card, pen.style.theme.policy)
    plain.layer = pen.layer
    pen.text(surface, title, inside.topleft, role="title", width=inside.width)
    for number, key in enumerate(keys):
        left = inside.left + number // plan.rows * plan.wide
        middle = inside.top + plan.head + number % plan.rows * plan.line + plan.line // 2
        pen.cap(surface, key.cap, left, middle)
        lines = _sentence(pen, key.help, plan.line, plan.wide - plan.indent - unit(14))
        for k, words in enumerate(lines):
            y = middle + round((k - (len(lines) - 1) / 2) * pen.height())
            pen.text(surface, words, (left + plan.indent, y), "midleft")
    foot = pygame.Rect(inside.left, inside.bottom - plan.foot, inside.width, plan.foot)
    legend = legend_lines(pen, layout, foot.width)
    draw_legend(surface, pen, legend, (foot.left, foot.top + unit(12)))
    taken = _legend_height(pen, legend)
    _draw_facts(surface, pen, facts, pygame.Rect(foot.left, foot.top + taken, foot.width, foot.height - taken))


def _plan(
    pen: Pen, size: tuple[int, int], screen: Screen, facts: Sequence[tuple[str, str]], layout: Layout | None
) -> _Plan:
    unit, keys = pen.style.px, KEYS[screen]
    width, height = size[0] - 2 * unit(20), size[1] - 2 * unit(14)
    most = width - 2 * unit(14)
    legend = legend_lines(pen, layout, most)
    head, foot = pen.height("title") + unit(12), _legend_height(pen, legend) + _facts_height(pen, facts, most)
    room = height - 2 * unit(10) - head - foot
    indent = max(pen.cap_width(key.cap) for key in keys) + unit(12)
    longest = indent + max(pen.width(key.help) for key in keys) + unit(20)
    columns = 1 if len(keys) * (pen.height() + unit(9)) <= room or 2 * longest > 3 * most else 2
    columns = 2 if len(keys) * (pen.height() + unit(2)) > room else columns
    rows = -(-len(keys) // columns)
    line = min(pen.height() + unit(18), room // rows)
    wide = min(longest, most // columns)
    facts_lines = _facts_lines(pen, facts, most)
    facts_width = max((pen.width(words) for words in facts_lines), default=0)
    legend_width = most if len(legend) > 1 else _legend_width(pen, legend)
    card = (max(columns * wide, facts_width, legend_width) + 2 * unit(14), head + rows * line + foot + 2 * unit(10))
    shown = [_sentence(pen, key.help, line, wide - indent - unit(14)) for key in keys]
    cut = any(lines[-1].endswith("…") for lines in [*shown, facts_lines] if lines)
    return _Plan(rows, line, wide, indent, head, foot, card, cut)


def _sentence(pen: Pen, words: str, line: int, width: int) -> list[str]:
    """The help of a key in the lines that it has room for."""
    return pen.wrapped(words, width, 2 if line >= 2 * pen.height() else 1)


@lru_cache(maxsize=4)
def _legible(
    style: Style, size: tuple[int, int], screen: Screen, facts: tuple[tuple[str, str], ...], layout: Layout | None
) -> Pen:
    """The pen with the largest text up to that of ``style`` with which no words are cut."""
    pens = [Pen(Style(style.theme, text)) for text in range(style.text, min(SMALLEST, style.text) - 1, -1)]
    return next((pen for pen in pens if not _plan(pen, size, screen, facts, layout).cut), pens[-1])


def _dim(surface: pygame.Surface, pen: Pen) -> None:
    """Let what is there fade into the paper."""
    veil = pygame.Surface(surface.get_size())
    veil.fill(pen.style.theme.paper)
    veil.set_alpha(190)
    surface.blit(veil, (0, 0))


def listed(facts: Sequence[tuple[str, str]]) -> str:
    """``facts`` in one line that breaks between two of them only."""
    return joined([f"{label} {value}".strip() for label, value in facts])


def joined(parts: Sequence[str]) -> str:
    """``parts`` in one line that breaks between two of them only."""
    return "\u00a0· ".join(part.replace(" ", "\u00a0") for part in parts)


def _legend_height(pen: Pen, lines: Sequence[Sequence[Entry]]) -> int:
    return len(lines) * line_height(pen) + pen.style.px(14) if lines else 0


def _legend_width(pen: Pen, lines: Sequence[Sequence[Entry]]) -> int:
    return max(
        (sum(pen.height() + pen.style.px(25) + pen.width(words) for _, words in line) for line in lines), default=0
    )


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
