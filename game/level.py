"""A level: a map of tiles and the physics beside it, read from one TOML file.

The file format is described in ``docs/levels.md``.  A level is only data; what its tiles *do* in a step is
``dynamics.py``.  Every fault of a file is a :class:`~game.errors.LevelError` that names the file, the line and,
in the map, the column.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, cast

from game.errors import LevelError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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

MAX_BYTES = 8 * 2**20
MAX_CELLS = 2**21
MAX_STATES = 2**21


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


@dataclass(frozen=True, slots=True)
class Level:
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


def read_level(path: Path) -> Level:
    """The level in the file ``path``.

    Raises :class:`~game.errors.LevelError` for a file that is absent, not a file, too large, not UTF-8, not
    TOML, or whose content is at fault.
    """
    try:
        if path.is_dir():
            raise LevelError(f"{path} is a folder; expected a level file")
        if not path.exists():
            raise LevelError(f"{path}: there is no such file; expected a level file")
        if not path.is_file():
            raise LevelError(f"{path} is not an ordinary file; expected a level file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LevelError(f"{path} holds {size:,} bytes; expected a level of at most {MAX_BYTES:,}")
        data = path.read_bytes()
    except OSError as error:
        raise LevelError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LevelError(f"{path}, line {line}: not UTF-8 text (byte 0x{data[error.start]:02x})") from error
    return parse_level(text, name=path.stem, where=str(path))


def parse_level(text: str, name: str, where: str) -> Level:
    """The level in ``text``; ``where`` names the file in messages.  Raises :class:`~game.errors.LevelError`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LevelError(f"{where}: not TOML: {_toml_message(error)}") from error
    except RecursionError as error:
        raise LevelError(f"{where}: not a level: its values are nested too deeply") from error
    return _Reader(text, table, name, where).level()


def _toml_message(error: tomllib.TOMLDecodeError) -> str:
    message = str(error)
    return message[:1].lower() + message[1:]


_HEADER = re.compile(r"^\s*\[\s*(?:tiles\s*\.\s*)?(?:\"([^\"]*)\"|'([^']*)'|([^\]\s\"']+))\s*\]")
_KEY = re.compile(r"^\s*[\"']?([A-Za-z_][\w-]*)[\"']?\s*=")


def _lines_of_keys(text: str) -> tuple[dict[tuple[str, str], int], int]:
    """Where each key stands, as {(tile letter or "", key): line}, and the line of the map's first row.

    tomllib keeps no positions; this scan only serves messages, so a file that it misreads gets a message
    without a line.
    """
    lines: dict[tuple[str, str], int] = {}
    table, closing, map_line = "", "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            if closing in line:
                closing = ""
            continue
        if header := _HEADER.match(line):
            table = next((part for part in header.groups() if part is not None), "")
            lines[table, ""] = number
        elif key := _KEY.match(line):
            lines[table, key[1]] = number
            for quote in ('"""', "'''"):
                if line.count(quote) == 1:
                    closing = quote
                    if not table and key[1] == "map":
                        map_line = number + 1 if line.rstrip().endswith(quote) else number
    return lines, map_line


