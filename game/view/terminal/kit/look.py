"""How the terminal's app looks: the theme's colours by meaning, or weights alone where there is no colour."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rich.color import Color
from rich.style import Style

from game.view.shared.text_board import has_arrows
from game.view.shared.theme import DARK, LIGHT, Colour, Theme, mixed

Ink = Literal["ink", "quiet", "faint", "policy", "person", "truth", "warning", "arrow", "untrained", "wall", "wind"]
Ground = Literal["paper", "card", "floor", "wall", "ice", "policy_pale", "person_soft", "truth_soft", "warning_soft"]

#: Without colour these are dim, and those bold; a ground of a meaning is reversed.
_DIM = ("quiet", "faint", "untrained", "arrow", "wind")
_REVERSED = ("policy_pale", "person_soft", "truth_soft", "warning_soft")


@dataclass(frozen=True, slots=True)
class Look:
    """A theme, whether there is ``colour`` (NO_COLOR), ``unicode``, and ``braille`` for curves."""

    theme: Theme
    colour: bool = True
    unicode: bool = True
    braille: bool = True

    def style(self, ink: Ink = "ink", ground: Ground = "paper", bold: bool = False) -> Style:
        """The style of a meaning on a ground."""
        return _style(self.theme, self.colour, ink, ground, bold)

    def painted(self, colour: Colour, ground: Colour, bold: bool = False) -> Style:
        """The style of a colour that is computed; only weight is left of it where there is no colour."""
        return _painted(colour, ground, bold) if self.colour else Style(bold=bold)

    def sure(self, share: float, ground: Ground = "paper") -> Style:
        """The style of a probability from 0 (no more than any other) to 1 (certain): weight and colour, in steps."""
        step = min(4, int(5 * share))
        if not self.colour:
            return Style(bold=step >= 3, dim=step == 0)
        theme = self.theme
        colour = mixed(theme.quiet, theme.policy, (0.0, 0.35, 0.65, 1.0, 1.0)[step])
        return _painted(colour, getattr(theme, ground), step >= 2)

    def other(self) -> Look:
        """The same on a background of the other brightness."""
        return Look(DARK if self.theme is LIGHT else LIGHT, self.colour, self.unicode, self.braille)


def look_for(encoding: str | None, environment: Mapping[str, str] = os.environ) -> Look:
    """The look for a terminal: what its encoding has, NO_COLOR, and whether COLORFGBG says that it is light.

    The console of Linux has arrows in its font but no braille.
    """
    unicode = has_arrows(encoding)
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    light = background in ("7", "15")
    return Look(
        LIGHT if light else DARK,
        colour=not environment.get("NO_COLOR"),
        unicode=unicode,
        braille=unicode and environment.get("TERM") != "linux",
    )


@cache
def _style(theme: Theme, colour: bool, ink: Ink, ground: Ground, bold: bool) -> Style:
    if not colour:
        return Style(bold=bold or ink == "warning", dim=ink in _DIM and not bold, reverse=ground in _REVERSED)
    return _painted(getattr(theme, ink), getattr(theme, ground), bold)


@cache
def _painted(colour: Colour, ground: Colour, bold: bool) -> Style:
    return Style(color=Color.from_rgb(*colour), bgcolor=Color.from_rgb(*ground), bold=bold)
