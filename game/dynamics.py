"""The dynamics of a world as arrays: the P0 and Pt of equation (12), with rewards and endings.

Everything after this file, from the game to the exact gradient, reads these arrays and knows nothing of tiles.
A :class:`Layout` tells a view where each state lies on a grid; a world without a grid has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from game.dice import cumulative
from game.errors import LevelError
from game.level import DIRECTIONS, Level, Tile, may_start

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Most outcomes (S · A · K) that a world may have: 40 million take 0.9 GB.
MAX_OUTCOMES = 40_000_000

_TURNS = tuple(DIRECTIONS.values())
_NAMES = tuple(DIRECTIONS)


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the states of a world lie on a grid.

    ``rows`` is the map, ``tiles`` what its letters stand for; ``position`` (S, 2) int32 holds each state's
    (row, column); ``coins`` (C, 2) int32 the coins' positions, and ``taken`` (S, C) bool which of them are taken
    in a state.
    """

    rows: tuple[str, ...]
    tiles: dict[str, Tile]
    position: NDArray[np.int32]
    coins: NDArray[np.int32]
    taken: NDArray[np.bool_]

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

    @cached_property
    def cell_states(self) -> NDArray[np.int32]:
        """(number of coin sets, height, width) int32: the state at a cell for a set of coins, −1 in walls."""
        n_sets = 1 << len(self.coins)
        cells = len(self.position) // n_sets
        states = np.full((n_sets, self.height, self.width), -1, dtype=np.int32)
        row, column = self.position[:cells].T
        for coin_set in range(n_sets):
            states[coin_set, row, column] = np.arange(cells) + coin_set * cells
        return states

    def coin_set(self, state: int) -> int:
        """Which set of coins is taken in ``state``: the first index of :attr:`cell_states`."""
        return state // (len(self.position) >> len(self.coins))


@dataclass(frozen=True, eq=False)
class Dynamics:
    """A world with S states, A actions and at most K outcomes of one action.

    ``start`` (S,) float64 is P0 and sums to 1; ``probability`` (S, A, K) float64 is Pt and sums to 1 over K, with
    outcomes of equal (next state, reward, ends) merged and places without an outcome holding 0; ``next_state``
    (S, A, K) int32; ``reward`` (S, A, K) float64 is r_t of (6); ``ends`` (S, A, K) bool: the episode terminates;
    ``goal`` (S, A, K) bool: the outcome reaches a goal.  Ending states are self-loops with reward 0.
    ``observation`` (S,) int32 numbers what a policy sees in each state, from 0 to ``n_observations`` − 1.
    ``discount`` is γ in [0, 1]; an episode is truncated after ``max_steps`` steps.
    """

    start: NDArray[np.float64]
    probability: NDArray[np.float64]
    next_state: NDArray[np.int32]
    reward: NDArray[np.float64]
    ends: NDArray[np.bool_]
    goal: NDArray[np.bool_]
    actions: tuple[str, ...]
    discount: float
    max_steps: int
    observation: NDArray[np.int32]
    observe: str = "cell"
    layout: Layout | None = None

    @property
    def n_states(self) -> int:
        """S."""
        return len(self.start)

    @property
    def n_actions(self) -> int:
        """A."""
        return len(self.actions)

    @property
    def n_outcomes(self) -> int:
        """K."""
        return int(self.probability.shape[2])

    @cached_property
    def n_observations(self) -> int:
        """How many different things a policy can see."""
        return int(self.observation.max()) + 1

    @cached_property
    def fully_observed(self) -> bool:
        """Whether the policy can tell all states apart."""
        return self.observe == "cell"

    @cached_property
    def start_cdf(self) -> NDArray[np.float64]:
        """(S,) float64: P0, cumulative, for :func:`game.dice.pick`."""
        return cumulative(self.start)

    @cached_property
    def outcome_cdf(self) -> NDArray[np.float64]:
        """(S, A, K) float64: Pt, cumulative over K, for :func:`game.dice.pick`."""
        return cumulative(self.probability)

    @cached_property
    def terminal(self) -> NDArray[np.bool_]:
        """(S,) bool: the states that an episode ends in; no action is ever taken there."""
        here = np.arange(self.n_states)[:, None, None]
        loops = (self.next_state == here) & self.ends & (self.reward == 0.0)
        return np.asarray((loops | (self.probability == 0.0)).all(axis=(1, 2)))

    @cached_property
    def reachable(self) -> NDArray[np.bool_]:
        """(S,) bool: the states that some policy can reach from the start, the ending ones included."""
        seen = self.start > 0.0
        front: NDArray[Any] = np.flatnonzero(seen)
        possible = self.probability > 0.0
        while front.size:
            ahead = np.unique(self.next_state[front][possible[front]])
            front = ahead[~seen[ahead]]
            seen[front] = True
        return seen

    @cached_property
    def goal_reachable(self) -> bool:
        """Whether some policy can reach a goal."""
        return bool((self.goal & (self.probability > 0.0))[self.reachable & ~self.terminal].any())


