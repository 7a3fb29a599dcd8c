"""The clock in the window of a match: the countdown, a pause, and the time that runs out."""

from __future__ import annotations

import math

import pygame

from game.match.clock import Clock
from game.view.draw.pen import Pen
from game.view.shared.theme import Style

#: The digits of the countdown are so many times as large as the largest words.
DIGIT = 2.0
#: Where on the board they may stand, in shares of its size; the middle is best where the person is not there.
PLACES = (0.5, 0.25, 0.75)
FAR = 0.01


def draw_clock(
    surface: pygame.Surface, big: Pen, clock: Clock, board: pygame.Rect, person: tuple[float, float], card: pygame.Rect
) -> None:
    """Draw what the time says on the person's ``board``, away from the ``person`` at a pixel; and what is left of it.

    That is a bar over the ``card``.  ``big`` writes the largest words.
    """
    if clock.countdown > 0.0 or clock.paused:
        _draw_sign(surface, big, clock, board, person)
    if clock.left is None:
        return
    theme, unit = big.style.theme, big.style.px
    whole = pygame.Rect(card.left, card.top - unit(7), card.width, unit(5))
    pygame.draw.rect(surface, theme.grid, whole, border_radius=unit(2))
    whole.width = round(whole.width * clock.left / clock.granted)
    pygame.draw.rect(surface, theme.person, whole, border_radius=unit(2))


def draw_tempo(surface: pygame.Surface, pen: Pen, words: str, left: int, rect: pygame.Rect) -> None:
    """Draw the policy's tempo in ``words``, and the keys that change it, from ``left`` on where ``rect`` has room."""
    gap = pen.style.px(6)
    if left + pen.cap_width("−") + pen.cap_width("+") + 2 * gap + pen.width(words) > rect.right:
        return
    for cap in ("−", "+"):
        left = pen.cap(surface, cap, left, rect.centery).right + gap
    pen.text(surface, words, (left, rect.centery), "midleft", colour=pen.style.theme.quiet)


def _draw_sign(
    surface: pygame.Surface, big: Pen, clock: Clock, board: pygame.Rect, person: tuple[float, float]
) -> None:
    """A digit of the countdown, or the two strokes of a pause."""
    theme = big.style.theme
    size = min(DIGIT * big.height("title"), 0.9 * board.width, 0.9 * board.height)
    disc = pygame.Rect(0, 0, round(size), round(size))
    places = [(board.left + x * board.width, board.top + y * board.height) for x in PLACES for y in PLACES]

    def merit(place: tuple[float, float]) -> float:
        return min(2 * size, math.dist(place, person)) - FAR * math.dist(place, board.center)

    x, y = max(places, key=merit)
    disc.center = round(x), round(y)
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
