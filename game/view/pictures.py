"""Pictures of the window, as files."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from game.errors import ViewError

if TYPE_CHECKING:
    import pygame

FOLDER = Path("screenshots")


def save_picture(surface: pygame.Surface, name: str, folder: Path = FOLDER) -> Path:
    """Write ``surface`` as a PNG whose name no other file has; under its name it is whole or not there.

    Raises :class:`~game.errors.ViewError` where it cannot be written.
    """
    import pygame

    stem = f"{name}-{time.strftime('%Y%m%d-%H%M%S')}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{stem}.png"
        count = 1
        while path.exists():
            count += 1
            path = folder / f"{stem}-{count}.png"
        part = folder / f".{path.stem}.part.png"
        pygame.image.save(surface, part)
        os.replace(part, path)
    except (OSError, pygame.error) as error:
        raise ViewError(f"the picture cannot be written to {folder}: {error}") from error
    return path
