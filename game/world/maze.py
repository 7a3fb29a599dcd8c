"""Mazes: worlds of any size from a text such as ``maze:63:7``, the same one everywhere.

A maze of SIZE × SIZE cells has rooms in every other cell.  A walk through the rooms, which goes back where it is
stuck, opens the wall to each room that it finds: a perfect maze, in which exactly one way leads from each room to
each other (depth-first search).  ``BRAID`` then opens that share of the inner walls that still stand between rooms.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from game.errors import LevelError
from game.world.dice import GOLDEN, MASK, mix
from game.world.level import Level
from game.world.level_file import parse_level

PREFIX = "maze:"
SMALLEST, LARGEST = 5, 511
LARGEST_SEED = 2**63 - 1
#: Most steps of an episode: it is kept until it ends.
LONGEST = 16_000_000
_STEPS = ((-2, 0), (0, 2), (2, 0), (0, -2))


def maze_level(argument: str) -> Level:
    """The level of ``maze:SIZE[:SEED[:BRAID]]``.  Raises :class:`~game.errors.LevelError`."""
    size, seed, braid = parsed(argument)
    return parse_level(level_text(size, seed, braid), argument.replace(":", "-"), argument)


def parsed(argument: str) -> tuple[int, int, float]:
    """SIZE, SEED and BRAID of an argument.  Raises :class:`~game.errors.LevelError`."""
    parts = argument.removeprefix(PREFIX).split(":")
    if len(parts) > 3 or not all(parts):
        raise LevelError(
            f"'{argument}' is no maze; expected maze:SIZE[:SEED[:BRAID]], such as maze:31 or maze:63:7:0.1"
        )
    size, seed, braid = (*parts, "0", "0")[:3] if len(parts) > 1 else (parts[0], "0", "0")
    for part in (size, seed):
        if not re.fullmatch(r"[0-9]{1,20}", part):
            what = "SIZE" if part is size else "SEED"
            raise LevelError(f"{argument}: {what} is '{part}'; expected a whole number, such as 63 and 7 in maze:63:7")
    if not re.fullmatch(r"[0-9]{0,20}(\.[0-9]{0,20})?", braid) or braid == "." or not 0.0 <= float(braid) <= 1.0:
        raise LevelError(f"{argument}: BRAID is '{braid}'; expected a share from 0 to 1, such as 0.1 in maze:63:7:0.1")
    if not (SMALLEST <= int(size) <= LARGEST and int(size) % 2):
        raise LevelError(f"{argument}: SIZE is {size}; expected an odd number from {SMALLEST} to {LARGEST}")
    if int(seed) > LARGEST_SEED:
        raise LevelError(f"{argument}: SEED is {seed}; expected a whole number from 0 to {LARGEST_SEED}")
    return int(size), int(seed), float(braid)


def walk_for(size: int) -> float:
    """About how many steps a random walk takes from start to goal, up to a factor: measured up to 127 × 127."""
    return math.pow(size, 3.25)


def discount_for(size: int) -> float:
    """γ of a maze, from 0.95 on: 1 − 7 / size^3.25, to two digits of the difference.

    Nearer to 1 a long way pays nearly as much as a short one, and learning is slow.  Further away a batch's return is
    that of its one or two shortest walks alone: what these happened to do is learned, and often leads nowhere.
    """
    return 1.0 - float(f"{min(0.05, 7.0 / walk_for(size)):.2g}")


def cap_for(size: int) -> int:
    """The cap of a maze: 2.3 · size^3.25, to two digits, but at most ``LONGEST``."""
    return min(LONGEST, int(float(f"{2.3 * walk_for(size):.2g}")))


def level_text(size: int, seed: int, braid: float) -> str:
    """The level file of a maze: start and goal in opposite corners, and a reward at the goal alone."""
    rows = ["".join(row) for row in carved(size, seed, braid)]
    of = f"{size} × {size}, seed {seed}" + (f", braid {braid:g}" if braid else "")
    lines = (
        f'title = "Maze {of}"',
        f'source = "python main.py levels --write {PREFIX}{size}:{seed}:{braid:g}"',
        'teaches = "One reward, far away: the first episodes find it by chance, and the discount makes ways shorter."',
        f"discount = {round(discount_for(size), 12)!r}",
        f"max_steps = {cap_for(size)}",
        'map = """',
        *rows,
        '"""',
    )
    return "\n".join(lines) + "\n"


def carved(size: int, seed: int, braid: float) -> list[list[str]]:
    """The letters of a maze, row by row.  Rooms have odd coordinates, counted from 0; wall runs all around."""
    rows = [["#"] * size for _ in range(size)]
    numbers = _integers(seed)
    rows[1][1] = "."
    way = [(1, 1)]
    while way:
        row, column = way[-1]
        ahead = [
            (row + down, column + right)
            for down, right in _STEPS
            if 0 < row + down < size and 0 < column + right < size and rows[row + down][column + right] == "#"
        ]
        if not ahead:
            way.pop()
            continue
        there = ahead[next(numbers) % len(ahead)]
        rows[there[0]][there[1]] = rows[(row + there[0]) // 2][(column + there[1]) // 2] = "."
        way.append(there)
    _open(rows, braid, numbers)
    rows[1][1], rows[-2][-2] = "S", "G"
    return rows


def _open(rows: list[list[str]], braid: float, numbers: Iterator[int]) -> None:
    """Open a share of the walls between two rooms, drawn without repetition."""
    inner = range(1, len(rows) - 1)
    walls = [(row, column) for row in inner for column in inner if (row + column) % 2 and rows[row][column] == "#"]
    for done in range(round(braid * len(walls))):
        chosen = done + next(numbers) % (len(walls) - done)
        walls[done], walls[chosen] = walls[chosen], walls[done]
        rows[walls[done][0]][walls[done][1]] = "."


def _integers(seed: int) -> Iterator[int]:
    """Integers of 31 bits, fixed by the seed: SplitMix64, as in ``dice.py``."""
    state = mix((seed + GOLDEN) & MASK)
    while True:
        state = (state + GOLDEN) & MASK
        yield mix(state) >> 33
