"""The window of ``render_mode="human"``: one picture after the other."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pygame
from numpy.typing import NDArray

from game.view.window.display import close_window, open_window


class EnvWindow:
    """A window that shows pictures, at most ``frames_per_second`` of them where it sets the pace.

    Several can be open at a time, each of an environment of its own.  Once a person has closed one, it stays closed
    and its episodes go on unseen.
    """

    _open: ClassVar[list[EnvWindow]] = []

    def __init__(self, title: str, frames_per_second: int) -> None:
        self._window: pygame.Window | None = open_window(title, (640, 640))
        self._clock = pygame.time.Clock()
        self._frames_per_second = frames_per_second
        self._open.append(self)

    def show(self, picture: NDArray[np.uint8], pace: bool) -> None:
        """Show a picture (height, width, 3), with ``pace`` not before the last one had its time."""
        self._draw(picture)
        if pace and self._window is not None:
            self._clock.tick(self._frames_per_second)
        resized = False
        for event in pygame.event.get() if self._open else ():
            # Events of all windows come in one row, so each is handed to the window that it is about.
            if event.type == pygame.QUIT:
                for window in tuple(self._open):
                    window.close()
            elif event.type == pygame.WINDOWCLOSE:
                for window in [window for window in self._open if window._window == event.window]:
                    window.close()
            resized |= event.type == pygame.WINDOWSIZECHANGED
        if resized:
            self._draw(picture)

    def _draw(self, picture: NDArray[np.uint8]) -> None:
        """Draw a picture as large as the window is now."""
        if self._window is None:
            return
        surface = self._window.get_surface()
        image = pygame.surfarray.make_surface(picture.swapaxes(0, 1))
        scale = min(surface.get_width() / image.get_width(), surface.get_height() / image.get_height())
        image = pygame.transform.smoothscale_by(image, scale)
        surface.fill("white")
        surface.blit(image, image.get_rect(center=surface.get_rect().center))
        self._window.flip()

    def close(self) -> None:
        """Close the window, and with the last one the display; more than once does no harm."""
        if self._window is None:
            return
        window, self._window = self._window, None
        self._open.remove(self)
        if self._open:
            window.destroy()
        else:
            close_window(window)
