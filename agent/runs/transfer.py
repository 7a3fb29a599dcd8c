"""What a policy keeps where it goes on learning in another world: ``train LEVEL --from RUN``, and an edit of a world.

A cell that is still there keeps its logits, for each set of coins; a new one begins with equal probabilities.  Networks
keep their weights where the inputs are the same.  The baseline, the visits and the optimiser's moments go the same way.
Counters and schedules begin anew: it is a new run.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from agent.reinforce.settings import Settings
from agent.runs.checkpoint_file import read_newest
from agent.runs.folder import SavedRun
from agent.trainer import Trainer
from game.errors import SettingsError
from game.world.dynamics import Dynamics, Layout


def carry(source: SavedRun, trainer: Trainer) -> int:
    """Give a new trainer what the policy of a saved run keeps in its world; returns how many updates that had.

    Raises :class:`~game.errors.RunError` where the run cannot be read, :class:`~game.errors.SettingsError` where its
    policy is of another kind.
    """
    arrays, counters, _ = read_newest(source.folder)
    old, new = source.world.dynamics, trainer.dynamics
    source.require_actions(new)
    _require_same_kind(source.settings, trainer.settings)
    states = kept_states(old, new)
    by_position = bool(trainer.settings.hidden) and trainer.settings.features == "position"
    rows = kept_inputs(old, new) if by_position else kept_observations(old, new, states)
    with torch.no_grad():
        for number, (name, parameter) in enumerate(trainer.policy.named_parameters()):
            _fill(parameter.numpy(), arrays[f"policy.{name}"], rows if number == 0 else None)
    for moment, tensors in trainer.optimizer.state().items():
        place, _, kind = moment.partition(".")
        saved = arrays.get(f"optimizer.{moment}")
        if kind != "step" and saved is not None:
            _fill(tensors.numpy(), saved, rows if place == "0" else None)
    if "optimizer.0.step" in arrays and trainer.optimizer.moments:
        trainer.optimizer.steps = int(arrays["optimizer.0.step"])
    _fill(trainer.baseline.sums, arrays["baseline"], states)
    return int(counters["update"])


def kept_states(old: Dynamics, new: Dynamics) -> NDArray[np.intp]:
    """(S,) intp: for each state of the ``new`` world the state that it was in the ``old`` one, −1 where it is new.

    A cell is the same at the same place of the map.  A coin that is gone counts as taken before; one that has been
    added is looked past.
    """
    if old.layout is None or new.layout is None:
        same = old.n_states == new.n_states
        return np.arange(new.n_states) if same else np.full(new.n_states, -1, dtype=np.intp)
    taken = _taken_before(old.layout, new.layout)
    row, column = new.layout.position.T
    inside = (row < old.layout.height) & (column < old.layout.width)
    table = old.layout.cell_states
    found = np.full(new.n_states, -1, dtype=np.intp)
    found[inside] = table[taken[inside], row[inside], column[inside]]
    return found


def _taken_before(old: Layout, new: Layout) -> NDArray[np.intp]:
    """(S,) intp: which set of the old coins is taken in each state of the new world."""
    places = [tuple(place) for place in new.coins.tolist()]
    coin_set = np.zeros(len(new.position), dtype=np.intp)
    for bit, place in enumerate(map(tuple, old.coins.tolist())):
        gone = new.taken[:, places.index(place)] if place in places else np.ones(len(new.position), dtype=bool)
        coin_set |= gone.astype(np.intp) << bit
    return coin_set


def kept_observations(old: Dynamics, new: Dynamics, states: NDArray[np.intp]) -> NDArray[np.intp]:
    """(O,) intp: for each thing that a policy sees in the new world the same thing in the old one, −1 where new."""
    if new.observe != old.observe:
        return np.full(new.n_observations, -1, dtype=np.intp)
    if new.observe == "cell":
        return states
    if new.observe == "nothing":
        return np.zeros(new.n_observations, dtype=np.intp)
    named = _names(old)
    return np.array([named.get(letter, -1) for letter in _letters(new)], dtype=np.intp)


def kept_inputs(old: Dynamics, new: Dynamics) -> NDArray[np.intp]:
    """(inputs,) intp: for each input of a network on scaled positions the same one before, −1 where it is new.

    The inputs are row, column and, for each coin, whether it is taken.
    """
    assert old.layout is not None
    assert new.layout is not None
    before = [tuple(place) for place in old.layout.coins.tolist()]
    coins = [2 + before.index(place) if place in before else -1 for place in map(tuple, new.layout.coins.tolist())]
    return np.array([0, 1, *coins], dtype=np.intp)


def _letters(dynamics: Dynamics) -> list[str]:
    """The letter of the tile behind each observation, a start being floor and a taken coin too."""
    layout = dynamics.layout
    assert layout is not None
    letters = [""] * dynamics.n_observations
    for state in np.unique(dynamics.observation, return_index=True)[1].tolist():
        row, column = layout.position[state].tolist()
        letter = layout.rows[row][column]
        coins = layout.coins[layout.taken[state]].tolist()
        letters[int(dynamics.observation[state])] = "." if letter == "S" or [row, column] in coins else letter
    return letters


def _names(dynamics: Dynamics) -> dict[str, int]:
    return {letter: number for number, letter in enumerate(_letters(dynamics))}


def _require_same_kind(old: Settings, new: Settings) -> None:
    if (old.hidden, old.features if old.hidden else "") != (new.hidden, new.features if new.hidden else ""):
        raise SettingsError("--from goes on with the run's own kind of policy; leave out --hidden and --features")


def _fill(target: NDArray[Any], saved: NDArray[Any], rows: NDArray[np.intp] | None) -> None:
    """Copy saved numbers, row by row where ``rows`` says which ones; what has no row stays."""
    if rows is None:
        target[...] = saved
    else:
        known = rows >= 0
        target[known] = saved[rows[known]]
