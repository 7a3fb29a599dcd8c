"""Worlds from Gymnasium: any environment that holds its transition table as ``P``.

``P[state][action]`` lists (probability, next state, reward, ends), as FrozenLake, CliffWalking and Taxi have it.
States and actions keep their numbers.  States where no episode can stand keep their rows too, but states that
episodes only end in become self-loops without reward, whatever the table says of them.

Our own environment says more than ``P`` can, so its tables are taken as they are, with the cap that it was made with.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.errors import LevelError
from game.world.dynamics import MAX_OUTCOMES, Dynamics, Layout
from game.world.gym_argument import make
from game.world.level import DEFAULT_DISCOUNT, STANDARD_TILES, Tile
from game.world.level_file import MAX_SIZE
from game.world.rules import merged

#: One outcome: probability, next state, reward, whether the episode ends.
Outcome = tuple[float, int, float, bool]
#: The rows of each state and action, or what is wrong with them.
Table = list[list["list[Outcome] | str"]]

#: What the letters of a FrozenLake's ``desc`` are called here.
_LETTERS = {"S": "S", "F": ".", "H": "X", "G": "G"}
_CLIFF = Tile("C", "cliff", effect="restart")


def gym_dynamics(level: str) -> Dynamics:
    """The dynamics of a ``gym:`` LEVEL.  Raises :class:`~game.errors.LevelError`."""
    environment, steps = make(level)
    own = getattr(environment, "dynamics", None)
    if isinstance(own, Dynamics):
        return replace(own, max_steps=min(steps or own.max_steps, own.max_steps))
    table = _table(environment, level)
    start = _start(environment, len(table), level)
    standing, ended = _occupied(table, start, level)
    outcomes = merged(_arrays(table, standing, ended))
    observation = np.arange(len(table), dtype=np.int32)
    for array in (start, *outcomes, observation):
        array.setflags(write=False)
    probability, next_state, reward, ends, goal = outcomes
    return Dynamics(
        start=start,
        probability=probability,
        next_state=next_state,
        reward=reward,
        ends=ends,
        goal=goal,
        actions=_actions(environment, probability.shape[1]),
        discount=DEFAULT_DISCOUNT,
        max_steps=steps or cap_for(len(table)),
        observation=observation,
        layout=_layout(environment, start, standing, ended, goal & (probability > 0), next_state),
    )


def cap_for(n_states: int) -> int:
    """The cap of an environment that names none: ten steps for each state, and at least a hundred."""
    return max(100, 10 * n_states)


def fingerprint(dynamics: Dynamics) -> str:
    """A text that is the same for the same tables, so that a run is not resumed in another world."""
    digest = hashlib.sha256()
    for table in (dynamics.start, dynamics.probability, dynamics.next_state, dynamics.reward, dynamics.ends):
        digest.update(np.ascontiguousarray(table).tobytes())
    return digest.hexdigest()[:16]


def _table(environment: Any, level: str) -> Table:
    """P as lists, checked as far as that needs no other state."""
    source = getattr(environment, "P", None)
    if source is None:
        raise LevelError(
            f"{level} holds no transition table P; expected an environment such as FrozenLake, CliffWalking or Taxi"
        )
    try:
        n_states, n_actions = len(source), len(source[0])
        assert n_states
        assert n_actions
    except (TypeError, KeyError, IndexError, AssertionError):
        raise LevelError(f"{level}: P is no table; expected P[state][action] with numbers from 0") from None
    return [[_rows(source, s, a, n_states, n_actions) for a in range(n_actions)] for s in range(n_states)]


def _rows(source: Any, state: int, action: int, n_states: int, n_actions: int) -> list[Outcome] | str:
    """The outcomes of one action, or what is wrong with them."""
    try:
        if len(source[state]) != n_actions:
            return f"P[{state}] has {len(source[state])} actions; expected {n_actions} as in P[0]"
        rows = [(float(p), int(s), float(r), bool(ends)) for p, s, r, ends in source[state][action]]
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        return f"P[{state}][{action}] cannot be read; expected a list of (probability, next state, reward, ends)"
    total = math.fsum(row[0] for row in rows)
    if not all(row[0] >= 0.0 for row in rows) or not abs(total - 1.0) <= 1e-6:
        return f"the probabilities of P[{state}][{action}] are no distribution, they add up to {total:g}; expected 1"
    for _, following, reward, _ in rows:
        if not 0 <= following < n_states:
            return f"P[{state}][{action}] leads to state {following}; expected one from 0 to {n_states - 1}"
        if not abs(reward) <= MAX_SIZE:
            return f"P[{state}][{action}] pays {reward:g}; expected a number from {-MAX_SIZE:,.0f} to {MAX_SIZE:,.0f}"
    return rows


def _start(environment: Any, n_states: int, level: str) -> NDArray[np.float64]:
    """P0, checked."""
    given = getattr(environment, "initial_state_distrib", None)
    if given is None:
        raise LevelError(f"{level} does not say where an episode starts; expected an initial_state_distrib beside P")
    try:
        start = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        start = np.empty(0)
    if start.shape != (n_states,) or not (start >= 0.0).all() or not abs(start.sum() - 1.0) <= 1e-6:
        raise LevelError(f"{level}: initial_state_distrib is no distribution over the {n_states} states of P")
    return np.asarray(start / start.sum())


def _occupied(table: Table, start: NDArray[np.float64], level: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(S,) bool twice: where an episode can stand with a step ahead, and what it can end in.

    Raises :class:`~game.errors.LevelError` where it can stand in a state whose rows are wrong.
    """
    standing, ended = start > 0.0, np.zeros(len(start), dtype=bool)
    front = np.flatnonzero(standing).tolist()
    while front:
        for rows in table[front.pop()]:
            if isinstance(rows, str):
                raise LevelError(f"{level}: {rows}")
            for chance, following, _, ends in rows:
                if chance > 0.0 and ends:
                    ended[following] = True
                elif chance > 0.0 and not standing[following]:
                    standing[following] = True
                    front.append(following)
    slots = max(len(rows) for actions in table for rows in actions)
    if len(table) * len(table[0]) * slots > MAX_OUTCOMES:
        raise LevelError(f"{level}: P holds more outcomes than the {MAX_OUTCOMES:,} that fit")
    return standing, ended


