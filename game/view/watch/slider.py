"""The slider over a run: a knob where one is, triangles where J rose and fell most, and words above it."""

from __future__ import annotations

from itertools import zip_longest

import pygame

from game.view.draw.pen import Pen, draw_fitting
from game.view.watch.model import WatchModel

#: So many of the largest rises and falls have a triangle.
TRIANGLES = 3


class TimeSlider:
    """Draws the slider of a run looked back on, and says what lies at a pixel of it."""

    def __init__(self, back: WatchModel) -> None:
        self.back = back
        self._rect = pygame.Rect(0, 0, 0, 0)
        self._ends = (0, 1)

    def height(self, pen: Pen) -> int:
        """The height of the words and the track."""
        return pen.height() + pen.style.px(31)

    def draw(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect) -> None:
        """Draw it into ``rect``."""
        theme, unit, timeline = pen.style.theme, pen.style.px, self.back.timeline
        self._rect, self._ends = rect, (rect.left + unit(8), rect.right - unit(8))
        kept = self.back.kept
        left = pygame.Rect(rect.left, rect.top, rect.width - pen.width(kept) - unit(20), pen.height())
        accent = theme.person if self.back.jumped is not None else theme.ink
        draw_fitting(surface, pen, self.back.captions(), left, accent)
        pen.text(surface, kept, rect.topright, "topright", colour=theme.quiet)
        y, knob = rect.bottom - unit(9), self.x_of(timeline.update)
        pygame.draw.line(surface, theme.faint, (self._ends[0], y), (self._ends[1], y), unit(4))
        pygame.draw.line(surface, theme.person, (self._ends[0], y), (knob, y), unit(4))
        self._draw_triangles(surface, pen, y)
        pygame.draw.aacircle(surface, theme.person, (knob, y), unit(8))
        pygame.draw.aacircle(surface, theme.card, (knob, y), unit(3.5))

    def _draw_triangles(self, surface: pygame.Surface, pen: Pen, y: int) -> None:
        """Where J rose, a triangle that points up; where it fell, a hollow one that points down; none on another."""
        theme, unit = pen.style.theme, pen.style.px
        found, size, taken = self.back.changes, unit(4.5), list[float]()
        pairs = zip_longest(found.rises[:TRIANGLES], found.falls[:TRIANGLES])
        for change in (one for pair in pairs for one in pair if one is not None):
            x = self.x_of(float(self.back.watched.updates[change.start]))
            if any(abs(x - other) < 2.4 * size for other in taken):
                continue
            taken.append(x)
            up = change.by > 0
            tip, foot = (-size, size) if up else (size, -size)
            middle = y - unit(13)
            points = [(x, middle + tip), (x - size, middle + foot), (x + size, middle + foot)]
            pygame.draw.polygon(surface, theme.policy if up else theme.warning, points, 0 if up else unit(1.5))

    def x_of(self, update: float) -> float:
        """Where an update lies."""
        updates, (left, right) = self.back.watched.updates, self._ends
        span = max(1, int(updates[-1] - updates[0]))
        return left + (update - float(updates[0])) / span * (right - left)

    def holds(self, point: tuple[int, int] | None) -> bool:
        """Whether a pixel lies on the slider."""
        return point is not None and self._rect.collidepoint(point)

    def position_at(self, x: int) -> float:
        """The place in the run whose knob is at ``x``, between two kept frames too."""
        updates, (left, right) = self.back.watched.updates, self._ends
        share = min(max((x - left) / max(1, right - left), 0.0), 1.0)
        return self.back.timeline.index_of(float(updates[0]) + share * float(updates[-1] - updates[0]))