class _Reader:
    """Turns the parsed table into a Level; its methods share where they are, for messages."""

    def __init__(self, text: str, table: dict[str, Any], name: str, where: str) -> None:
        self.text, self.table, self.name, self.where = text, table, name, where
        self.lines, self.map_line = _lines_of_keys(text)

    def fault(self, key: str, message: str, tile: str = "") -> LevelError:
        line = self.lines.get((tile, key)) or self.lines.get((tile, ""))
        place = f"{self.where}, line {line}" if line else self.where
        return LevelError(f"{place}: {message}")

    def level(self) -> Level:
        known = ("title", "source", "teaches", "discount", "max_steps", "slip", "step_reward", "actions")
        known += ("observe", "map", "tiles")
        for key in self.table:
            if key not in known:
                raise self.fault(key, f"unknown key '{key}'; {nearest(key, known)}")
        observe = self.string("observe", "cell")
        if observe not in OBSERVE:
            raise self.fault("observe", f"observe is '{observe}'; expected one of {', '.join(OBSERVE)}")
        tiles = self.tiles()
        rows, first_line = self.rows(tiles)
        level = Level(
            name=self.name,
            title=self.string("title", self.name),
            source=self.string("source", ""),
            teaches=self.string("teaches", ""),
            discount=self.number("discount", DEFAULT_DISCOUNT, 0.0, 1.0),
            max_steps=self.whole("max_steps", DEFAULT_MAX_STEPS),
            slip=self.number("slip", 0.0, 0.0, 1.0),
            step_reward=self.number("step_reward", 0.0),
            actions=self.actions(),
            observe=cast(Observe, observe),
            rows=rows,
            tiles=tiles,
            text=self.text,
        )
        self.check_start(level, first_line)
        self.check_coins(level)
        return level

    # -- values -------------------------------------------------------------------------------------------

    def value(self, key: str, default: Any, tile: str) -> Any:
        if not tile:
            return self.table.get(key, default)
        return self.table["tiles"][tile].get(key, default)

    def label(self, key: str, tile: str) -> str:
        return f"{key} of tile '{tile}'" if tile else key

    def string(self, key: str, default: str, tile: str = "") -> str:
        value = self.value(key, default, tile)
        if not isinstance(value, str):
            raise self.fault(key, f"{self.label(key, tile)} is {value!r}; expected text in quotes", tile)
        return value

    def flag(self, key: str, default: bool, tile: str) -> bool:
        value = self.value(key, default, tile)
        if not isinstance(value, bool):
            raise self.fault(key, f"{self.label(key, tile)} is {value!r}; expected true or false", tile)
        return value

    def number(self, key: str, default: float, low: float = -math.inf, high: float = math.inf, tile: str = "") -> float:
        value = self.value(key, default, tile)
        label = self.label(key, tile)
        if isinstance(value, str):
            try:
                value = float(Fraction(value))
            except (ValueError, ZeroDivisionError, OverflowError):
                message = f'{label} is "{value}"; expected a number or a fraction such as "2/3"'
                raise self.fault(key, message, tile) from None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.fault(key, f"{label} is {value!r}; expected a number", tile)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.fault(key, f"{label} is {value}; expected a finite number", tile)
        if not low <= number <= high:
            expected = f"from {low:g} to {high:g}" if math.isfinite(high) else f"of at least {low:g}"
            raise self.fault(key, f"{label} is {number:g}; expected a number {expected}", tile)
        return number

    def whole(self, key: str, default: int, tile: str = "") -> int:
        value = self.value(key, default, tile)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 2**31:
            label = self.label(key, tile)
            raise self.fault(key, f"{label} is {value!r}; expected a positive whole number below 2³¹", tile)
        return value

    def actions(self) -> tuple[str, ...]:
        value = self.table.get("actions", list(DEFAULT_ACTIONS))
        if not isinstance(value, list) or not value:
            raise self.fault("actions", f"actions is {value!r}; expected a list with at least one action")
        for action in value:
            if action not in ACTIONS:
                hint = nearest(str(action), ACTIONS)
                raise self.fault("actions", f"unknown action {action!r}; {hint}")
            if value.count(action) > 1:
                raise self.fault("actions", f"action '{action}' is listed twice; expected each action once")
        return tuple(value)

    # -- tiles and map ------------------------------------------------------------------------------------

    def tiles(self) -> dict[str, Tile]:
        tiles = dict(STANDARD_TILES)
        given = self.table.get("tiles", {})
        if not isinstance(given, dict):
            raise self.fault("tiles", f"tiles is {given!r}; expected tables such as [tiles.C]")
        for letter, values in given.items():
            if not isinstance(values, dict):
                raise self.fault(letter, f"tiles.{letter} is {values!r}; expected a table [tiles.{letter}]")
            if len(letter) != 1 or letter.isspace():
                raise self.fault("", f"a tile is named '{letter}'; expected one visible letter", letter)
            tiles[letter] = self.tile(letter, values, tiles.get(letter, Tile(letter, f"tile {letter}")))
        return tiles

    def tile(self, letter: str, values: Mapping[str, Any], base: Tile) -> Tile:
        known = ("name", "reward", "ends", "goal", "start", "slip", "push", "push_cells", "effect")
        for key in values:
            if key not in known:
                raise self.fault(key, f"unknown key '{key}' of tile '{letter}'; {nearest(key, known)}", letter)
        push = self.string("push", base.push or "", letter)
        if push and push not in DIRECTIONS:
            raise self.fault("push", f"push of tile '{letter}' is '{push}'; {nearest(push, DIRECTIONS)}", letter)
        effect = self.string("effect", base.effect, letter)
        if effect not in EFFECTS:
            expected = ", ".join(EFFECTS)
            message = f"effect of tile '{letter}' is '{effect}'; expected one of {expected}"
            raise self.fault("effect", message, letter)
        tile = Tile(
            letter=letter,
            name=self.string("name", base.name, letter),
            reward=self.number("reward", 0.0, tile=letter) if "reward" in values else base.reward,
            ends=self.flag("ends", base.ends, letter),
            goal=self.flag("goal", base.goal, letter),
            start=self.number("start", base.start, 0.0, tile=letter),
            slip=self.number("slip", 0.0, 0.0, 1.0, letter) if "slip" in values else base.slip,
            push=push or None,
            push_cells=self.whole("push_cells", base.push_cells, letter),
            effect=cast(Effect, effect),
        )
        if tile.start > 0 and (tile.ends or tile.effect in ("wall", "coin", "restart")):
            what = "ends the episode" if tile.ends else f"is a {tile.effect}"
            message = f"tile '{letter}' has a start weight but {what}; expected a tile one can stand on at first"
            raise self.fault("start", message, letter)
        if tile.effect == "restart" and (tile.ends or tile.goal):
            message = f"tile '{letter}' restarts and also ends or is a goal; expected one of these"
            raise self.fault("effect", message, letter)
        return tile

    def rows(self, tiles: Mapping[str, Tile]) -> tuple[tuple[str, ...], int]:
        """The padded map, and how many blank lines stood above it."""
        if "map" not in self.table:
            raise LevelError(f"{self.where}: no map; expected a key map with the level drawn as text")
        lines = [line.rstrip() for line in self.string("map", "").splitlines()]
        first = next((number for number, line in enumerate(lines) if line), len(lines))
        while lines and not lines[-1]:
            lines.pop()
        lines = lines[first:]
        if not lines:
            raise self.fault("map", "the map is empty; expected at least one cell")
        cells = len(lines) * max(len(line) for line in lines)
        if cells > MAX_CELLS:
            raise self.fault("map", f"the map has {cells:,} cells; expected at most {MAX_CELLS:,}")
        for number, line in enumerate(lines):
            for column, letter in enumerate(line):
                if letter not in tiles:
                    place = f"map line {number + 1}, column {column + 1}"
                    expected = " ".join(sorted(tiles))
                    message = f"{place}: unknown tile '{letter}'; expected one of {expected}"
                    if self.map_line:
                        message = f"line {self.map_line + first + number}, {message}"
                    raise LevelError(f"{self.where}, {message}")
        width = max(len(line) for line in lines)
        if tiles["#"].effect != "wall":
            ragged = next((number for number, line in enumerate(lines) if len(line) < width), None)
            if ragged is not None:
                message = f"map line {ragged + 1} is short and '#' is no wall here; expected lines of equal length"
                raise self.fault("map", message)
        return tuple(line.ljust(width, "#") for line in lines), first

    def check_start(self, level: Level, first: int) -> None:
        letters = set("".join(level.rows))
        if any(level.tiles[letter].start > 0 for letter in letters):
            return
        if not any(may_start(level.tiles[letter]) for letter in letters):
            raise self.fault(
                "map",
                "there is no cell to start in; expected an S, or a cell that neither ends, restarts nor holds a coin",
            )

    def check_coins(self, level: Level) -> None:
        text = "".join(level.rows)
        coins = sum(level.tiles[letter].effect == "coin" for letter in text)
        cells = sum(level.tiles[letter].effect != "wall" for letter in text)
        states = cells * 2**coins
        if states > MAX_STATES:
            shown = f"{states:,}" if coins < 60 else f"{cells:,} · 2^{coins}"
            raise self.fault(
                "map",
                f"{coins} coins on {cells:,} cells make {shown} states; expected at most {MAX_STATES:,}, so fewer coins",
            )


def may_start(tile: Tile) -> bool:
    """Whether an episode may start on ``tile`` when no tile of the level has a start weight."""
    return not tile.ends and tile.effect not in ("wall", "restart", "coin")
