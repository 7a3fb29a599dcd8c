"""The policy π_θ: features of what is observed, to logits, to the probabilities of the actions.

A policy is evaluated for all observations in one forward pass, because between two updates θ is fixed and π is a
table (S, A).  Probabilities always come from the logits by log-softmax.  All parameters are float64.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from game.errors import SettingsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from game.dynamics import Dynamics


class Policy(nn.Module):
    """A differentiable function from observations to logits.

    Without ``hidden`` it is tabular: θ is one logit per observation and action.  With ``hidden`` it is a
    multilayer perceptron with tanh units, on one-hot observations (an embedding: row o of the first layer's
    weights) or on the scaled position.  The last layer starts at zero, so every policy starts uniform.

    ``observation`` (S,) numbers what is seen in each state.  ``seed`` sets the first layers' weights.
    """

    observation: Tensor
    inputs: Tensor | None

    def __init__(self, dynamics: Dynamics, hidden: tuple[int, ...], features: str, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.register_buffer("observation", torch.from_numpy(dynamics.observation.astype(np.int64)))
        position = position_features(dynamics) if hidden and features == "position" else None
        self.register_buffer("inputs", None if position is None else torch.from_numpy(position))
        n_inputs = dynamics.n_observations if position is None else position.shape[1]
        sizes = (n_inputs, *hidden, dynamics.n_actions)
        self.weights = nn.ParameterList()
        self.biases = nn.ParameterList()
        for layer, (size, n_units) in enumerate(itertools.pairwise(sizes)):
            weight = torch.zeros(size, n_units, dtype=torch.float64)
            bias = torch.zeros(n_units, dtype=torch.float64)
            if layer < len(hidden):
                # One input of a one-hot observation is active, so its fan-in is 1.
                bound = 1.0 if layer == 0 and position is None else size**-0.5
                weight.uniform_(-bound, bound, generator=generator)
                bias.uniform_(-bound, bound, generator=generator)
            self.weights.append(nn.Parameter(weight))
            if hidden:
                self.biases.append(nn.Parameter(bias))

    def logits(self) -> Tensor:
        """(O, A) float64: the logits of all observations."""
        if not len(self.biases):
            table: Tensor = self.weights[0]
            return table
        units: Tensor = self.weights[0] if self.inputs is None else self.inputs @ self.weights[0]
        units = units + self.biases[0]
        for weight, bias in zip(list(self.weights)[1:], list(self.biases)[1:], strict=True):
            units = torch.tanh(units) @ weight + bias
        return units

    def log_probabilities(self) -> Tensor:
        """(O, A) float64: ln π_θ(a|o) for all observations, by log-softmax."""
        return torch.log_softmax(self.logits(), dim=1)

    def probabilities(self) -> NDArray[np.float64]:
        """(S, A) float64: π_θ(a|s) for all states, without a graph."""
        with torch.no_grad():
            table = self.log_probabilities().exp().numpy()
        return np.asarray(table[self.observation.numpy()])


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
