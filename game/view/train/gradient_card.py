"""The third card: is the gradient right?  The estimate of an update against the exact gradient, on a protractor.

The exact gradient lies along 0°, with length 1; the estimate is turned by the angle between the two, and is as long
as the ratio of their norms.  Both are measured in θ, before entropy bonus, scaling and optimiser.
"""

from __future__ import annotations

import math

import numpy as np
import pygame

from game.snapshots.snapshot import Briefing, Snapshot
from game.view.draw.curve import draw_small
from game.view.draw.pen import Pen
from game.view.draw.tiles import thick_line
from game.view.shared.gradient import GradientNumbers, sample_size_words
from game.view.shared.record import Record

#: The longest needle, as a multiple of the exact one.
LONGEST = 1.6


class GradientCard:
    """Draws the card."""

    def __init__(self) -> None:
        self.numbers = GradientNumbers()

    def draw(
        self,
        surface: pygame.Surface,
        pen: Pen,
        room: pygame.Rect,
        snapshot: Snapshot | None,
        briefing: Briefing | None,
        record: Record,
    ) -> None:
        """Draw into ``room``, below the card's title."""
        self.numbers.see(snapshot)
        last = room.height - pen.height()
        words = sample_size_words(briefing, record, snapshot)
        for text in words:
            if pen.width(text) <= room.width:
                pen.text(surface, text, (room.left, room.top + last), colour=pen.style.theme.quiet)
                break
        above = pygame.Rect(room.left, room.top, room.width, last - pen.style.px(6))
        dial = pygame.Rect(above.left, above.top, min(round(0.44 * above.width), 2 * above.height), above.height)
        self._draw_dial(surface, pen, dial, snapshot, briefing)
        rows = pygame.Rect(0, above.top, 0, above.height)
        rows.left = dial.right + pen.style.px(22)
        rows.width = above.right - rows.left
        _draw_rows(surface, pen, rows, self.numbers.lines(snapshot), record)

    def _draw_dial(
        self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect, snapshot: Snapshot | None, briefing: Briefing | None
    ) -> None:
        theme, unit = pen.style.theme, pen.style.px
        known = self.numbers.current(snapshot)
        if known is None:
            lines = pen.wrapped(
                self.numbers.why_empty(snapshot, briefing), rect.width, max(1, rect.height // pen.height())
            )
            for k, line in enumerate(lines):
                pen.text(surface, line, (rect.left, rect.top + k * pen.height()), colour=theme.quiet)
            return
        label = pen.height()
        radius = min(rect.width // 2 - pen.width("180°") - unit(4), rect.height - label - unit(8))
        centre = pygame.Vector2(rect.centerx, rect.bottom - unit(6))
        _draw_scale(surface, pen, centre, radius)
        length = radius * 0.94 / LONGEST
        _needle(surface, centre, 0.0, length, theme.truth, unit(4))
        if known.angle is not None and known.norm_ratio is not None:
            _needle(surface, centre, known.angle, length * min(LONGEST, known.norm_ratio), theme.policy, unit(4))
        elif known.gradient_norm == 0.0:
            middle = (round(centre.x), round(centre.y - radius * 0.45))
            pen.text(surface, "no signal", middle, "center", "strong", theme.warning)
        pygame.draw.circle(surface, theme.ink, centre, unit(4))


def _draw_scale(surface: pygame.Surface, pen: Pen, centre: pygame.Vector2, radius: int) -> None:
    """The arc from 0° at the right to 180° at the left, a tick every 30°, and its three words."""
    theme, unit = pen.style.theme, pen.style.px
    arc = [centre + radius * pygame.Vector2(math.cos(a), -math.sin(a)) for a in np.linspace(0.0, math.pi, 61)]
    pygame.draw.aalines(surface, theme.quiet, False, arc)
    for degrees in range(0, 181, 30):
        outward = pygame.Vector2(math.cos(math.radians(degrees)), -math.sin(math.radians(degrees)))
        pygame.draw.aaline(surface, theme.quiet, centre + outward * radius, centre + outward * (radius - unit(6)))
    gap = unit(3)
    pen.text(surface, "90°", (round(centre.x), round(centre.y - radius - gap)), "midbottom", colour=theme.quiet)
    pen.text(surface, "0°", (round(centre.x + radius + gap), round(centre.y)), "bottomleft", "text", theme.truth)
    pen.text(surface, "180°", (round(centre.x - radius - gap), round(centre.y)), "bottomright", colour=theme.quiet)


def _needle(
    surface: pygame.Surface,
    centre: pygame.Vector2,
    degrees: float,
    length: float,
    colour: tuple[int, int, int],
    width: int,
) -> None:
    """An arrow from the centre: to the right at 0°, up at 90°."""
    along = pygame.Vector2(math.cos(math.radians(degrees)), -math.sin(math.radians(degrees)))
    across = pygame.Vector2(-along.y, along.x)
    head = min(length, 3.2 * width)
    tip, neck = centre + along * length, centre + along * (length - head)
    if length > head:
        thick_line(surface, colour, centre, neck, width)
    pygame.draw.polygon(surface, colour, [tip, neck + across * 1.3 * width, neck - across * 1.3 * width])


def _draw_rows(
    surface: pygame.Surface, pen: Pen, rect: pygame.Rect, lines: tuple[tuple[str, str, str], ...], record: Record
) -> None:
    """A line a number: its name, its value, and its history where there is room."""
    if not lines:
        return
    height = rect.height / len(lines)
    label = max(pen.width(name) for name, _, _ in lines) + pen.style.px(10)
    value_width = max(pen.width("88.88 nats", "strong"), *(pen.width(value, "strong") for _, _, value in lines))
    room = rect.width - label - value_width - pen.style.px(14)
    for k, (name, column, value) in enumerate(lines):
        middle = round(rect.top + (k + 0.5) * height)
        pen.text(surface, name, (rect.left, middle), "midleft", colour=pen.style.theme.quiet)
        right = rect.left + label + value_width if room >= pen.style.px(30) else rect.right
        pen.text(surface, value, (right, middle), "midright", "strong")
        if len(record.rows) and room >= pen.style.px(30):
            plot = pygame.Rect(right + pen.style.px(14), 0, room, round(height - pen.style.px(9)))
            plot.centery = middle
            draw_small(surface, pen, plot, record.column(column))
