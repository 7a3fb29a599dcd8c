"""Where the parts of the training window lie, and the drawing of all but the board and the cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from game.keys import Screen
from game.view.draw.keybar import bar_height, draw_bar
from game.view.draw.pen import Pen
from game.view.train.cards import smallest_columns


@dataclass(frozen=True, slots=True)
class Places:
    """The rectangles of the window's parts; none overlaps another.

    ``stacked``: the panel lies below the board, not beside it; ``strip`` lies below both, empty where there is none.
    """

    title: pygame.Rect
    legend: pygame.Rect
    board: pygame.Rect
    heading: pygame.Rect
    counters: pygame.Rect
    rules: pygame.Rect
    panel: pygame.Rect
    strip: pygame.Rect
    message: pygame.Rect
    bar: pygame.Rect
    stacked: bool


def divide(
    pen: Pen, size: tuple[int, int], aspect: float, message_lines: int, strip_height: int = 0, rules_lines: int = 0
) -> Places:
    """Divide a window of ``size`` for a board of ``aspect`` (width to height), and so many lines of message and rules.

    The board gets what it can use, the panel the rest, within bounds that keep both legible.  A wide board lies
    above the panel where that makes it clearly larger.
    """
    unit, (width, height) = pen.style.px, size
    margin, line, title_height = unit(18), pen.height(), pen.height("title")
    top = unit(12)
    bar = pygame.Rect(margin, height - bar_height(pen) - unit(8), width - 2 * margin, bar_height(pen))
    message_height = message_lines * line + unit(4)
    message = pygame.Rect(margin, bar.top - unit(6) - message_height, width - 2 * margin, message_height)
    strip = pygame.Rect(margin, message.top - strip_height, width - 2 * margin, strip_height)
    rules = pygame.Rect(margin, top + title_height + line + unit(6), width - 2 * margin, rules_lines * line)
    body = pygame.Rect(margin, rules.bottom + unit(6), width - 2 * margin, 0)
    body.height = strip.top - unit(10) - body.top
    board, panel = _beside(pen, body, aspect)
    upper, lower = _above(pen, body, aspect)
    larger = min(upper.width, upper.height * aspect) > 1.2 * min(board.width, board.height * aspect)
    stacked = larger and body.width >= 2 * unit(385) + unit(10)
    left, right = board.width, panel.left
    if stacked:
        board, panel = upper, lower
        left, right = (body.width - 2 * unit(10)) // 2, body.centerx + unit(5)

    def head(x: int, room: int) -> tuple[pygame.Rect, pygame.Rect]:
        return (
            pygame.Rect(x, top, room, title_height),
            pygame.Rect(x, top + title_height + unit(2), room, line),
        )

    title, legend = head(body.left, left)
    heading, counters = head(right, body.right - right)
    return Places(title, legend, board, heading, counters, rules, panel, strip, message, bar, stacked)


def _beside(pen: Pen, body: pygame.Rect, aspect: float) -> tuple[pygame.Rect, pygame.Rect]:
    """Board and panel side by side."""
    gap = 2 * pen.style.px(10)
    least = min(pen.style.px(420), round(0.55 * body.width))
    most = max(least, round(0.51 * body.width))
    width = min(max(body.width - gap - round(body.height * aspect), least), most)
    panel = pygame.Rect(body.right - width, body.top, width, body.height)
    return pygame.Rect(body.left, body.top, body.width - width - gap, body.height), panel


def _above(pen: Pen, body: pygame.Rect, aspect: float) -> tuple[pygame.Rect, pygame.Rect]:
    """The board above the panel."""
    gap = pen.style.px(12)
    height = max(1, min(round(body.width / aspect), body.height - gap - smallest_columns(pen)))
    board = pygame.Rect(body.left, body.top, body.width, height)
    top = board.bottom + gap
    return board, pygame.Rect(body.left, top, body.width, body.bottom - top)


def draw_message(surface: pygame.Surface, pen: Pen, rect: pygame.Rect, lines: Sequence[str], warning: bool) -> None:
    """Write a message above the bar; a warning stands on a coloured ground beside a sign."""
    theme, unit = pen.style.theme, pen.style.px
    left = rect.left
    if warning:
        ground = rect.inflate(2 * unit(8), unit(4))
        pygame.draw.rect(surface, theme.warning_soft, ground, border_radius=unit(6))
        pygame.draw.rect(surface, theme.warning, ground, max(1, unit(1)), border_radius=unit(6))
        size = pen.height() * 0.8
        x, y = left, rect.top + pen.height() * 0.95
        triangle = [(x, y), (x + size, y), (x + size / 2, y - size)]
        pygame.draw.polygon(surface, theme.warning, triangle)
        left += round(size) + unit(8)
    for k, words in enumerate(lines):
        colour = theme.ink if warning else theme.quiet
        pen.text(surface, words, (left, rect.top + unit(2) + k * pen.height()), colour=colour)


def message_lines(pen: Pen, width: int, text: str, most: int) -> list[str]:
    """A message in lines that fit beside the sign of a warning."""
    return pen.wrapped(text, width - pen.height() - pen.style.px(18), most) or [""]


def draw_status(surface: pygame.Surface, pen: Pen, screen: Screen, bar: pygame.Rect, words: str, paused: bool) -> None:
    """The bar of key caps of ``screen``, and at its right end what is going on, with the sign for running or paused."""
    theme, unit = pen.style.theme, pen.style.px
    words = pen.fitted(words, bar.width // 2, "strong")
    right = pen.text(surface, words, bar.midright, "midright", "strong")
    size = pen.height() * 0.6
    x, y = right.left - unit(8) - size, bar.centery
    if paused:
        for k in (0, 1):
            pygame.draw.rect(surface, theme.person, (x + k * size * 0.6, y - size / 2, size * 0.34, size))
    else:
        pygame.draw.polygon(surface, theme.policy, [(x, y - size / 2), (x + size, y), (x, y + size / 2)])
    keys = bar.copy()
    keys.width = int(x) - unit(16) - bar.left
    draw_bar(surface, pen, screen, keys)
