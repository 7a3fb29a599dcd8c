"""Runs that grow certain too early: single-episode REINFORCE against larger batches, on the level of that name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.world.dynamics import Dynamics

#: A run is stuck when its last policy takes the way to the small goal with more than this probability.
STUCK = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One run: ``chance`` (updates + 1,) float64 is π(action|state) before each update and after the last one;
    ``objective`` is J of the last policy, and ``probabilities`` (S, A) is that policy."""

    chance: NDArray[np.float64]
    objective: float
    probabilities: NDArray[np.float64]

    @property
    def stuck(self) -> bool:
        """Whether the run ended nearly certain of the action that was watched."""
        return bool(self.chance[-1] > STUCK)


def run(
    dynamics: Dynamics, place: tuple[int, int], *, episodes: int, batch: int, learning_rate: float, seed: int
) -> Run:
    """Train with the total return of (17) and plain steps (4), and watch π at ``place`` (state, action)."""
    settings = settings_for(
        dynamics,
        estimator="total-return",
        optimizer="sgd",
        episodes=episodes,
        batch=batch,
        learning_rate=learning_rate,
        seed=seed,
    )
    trainer = Trainer(dynamics, settings, threads=1)
    chance = [float(trainer.probabilities()[place])]
    chance += [float(snapshot.after[place]) for snapshot in trainer.run()]
    probabilities = trainer.probabilities()
    objective = trainer.exact.objective(trainer.exact.values(probabilities))
    return Run(np.array(chance), objective, probabilities)
