"""Reading a level file.

Every fault of a file is a :class:`~game.errors.LevelError`: one sentence that names the file, the line and, in
the map, the column.  ``docs/levels.md`` describes the format.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from game.errors import LevelError, nearest
from game.world.level import (
    ACTIONS,
    DEFAULT_ACTIONS,
    DEFAULT_DISCOUNT,
    DEFAULT_MAX_STEPS,
    DIRECTIONS,
    EFFECTS,
    OBSERVE,
    STANDARD_TILES,
    Level,
    Tile,
    may_start,
)

if TYPE_CHECKING:
    Choice = TypeVar("Choice", bound=str)

MAX_BYTES = 4 * 2**20
#: tomllib takes time with the square of a dotted key's length, so lines are kept short enough not to matter.
MAX_LINE = 4096
MAX_CELLS = 2**20
MAX_STATES = 2**21
#: Cells and walls times sets of coins: a view looks up states by their place.
MAX_PLACES = 2**24
#: Rewards and start weights beyond it would soon overflow when added up.
MAX_SIZE = 1e9
MAX_TEXT = 500
#: How many characters finding a line number may parse before a message does without it.
MAX_SEARCH = 10_000_000

#: Makes the error of a place in the file, a path of keys, and a sentence.
Fault = Callable[[Sequence[str], str], LevelError]

_LEVEL_KEYS = "title source teaches discount max_steps slip step_reward actions observe map tiles".split()
_TILE_KEYS = "name reward ends goal start slip push push_cells effect".split()
_FRACTION = re.compile(r"\s*([+-]?\d{1,15}(?:\.\d{1,15})?)\s*(?:/\s*(\d{1,15}(?:\.\d{1,15})?)\s*)?")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


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
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        raise LevelError(f"{path}, line {line}: byte 0x{byte:02x} is not UTF-8; expected UTF-8 text") from error
    return parse_level(text, name=path.stem, where=str(path))


def parse_level(text: str, name: str, where: str) -> Level:
    """The level in ``text``; ``where`` names the file in messages.  Raises :class:`~game.errors.LevelError`."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE:
            long = f"the line has {len(line):,} characters; expected at most {MAX_LINE:,}"
            raise LevelError(f"{where}, line {number}: {long}")
    file = _File(text, where)
    try:
        # With a line end, tomllib names the last line too, not "end of document".
        values = tomllib.loads(text + "\n")
    except tomllib.TOMLDecodeError as error:
        raise file.not_toml(str(error)) from error
    except (ValueError, RecursionError) as error:
        # Python's own limits: digits of a number, depth of nesting.
        raise LevelError(f"{where}: not a level: a number is too long, or values are nested too deeply") from error
    return _level(_Table(values, (), file), name)


