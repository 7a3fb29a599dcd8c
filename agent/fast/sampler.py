"""Episodes of one run: readable ones for small batches, the kernel's for large ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.exact.tables import READABLE, Recursions
from agent.fast.recursions import MACHINE_CODE, compile_recursions
from agent.reinforce.batch import Batch, gathered, no_episodes
from agent.reinforce.rollout import rollout
from agent.reinforce.settings import Settings
from game.snapshots.snapshot import Trajectory
from game.world.dice import cumulative
from game.world.dynamics import Dynamics

#: Batches whose episodes may have this many steps in all are worth the import of numba.
KERNEL_STEPS = 400
#: A cap from which on a single episode may take seconds to walk readably.
LONG_EPISODE = 100_000


class Sampler:
    """Makes the batches of one run, always in the same way, chosen by the size of a batch.

    ``kernel`` is None where episodes are walked readably.
    """

    def __init__(self, dynamics: Dynamics, settings: Settings, threads: int | None) -> None:
        self.dynamics, self.settings = dynamics, settings
        self.kernel = None
        if in_machine_code(dynamics, settings):
            from agent.fast.kernel import Kernel  # numba takes half a second to import
            from agent.fast.single import single

            self.kernel, self._single = Kernel(dynamics, threads), single
            # Compile, or load what was compiled, before the clock of the updates runs.
            uniform = np.full((dynamics.n_states, dynamics.n_actions), 1.0 / dynamics.n_actions)
            self.kernel.batch(uniform, sampled_estimator(settings), np.zeros(dynamics.n_states), 0, 0, 0, 1)
            single(self.kernel, uniform, 0, 0, 0)
            compile_recursions()

    def sample(
        self, probabilities: NDArray[np.float64], baseline: NDArray[np.float64], update: int, count: int, first: int = 0
    ) -> Batch:
        """The episodes ``first`` … ``first + count`` − 1 of one update, and their sums."""
        settings = self.settings
        if count == 0:
            return no_episodes(self.dynamics)
        if self.kernel is not None:
            estimator = sampled_estimator(settings)
            return self.kernel.batch(probabilities, estimator, baseline, settings.seed, update, first, count)
        cdf = cumulative(probabilities)
        walk = [
            rollout(self.dynamics, probabilities, settings.seed, update, episode, policy_cdf=cdf)
            for episode in range(first, first + count)
        ]
        return gathered(self.dynamics, walk, sampled_estimator(settings), baseline)

    def episode(
        self, probabilities: NDArray[np.float64], update: int, number: int, start: int | None = None
    ) -> Trajectory:
        """One episode of an update, to look at; ``start`` replaces the draw from P0."""
        if self.kernel is not None:
            return self._single(self.kernel, probabilities, self.settings.seed, update, number, start)
        return rollout(self.dynamics, probabilities, self.settings.seed, update, number, start)


def sampled_estimator(settings: Settings) -> str:
    """What the episodes themselves are credited with: where training uses the exact table, reward-to-go to look at."""
    return "reward-to-go" if settings.estimator == "exact" else settings.estimator


def in_machine_code(dynamics: Dynamics, settings: Settings) -> bool:
    """Whether the batches of a run are so large that machine code is worth its import.

    Single episodes are walked readably, but for the one to look at where training needs none and it may be very long.
    """
    if settings.batch == 1:
        return settings.estimator == "exact" and dynamics.max_steps >= LONG_EPISODE
    return settings.batch * dynamics.max_steps >= KERNEL_STEPS


def recursions_for(dynamics: Dynamics, settings: Settings) -> Recursions:
    """The recursions of a run's exact numbers: in machine code where its batches are walked in machine code."""
    return MACHINE_CODE if in_machine_code(dynamics, settings) else READABLE