def build(level: Level) -> Dynamics:
    """The dynamics of a level, in the order of events that ``docs/levels.md`` lists.

    Raises :class:`~game.errors.LevelError` when the table of outcomes would not fit.
    """
    grid = _Grid(level)
    n_slots = 3 * len(grid.start_cells) if grid.restarts.any() else 3
    n_states, n_actions = grid.n_sets * grid.n_cells, len(level.actions)
    if n_states * n_actions * n_slots > MAX_OUTCOMES:
        raise LevelError(
            f"{level.name}: {n_states:,} states × {n_actions} actions × {n_slots} outcomes are more than "
            f"{MAX_OUTCOMES:,}; expected fewer cells, coins or start cells"
        )
    probability, next_state, reward, ends, goal = _merged(grid.outcomes())
    start = np.zeros(n_states)
    start[: grid.n_cells] = grid.start
    observation = _observation(level, grid)
    tables: tuple[NDArray[Any], ...] = (start, probability, next_state, reward, ends, goal, observation)
    for table in tables:
        table.setflags(write=False)
    return Dynamics(
        start=start,
        probability=probability,
        next_state=next_state,
        reward=reward,
        ends=ends,
        goal=goal,
        actions=level.actions,
        discount=level.discount,
        max_steps=level.max_steps,
        observation=observation,
        observe=level.observe,
        layout=Layout(
            rows=level.rows,
            tiles=dict(level.tiles),
            position=np.tile(grid.position, (grid.n_sets, 1)),
            coins=grid.position[grid.coin_cells],
            taken=np.repeat(grid.taken, grid.n_cells, axis=0),
        ),
    )


def _observation(level: Level, grid: _Grid) -> NDArray[np.int32]:
    """(S,) int32: what a policy sees in each state, numbered from 0."""
    n_states = grid.n_sets * grid.n_cells
    if level.observe == "cell":
        return np.arange(n_states, dtype=np.int32)
    if level.observe == "nothing":
        return np.zeros(n_states, dtype=np.int32)
    seen = np.tile(np.where(grid.letters == "S", ".", grid.letters), (grid.n_sets, 1))
    coin_set, coin = np.nonzero(grid.taken)
    seen[coin_set, grid.coin_cells[coin]] = "."
    return np.unique(seen.ravel(), return_inverse=True)[1].astype(np.int32)


#: Chances and what comes of them, each (S, A, number of slots): probability, next state, reward, ends, goal.
_Outcomes = tuple[
    "NDArray[np.float64]", "NDArray[np.int32]", "NDArray[np.float64]", "NDArray[np.bool_]", "NDArray[np.bool_]"
]


class _Grid:
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

    def outcomes(self) -> _Outcomes:
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

    def landed(self, final: NDArray[np.int32], chance: NDArray[np.float64]) -> _Outcomes:
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

    def restarted(self, final: NDArray[np.int32], outcomes: _Outcomes) -> _Outcomes:
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


def _merged(outcomes: _Outcomes) -> _Outcomes:
    """Outcomes of equal (next state, reward, ends, goal) added up along the last axis, impossible ones dropped.

    They stay in the order of the slots, the intended one first: so the same uniform means the same slip wherever
    two players stand.
    """
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
