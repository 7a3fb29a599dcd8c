"""Writing and card drawing: every word of the window goes through one pen, which knows where it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from game.view.shared.theme import Colour, Role, Style

#: Most words kept, rendered or measured; numbers change for ever, so a store is emptied when it is full.
MOST_RENDERED = 3000


@dataclass(frozen=True, slots=True)
class Written:
    """One piece of text on the screen; ``layer`` grows with each opaque thing that covers what was there."""

    text: str
    rect: pygame.Rect
    layer: int


class Pen:
    """Writes text in a style on the surface of the window, and draws the plain shapes around it.

    ``written`` lists what was written since :meth:`begin`; a test holds it to neither overlap nor leave the window.
    """

    def __init__(self, style: Style) -> None:
        self.style = style
        self.written: list[Written] = []
        self.layer = 0
        self._rendered: dict[tuple[str, Role, Colour], pygame.Surface] = {}
        self._widths: dict[tuple[str, Role], int] = {}

    def begin(self) -> None:
        """Start a new frame."""
        self.written.clear()
        self.layer = 0

    def width(self, text: str, role: Role = "text") -> int:
        """The width of ``text`` in pixels."""
        key = (text, role)
        if key not in self._widths:
            if len(self._widths) >= MOST_RENDERED:
                self._widths.clear()
            self._widths[key] = self.style.font(role).size(text)[0]
        return self._widths[key]

    def height(self, role: Role = "text") -> int:
        """The height of a line in pixels."""
        return self.style.font(role).get_height()

    def fitted(self, text: str, width: int, role: Role = "text") -> str:
        """``text``, cut with an ellipsis if it is wider than ``width`` pixels."""
        if self.width(text, role) <= width:
            return text
        shortest, longest = 0, len(text)
        while shortest < longest:
            middle = (shortest + longest + 1) // 2
            if self.width(text[:middle].rstrip() + "…", role) <= width:
                shortest = middle
            else:
                longest = middle - 1
        return text[:shortest].rstrip() + "…" if shortest else ""

    def wrapped(self, text: str, width: int, lines: int, role: Role = "text") -> list[str]:
        """``text`` in at most ``lines`` lines of at most ``width`` pixels, the last one cut where need be."""
        words, done = [word for word in text.split(" ") if word], list[str]()
        while words and len(done) < lines - 1:
            count = 1
            while count < len(words) and self.width(" ".join(words[: count + 1]), role) <= width:
                count += 1
            done.append(self.fitted(" ".join(words[:count]), width, role))
            words = words[count:]
        return [*done, self.fitted(" ".join(words), width, role)] if words else done

    def text(
        self,
        surface: pygame.Surface,
        text: str,
        at: tuple[float, float],
        anchor: str = "topleft",
        role: Role = "text",
        colour: Colour | None = None,
        width: int | None = None,
    ) -> pygame.Rect:
        """Write ``text`` with its ``anchor`` (a name of a Rect's point) at ``at``; returns where it stands.

        With a ``width`` it is cut to that many pixels.
        """
        if width is not None:
            text = self.fitted(text, width, role)
        image = self._render(text, role, colour or self.style.theme.ink)
        rect = image.get_rect()
        setattr(rect, anchor, (round(at[0]), round(at[1])))
        if text:
            surface.blit(image, rect)
            self.written.append(Written(text, rect, self.layer))
        return rect

    def card(self, surface: pygame.Surface, rect: pygame.Rect, colour: Colour | None = None) -> pygame.Rect:
        """Draw a card; returns the room inside it."""
        theme, radius = self.style.theme, self.style.px(8)
        pygame.draw.rect(surface, colour or theme.card, rect, border_radius=radius)
        pygame.draw.rect(surface, theme.edge, rect, 1, border_radius=radius)
        return rect.inflate(-2 * self.style.px(14), -2 * self.style.px(10))

    def cover(self, surface: pygame.Surface, rect: pygame.Rect, edge: Colour | None = None) -> pygame.Rect:
        """Draw an opaque card over what is there, such as a tooltip; returns the room inside it."""
        self.layer += 1
        inside = self.card(surface, rect)
        if edge is not None:
            pygame.draw.rect(surface, edge, rect, max(1, self.style.px(1.5)), border_radius=self.style.px(8))
        return inside

    def cap(self, surface: pygame.Surface, label: str, left: int, middle: int) -> pygame.Rect:
        """Draw a key cap with its left edge at ``left``, around the height ``middle``."""
        theme = self.style.theme
        rect = pygame.Rect(left, 0, self.cap_width(label), self.height() + self.style.px(6))
        rect.centery = middle
        radius = self.style.px(5)
        pygame.draw.rect(surface, theme.faint, rect.move(0, self.style.px(1.5)), border_radius=radius)
        pygame.draw.rect(surface, theme.card, rect, border_radius=radius)
        pygame.draw.rect(surface, theme.faint, rect, 1, border_radius=radius)
        self.text(surface, label, rect.center, "center", "strong")
        return rect

    def cap_width(self, label: str) -> int:
        """The width of the key cap with ``label``."""
        return max(self.width(label, "strong") + 2 * self.style.px(8), self.height() + self.style.px(6))

    def _render(self, text: str, role: Role, colour: Colour) -> pygame.Surface:
        key = (text, role, colour)
        if key not in self._rendered:
            if len(self._rendered) >= MOST_RENDERED:
                self._rendered.clear()
            self._rendered[key] = self.style.font(role).render(text, True, colour)
        return self._rendered[key]


def draw_fitting(
    surface: pygame.Surface,
    pen: Pen,
    words: Sequence[str],
    rect: pygame.Rect,
    colour: Colour,
) -> None:
    """Write the first of ``words`` that fits into ``rect``, or the last one cut."""
    chosen = next((text for text in words if pen.width(text) <= rect.width), words[-1])
    pen.text(surface, chosen, rect.midleft, "midleft", colour=colour, width=rect.width)
