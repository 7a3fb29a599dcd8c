"""Animated GIFs: one palette for all pictures, and of each picture only what changed (Pillow packs the pixels)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

#: Index 255 says "as before", so 255 are left for colours; so many of them are the commonest, exactly.
COLOURS, EXACT = 255, 160
#: Above so many pixels only every second, third … row and column is looked at for the palette.
MOST_SAMPLED = 300_000


class Palette:
    """The colours of a GIF: the commonest ones as they are, and a choice among the rest."""

    def __init__(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """``pictures`` (height, width, 3) stand for all that will be drawn."""
        from PIL import Image

        stride = int(np.ceil(np.sqrt(max(picture[..., 0].size for picture in pictures) / MOST_SAMPLED)))
        packed = np.concatenate([_packed(picture[::stride, ::stride]).ravel() for picture in pictures])
        colours, counts = np.unique(packed, return_counts=True)
        order = colours[np.argsort(counts, kind="stable")[::-1]]
        chosen, rest = order[:EXACT], order[EXACT:]
        if len(rest):
            image = Image.fromarray(_unpacked(rest)[None])
            few = image.quantize(min(COLOURS - len(chosen), len(rest)), method=Image.Quantize.MAXCOVERAGE)
            triples = np.array(few.getpalette(), dtype=np.uint8).reshape(-1, 3)[: COLOURS - len(chosen)]
            chosen = np.unique(np.concatenate([chosen, _packed(triples)]))
        self.colours = _unpacked(chosen)
        self._index = np.full(1 << 24, COLOURS, dtype=np.uint8)  # COLOURS: not asked for yet
        self._index[chosen] = np.arange(len(chosen))

    def indices(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(height, width): the number of the nearest colour of each pixel of ``picture`` (height, width, 3)."""
        packed = _packed(picture)
        found = self._index[packed]
        new = packed[found == COLOURS]
        if len(new):
            colours = np.unique(new)
            for part in np.array_split(colours, 1 + len(colours) // 4096):
                apart = _unpacked(part).astype(np.int32)[:, None] - self.colours.astype(np.int32)[None]
                self._index[part] = (apart**2).sum(axis=2).argmin(axis=1)
            found = self._index[packed]
        return found

    def table(self) -> bytes:
        """The 768 bytes of a GIF's table of colours."""
        return self.colours.tobytes().ljust(3 * (COLOURS + 1), b"\0")


def gif(pictures: Iterable[NDArray[np.uint8]], ends: Sequence[float], palette: Palette) -> bytes:
    """A GIF that is repeated for ever; ``pictures`` (height, width, 3) are asked for one by one.

    ``ends`` are the times at which each of them is over, in milliseconds from the beginning; a GIF counts in
    hundredths of a second, so each is rounded to those, but never their sum.
    """
    parts: list[bytes] = []
    before: NDArray[np.uint8] | None = None
    block: NDArray[np.uint8] | None = None
    corner, began, last = (0, 0), 0, 0
    for picture, end in zip(pictures, ends, strict=True):
        indices = palette.indices(picture)
        changed = None if before is None else indices != before
        if changed is not None and not changed.any():
            last = round(end / 10)
            continue
        if block is None:
            height, width = indices.shape
            parts.append(_head(width, height, palette))
        else:
            parts += _block(block, corner, last - began)
            began = last
        if changed is None:
            block = indices
        else:
            rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
            inside = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
            block = np.where(changed[inside], indices[inside], np.uint8(COLOURS))
            corner = int(columns[0]), int(rows[0])
        before, last = indices, round(end / 10)
    assert block is not None, "a GIF has at least one picture"
    return b"".join([*parts, *_block(block, corner, last - began), b";"])


def _head(width: int, height: int, palette: Palette) -> bytes:
    """What stands before the first picture: the size, the 256 colours, and that it is repeated for ever."""
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return b"GIF89a" + size + b"\xf7\0\0" + palette.table() + b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"


def _block(indices: NDArray[np.uint8], corner: tuple[int, int], hundredths: int) -> list[bytes]:
    """A picture, or a part of one at ``corner`` (x, y), that stays for so many hundredths of a second."""
    from PIL import GifImagePlugin, Image

    image = Image.frombytes("P", indices.shape[::-1], np.ascontiguousarray(indices).tobytes())
    return GifImagePlugin.getdata(image, corner, duration=10 * hundredths, transparency=COLOURS, disposal=1)


def _packed(colours: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Colours (…, 3) as one number each."""
    red, green, blue = (colours[..., k].astype(np.int32) for k in range(3))
    return (red << 16) | (green << 8) | blue


def _unpacked(packed: NDArray[np.int32]) -> NDArray[np.uint8]:
    """(n, 3): the reverse of :func:`_packed`."""
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=-1).astype(np.uint8)
