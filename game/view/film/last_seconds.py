"""What a window showed in the last ten seconds, in bounded room, and at a small part of the cost of drawing it.

A picture is taken when the next one is about to be drawn over it, so that whatever was in sight for longer than
EVERY is among them, and each has the time for which it was seen.  The window's thread only copies pixels; a thread of
its own makes them smaller.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import compress

import pygame
from PIL import Image

from game.view.film.reel import Reel, gif_bytes, image_of

SECONDS = 10.0
#: Seconds between two pictures, at least.
EVERY = 0.2
#: What was seen for a shorter time is left out: a viewer might show it for longer.
BRIEF = 0.04
#: Pictures have at most so many pixels, of two bytes each: 50 of them take 58 MB.
MOST_PIXELS = 960 * 600
#: Five bits of red, six of green and five of blue.
MASKS = (0xF800, 0x07E0, 0x001F, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture of at most MOST_PIXELS, and the second from which on it was seen."""

    since: float
    small: Future[pygame.Surface]


class LastSeconds:
    """Takes pictures of a window's surface; ``now`` is a clock in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._shown: deque[Shown] = deque()
        self._since: float | None = None
        self._size, self._taken = (0, 0), 0.0
        self._copy, self._shrink = pygame.Surface((0, 0)), _Shrink()
        self._pool: ThreadPoolExecutor | None = None

    def showing(self, surface: pygame.Surface) -> None:
        """The surface can be seen from now on."""
        self._since, self._size = self._now(), surface.get_size()

    def before_drawing(self, surface: pygame.Surface) -> None:
        """Take what is on the surface, which is about to be drawn over, unless that was done a moment ago."""
        now = self._now()
        if not self._shown or now - self._taken >= EVERY:
            self._take(surface, now)

    def film(self, surface: pygame.Surface) -> tuple[Callable[[], bytes], float]:
        """What makes a GIF of the last seconds up to now, to be called in any thread, and how many they are."""
        now = self._now()
        if self._shown:
            self._shown[-1].small.result()  # so that the copy is free again
        self._take(surface, now)
        shown = list(self._shown)
        if not shown:
            return lambda: gif_bytes(reel([image_of(self._shrink(surface))], [1.0])), 1.0
        end = max(now, shown[-1].since + EVERY)  # the last picture, too, can be seen
        begins = [max(picture.since, end - SECONDS) for picture in shown]
        long = [until - since >= BRIEF for since, until in zip(begins, [*begins[1:], end], strict=True)]
        shown, starts = list(compress(shown, long)), list(compress(begins, long))
        ends = [start - starts[0] for start in [*starts[1:], end]]
        return lambda: gif_bytes(reel([image_of(picture.small.result()) for picture in shown], ends)), ends[-1]

    def close(self) -> None:
        """Forget all, and end the thread."""
        self._shown.clear()
        self._since = None
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def _take(self, surface: pygame.Surface, now: float) -> None:
        """Take the surface as what was seen since it was shown."""
        if self._since is None or surface.get_size() != self._size:
            return  # nothing was shown yet, or the window has another size by now
        if self._shown and (not self._shown[-1].small.done() or self._shown[-1].since == self._since):
            return
        if self._copy.get_size() != self._size:
            self._copy = surface.copy()
        else:
            self._copy.blit(surface, (0, 0))
        self._taken = now
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1)
        self._shown.append(Shown(self._since, self._pool.submit(self._shrink, self._copy)))
        while len(self._shown) > 1 and self._shown[1].since <= now - SECONDS:
            self._shown.popleft()


class _Shrink:
    """Makes a surface small: at most MOST_PIXELS, of two bytes each."""

    def __init__(self) -> None:
        self._scaled = pygame.Surface((0, 0))

    def __call__(self, surface: pygame.Surface) -> pygame.Surface:
        width, height = surface.get_size()
        scale = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
        if scale < 1.0:
            size = int(width * scale), int(height * scale)
            if self._scaled.get_size() != size:
                self._scaled = pygame.Surface(size, 0, surface)
            surface = pygame.transform.smoothscale(surface, size, self._scaled)
        small = pygame.Surface(surface.get_size(), 0, 16, MASKS)
        small.blit(surface, (0, 0))
        return small


def reel(images: Sequence[Image.Image], ends: Sequence[float]) -> Reel:
    """Pictures of the size of the last one, on its paper where they were smaller; ``ends`` in seconds."""
    return Reel(lambda k: _fitted(images[k], images[-1].size), [1000.0 * end for end in ends])


def _fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A picture from before the window's size changed, as large as it fits."""
    if picture.size == size:
        return picture
    scale = min(size[0] / picture.width, size[1] / picture.height)
    fitted = picture.resize((max(1, int(picture.width * scale)), max(1, int(picture.height * scale))))
    whole = Image.new("RGB", size, fitted.getpixel((0, 0)))
    whole.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2))
    return whole
