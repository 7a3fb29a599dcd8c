"""The window of a match while an opponent is fetched."""

from __future__ import annotations

import pygame

from game.view.draw.pen import Pen


def draw_loading(surface: pygame.Surface, pen: Pen, words: str, time: float) -> None:
    """Draw whose policy is being loaded, in ``words``, and three dots that come and go with the ``time`` in seconds."""
    style, theme = pen.style, pen.style.theme
    surface.fill(theme.paper)
    middle = surface.get_rect().center
    room = surface.get_width() - 2 * style.px(24)
    pen.text(surface, words, middle, "center", "title", width=room)
    for k in range(3):
        place = (middle[0] + (k - 1) * style.px(26), middle[1] + style.px(48))
        near = time % 1.2 // 0.4 == k
        pygame.draw.circle(surface, theme.policy if near else theme.faint, place, style.px(8 if near else 6))
