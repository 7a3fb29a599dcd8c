"""What every window of the program has: a theme, a size of text, full screen, the keys laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.view.display import density
from game.view.text import Pen
from game.view.theme import DARK, LIGHT, TEXT_SIZES, style_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygame.window import Window

    from game.view.theme import Style, Theme


class BaseWindow:
    """The controls that all windows share; ``shared_actions`` are their handlers by the names of the keys' table."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.theme: Theme = LIGHT
        self.text_size = 0
        self.full_screen = self.help_shown = False
        self.pen = Pen(self.style())
        self.shared_actions: dict[str, Callable[[], None]] = {
            "theme": self._change_theme,
            "text_size": self._change_text_size,
            "full_screen": self._change_full_screen,
            "help": self._change_help,
        }

    def style(self) -> Style:
        """The fonts and sizes for the window as it is now."""
        return style_for(self.theme, self.window.get_surface().get_size(), self.text_size, density(self.window))

    def pixel(self, point: tuple[int, int]) -> tuple[int, int]:
        """A pixel of the surface from a point of the window; they differ on high-density displays."""
        scale = density(self.window)
        return round(point[0] * scale), round(point[1] * scale)

    def fresh_pen(self) -> Pen:
        """The pen for a new frame, made anew where the style has changed."""
        style = self.style()
        if self.pen.style != style:
            self.pen = Pen(style)
        self.pen.begin()
        return self.pen

    def _change_theme(self) -> None:
        self.theme = DARK if self.theme is LIGHT else LIGHT

    def _change_text_size(self) -> None:
        self.text_size = (self.text_size + 1) % len(TEXT_SIZES)

    def _change_full_screen(self) -> None:
        self.full_screen = not self.full_screen
        if self.full_screen:
            self.window.set_fullscreen(True)
        else:
            self.window.set_windowed()

    def _change_help(self) -> None:
        self.help_shown = not self.help_shown
