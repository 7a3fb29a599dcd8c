"""The dynamics of a world as arrays: the P0 and Pt of equation (12), with rewards and endings.

Everything after this file, from the game to the exact gradient, reads these arrays and knows nothing of tiles.
A :class:`Layout` tells a view where each state lies on a grid; a world without a grid has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

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
        return self.probability.shape[2]

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
        front = np.flatnonzero(seen)
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
    n_cells, n_actions = grid.n_cells, len(level.actions)
    n_sets = 1 << len(grid.coin_cells)
    n_slots = 3 * grid.n_starts if grid.restarts.any() else 3
    if n_cells * n_sets * n_actions * n_slots > MAX_OUTCOMES:
        raise LevelError(
            f"{level.name}: {n_cells * n_sets:,} states × {n_actions} actions × {n_slots} outcomes are more than "
            f"{MAX_OUTCOMES:,}; expected fewer cells, coins or start cells"
        )
    final, chance = grid.outcomes(level)
    parts = [grid.after(final, chance, coin_set) for coin_set in range(n_sets)]
    probability, next_state, reward, ends, goal = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    start = np.zeros(n_cells * n_sets)
    start[:n_cells] = grid.start
    layout = Layout(
        rows=level.rows,
        tiles=dict(level.tiles),
        position=np.tile(grid.position, (n_sets, 1)),
        coins=grid.position[grid.coin_cells],
        taken=np.repeat(grid.coin_bits(), n_cells, axis=0),
    )
    dynamics = Dynamics(
        start=start,
        probability=probability,
        next_state=next_state,
        reward=reward,
        ends=ends,
        goal=goal,
        actions=level.actions,
        discount=level.discount,
        max_steps=level.max_steps,
        observation=_observation(level, grid, n_sets),
        observe=level.observe,
        layout=layout,
    )
    _freeze(dynamics)
    return dynamics


def _observation(level: Level, grid: _Grid, n_sets: int) -> NDArray[np.int32]:
    if level.observe == "cell":
        return np.arange(grid.n_cells * n_sets, dtype=np.int32)
    if level.observe == "nothing":
        return np.zeros(grid.n_cells * n_sets, dtype=np.int32)
    seen = [np.where(grid.letters == "S", ".", grid.letters)]
    for taken in grid.coin_bits()[1:]:
        letters = seen[0].copy()
        letters[grid.coin_cells[taken]] = "."
        seen.append(letters)
    return np.unique(np.concatenate(seen), return_inverse=True)[1].astype(np.int32)


def _freeze(dynamics: Dynamics) -> None:
    for name in ("start", "probability", "next_state", "reward", "ends", "goal", "observation"):
        getattr(dynamics, name).setflags(write=False)


class _Grid:
    """The cells of a level as arrays: cells are numbered in row-major order, walls left out."""

    def __init__(self, level: Level) -> None:
        letters = np.array([list(row) for row in level.rows])
        walls = np.isin(letters, [tile.letter for tile in level.tiles.values() if tile.effect == "wall"])
        self.position = np.argwhere(~walls).astype(np.int32)
        self.n_cells = len(self.position)
        self.letters = letters[~walls]
        #: (height + 2, width + 2): the cell at a position, −1 in walls and beyond the edge.
        self.cell_at = np.full((level.height + 2, level.width + 2), -1, dtype=np.int32)
        self.cell_at[1:-1, 1:-1][~walls] = np.arange(self.n_cells)
        present = {letter: level.tiles[letter] for letter in sorted(set(self.letters))}
        self.ends = np.isin(self.letters, [k for k, tile in present.items() if tile.ends])
        self.goal = np.isin(self.letters, [k for k, tile in present.items() if tile.goal])
        self.restarts = np.isin(self.letters, [k for k, tile in present.items() if tile.effect == "restart"])
        self.swaps = np.isin(self.letters, [k for k, tile in present.items() if tile.effect == "swap"])
        self.coin_cells = np.flatnonzero(
            np.isin(self.letters, [k for k, tile in present.items() if tile.effect == "coin"])
        )
        self.step_reward = level.step_reward
        self.pays = np.full(self.n_cells, level.step_reward)
        self.slip = np.full(self.n_cells, level.slip)
        weight = np.zeros(self.n_cells)
        anywhere = np.zeros(self.n_cells)
        self.wind: list[tuple[NDArray[np.bool_], int, int]] = []
        for letter, tile in present.items():
            here = self.letters == letter
            weight[here] = tile.start
            anywhere[here] = may_start(tile)
            if tile.reward is not None:
                self.pays[here] = tile.reward
            if tile.slip is not None:
                self.slip[here] = tile.slip
            if tile.push is not None:
                self.wind.append((here, _NAMES.index(tile.push), tile.push_cells))
        if not weight.any():
            weight = anywhere
        largest = weight.max()
        self.start = (weight / largest) / (weight / largest).sum()
        self.n_starts = int((weight > 0).sum())

    def coin_bits(self) -> NDArray[np.bool_]:
        """(number of coin sets, C) bool: which coins are taken in each set; set 0 has all of them left."""
        n_coins = len(self.coin_cells)
        return (np.arange(1 << n_coins)[:, None] >> np.arange(n_coins) & 1).astype(bool)

    def moved(self, cells: NDArray[np.int32], direction: int) -> NDArray[np.int32]:
        """Where one cell's move in ``direction`` leads from ``cells``; a wall or the edge blocks."""
        row, column = self.position[cells].T
        step = _TURNS[direction]
        target = self.cell_at[row + 1 + step[0], column + 1 + step[1]]
        return np.where(target < 0, cells, target).astype(np.int32)

    def outcomes(self, level: Level) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Steps 1 to 4 of a step: (cells, A, 3) the final cells and their chances."""
        shape = (self.n_cells, len(level.actions), 3)
        final = np.empty(shape, dtype=np.int32)
        chance = np.zeros(shape)
        here = np.arange(self.n_cells, dtype=np.int32)
        reach = [self.blown(self.moved(here, direction)) for direction in range(8)]
        for a, action in enumerate(level.actions):
            if action == "stay":
                final[:, a, :] = self.blown(here)[:, None]
                chance[:, a, 0] = 1.0
                continue
            direction = _NAMES.index(action)
            for k, turn in enumerate((0, -2, 2)):
                ahead, opposite = reach[(direction + turn) % 8], reach[(direction + turn + 4) % 8]
                final[:, a, k] = np.where(self.swaps, opposite, ahead)
                chance[:, a, k] = 1.0 - self.slip if k == 0 else self.slip / 2.0
        return final, chance

    def blown(self, cells: NDArray[np.int32]) -> NDArray[np.int32]:
        """(cells,): where the wind of the tile first stood on takes what has moved to ``cells``."""
        cells = cells.copy()
        for here, direction, push_cells in self.wind:
            blown = cells[here]
            for _ in range(min(push_cells, max(self.cell_at.shape))):
                blown = self.moved(blown, direction)
            cells[here] = blown
        return cells

    def after(
        self, final: NDArray[np.int32], chance: NDArray[np.float64], coin_set: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Step 5: what the final cells do and pay while ``coin_set`` is taken, merged."""
        here = np.arange(self.n_cells, dtype=np.int32)[:, None, None]
        entered = final != here
        pays = self.pays.copy()
        coin_of_cell = np.full(self.n_cells, -1)
        coin_of_cell[self.coin_cells] = np.arange(len(self.coin_cells))
        taken = self.coin_cells[[coin_set >> coin & 1 == 1 for coin in range(len(self.coin_cells))]]
        pays[taken] = self.step_reward
        coin_of_cell[taken] = -1
        reward = np.where(entered, pays[final], self.step_reward)
        ends = self.ends[final]
        goal = self.goal[final]
        coin = np.where(entered, coin_of_cell[final], -1)
        after = np.where(coin >= 0, coin_set | 1 << np.maximum(coin, 0), coin_set)
        target = final + after * self.n_cells
        # Ending cells are self-loops without reward.
        over = self.ends
        target[over] = (here + coin_set * self.n_cells)[over]
        reward[over], ends[over], goal[over] = 0.0, True, False
        if not self.restarts.any():
            return _merged(chance, target, reward, ends, goal)
        restart = self.restarts[final] & ~over[:, None, None]
        starts = np.flatnonzero(self.start)
        weight = np.where(restart[..., None], self.start[starts], np.arange(len(starts)) == 0)
        target_of = np.where(restart[..., None], starts + after[..., None] * self.n_cells, target[..., None])
        wide = weight.shape
        flat = (*wide[:2], wide[2] * wide[3])
        return _merged(
            (chance[..., None] * weight).reshape(flat),
            target_of.reshape(flat),
            np.broadcast_to(reward[..., None], wide).reshape(flat),
            np.broadcast_to(ends[..., None], wide).reshape(flat),
            np.broadcast_to(goal[..., None], wide).reshape(flat),
        )


