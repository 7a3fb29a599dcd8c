"""The ranks beside rank 0: they train what it trains, and neither read, write nor print anything."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from agent.command_line import Signals
from agent.ranks.ranks import Ranks
from agent.reinforce.settings import Settings
from agent.runs.checkpoint import captured, restore
from agent.trainer import Trainer
from game.errors import NumericalError, RanksError
from game.world.dynamics import Dynamics


@dataclass(frozen=True, slots=True, eq=False)
class Beginning:
    """What rank 0 hands to the others, so that all begin alike: the world, the settings, and the state to go on from.

    ``tensors`` and ``counters`` are those of a checkpoint, so a run folder need not be there on other machines.
    """

    dynamics: Dynamics
    settings: Settings
    tensors: dict[str, Tensor]
    counters: dict[str, str]


def beginning(trainer: Trainer) -> Beginning:
    """What the other ranks need to train beside this trainer from now on."""
    return Beginning(trainer.dynamics, trainer.settings, *captured(trainer))


def follow_rank_0(ranks: Ranks) -> int:
    """Train as one of several processes beside rank 0, which speaks for all; returns the exit status."""
    signals = Signals(at_once=2, told=ranks.stop)
    signals.catch()
    try:
        follow(ranks)
    except RanksError:  # rank 0 says so, or has said why it ended
        return signals.status or 2
    return signals.status


def follow(ranks: Ranks) -> None:
    """Train beside rank 0, one run after the other, until it has no more or this rank was asked to end.

    Raises :class:`~game.errors.RanksError` where another rank has gone.
    """
    ranks.join()
    while not ranks.stopping:
        told: Beginning | None = ranks.broadcast()
        if told is None:
            return
        trainer = Trainer(told.dynamics, told.settings, ranks=ranks)
        restore(trainer, told.tensors, told.counters, "rank 0")
        try:
            for _ in trainer.run():
                pass
        except NumericalError:  # rank 0 has the same numbers, and tells
            continue
