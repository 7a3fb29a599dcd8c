"""The slider that chooses which policy of the training to race, in the place of the match's card."""

from __future__ import annotations

import pygame

from game.view.draw.pen import Pen
from game.view.play.handicap import SLIDER_KEYS, Handicap


class HandicapSlider:
    """A :class:`~game.view.play.handicap.Handicap` to be drawn, and dragged with the mouse."""

    def __init__(self, handicap: Handicap) -> None:
        self.handicap = handicap
        self.track = pygame.Rect(0, 0, 0, 0)
        self._dragging = False

    def point(self, event: pygame.Event, at: tuple[int, int]) -> None:
        """Drag the slider, the mouse being at a pixel, or turn the wheel."""
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._dragging = self.track.inflate(2 * self.track.height, self.track.height).collidepoint(at)
        elif event.type == pygame.MOUSEBUTTONUP:
            self._dragging = False
        elif event.type == pygame.MOUSEWHEEL:
            self.handicap.move(event.y)
        if self._dragging and event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION):
            self.handicap.slide(min(max((at[0] - self.track.left) / max(1, self.track.width), 0.0), 1.0))

    def draw(self, surface: pygame.Surface, pen: Pen, card: pygame.Rect, bar: pygame.Rect) -> None:
        """Draw the slider in ``card`` and its keys in ``bar``."""
        theme, unit = pen.style.theme, pen.style.px
        inside = pen.card(surface, card)
        pygame.draw.rect(surface, theme.policy, card, max(2, unit(2.5)), border_radius=unit(8))
        top = inside.top + pen.height() // 2
        value, best = self.handicap.value()
        words = f"Race the policy {self.handicap.words()}"
        if pen.width(words, "strong") + unit(16) + pen.width(value + best, "strong") <= inside.width:
            value += best
        right = pen.text(surface, value, (inside.right, top), "midright", "strong", theme.policy).left - unit(16)
        pen.text(surface, words, (inside.left, top), "midleft", "strong", width=right - inside.left)
        radius = pen.height() // 2
        self.track = pygame.Rect(inside.left + radius, 0, inside.width - 2 * radius, 2 * radius)
        self.track.centery = (top + pen.height() // 2 + inside.bottom) // 2
        self._draw_track(surface, pen, radius)
        left = bar.left
        for cap, word in SLIDER_KEYS:
            box = pen.cap(surface, cap, left, bar.centery)
            at = (box.right + unit(6), bar.centery)
            left = pen.text(surface, word, at, "midleft", colour=theme.quiet).right + unit(14)

    def _draw_track(self, surface: pygame.Surface, pen: Pen, radius: int) -> None:
        theme, unit, track = pen.style.theme, pen.style.px, self.track
        line = pygame.Rect(track.left, track.centery - unit(2), track.width, unit(4))
        pygame.draw.rect(surface, theme.faint, line, border_radius=unit(2))
        line.width = round(self.handicap.share * track.width)
        pygame.draw.rect(surface, theme.policy, line, border_radius=unit(2))
        handle = (line.right, track.centery)
        pygame.draw.circle(surface, theme.policy, handle, radius)
        pygame.draw.circle(surface, theme.card, handle, max(2, radius // 2))