def _merged(
    chance: NDArray[np.float64],
    target: NDArray[np.int64],
    reward: NDArray[np.float64],
    ends: NDArray[np.bool_],
    goal: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Outcomes of equal (next state, reward, ends, goal) added up along the last axis, impossible ones dropped."""
    values, reward_id = np.unique(reward, return_inverse=True)
    code = ((target * len(values) + reward_id.reshape(reward.shape)) * 2 + ends) * 2 + goal
    code = np.where(chance > 0.0, code, -1)
    order = np.argsort(-code, axis=-1, kind="stable")
    code = np.take_along_axis(code, order, -1)
    chance = np.take_along_axis(chance, order, -1)
    group = np.zeros(code.shape, dtype=np.intp)
    group[..., 1:] = np.cumsum(code[..., 1:] != code[..., :-1], axis=-1)
    kept = code >= 0
    n_outcomes = int(group[kept].max()) + 1
    shape = (*code.shape[:2], n_outcomes)
    probability = np.zeros(shape)
    merged = np.full(shape, -1, dtype=np.int64)
    state, action = np.ogrid[: shape[0], : shape[1]]
    for slot in range(code.shape[2]):
        place = np.minimum(group[..., slot], n_outcomes - 1)
        inside = kept[..., slot]
        probability[state, action, place] += np.where(inside, chance[..., slot], 0.0)
        merged[state, action, place] = np.where(inside, code[..., slot], merged[state, action, place])
    probability /= probability.sum(axis=-1, keepdims=True)
    empty = merged < 0
    merged_goal = (merged & 1).astype(bool) & ~empty
    merged_ends = (merged >> 1 & 1).astype(bool) & ~empty
    rest = np.maximum(merged >> 2, 0)
    merged_reward = np.where(empty, 0.0, values[rest % len(values)])
    # A place without an outcome repeats the first one's next state, so that look-ups stay in range.
    merged_target = rest // len(values)
    merged_target = np.where(empty, merged_target[..., :1], merged_target).astype(np.int32)
    return probability, merged_target, merged_reward, merged_ends, merged_goal
