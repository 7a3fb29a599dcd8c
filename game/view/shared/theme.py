"""Colours, fonts and sizes: the only file that knows what anything looks like in general.

The colours are those of Okabe and Ito (2008), which colour-blind people can tell apart; everything that a colour
says is also said by a shape.  Sizes follow one number, the height of text in pixels.  pygame is imported with the
first font, since the terminal has the same colours and no window.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from game.errors import ViewError

if TYPE_CHECKING:
    import pygame

Colour = tuple[int, int, int]
Role = Literal["text", "strong", "title", "mono"]


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours by meaning.

    ``policy`` is the accent of the policy, ``person`` that of a person, ``truth`` that of what is exactly known;
    their ``_soft`` forms are for areas and for what lies behind.
    """

    name: str
    paper: Colour
    card: Colour
    edge: Colour
    ink: Colour
    quiet: Colour
    faint: Colour
    policy: Colour
    policy_soft: Colour
    policy_pale: Colour
    policy_trail: Colour
    person: Colour
    person_soft: Colour
    person_trail: Colour
    truth: Colour
    truth_soft: Colour
    warning: Colour
    warning_soft: Colour
    floor: Colour
    grid: Colour
    wall: Colour
    ice: Colour
    ice_hatch: Colour
    wind: Colour
    arrow: Colour
    untrained: Colour


LIGHT = Theme(
    name="light",
    paper=(247, 247, 243),
    card=(255, 255, 255),
    edge=(214, 218, 227),
    ink=(28, 32, 46),
    quiet=(92, 99, 115),
    faint=(200, 205, 215),
    policy=(0, 114, 178),
    policy_soft=(86, 180, 233),
    policy_pale=(222, 238, 250),
    policy_trail=(150, 197, 226),
    person=(213, 94, 0),
    person_soft=(253, 233, 214),
    person_trail=(243, 190, 142),
    truth=(0, 138, 100),
    truth_soft=(217, 242, 232),
    warning=(190, 72, 0),
    warning_soft=(252, 231, 219),
    floor=(255, 255, 255),
    grid=(222, 225, 232),
    wall=(60, 66, 82),
    ice=(221, 238, 252),
    ice_hatch=(150, 200, 234),
    wind=(183, 170, 214),
    arrow=(139, 146, 163),
    untrained=(178, 185, 200),
)

DARK = Theme(
    name="dark",
    paper=(19, 22, 29),
    card=(29, 33, 43),
    edge=(62, 69, 86),
    ink=(238, 240, 245),
    quiet=(168, 176, 190),
    faint=(84, 91, 107),
    policy=(86, 180, 233),
    policy_soft=(38, 122, 178),
    policy_pale=(33, 58, 80),
    policy_trail=(34, 92, 132),
    person=(240, 150, 50),
    person_soft=(72, 50, 28),
    person_trail=(138, 88, 36),
    truth=(46, 196, 148),
    truth_soft=(24, 68, 58),
    warning=(255, 146, 84),
    warning_soft=(78, 42, 26),
    floor=(41, 46, 59),
    grid=(60, 66, 82),
    wall=(9, 11, 15),
    ice=(38, 66, 92),
    ice_hatch=(78, 128, 168),
    wind=(112, 100, 150),
    arrow=(146, 154, 172),
    untrained=(98, 106, 124),
)

#: The factors of the four text sizes.
TEXT_SIZES = (1.0, 1.15, 1.3, 1.5)

_FILES: dict[Role, str] = {
    "text": "DejaVuSans.ttf",
    "strong": "DejaVuSans-Bold.ttf",
    "title": "DejaVuSans-Bold.ttf",
    "mono": "DejaVuSansMono.ttf",
}


@dataclass(frozen=True, slots=True)
class Style:
    """A theme at a size: ``text`` is the size of text in pixels, which everything else follows."""

    theme: Theme
    text: int

    def px(self, units: float) -> int:
        """``units`` in pixels, at least 1: a unit is a pixel where text has 14 of them."""
        return max(1, round(units * self.text / 14))

    def font(self, role: Role) -> pygame.font.Font:
        """The font of a role; there is one size for text and one for titles."""
        return _font(_FILES[role], round(self.text * 1.4) if role == "title" else self.text)


def style_for(theme: Theme, size: tuple[int, int], text_size: int = 0, density: float = 1.0) -> Style:
    """The style for a window of ``size`` pixels whose display has ``density`` pixels per point.

    Text grows with the window from 12 points on, times the factor of the text size, as far as a screen of 46 by
    34 times its height still has room for all.
    """
    width, height = size
    fitting = max(12.0 * density, 15.0 * min(width / 1280, height / 800))
    largest = min(width / 46, height / 34)
    return Style(theme, max(8, round(min(fitting * TEXT_SIZES[text_size], largest))))


@cache
def _font_folder() -> Path:
    # matplotlib carries DejaVu, which has Greek and arrows; importing it would take most of a second.
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ViewError("matplotlib is not installed, whose fonts the window needs; pip install -r requirements.txt")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def _font(file: str, size: int) -> pygame.font.Font:
    import pygame

    pygame.font.init()
    path = _font_folder() / file
    try:
        return pygame.font.Font(path, size)
    except (OSError, pygame.error) as error:
        raise ViewError(f"{path} cannot be used: {error}; expected matplotlib's own DejaVu fonts") from error


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """``one`` with ``share`` in [0, 1] of ``other`` mixed in."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def ramp(colours: Sequence[Colour], share: float) -> Colour:
    """The colour at ``share`` in [0, 1] of a scale through ``colours``."""
    place = min(max(share, 0.0), 1.0) * (len(colours) - 1)
    first = min(int(place), len(colours) - 2)
    return mixed(colours[first], colours[first + 1], place - first)


#: Five colours of viridis, from low to high.
VIRIDIS: tuple[Colour, ...] = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))


def readable_on(colour: Colour) -> Colour:
    """Black or white, whichever stands out more on ``colour``."""
    red, green, blue = colour
    return (20, 22, 28) if 0.299 * red + 0.587 * green + 0.114 * blue > 130 else (250, 250, 250)
