"""A block: a part of a lesson's page that has been measured for a width, and can be drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pygame

from game.view.draw.pen import Pen
from game.view.shared.theme import Colour

#: What stands for a number that is hidden until the class has voted.
HIDDEN = "?"


@dataclass(frozen=True, slots=True)
class Block:
    """``height`` is what it needs at least and ``most`` what it can use; ``width`` what it needs across.

    A ``picture`` grows before anything else does.
    """

    width: int
    height: int
    most: int
    draw: Callable[[pygame.Surface, pygame.Rect], None]
    picture: bool = False


def fixed(width: int, height: int, draw: Callable[[pygame.Surface, pygame.Rect], None]) -> Block:
    """A block that can use no more room than it needs."""
    return Block(width, height, height, draw)


def write_value(
    surface: pygame.Surface,
    pen: Pen,
    text: str,
    at: tuple[int, int],
    anchor: str,
    colour: Colour,
    hidden: bool,
    role: str = "text",
) -> None:
    """Write a value, or a question mark on a soft ground while it is hidden."""
    theme = pen.style.theme
    if not hidden:
        pen.text(surface, text, at, anchor, "strong" if role == "strong" else "text", colour)
        return
    room = pygame.Rect(0, 0, pen.width(HIDDEN, "strong") + pen.style.px(14), pen.height() - 2)
    setattr(room, anchor, at)
    pygame.draw.rect(surface, theme.policy_pale, room, border_radius=pen.style.px(4))
    pen.text(surface, HIDDEN, room.center, "center", "strong", theme.policy)


def line_height(pen: Pen) -> int:
    """The height of a line of running text."""
    return round(pen.height() * 1.08)


def sharing(blocks: Sequence[Block], room: int) -> list[int]:
    """The blocks' heights in a column of ``room`` pixels: what is left is shared evenly among those that can grow.

    Pictures come before words: beside a plot or a board, lines do not move apart.
    """
    given = [block.height for block in blocks]
    for pictures in (True, False):
        growing = [k for k, block in enumerate(blocks) if block.picture == pictures]
        while (left := room - sum(given)) > 0:
            growing = [k for k in growing if given[k] < blocks[k].most]
            if not growing:
                break
            share = max(1, left // len(growing))
            for k in growing:
                given[k] += min(share, blocks[k].most - given[k], max(0, room - sum(given)))
    return given
