"""The window of ``render_mode="human"``: one picture after the other."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray

from game.view.window.display import close_window, open_window


class EnvWindow:
    """A window that shows pictures, at most ``frames_per_second`` of them where it sets the pace.

    Once a person has closed it, it stays closed and the episodes go on unseen.
    """

    def __init__(self, title: str, frames_per_second: int) -> None:
        self._window: pygame.Window | None = open_window(title, (640, 640))
        self._clock = pygame.time.Clock()
        self._frames_per_second = frames_per_second

    def show(self, picture: NDArray[np.uint8], pace: bool) -> None:
        """Show a picture (height, width, 3), with ``pace`` not before the last one had its time."""
        if self._window is None:
            return
        surface = self._window.get_surface()
        image = pygame.surfarray.make_surface(picture.swapaxes(0, 1))
        scale = min(surface.get_width() / image.get_width(), surface.get_height() / image.get_height())
        image = pygame.transform.smoothscale_by(image, scale)
        surface.fill("white")
        surface.blit(image, image.get_rect(center=surface.get_rect().center))
        self._window.flip()
        if pace:
            self._clock.tick(self._frames_per_second)
        if any(event.type in (pygame.QUIT, pygame.WINDOWCLOSE) for event in pygame.event.get()):
            self.close()

    def close(self) -> None:
        """Close the window; more than once does no harm."""
        if self._window is not None:
            close_window(self._window)
            self._window = None
