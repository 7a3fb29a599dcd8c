"""The dynamics of a world as arrays: the P0 and Pt of equation (12), with rewards and endings.

Everything after this file, from the game to the exact gradient, reads these arrays and knows nothing of tiles.
A :class:`Layout` tells a view where each state lies on a grid; a world without a grid has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.errors import LevelError
from game.world.dice import cumulative
from game.world.level import Level, Map, Tile
from game.world.rules import Grid, merged

#: Most outcomes (S · A · K) that a world may have: building 30 million takes up to 3.3 GB for a moment.
MAX_OUTCOMES = 30_000_000


@dataclass(frozen=True, eq=False)
class Layout(Map):
    """Where the states of a world lie on a grid.

    ``rows`` is the map, ``tiles`` what its letters stand for; ``position`` (S, 2) int32 holds each state's
    (row, column); ``coins`` (C, 2) int32 the coins' positions, and ``taken`` (S, C) bool which of them are taken
    in a state.  ``slip`` and ``step_reward`` are the level's, None where only the tables are known.
    """

    rows: tuple[str, ...]
    tiles: Mapping[str, Tile]
    position: NDArray[np.int32]
    coins: NDArray[np.int32]
    taken: NDArray[np.bool_]
    slip: float | None = None
    step_reward: float | None = None

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
        """(S,) float64: P0, cumulative, for :func:`game.world.dice.pick`."""
        return cumulative(self.start)

    @cached_property
    def outcome_cdf(self) -> NDArray[np.float64]:
        """(S, A, K) float64: Pt, cumulative over K, for :func:`game.world.dice.pick`."""
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
    grid = Grid(level)
    n_slots = 3 * len(grid.start_cells) if grid.restarts.any() else 3
    n_states, n_actions = grid.n_sets * grid.n_cells, len(level.actions)
    if n_states * n_actions * n_slots > MAX_OUTCOMES:
        raise LevelError(
            f"{level.name}: {n_states:,} states × {n_actions} actions × {n_slots} outcomes are more than "
            f"{MAX_OUTCOMES:,}; expected fewer cells, coins or start cells"
        )
    probability, next_state, reward, ends, goal = merged(grid.outcomes())
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
            slip=level.slip,
            step_reward=level.step_reward,
        ),
    )


def _observation(level: Level, grid: Grid) -> NDArray[np.int32]:
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
