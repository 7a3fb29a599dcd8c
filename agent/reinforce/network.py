"""The policy as a network: θ is the weights and biases of its layers."""

from __future__ import annotations

import itertools

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from agent.reinforce.policy import Policy
from agent.reinforce.states import ALL, States
from game.errors import SettingsError
from game.world.dynamics import Dynamics


class Network(Policy):
    """A multilayer perceptron with tanh units.

    Its input is a one-hot observation, which picks a row of the first weights (an embedding), or the scaled position
    (S, F) float64, then held as ``inputs``.  ``hidden`` are the sizes of its layers, and ``seed`` sets the weights of
    all but the last, which start at zero, so that the policy starts uniform.
    """

    inputs: Tensor | None

    def __init__(self, dynamics: Dynamics, hidden: tuple[int, ...], features: str, seed: int) -> None:
        """Raises :class:`~game.errors.SettingsError` where the policy does not see the position that it is to use."""
        position = position_features(dynamics) if features == "position" else None
        super().__init__(dynamics, by_state=dynamics.fully_observed and position is None)
        self.register_buffer("inputs", None if position is None else torch.from_numpy(position))
        generator = torch.Generator().manual_seed(seed)
        n_inputs = dynamics.n_observations if position is None else position.shape[1]
        self.biases = nn.ParameterList()
        for layer, (size, n_units) in enumerate(itertools.pairwise((n_inputs, *hidden, dynamics.n_actions))):
            weight = torch.zeros(size, n_units, dtype=torch.float64)
            bias = torch.zeros(n_units, dtype=torch.float64)
            if layer < len(hidden):
                # One input of a one-hot observation is active, so its fan-in is 1.
                bound = 1.0 if layer == 0 and position is None else size**-0.5
                weight.uniform_(-bound, bound, generator=generator)
                bias.uniform_(-bound, bound, generator=generator)
            self.weights.append(nn.Parameter(weight))
            self.biases.append(nn.Parameter(bias))

    def logits(self, rows: Tensor | None = None) -> Tensor:
        """(O, A) float64: the logits of all observations, or of those whose product with the first weights is given."""
        units: Tensor = (self._first(ALL) if rows is None else rows) + self.biases[0]
        for weight, bias in zip(list(self.weights)[1:], list(self.biases)[1:], strict=True):
            units = torch.tanh(units) @ weight + bias
        return units

    def reached(self, rows: States) -> States:
        """Return all states: they share the other layers."""
        return ALL

    def at(self, states: States) -> tuple[Tensor, Tensor]:
        """Return the rows of the first weights, of which the gradient is taken, and ln π_θ(a|s) (n, A)."""
        if self.inputs is None:
            return super().at(states)
        return self.weights[0], self.log_probabilities(self._first(states))

    def _first(self, states: States) -> Tensor:
        """The inputs of some states times the first weights."""
        product: Tensor = self.weights[0][states] if self.inputs is None else self.inputs[states] @ self.weights[0]
        return product


def position_features(dynamics: Dynamics) -> NDArray[np.float64]:
    """(S, 2 + C) float64: row and column scaled to [−1, 1], and ±1 for each coin taken or left.

    Raises :class:`~game.errors.SettingsError` where the policy does not see its position.
    """
    layout = dynamics.layout
    if layout is None or not dynamics.fully_observed:
        raise SettingsError("--features position needs a level on a grid whose policy sees its cell; use one-hot here")
    extent = np.maximum(np.array([layout.height, layout.width]) - 1, 1)
    scaled = 2.0 * layout.position / extent - 1.0
    if layout.height == 1:
        scaled[:, 0] = 0.0
    if layout.width == 1:
        scaled[:, 1] = 0.0
    return np.hstack([scaled, 2.0 * layout.taken - 1.0])
