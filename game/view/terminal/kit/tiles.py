"""What stands in a cell of the board, as one character with a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from game.view.shared.theme import DARK
from game.world.level import Tile

if TYPE_CHECKING:
    from rich.style import Style

    from game.view.terminal.kit.look import Ground, Ink, Look


@dataclass(frozen=True, slots=True)
class Mark:
    """A character, its meaning, and the ground of its cell; ``solid`` tiles fill the cell, no arrow is there."""

    sign: str
    ink: Ink = "quiet"
    ground: Ground = "paper"
    solid: bool = False
    bold: bool = False


def mark(tile: Tile, look: Look) -> Mark:
    """How a tile is drawn: shape first, colour second."""
    if tile.effect == "wall":
        ink: Ink = "faint" if look.theme is DARK else "wall"
        return Mark("█" if look.unicode else "#", ink, solid=True)
    if tile.ends and tile.goal:
        return Mark(tile.letter, "truth", "truth_soft", solid=True, bold=True)
    if tile.ends or tile.effect == "restart":
        return Mark(tile.letter, "warning", "warning_soft", solid=True, bold=True)
    if tile.effect == "coin":
        return Mark(tile.letter, "person", bold=True)
    if tile.slip is not None:
        return Mark(tile.letter, "policy", "ice")
    if tile.push is not None:
        return Mark(tile.letter, "wind")
    if tile.letter == ".":
        return Mark(" ")
    return Mark(tile.letter, "quiet", bold=tile.start > 0.0)


def ground_style(found: Mark, look: Look) -> Style:
    """The style of the tile's own character."""
    return look.style(found.ink, found.ground, found.bold)
