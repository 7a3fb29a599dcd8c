"""Opening a window, or saying in one sentence why there can be none."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, TextIO

from game.errors import ViewError

if TYPE_CHECKING:
    from pygame.window import Window

#: SDL's drivers that draw into memory only.
INVISIBLE = ("dummy", "offscreen", "evdev")
SMALLEST = (640, 480)


def display_available(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a window would be seen; told without importing pygame.

    SDL silently picks an invisible driver where it finds no display, so this has to be asked first.
    """
    if environment.get("SDL_VIDEODRIVER", "").split(",")[0] in INVISIBLE:
        return False
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def terminal_available(
    streams: Sequence[TextIO | None], environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> bool:
    """Whether a person sits at a terminal that shows more than lines: the ``streams``, input and output, all are one.

    Where input is a pipe or a file no key could be pressed, so lines are written then, even on a terminal.
    """
    if environment.get("TERM", "" if platform != "win32" else "windows") in ("", "dumb", "unknown"):
        return False
    return all(stream is not None and not stream.closed and stream.isatty() for stream in streams)


def checked_pygame() -> ModuleType:
    """The pygame module, if it is pygame-ce.

    Raises :class:`~game.errors.ViewError` where plain pygame has overwritten it: both install the same folder.
    """
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    mend = "pip uninstall -y pygame pygame-ce, then pip install pygame-ce"
    try:
        module = import_module("pygame")
    except ImportError as error:
        raise ViewError(f"pygame-ce cannot be imported ({error}); {mend}") from error
    if not getattr(module, "IS_CE", False):
        raise ViewError(f"plain pygame stands where pygame-ce is needed; {mend}")
    return module


def open_window(title: str, size: tuple[int, int] = (1280, 800)) -> Window:
    """A resizable window, drawn at the display's full density.

    Raises :class:`~game.errors.ViewError` where the display cannot be opened, and where SDL fell back to an
    invisible driver that nobody asked for.
    """
    # Sizes in points on Windows too, as on macOS and Wayland; the surface then has all of the display's pixels.
    os.environ.setdefault("SDL_WINDOWS_DPI_SCALING", "1")
    pygame = checked_pygame()
    asked = os.environ.get("SDL_VIDEODRIVER", "")
    where = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or asked
    try:
        pygame.display.init()
        driver = pygame.display.get_driver()
        if driver in INVISIBLE and driver not in asked:
            pygame.display.quit()
            found = f"the display {where} cannot be opened" if where else "there is no display to open a window on"
            raise ViewError(f"{found}; try --view terminal")
        desktop = size if driver in INVISIBLE else pygame.display.get_desktop_sizes()[0]
        fitting = tuple(max(least, min(want, have)) for least, want, have in zip(SMALLEST, size, desktop, strict=True))
        window: Window = pygame.Window(title, fitting, resizable=True, allow_high_dpi=True)
        window.minimum_size = SMALLEST
        window.get_surface()
    except pygame.error as error:
        pygame.display.quit()
        raise ViewError(f"the display {where} cannot be opened ({error}); try --view terminal") from error
    return window


def close_window(window: Window) -> None:
    """Destroy the window and leave the display."""
    import pygame

    window.destroy()
    pygame.display.quit()


def density(window: Window) -> float:
    """Pixels per point: 2 on most high-density displays."""
    return window.get_surface().get_width() / max(1, window.size[0])