def _arrays(table: Table, standing: NDArray[np.bool_], ended: NDArray[np.bool_]) -> Any:
    """Probability, next state, reward, ends and goal (S, A, slots); success is the highest-paying ending."""
    usable = [[rows if isinstance(rows, list) else [] for rows in actions] for actions in table]
    shape = (len(table), len(table[0]), max(1, *(len(rows) for actions in usable for rows in actions)))
    chance, reward = np.zeros(shape), np.zeros(shape)
    target, ends = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=bool)
    for state, actions in enumerate(usable):
        over = not standing[state] and (ended[state] or not all(actions))
        for action, rows in enumerate(actions):
            for slot, row in enumerate([(1.0, state, 0.0, True)] if over else rows):
                at = state, action, slot
                chance[at], target[at], reward[at], ends[at] = row
    ending = ends & (chance > 0.0) & standing[:, None, None]
    best = reward[ending].max() if ending.any() else 0.0
    return chance, target, reward, ends, ending & (reward == best)


def _actions(environment: Any, count: int) -> tuple[str, ...]:
    """Names of the actions: directions for the grids whose order of actions is known, else numbers."""
    orders = {"FrozenLakeEnv": ("left", "down", "right", "up"), "CliffWalkingEnv": ("up", "right", "down", "left")}
    for kind in type(environment).__mro__:
        if kind.__module__.startswith("gymnasium.envs.toy_text.") and kind.__name__ in orders:
            return orders[kind.__name__]
    return tuple(map(str, range(count)))


def _layout(
    environment: Any,
    start: NDArray[np.float64],
    standing: NDArray[np.bool_],
    ended: NDArray[np.bool_],
    goal: NDArray[np.bool_],
    next_state: NDArray[np.int32],
) -> Layout | None:
    """The grid of an environment that has one: what a cell is follows from the tables, else from ``desc``."""
    desc, shape = _grid(environment, len(start))
    if shape is None:
        return None
    letters = np.full(len(start), "#")
    if desc is not None:
        letters = np.array([_LETTERS.get(letter, "#") for letter in desc])
    cliff = np.asarray(getattr(environment, "_cliff", False)).ravel()
    if cliff.shape == letters.shape:
        letters[cliff.astype(bool)] = "C"
    letters[ended] = "X"
    letters[next_state[goal]] = "G"
    letters[standing] = "."
    letters[start > 0.0] = "S"
    return Layout(
        rows=tuple("".join(row) for row in letters.reshape(shape)),
        tiles=STANDARD_TILES | {"C": _CLIFF},
        position=np.argwhere(np.ones(shape, dtype=bool)).astype(np.int32),
        coins=np.zeros((0, 2), dtype=np.int32),
        taken=np.zeros((len(start), 0), dtype=bool),
    )


def _grid(environment: Any, n_states: int) -> tuple[list[str] | None, tuple[int, int] | None]:
    """The letters of ``desc``, and the grid's numbers of rows and columns, where there are as many cells as states."""
    desc = getattr(environment, "desc", None)
    if desc is not None:
        letters = np.asarray(desc)
        if letters.ndim == 2 and letters.size == n_states and letters.dtype.kind in "SU":
            return letters.astype(str).ravel().tolist(), (letters.shape[0], letters.shape[1])
    try:
        height, width = (int(size) for size in environment.shape)
    except (AttributeError, TypeError, ValueError):
        return None, None
    return None, (height, width) if height > 0 and width > 0 and height * width == n_states else None
