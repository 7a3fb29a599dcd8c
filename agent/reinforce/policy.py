"""The policy π_θ: features of what is observed, to logits, to the probabilities of the actions.

Between two updates θ is fixed and π is a table (S, A), so one forward pass serves all episodes of a batch.  Both passes
can be made over some of the states only: those that an update speaks of, in a large world a small part.  Probabilities
always come from the logits by log-softmax.  All parameters are float64.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from game.errors import SettingsError
from game.world.dynamics import Dynamics

#: Some states: a slice, or their numbers (n,) int64.
States: TypeAlias = "slice | Tensor"
ALL = slice(None)
#: Most states that go through the layers of a network at once; their units are all held for the way back.
PORTION = 2**16


class Policy(nn.Module):
    """A differentiable function from observations to logits.

    Without ``hidden`` it is tabular: θ is one logit per observation and action.  With ``hidden`` it is a
    multilayer perceptron with tanh units, on one-hot observations (an embedding: row o of the first layer's
    weights) or on the scaled position.  The last layer starts at zero, so every policy starts uniform.

    ``observation`` (S,) numbers what is seen in each state.  ``seed`` sets the first layers' weights.  ``by_state``
    says that row s of the first weights, of a table of θ itself, belongs to state s alone.
    """

    observation: Tensor
    inputs: Tensor | None

    def __init__(self, dynamics: Dynamics, hidden: tuple[int, ...], features: str, seed: int) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.register_buffer("observation", torch.from_numpy(dynamics.observation.astype(np.int64)))
        position = position_features(dynamics) if hidden and features == "position" else None
        self.register_buffer("inputs", None if position is None else torch.from_numpy(position))
        self.tabular = not hidden
        self.by_state = dynamics.fully_observed and position is None
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

    def logits(self, first: Tensor | None = None) -> Tensor:
        """(O, A) float64: the logits of all observations, or of those whose part of the first layer is given."""
        units: Tensor = self._first(ALL)[1] if first is None else first
        if not len(self.biases):
            return units
        units = units + self.biases[0]
        for weight, bias in zip(list(self.weights)[1:], list(self.biases)[1:], strict=True):
            units = torch.tanh(units) @ weight + bias
        return units

    def log_probabilities(self, first: Tensor | None = None) -> Tensor:
        """(O, A) float64: ln π_θ(a|o) of the same observations, by log-softmax."""
        return torch.log_softmax(self.logits(first), dim=1)

    def probabilities(self, before: NDArray[np.float64] | None = None, changed: States = ALL) -> NDArray[np.float64]:
        """(S, A) float64: π_θ(a|s) for all states, without a graph; equal to ``before`` except where it ``changed``."""
        S = len(self.observation)
        table = torch.empty(S, self.weights[-1].shape[1], dtype=torch.float64)
        if before is not None and changed is not ALL:
            table.copy_(torch.from_numpy(before))
        with torch.no_grad():
            for states, _ in portions(changed, S):
                table[states] = self.at(states)[1].exp()
        return np.asarray(table.numpy())

    def at(self, states: States) -> tuple[Tensor, Tensor]:
        """What its gradient is taken by in place of the first weights, and ln π_θ(a|s) (n, A) of some states.

        The former are the rows of these states where ``by_state``, else all of the first weights.
        """
        if not (self.by_state or self.inputs is not None):
            return self.weights[0], self.log_probabilities()[self.observation[states]]
        leaf, first = self._first(states)
        return leaf, self.log_probabilities(first)

    def gradients(self, states: States, *sums: Callable[[Tensor, slice], Tensor]) -> list[list[Tensor]]:
        """∇_θ of each of several sums over states, one tensor per parameter; of the first one as ``at`` says.

        A sum is a function of ln π (n, A) of some of the ``states`` and of their places among them.
        """
        found: list[list[list[Tensor]]] = [[] for _ in sums]
        for part, places in portions(states, len(self.observation)):
            leaf, log_pi = self.at(part)
            leaves = [leaf, *list(self.parameters())[1:]]
            for gathered, function in zip(found, sums, strict=True):
                value = function(log_pi, places)
                gathered.append(list(torch.autograd.grad(value, leaves, retain_graph=function is not sums[-1])))
        return [self._together(parts) for parts in found]

    def _first(self, states: States) -> tuple[Tensor, Tensor]:
        """What the first layer's gradient is taken by, and what comes out of its weights, for some observations."""
        if self.inputs is not None:
            return self.weights[0], self.inputs[states] @ self.weights[0]
        rows: Tensor = self.weights[0][states]
        return rows, rows

    def _together(self, parts: list[list[Tensor]]) -> list[Tensor]:
        """The gradients of several portions as one."""
        if len(parts) == 1:
            return parts[0]
        first, *rest = zip(*parts, strict=True)
        whole = torch.cat(first) if self.by_state else torch.stack(first).sum(dim=0)
        return [whole, *(torch.stack(same).sum(dim=0) for same in rest)]


def portions(states: States, n_states: int) -> Iterator[tuple[States, slice]]:
    """Some of all states in portions, and the places of each portion among them."""
    count = n_states if isinstance(states, slice) else len(states)
    if count <= PORTION:
        yield states, ALL
        return
    for begin in range(0, count, PORTION):
        places = slice(begin, min(begin + PORTION, count))
        yield (places if isinstance(states, slice) else states[places]), places


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
