"""Moving pictures as files: a GIF, an animated WebP, a folder of PNGs, or an MP4 where PyAV is installed."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pygame
from numpy.typing import NDArray
from PIL import Image

from game.errors import ViewError
from game.files import write_whole
from game.view.film.gif import Palette, gif

ENDINGS = (".gif", ".webp", ".mp4")
#: Sizes and lengths that there can be.
SMALLEST, LARGEST = (320, 180), (3840, 2160)
LONGEST = 120.0
#: Pictures a second: a GIF's delays are whole hundredths of a second.
RATES = (5, 10, 20, 25, 50)
#: How many pictures of a film the palette of a GIF is chosen from.
SAMPLED = 8


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """Pictures of one size, asked for by their number; ``ends`` are the milliseconds at which each one is over."""

    draw: Callable[[int], Image.Image]
    ends: Sequence[float]


def even(draw: Callable[[int], pygame.Surface], pictures: int, fps: int) -> Reel:
    """A reel of surfaces that are all shown for the same time."""
    return Reel(lambda k: image_of(draw(k)), [1000.0 * (k + 1) / fps for k in range(pictures)])


def image_of(surface: pygame.Surface) -> Image.Image:
    """A surface as Pillow has it."""
    if surface.get_bytesize() < 3:  # of fewer bits white is not written as white
        whole = pygame.Surface(surface.get_size(), 0, 24)
        whole.blit(surface, (0, 0))
        surface = whole
    return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))


def film_size(text: str) -> tuple[int, int]:
    """The pixels of ``800x450``.  Raises :class:`~game.errors.ViewError`."""
    width, _, height = text.lower().replace("×", "x").partition("x")
    expected = f"expected WIDTHxHEIGHT from {_by(SMALLEST)} to {_by(LARGEST)}"
    if not (width.isdecimal() and height.isdecimal() and len(width) < 9 and len(height) < 9):
        raise ViewError(f"'{text}' is no size of a picture; {expected}, such as 800x450")
    size = int(width), int(height)
    near = (min(max(size[0], SMALLEST[0]), LARGEST[0]), min(max(size[1], SMALLEST[1]), LARGEST[1]))
    if near != size:
        raise ViewError(f"a picture of {_by(size)} cannot be made; {expected}; the nearest is {_by(near)}")
    return size


def film_pictures(seconds: float, fps: int) -> int:
    """How many pictures there are in so many seconds.  Raises :class:`~game.errors.ViewError`."""
    if fps not in RATES:
        near = min(RATES, key=lambda rate: abs(rate - fps))
        rates = ", ".join(map(str, RATES[:-1]))
        raise ViewError(
            f"{fps} pictures a second cannot be had; expected {rates} or {RATES[-1]}; the nearest is {near}"
        )
    if not 1.0 <= seconds <= LONGEST:
        near_seconds = 1.0 if seconds < 1.0 else LONGEST
        raise ViewError(
            f"a film of {seconds:g} seconds cannot be made; expected 1 to {LONGEST:g}; the nearest is {near_seconds:g}"
        )
    return round(seconds * fps)


def refuse_film(path: Path, size: tuple[int, int]) -> None:
    """Raise :class:`~game.errors.ViewError` where a film could not be written, before any work is done for it."""
    ending = path.suffix.lower()
    if ending not in (*ENDINGS, ""):
        wanted = "a folder for a sequence of PNGs has no ending" if ending == ".png" else f"there is no film '{ending}'"
        raise ViewError(
            f"'{path}': {wanted}; expected {', '.join(ENDINGS)}, or a name without an ending for a folder of PNGs"
        )
    if not path.parent.is_dir():
        raise ViewError(f"'{path}' cannot be written: there is no folder '{path.parent}'")
    if not os.access(path.parent, os.W_OK) or (ending and path.is_dir()):
        raise ViewError(f"'{path}' cannot be written there; expected a file in a folder of yours")
    if not ending and path.exists():
        raise ViewError(f"'{path}' is there already; expected the name of a new folder")
    if ending == ".mp4":
        if _pyav() is None:
            raise ViewError("an .mp4 needs PyAV (pip install av); .gif, .webp and a folder of PNGs need nothing more")
        if size[0] % 2 or size[1] % 2:
            near = size[0] - size[0] % 2, size[1] - size[1] % 2
            raise ViewError(f"an .mp4 has even sizes, not {_by(size)}; the nearest is {_by(near)}")


def write_film(path: Path, reel: Reel, tick: Callable[[], None] = lambda: None) -> int:
    """Write a reel, whole or not at all; ``tick`` is called after each picture.  Returns the number of bytes.

    Raises :class:`~game.errors.ViewError` where it cannot be written.
    """

    def drawn(k: int) -> Image.Image:
        image = reel.draw(k)
        tick()
        return image

    counted = Reel(drawn, reel.ends)
    try:
        if not path.suffix:
            return _write_folder(path, counted)
        make = {".gif": lambda: _gif(reel, counted), ".webp": lambda: _webp(counted), ".mp4": lambda: _mp4(counted)}
        data = make[path.suffix.lower()]()
        write_whole(path, data)
    except OSError as error:
        raise ViewError(f"'{path}' cannot be written: {error.strerror or error}") from error
    return len(data)


def gif_bytes(reel: Reel) -> bytes:
    """The bytes of a GIF."""
    return _gif(reel, reel)


def _gif(sampled: Reel, reel: Reel) -> bytes:
    places = np.unique(np.linspace(0, len(reel.ends) - 1, SAMPLED).round().astype(int))
    palette = Palette([_array(sampled.draw(place)) for place in places.tolist()])
    return gif((_array(reel.draw(k)) for k in range(len(reel.ends))), reel.ends, palette)


def _array(image: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(image)


def _webp(reel: Reel) -> bytes:
    """Without loss: on flat colours that takes less room than with it."""
    file = io.BytesIO()
    durations = np.diff([0, *(round(end) for end in reel.ends)]).tolist()
    reel.draw(0).save(
        file,
        "WEBP",
        save_all=True,
        append_images=[_LaterPictures(reel)],
        duration=durations,
        loop=0,
        lossless=True,
        quality=75,
        method=4,
        minimize_size=True,
    )
    return file.getvalue()


def _mp4(reel: Reel) -> bytes:
    """H.264, in the form that browsers and slides play."""
    av = _pyav()
    assert av is not None
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        first = reel.draw(0)
        stream = out.add_stream("libx264", rate=round(1000 / reel.ends[0]), options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = *first.size, "yuv420p"
        for k in range(len(reel.ends)):
            frame = av.VideoFrame.from_ndarray(_array(reel.draw(k) if k else first), format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return file.getvalue()


def _write_folder(path: Path, reel: Reel) -> int:
    """PNGs numbered from 0001, in a folder that has its name once all are there."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    size = 0
    try:
        part.mkdir()
        for k in range(len(reel.ends)):
            file = part / f"{k + 1:04}.png"
            reel.draw(k).save(file)
            size += file.stat().st_size
        part.rename(path)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return size


class _LaterPictures:
    """All pictures of a reel but the first, one at a time, as Pillow reads an animation.

    It turns to one by ``seek`` and asks that for the rest.  (Of a list or a generator it would keep all of them.)
    """

    def __init__(self, reel: Reel) -> None:
        self.n_frames = len(reel.ends) - 1
        self._reel = reel
        self._picture: Image.Image | None = None

    def seek(self, frame: int) -> None:
        """Turn to a picture."""
        self._picture = self._reel.draw(frame + 1)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._picture, name)


def _pyav() -> Any:
    """PyAV, or None where it is not installed."""
    try:
        return import_module("av")
    except ImportError:
        return None


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"
