"""The sliders at the foot of the lesson: values that the person changes by mouse or by keys."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from game.snapshots.lesson_page import Slider
from game.view.draw.equation import colour_of
from game.view.draw.pen import Pen


class SliderRow:
    """Sliders in as many rows as they need; ``height`` is what they take."""

    def __init__(self, pen: Pen, sliders: Sequence[Slider], width: int) -> None:
        self.pen, self.sliders = pen, sliders
        unit = pen.style.px
        needed = max((self._least(slider) for slider in sliders), default=1)
        per_row = max(1, min(len(sliders), (width + unit(14)) // (needed + unit(14))))
        self._rows = -(-len(sliders) // per_row) if sliders else 0
        self._per_row = -(-len(sliders) // self._rows) if sliders else 1
        self._pitch = pen.height() + unit(24)
        self.height = self._rows * self._pitch
        self._places: list[pygame.Rect] = []

    def _least(self, slider: Slider) -> int:
        extremes = [slider.low, slider.high, slider.value]
        values = [f"{2.0**v if slider.power else v:,.{slider.decimals}f}" for v in extremes]
        value = max(self.pen.width(text, "strong") for text in values)
        return self.pen.width(slider.label) + value + self.pen.style.px(24)

    def draw(self, surface: pygame.Surface, rect: pygame.Rect, chosen: int) -> None:
        """Draw into ``rect``; slider number ``chosen`` is the one that keys change."""
        unit = self.pen.style.px
        gap = unit(14)
        across = (rect.width - (self._per_row - 1) * gap) // self._per_row
        self._places = []
        for k, slider in enumerate(self.sliders):
            left = rect.left + k % self._per_row * (across + gap)
            place = pygame.Rect(left, rect.top + k // self._per_row * self._pitch, across, self._pitch)
            self._places.append(place)
            self._draw_one(surface, place, slider, k == chosen)

    def _draw_one(self, surface: pygame.Surface, place: pygame.Rect, slider: Slider, chosen: bool) -> None:
        pen, theme, unit = self.pen, self.pen.style.theme, self.pen.style.px
        colour = colour_of(slider.meaning, theme)
        if chosen:
            ground = place.inflate(unit(10), -unit(2))
            pygame.draw.rect(surface, theme.card, ground, border_radius=unit(6))
            pygame.draw.rect(surface, colour, ground, max(1, unit(1.5)), border_radius=unit(6))
        text = place.top + unit(4) + pen.height() // 2
        pen.text(surface, slider.label, (place.left, text), "midleft", colour=colour)
        pen.text(surface, slider.text, (place.right, text), "midright", "strong")
        y = place.bottom - unit(9)
        low, high = self._track(place)
        share = (slider.value - slider.low) / max(slider.high - slider.low, 1e-12)
        knob = (low + share * (high - low), y)
        pygame.draw.line(surface, theme.faint, (low, y), (high, y), unit(4))
        pygame.draw.line(surface, colour, (low, y), knob, unit(4))
        pygame.draw.aacircle(surface, colour, knob, unit(6.5))
        pygame.draw.aacircle(surface, theme.card, knob, unit(3))

    def _track(self, place: pygame.Rect) -> tuple[float, float]:
        return place.left + self.pen.style.px(6), place.right - self.pen.style.px(6)

    def at(self, point: tuple[int, int]) -> int | None:
        """The slider at a pixel, None beside them."""
        return next((k for k, place in enumerate(self._places) if place.collidepoint(point)), None)

    def value_at(self, number: int, x: int) -> float:
        """The value that slider ``number`` takes when its knob is at ``x``."""
        low, high = self._track(self._places[number])
        slider = self.sliders[number]
        return slider.at(slider.low + (x - low) / max(high - low, 1.0) * (slider.high - slider.low))
