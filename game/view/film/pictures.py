"""Pictures of the window, as files."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from game.errors import ViewError
from game.files import write_whole

if TYPE_CHECKING:
    import pygame

FOLDER = Path("screenshots")


def save_picture(surface: pygame.Surface, name: str, folder: Path = FOLDER) -> Path:
    """Write ``surface`` as a PNG whose name no other file has; under its name it is whole or not there.

    Raises :class:`~game.errors.ViewError` where it cannot be written.
    """
    import pygame

    try:
        path = free_path(name, ".png", folder)
        part = folder / f".{path.stem}.part.png"
        pygame.image.save(surface, part)
        os.replace(part, path)
    except (OSError, pygame.error) as error:
        raise ViewError(f"the picture cannot be written to {folder}: {error}") from error
    return path


def save_film(data: bytes, name: str, folder: Path = FOLDER) -> Path:
    """Write a GIF in the same way."""
    try:
        path = free_path(name, ".gif", folder)
        write_whole(path, data)
    except OSError as error:
        raise ViewError(f"the film cannot be written to {folder}: {error}") from error
    return path


def free_path(name: str, ending: str, folder: Path) -> Path:
    """A path in ``folder``, which is made, that no other file has: the name, and the time of the day."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"
    path, count = folder / f"{stem}{ending}", 1
    while path.exists():
        count += 1
        path = folder / f"{stem}-{count}{ending}"
    return path
