"""A level: a map of tiles and the physics beside it.

A level is only data: ``level_file.py`` reads it from a file, and what its tiles *do* in a step is ``dynamics.py``.
The file format is described in ``docs/levels.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Effect = Literal["none", "wall", "restart", "swap", "coin"]
Observe = Literal["cell", "tile", "nothing"]

#: Directions as (row, column) steps in clockwise order, so that a turn of 90° is two places on.
DIRECTIONS: dict[str, tuple[int, int]] = {
    "up": (-1, 0),
    "up-right": (-1, 1),
    "right": (0, 1),
    "down-right": (1, 1),
    "down": (1, 0),
    "down-left": (1, -1),
    "left": (0, -1),
    "up-left": (-1, -1),
}
ACTIONS = (*DIRECTIONS, "stay")
DEFAULT_ACTIONS = ("up", "right", "down", "left")
DEFAULT_DISCOUNT = 0.99
DEFAULT_MAX_STEPS = 100
EFFECTS: tuple[Effect, ...] = ("none", "wall", "restart", "swap", "coin")
OBSERVE: tuple[Observe, ...] = ("cell", "tile", "nothing")


@dataclass(frozen=True, slots=True)
class Tile:
    """What one letter of the map stands for.

    ``reward`` is paid for entering (None: the level's step reward); ``start`` is the unnormalised weight in P0;
    ``slip`` replaces the level's slip when acting from the tile (None: the level's); ``push`` is a direction or
    None, and moves ``push_cells`` cells.
    """

    letter: str
    name: str
    reward: float | None = None
    ends: bool = False
    goal: bool = False
    start: float = 0.0
    slip: float | None = None
    push: str | None = None
    push_cells: int = 1
    effect: Effect = "none"


STANDARD_TILES: dict[str, Tile] = {
    tile.letter: tile
    for tile in (
        Tile("#", "wall", effect="wall"),
        Tile(".", "floor"),
        Tile("S", "start", start=1.0),
        Tile("G", "goal", reward=1.0, ends=True, goal=True),
        Tile("X", "pit", reward=-1.0, ends=True),
        Tile("~", "ice", slip=2 / 3),
        Tile("^", "wind up", push="up"),
        Tile(">", "wind right", push="right"),
        Tile("v", "wind down", push="down"),
        Tile("<", "wind left", push="left"),
        Tile("?", "swap", effect="swap"),
        Tile("*", "coin", reward=1.0, effect="coin"),
    )
}


def may_start(tile: Tile) -> bool:
    """Whether an episode may start on ``tile`` where no tile of the level has a start weight."""
    return not tile.ends and tile.effect not in ("wall", "restart", "coin")


class Map:
    """What has a map: ``rows`` of letters, and the ``tiles`` that they stand for."""

    __slots__ = ()
    rows: tuple[str, ...]
    tiles: Mapping[str, Tile]

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0])

    def tile(self, row: int, column: int) -> Tile:
        """The tile at a position."""
        return self.tiles[self.rows[row][column]]


@dataclass(frozen=True, slots=True)
class Level(Map):
    """A level as its file says it, checked: every letter of ``rows`` is a key of ``tiles``.

    ``rows`` are equally long (short ones are padded with wall).  ``text`` is the file as read, so that a run
    can keep it.
    """

    name: str
    title: str
    rows: tuple[str, ...]
    tiles: Mapping[str, Tile]
    source: str = ""
    teaches: str = ""
    discount: float = DEFAULT_DISCOUNT
    max_steps: int = DEFAULT_MAX_STEPS
    slip: float = 0.0
    step_reward: float = 0.0
    actions: tuple[str, ...] = DEFAULT_ACTIONS
    observe: Observe = "cell"
    text: str = field(default="", repr=False)