class _File:
    """The text of a file, for saying where in it something stands."""

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text, where
        self.lines = text.split("\n")

    def statements(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The line on which each statement begins, and what the text before it holds.

        tomllib keeps no positions, but a text that ends within a statement does not parse.  Comments and lines of
        the map may count as statements, which does no harm.  Nothing where it would take too long.
        """
        begins = [number for number, line in enumerate(self.lines) if "=" in line or "[" in line]
        lengths = list(accumulate(map(len, self.lines), initial=0))
        if sum(lengths[number] for number in begins) > MAX_SEARCH:
            return
        for number in begins:
            try:
                before = tomllib.loads("\n".join([*self.lines[:number], ""]))
            except (ValueError, RecursionError):
                continue
            yield number + 1, before

    def line_of(self, path: Sequence[str]) -> int | None:
        """The line on which the statement begins that first sets something at ``path``; None if it is not found."""
        begin = None
        for line, before in self.statements():
            if _holds(before, path):
                break
            begin = line
        return begin

    def fault(self, path: Sequence[str], message: str) -> LevelError:
        line = self.line_of(path)
        return LevelError(f"{self.where}, line {line}: {message}" if line else f"{self.where}: {message}")

    def not_toml(self, reason: str) -> LevelError:
        """A fault that tomllib found, with the place that it names put to the front."""
        place = _TOML_PLACE.search(reason)
        reason = reason[:1].lower() + reason[1 : place.start() if place else None][:200]
        if place and place[1]:
            return LevelError(f"{self.where}, line {place[1]}, column {place[2]}: not TOML: {reason}")
        line = max((line for line, _ in self.statements()), default=None)
        at = f", line {line}" if line else ""
        return LevelError(f"{self.where}{at}: not TOML: {reason} before the end of the file")

    def map_fault(self, row: int, drawn: int, column: int, message: str) -> LevelError:
        """A fault of a cell: in ``row`` of the text of the map, which is line ``drawn`` of the map as drawn."""
        place = f"row {drawn}, column {column}"
        first = self.line_of(["map"])
        if first and self.lines[first - 1].rstrip().endswith(('"""', "'''")):
            place = f"line {first + row + 1}, {place}"
        return LevelError(f"{self.where}, {place}: {message}")


def _holds(value: Any, path: Sequence[str]) -> bool:
    """Whether a table of TOML sets something at ``path``."""
    for part in path:
        if not isinstance(value, dict) or part not in value:
            return False
        value = value[part]
    return True


def _shown(value: object) -> str:
    """A value of the file as a message shows it: short, whatever it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…"'
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**20 else "a number of more than 20 digits"
    return "a list" if isinstance(value, list) else "a table" if isinstance(value, dict) else "a date or time"


class _Table:
    """One table of the file, the level's or a tile's: each value is checked as it is taken."""

    def __init__(self, values: Mapping[str, Any], path: tuple[str, ...], file: _File) -> None:
        self.values, self.path, self.file = values, path, file
        self.of = f" of tile '{path[-1]}'" if path else ""

    def fault(self, key: str, message: str) -> LevelError:
        return self.file.fault([*self.path, key] if key in self.values else self.path, message)

    def wrong(self, key: str, value: object, expected: str) -> LevelError:
        return self.fault(key, f"{key}{self.of} is {_shown(value)}; expected {expected}")

    def check_keys(self, known: Sequence[str]) -> None:
        for key in self.values:
            if key not in known:
                shown = key if len(key) <= 40 else key[:40] + "…"
                if self.path and key in _LEVEL_KEYS:
                    raise self.fault(key, f"'{key}' stands in the table{self.of}; expected it above all [tiles...]")
                raise self.fault(key, f"unknown key '{shown}'{self.of}; {nearest(shown, known)}")

    def text(self, key: str, default: str) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, value, "text in quotes")
        if not value.isprintable() or len(value) > MAX_TEXT:
            raise self.wrong(key, value, f"one line of at most {MAX_TEXT} printable characters")
        return value

    def one_of(self, key: str, default: Choice, choices: Sequence[Choice]) -> Choice:
        value = self.values.get(key, default)
        for choice in choices:
            if value == choice:
                return choice
        raise self.wrong(key, value, f"one of {', '.join(choices)}")

    def flag(self, key: str, default: bool) -> bool:
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true or false")
        return value

    def number(self, key: str, default: float, low: float = -MAX_SIZE, high: float = MAX_SIZE) -> float:
        value = self.values.get(key, default)
        number = _fraction(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise self.wrong(key, value, 'a number, or a fraction in quotes such as "2/3"')
        if isinstance(number, float) and not math.isfinite(number):
            raise self.wrong(key, value, "a finite number")
        if not low <= number <= high:
            raise self.wrong(key, value, f"a number from {low:,.0f} to {high:,.0f}")
        return float(number)

    def whole(self, key: str, default: int) -> int:
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 2**31:
            raise self.wrong(key, value, "a positive whole number below 2³¹")
        return value


def _fraction(text: str) -> float | None:
    match = _FRACTION.fullmatch(text)
    if match is None:
        return None
    divisor = float(match[2] or 1)
    return float(match[1]) / divisor if divisor else None


def _level(table: _Table, name: str) -> Level:
    table.check_keys(_LEVEL_KEYS)
    tiles = _tiles(table)
    level = Level(
        name=name,
        title=table.text("title", name),
        source=table.text("source", ""),
        teaches=table.text("teaches", ""),
        discount=table.number("discount", DEFAULT_DISCOUNT, 0.0, 1.0),
        max_steps=table.whole("max_steps", DEFAULT_MAX_STEPS),
        slip=table.number("slip", 0.0, 0.0, 1.0),
        step_reward=table.number("step_reward", 0.0),
        actions=_actions(table),
        observe=table.one_of("observe", "cell", OBSERVE),
        rows=_rows(table, tiles),
        tiles=tiles,
        text=table.file.text,
    )
    check_level(level, table.file.fault)
    return level


def _actions(table: _Table) -> tuple[str, ...]:
    value = table.values.get("actions", list(DEFAULT_ACTIONS))
    if not isinstance(value, list) or not value:
        shown = "an empty list" if value == [] else _shown(value)
        raise table.fault("actions", f'actions is {shown}; expected a list such as ["left", "right"]')
    for action in value:
        if action not in ACTIONS:
            hint = nearest(action, ACTIONS) if isinstance(action, str) else f"expected some of {', '.join(ACTIONS)}"
            raise table.fault("actions", f"unknown action {_shown(action)}; {hint}")
        if value.count(action) > 1:
            raise table.fault("actions", f"action '{action}' is listed twice; expected each action once")
    return tuple(value)


def _tiles(table: _Table) -> dict[str, Tile]:
    tiles = dict(STANDARD_TILES)
    given = table.values.get("tiles", {})
    if not isinstance(given, dict):
        raise table.wrong("tiles", given, "tables such as [tiles.C]")
    for letter, values in given.items():
        path = ("tiles", letter)
        if len(letter) != 1 or not letter.isprintable() or letter.isspace():
            raise table.file.fault(path, f"a tile is named {_shown(letter)}; expected one visible letter")
        if not isinstance(values, dict):
            message = f"tile '{letter}' is {_shown(values)}; expected a table [tiles.\"{letter}\"]"
            raise table.file.fault(path, message)
        tiles[letter] = _tile(letter, _Table(values, path, table.file), tiles.get(letter, Tile(letter, letter)))
    return tiles


def _tile(letter: str, table: _Table, base: Tile) -> Tile:
    table.check_keys(_TILE_KEYS)
    push = table.one_of("push", base.push or "none", ("none", *DIRECTIONS))
    tile = Tile(
        letter=letter,
        name=table.text("name", base.name),
        reward=table.number("reward", 0.0) if "reward" in table.values else base.reward,
        ends=table.flag("ends", base.ends),
        goal=table.flag("goal", base.goal),
        start=table.number("start", base.start, 0.0),
        slip=table.number("slip", 0.0, 0.0, 1.0) if "slip" in table.values else base.slip,
        push=None if push == "none" else push,
        push_cells=table.whole("push_cells", base.push_cells),
        effect=table.one_of("effect", base.effect, EFFECTS),
    )
    if tile.start > 0 and not may_start(tile):
        what = "ends the episode" if tile.ends else f"is a {tile.effect}"
        raise table.fault(
            "start", f"tile '{letter}' has a start weight but {what}; expected a tile one can stand on at first"
        )
    if tile.effect == "restart" and (tile.ends or tile.goal):
        raise table.fault("effect", f"tile '{letter}' restarts and also ends or is a goal; expected one of these")
    return tile


def _rows(table: _Table, tiles: Mapping[str, Tile]) -> tuple[str, ...]:
    """The map without blank lines above and below, padded with wall."""
    value = table.values.get("map")
    if value is None:
        raise LevelError(f"{table.file.where}: there is no map; expected a key map with the level drawn as text")
    if not isinstance(value, str):
        raise table.wrong("map", value, "the level drawn as text in quotes")
    lines = [line.rstrip() for line in value.split("\n")]
    drawn = [row for row, line in enumerate(lines) if line]
    if not drawn:
        raise table.fault("map", "the map is empty; expected at least one cell")
    above = drawn[0]
    lines = lines[above : drawn[-1] + 1]
    width = max(map(len, lines))
    if len(lines) * width > MAX_CELLS:
        raise table.fault("map", f"the map has {len(lines) * width:,} cells; expected at most {MAX_CELLS:,}")
    for number, line in enumerate(lines):
        for column, letter in enumerate(line):
            if letter not in tiles:
                message = f"unknown tile '{letter}'; expected one of {' '.join(sorted(tiles)[:40])}"
                raise table.file.map_fault(above + number, number, column, message)
        if len(line) < width and tiles["#"].effect != "wall":
            message = "the line is short and '#' is no wall here; expected lines of equal length"
            raise table.file.map_fault(above + number, number, len(line), message)
    return tuple(line.ljust(width, "#") for line in lines)


def check_level(level: Level, fault: Fault = lambda _path, message: LevelError(message)) -> None:
    """Raise :class:`~game.errors.LevelError` where no episode could begin, or the coins make too many states.

    ``fault`` makes the error of a place in the file, a path of keys, and a sentence.
    """
    tiles = [level.tiles[letter] for row in level.rows for letter in row]
    if not any(tile.start > 0 or may_start(tile) for tile in set(tiles)):
        expected = "expected an S, or a cell that neither ends, restarts nor holds a coin"
        raise fault(("map",), f"there is no cell to start in; {expected}")
    coins = sum(tile.effect == "coin" for tile in tiles)
    cells = sum(tile.effect != "wall" for tile in tiles)
    for places, what, most in ((cells, "cells", MAX_STATES), (len(tiles), "cells and walls", MAX_PLACES)):
        if coins > 40 or places << coins > most:
            product = f"{places << coins:,}" if coins <= 40 else f"{places:,} · 2^{coins:,}"
            states = "states" if what == "cells" else "places"
            message = f"{coins:,} coins on {places:,} {what} make {product} {states}"
            raise fault(("map",), f"{message}; expected at most {most:,}, so fewer coins")
    floor = level.tiles["."]
    if coins and (floor.ends or floor.effect not in ("none", "swap")):
        expected = "which here ends the episode or is no floor; expected plain floor"
        raise fault(("tiles", "."), f"a taken coin leaves floor, {expected}")
