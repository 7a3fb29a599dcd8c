"""Pictures of the terminal's screens, as files."""

from __future__ import annotations

from pathlib import Path

from game.errors import ViewError
from game.files import write_whole
from game.view.film.pictures import FOLDER, free_path


def save_svg(picture: str, name: str, folder: Path = FOLDER) -> Path:
    """Write an SVG under a name that no other file has.

    Raises :class:`~game.errors.ViewError` where it cannot be written.
    """
    try:
        path = free_path(name, ".svg", folder)
        write_whole(path, picture.encode())
    except OSError as error:
        raise ViewError(f"the picture cannot be written to {folder}: {error}") from error
    return path
