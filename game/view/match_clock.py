"""The clock in the window of a match: the countdown, a pause, and the time that runs out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pygame

from game.view.text import Pen
from game.view.theme import Style

if TYPE_CHECKING:
    from game.clock import Clock
    from game.view.match_layout import MatchLayout

#: The digits of the countdown are so many times as large as the largest words.
DIGIT = 2.0


def draw_clock(surface: pygame.Surface, big: Pen, clock: Clock, layout: MatchLayout) -> None:
    """Draw what the time says on the person's board, and over the card how much of it is left; ``big`` words."""
    if clock.countdown > 0.0 or clock.paused:
        _draw_sign(surface, big, clock, layout.boards[0])
    if clock.left is None:
        return
    theme, unit = big.style.theme, big.style.px
    whole = pygame.Rect(layout.card.left, layout.card.top - unit(7), layout.card.width, unit(5))
    pygame.draw.rect(surface, theme.grid, whole, border_radius=unit(2))
    whole.width = round(whole.width * clock.left / clock.granted)
    pygame.draw.rect(surface, theme.person, whole, border_radius=unit(2))


def _draw_sign(surface: pygame.Surface, big: Pen, clock: Clock, board: pygame.Rect) -> None:
    """A digit of the countdown, or the two strokes of a pause."""
    theme = big.style.theme
    size = min(DIGIT * big.height("title"), 0.9 * board.width, 0.9 * board.height)
    disc = pygame.Rect(0, 0, round(size), round(size))
    disc.center = board.center
    pygame.draw.circle(surface, theme.card, disc.center, size / 2)
    pygame.draw.circle(surface, theme.person, disc.center, size / 2, max(2, round(size / 20)))
    if clock.paused:
        for side in (-1, 1):
            stroke = pygame.Rect(0, 0, round(size * 0.12), round(size * 0.4))
            stroke.center = (disc.centerx + round(side * size * 0.13), disc.centery)
            pygame.draw.rect(surface, theme.person, stroke)
        return
    pen = Pen(Style(theme, max(8, round(size * 0.42))))
    pen.written = big.written
    pen.text(surface, str(math.ceil(clock.countdown)), disc.center, "center", "title", theme.person)
