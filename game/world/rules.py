"""The rules of a step: what each tile does, as look-ups over all cells at once.

``docs/levels.md`` lists the five events of a step; :class:`Grid` has them in this order.  ``dynamics.py`` holds what
comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.world.level import DIRECTIONS, Level, Tile, may_start

_TURNS = tuple(DIRECTIONS.values())
_NAMES = tuple(DIRECTIONS)

#: Slots that are merged at once.
AT_ONCE = 2**20
#: Chances and what comes of them, each (S, A, number of slots): probability, next state, reward, ends, goal.
Outcomes = tuple[
    "NDArray[np.float64]", "NDArray[np.int32]", "NDArray[np.float64]", "NDArray[np.bool_]", "NDArray[np.bool_]"
]


class Grid:
    """The cells of a level as arrays: cells are numbered in row-major order, walls left out.

    A state is a set of taken coins and a cell: state = set · ``n_cells`` + cell, where set 0 has all coins left
    and bit i of a set stands for coin i.
    """

    def __init__(self, level: Level) -> None:
        letters = np.array([list(row) for row in level.rows])
        walls = np.isin(letters, [tile.letter for tile in level.tiles.values() if tile.effect == "wall"])
        self.actions = level.actions
        self.step_reward = level.step_reward
        self.position = np.argwhere(~walls).astype(np.int32)
        self.n_cells = len(self.position)
        self.letters = letters[~walls]
        #: (height + 2, width + 2): the cell at a position, −1 in walls and beyond the edge.
        self.cell_at = np.full((level.height + 2, level.width + 2), -1, dtype=np.int32)
        self.cell_at[1:-1, 1:-1][~walls] = np.arange(self.n_cells)
        present, self.kind = np.unique(self.letters, return_inverse=True)
        self.tiles = [level.tiles[str(letter)] for letter in present]
        #: What one stands on: a coin is taken by entering its cell, which leaves floor.
        self.ground = [level.tiles["."] if tile.effect == "coin" else tile for tile in self.tiles]
        self.pays = self.per_cell([self.pay(tile) for tile in self.tiles])
        self.ends = self.per_cell([tile.ends for tile in self.tiles])
        self.goal = self.per_cell([tile.goal for tile in self.tiles])
        self.restarts = self.per_cell([tile.effect == "restart" for tile in self.tiles])
        self.coin_cells = np.flatnonzero(self.per_cell([tile.effect == "coin" for tile in self.tiles]))
        self.n_sets = 1 << len(self.coin_cells)
        #: (number of coin sets, C) bool: which coins are taken in each set.
        self.taken = (np.arange(self.n_sets)[:, None] >> np.arange(len(self.coin_cells)) & 1).astype(bool)
        self.slip = self.per_cell([level.slip if tile.slip is None else tile.slip for tile in self.ground])
        weight = self.per_cell([tile.start for tile in self.tiles])
        if not weight.any():
            weight = self.per_cell([float(may_start(tile)) for tile in self.tiles])
        weight = weight / weight.max()
        self.start = weight / weight.sum()
        self.start_cells = np.flatnonzero(self.start)

    def pay(self, tile: Tile) -> float:
        """What entering a tile pays."""
        return self.step_reward if tile.reward is None else tile.reward

    def per_cell(self, values: list[Any]) -> NDArray[Any]:
        """(cells,): one value per kind of tile, spread over the cells."""
        return np.array(values)[self.kind]

    def outcomes(self) -> Outcomes:
        """Every slot of every state and action, before equal ones are merged."""
        final, chance = self.steps()
        return self.restarted(final, self.landed(final, chance))

    def steps(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Events 1 to 4 of a step: (cells, A, 3) the final cells and their chances; the coins do not matter."""
        shape = (self.n_cells, len(self.actions), 3)
        final = np.empty(shape, dtype=np.int32)
        chance = np.zeros(shape)
        here = np.arange(self.n_cells, dtype=np.int32)
        swaps = self.per_cell([tile.effect == "swap" for tile in self.ground])
        reach = [self.blown(self.moved(here, direction)) for direction in range(len(_TURNS))]
        for a, action in enumerate(self.actions):
            if action == "stay":
                final[:, a] = self.blown(here)[:, None]
                chance[:, a, 0] = 1.0
                continue
            direction = _NAMES.index(action)
            for k, turn in enumerate((0, -2, 2)):
                ahead, opposite = reach[(direction + turn) % 8], reach[(direction + turn + 4) % 8]
                final[:, a, k] = np.where(swaps, opposite, ahead)
                chance[:, a, k] = 1.0 - self.slip if k == 0 else self.slip / 2.0
        # Ending cells are self-loops.
        final[self.ends] = here[self.ends, None, None]
        return final, chance

    def moved(self, cells: NDArray[np.int32], direction: int) -> NDArray[np.int32]:
        """Where one cell's move in ``direction`` leads from ``cells``; a wall or the edge blocks."""
        row, column = self.position[cells].T
        step = _TURNS[direction]
        target = self.cell_at[row + 1 + step[0], column + 1 + step[1]]
        return np.where(target < 0, cells, target).astype(np.int32)

    def blown(self, cells: NDArray[np.int32]) -> NDArray[np.int32]:
        """(cells,): where the wind of the tile first stood on takes what has moved to ``cells``."""
        cells = cells.copy()
        for kind, tile in enumerate(self.ground):
            if tile.push is None:
                continue
            here = self.kind == kind
            for _ in range(min(tile.push_cells, max(self.cell_at.shape))):
                cells[here] = self.moved(cells[here], _NAMES.index(tile.push))
        return cells

    def landed(self, final: NDArray[np.int32], chance: NDArray[np.float64]) -> Outcomes:
        """Event 5 without restarts: what the final cells do and pay, for every set of coins."""
        here = np.arange(self.n_cells, dtype=np.int32)[:, None, None]
        coin_set = np.arange(self.n_sets, dtype=np.int32)[:, None, None, None]
        coin = np.zeros(self.n_cells, dtype=np.int32)
        coin[self.coin_cells] = 1 << np.arange(len(self.coin_cells))
        gone = (coin[final] & coin_set) != 0
        entered = final != here
        target = final + (coin_set | np.where(entered, coin[final], 0)) * self.n_cells
        entering = np.where(gone, self.per_cell([self.pay(tile) for tile in self.ground])[final], self.pays[final])
        staying = np.where(self.ends, 0.0, self.step_reward)[:, None, None]
        reward = np.where(entered, entering, staying)
        goal = self.goal[final] & ~gone & ~self.ends[here]
        shape = (self.n_sets * self.n_cells, *final.shape[1:])
        return (
            np.broadcast_to(chance, target.shape).reshape(shape),
            target.reshape(shape),
            reward.reshape(shape),
            np.broadcast_to(self.ends[final], target.shape).reshape(shape),
            goal.reshape(shape),
        )

    def restarted(self, final: NDArray[np.int32], outcomes: Outcomes) -> Outcomes:
        """Event 5, restarts: such a slot becomes one for each start cell, with the coins taken kept."""
        if not self.restarts.any():
            return outcomes
        chance, target, *others = outcomes
        restarts = np.tile(self.restarts[final], (self.n_sets, 1, 1))[..., None]
        coin_set = target[..., None] // self.n_cells
        weight = np.where(restarts, self.start[self.start_cells], np.arange(len(self.start_cells)) == 0)
        target = np.where(restarts, self.start_cells + coin_set * self.n_cells, target[..., None])
        flat = (*target.shape[:2], -1)
        reward, ends, goal = (np.repeat(array, len(self.start_cells), axis=-1) for array in others)
        return (chance[..., None] * weight).reshape(flat), target.reshape(flat), reward, ends, goal


