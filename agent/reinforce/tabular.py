"""The policy as a table: θ is one logit per observation and action."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from agent.reinforce.policy import Policy
from agent.reinforce.states import States
from game.world.dynamics import Dynamics


class Tabular(Policy):
    """A table θ (O, A) of logits, all zero at first, so that the policy starts uniform."""

    def __init__(self, dynamics: Dynamics) -> None:
        super().__init__(dynamics, by_state=dynamics.fully_observed)
        theta = torch.zeros(dynamics.n_observations, dynamics.n_actions, dtype=torch.float64)
        self.weights.append(nn.Parameter(theta))

    def logits(self, rows: Tensor | None = None) -> Tensor:
        """(O, A) float64: θ itself, or the ``rows`` of it that are given."""
        return self.weights[0] if rows is None else rows

    def reached(self, rows: States) -> States:
        """Return these states: each has a row of its own."""
        return rows
