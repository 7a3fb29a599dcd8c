"""Everything that is known exactly of one world: of its policies, and the best of them."""

from __future__ import annotations

from functools import cached_property

from agent.exact.observed import best_found
from agent.exact.optimum import optimum
from agent.exact.tables import PATIENCE, Evaluation, Tables


class Exact(Tables):
    """Exact quantities of the policies of one world, and its optimum, each worked out when it is first asked for."""

    @property
    def affordable(self) -> bool:
        """Whether the optimum is known after a few seconds."""
        return self._best is not None

    def optimum(self) -> Evaluation:
        """Return the best that a policy of state and time can attain; only for an ``affordable`` world.

        It is an upper bound for every policy of the state alone.
        """
        assert self._best is not None, "the world is not affordable"
        return self._best

    def best_for_policy(self) -> float:
        """Return the best J of a policy that sees what this world lets it see: possible, or found."""
        return self.optimum().objective if self.dynamics.fully_observed else self.optimum_observed()

    def best_for_observer(self) -> float | None:
        """Return the best J found of policies that see what this world lets them see; None where that is the state."""
        return None if self.dynamics.fully_observed else self.optimum_observed()

    def optimum_observed(self) -> float:
        """Return the best J that is found of memoryless policies of what is seen; it may have to be stochastic."""
        return self._best_found

    @cached_property
    def _best(self) -> Evaluation | None:
        return optimum(self, PATIENCE)

    @cached_property
    def _best_found(self) -> float:
        return best_found(self, None if self._best is None else self._best.objective)