def merged(outcomes: Outcomes) -> Outcomes:
    """Outcomes of equal (next state, reward, ends, goal) added up along the last axis, impossible ones dropped.

    They stay in the order of the slots, the intended one first: so the same uniform means the same slip wherever
    two players stand.  A large world is merged part by part: on the way a part takes several times its memory.
    """
    chance, target, reward, ends, goal = outcomes
    size = max(1, AT_ONCE // chance[0].size)
    parts = [
        _merged((chance[k:end], target[k:end], reward[k:end], ends[k:end], goal[k:end]))
        for k, end in ((k, k + size) for k in range(0, len(chance), size))
    ]
    longest = max(part[0].shape[-1] for part in parts)
    chances, targets, rewards, all_ends, goals = zip(*parts, strict=True)
    return (
        _joined(chances, longest),
        _joined(targets, longest),
        _joined(rewards, longest),
        _joined(all_ends, longest),
        _joined(goals, longest),
    )


def _joined(parts: Sequence[NDArray[Any]], longest: int) -> NDArray[Any]:
    """Tables of one kind, one after the other, filled up as ``_merged`` fills them."""
    joined = np.zeros((sum(map(len, parts)), parts[0].shape[1], longest), dtype=parts[0].dtype)
    first = 0
    for part in parts:
        rows = joined[first : first + len(part)]
        if part.dtype == np.int32:
            rows[:] = part[..., :1]
        rows[..., : part.shape[-1]] = part
        first += len(part)
    return joined


def _merged(outcomes: Outcomes) -> Outcomes:
    """:func:`merged` of one part."""
    chance, target, reward, ends, goal = outcomes
    values, value = np.unique(reward, return_inverse=True)
    code = ((target.astype(np.int64) * len(values) + value.reshape(reward.shape)) * 2 + ends) * 2 + goal
    order = np.argsort(code, axis=-1, kind="stable")
    ranked = np.take_along_axis(code, order, -1)
    slots = np.arange(code.shape[-1])
    first = np.zeros(code.shape, dtype=np.intp)
    first[..., 1:] = np.where(ranked[..., 1:] != ranked[..., :-1], slots[1:], 0)
    owner = np.take_along_axis(order, np.maximum.accumulate(first, axis=-1), -1)
    place = np.arange(chance.size).reshape(chance.shape)[..., :1] + owner
    weights = np.take_along_axis(chance, order, -1)
    probability = np.bincount(place.ravel(), weights.ravel(), chance.size).reshape(chance.shape)
    possible = probability > 0.0
    kept = np.argsort(~possible, axis=-1, kind="stable")[..., : possible.sum(axis=-1).max()]
    probability = np.take_along_axis(probability, kept, -1)
    possible = np.take_along_axis(possible, kept, -1)
    target = np.take_along_axis(target, kept, -1)
    return (
        probability / probability.sum(axis=-1, keepdims=True),
        # A place without an outcome repeats the first one's next state, so that look-ups stay in range.
        np.where(possible, target, target[..., :1]).astype(np.int32),
        np.where(possible, np.take_along_axis(reward, kept, -1), 0.0),
        np.take_along_axis(ends, kept, -1) & possible,
        np.take_along_axis(goal, kept, -1) & possible,
    )
