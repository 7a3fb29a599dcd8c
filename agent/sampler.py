"""Episodes of one run: readable ones for small batches, the kernel's for large ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agent.batch import Batch, gathered
from agent.rollout import rollout
from game.dice import cumulative

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agent.exact import Exact
    from agent.settings import Settings
    from game.snapshot import Trajectory

#: Batches whose episodes may have this many steps in all are worth the import of numba.
KERNEL_STEPS = 400


class Sampler:
    """Makes the batches of one run, always in the same way, chosen by the size of a batch.

    ``kernel`` is None where episodes are walked readably.
    """

    def __init__(self, exact: Exact, settings: Settings, threads: int | None) -> None:
        self.dynamics, self.settings = exact.dynamics, settings
        dynamics = self.dynamics
        self.kernel = None
        if settings.batch > 1 and settings.batch * dynamics.max_steps >= KERNEL_STEPS:
            from agent.kernel import Kernel, sweeps  # numba takes half a second to import

            self.kernel = Kernel(dynamics, threads)
            exact.sweeps = sweeps
            # Compile, or load what was compiled, before the clock of the updates runs.
            uniform = np.full((dynamics.n_states, dynamics.n_actions), 1.0 / dynamics.n_actions)
            self.kernel.batch(uniform, settings.estimator, np.zeros(dynamics.n_states), 0, 0, 0, 1)
            exact.values(uniform)

    def sample(
        self, probabilities: NDArray[np.float64], baseline: NDArray[np.float64], update: int, count: int
    ) -> Batch:
        """The batch of one update and its sums."""
        settings = self.settings
        if self.kernel is not None:
            return self.kernel.batch(probabilities, settings.estimator, baseline, settings.seed, update, 0, count)
        cdf = cumulative(probabilities)
        walk = [
            rollout(self.dynamics, probabilities, settings.seed, update, episode, policy_cdf=cdf)
            for episode in range(count)
        ]
        return gathered(self.dynamics, walk, settings.estimator, baseline)

    def first(self, probabilities: NDArray[np.float64], update: int) -> Trajectory:
        """The first episode of an update, to look at."""
        return rollout(self.dynamics, probabilities, self.settings.seed, update, 0)
