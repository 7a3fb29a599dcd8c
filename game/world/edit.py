"""Changing a level: another tile in a cell, another reward of a cell or of a tile; each gives a new level.

What cannot be, such as a level without a start, is a :class:`~game.errors.LevelError` with one sentence, and the level
from before stays as it was.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import replace

from game.errors import LevelError
from game.world.level import STANDARD_TILES, Level, Tile
from game.world.level_file import MAX_SIZE, check_level
from game.world.level_text import written

#: Letters for tiles that an edit makes, those that look like nothing else first.
LETTERS = string.ascii_lowercase + string.ascii_uppercase + string.digits


def painted(level: Level, row: int, column: int, letter: str) -> Level:
    """Return the level with the tile of ``letter`` in a cell.  Raises LevelError where no level is left."""
    if letter not in level.tiles:
        raise LevelError(f"there is no tile '{letter}' here; expected one of {' '.join(sorted(level.tiles))}")
    if level.rows[row][column] == letter:
        return level
    rows = list(level.rows)
    rows[row] = rows[row][:column] + letter + rows[row][column + 1 :]
    return checked(replace(level, rows=tuple(rows)))


def with_tile_reward(level: Level, letter: str, reward: float | None) -> Level:
    """Return the level with another reward for entering each cell of a tile; None: what a step costs."""
    standard = STANDARD_TILES.get(letter)
    if reward is None and standard is not None and standard.reward is not None:
        reward = level.step_reward  # a file can leave out only what the standard tile leaves out
    tile = replace(level.tiles[letter], reward=_checked_reward(reward))
    return checked(replace(level, tiles={**level.tiles, letter: tile}))


def with_cell_reward(level: Level, row: int, column: int, reward: float | None) -> Level:
    """Return the level with another reward for entering one cell.

    Where other cells share its tile, the cell gets a tile of its own: one that is there already and differs in
    nothing, else one with a new letter.
    """
    letter = level.rows[row][column]
    tile = replace(level.tiles[letter], reward=_checked_reward(reward))
    if tile == level.tiles[letter]:
        return level
    if tile.effect == "wall":
        raise LevelError("a wall is never entered, so it pays nothing; expected another cell")
    if sum(line.count(letter) for line in level.rows) == 1 and letter not in (".", "S"):
        return with_tile_reward(level, letter, reward)
    for other in level.tiles.values():
        if replace(other, letter=letter) == tile:
            return painted(level, row, column, other.letter)
    drawn = set("".join(level.rows))
    own = next((a for a in LETTERS if a not in level.tiles), None) or next(
        (a for a in LETTERS if a not in drawn and a not in STANDARD_TILES), None
    )
    if own is None:
        raise LevelError("there is no letter left for one more kind of tile; change the reward of a tile instead")
    return painted(replace(level, tiles={**level.tiles, own: replace(tile, letter=own)}), row, column, own)


def with_physics(level: Level, **values: float) -> Level:
    """Return the level with another ``slip``, ``step_reward``, ``discount`` or ``max_steps``."""
    return checked(replace(level, **values))  # type: ignore[arg-type]


def blank(rows: int, columns: int, name: str = "my_level") -> Level:
    """Return a level of plain floor with a start in its first cell and a goal in its last one."""
    if not (1 <= rows <= 1024 and 1 <= columns <= 1024 and rows * columns >= 2):
        raise LevelError(f"a board of {rows} × {columns} cells; expected two cells or more, and at most 1,024 a side")
    lines = ["." * columns for _ in range(rows)]
    lines[0] = "S" + lines[0][1:]
    lines[-1] = lines[-1][:-1] + "G"
    return checked(Level(name=name, title=name, rows=tuple(lines), tiles=dict(STANDARD_TILES), step_reward=-0.01))


def palette(level: Level) -> Sequence[Tile]:
    """Return the tiles to paint with: those of the level that are drawn or its own, then the standard ones."""
    drawn = dict.fromkeys("".join(level.rows))
    own = [letter for letter, tile in level.tiles.items() if tile != STANDARD_TILES.get(letter)]
    return [level.tiles[letter] for letter in dict.fromkeys([*drawn, *own, *STANDARD_TILES])]


def checked(level: Level) -> Level:
    """Return the level.  Raises LevelError, one sentence, where no episode could begin on it."""
    check_level(level)
    return level


def finished(level: Level) -> Level:
    """Return the level with the text that reads back to it."""
    return replace(level, text=written(level))


def _checked_reward(reward: float | None) -> float | None:
    if reward is not None and not abs(reward) <= MAX_SIZE:
        raise LevelError(f"a reward of {reward:g}; expected a number from {-MAX_SIZE:,.0f} to {MAX_SIZE:,.0f}")
    return reward
