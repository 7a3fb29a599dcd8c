"""The policy π_θ: of what is observed, to logits, to the probabilities of the actions.

There are two kinds beside each other: a table of logits (``tabular.py``) and a network (``network.py``).  Between two
updates θ is fixed and π is a table (S, A), so one forward pass serves all episodes of a batch.  Both passes can be made
over some of the states only (``states.py``).  Probabilities always come from the logits by log-softmax.  All parameters
are float64.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from agent.reinforce.states import ALL, States
from game.world.dynamics import Dynamics

#: Most states that go through the layers of a network at once; their units are all held for the way back.
PORTION = 2**16


class Policy(nn.Module, ABC):
    """A differentiable function from observations to logits.

    ``observation`` (S,) numbers what is seen in each state.  Row o of the first of ``weights`` belongs to observation
    o; ``by_state`` says that observation s is state s, so that this row is the state's alone.
    """

    observation: Tensor

    def __init__(self, dynamics: Dynamics, by_state: bool) -> None:
        super().__init__()
        self.register_buffer("observation", torch.from_numpy(dynamics.observation.astype(np.int64)))
        self.by_state = by_state
        self.weights = nn.ParameterList()

    @abstractmethod
    def logits(self, rows: Tensor | None = None) -> Tensor:
        """(O, A) float64: the logits of all observations, or of those whose ``rows`` of the first weights are given."""

    @abstractmethod
    def reached(self, rows: States) -> States:
        """Return the states whose probabilities depend on these rows of the first weights, or on any other ones."""

    def log_probabilities(self, rows: Tensor | None = None) -> Tensor:
        """(O, A) float64: ln π_θ(a|o) of the same observations, by log-softmax."""
        return torch.log_softmax(self.logits(rows), dim=1)

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

    def rows(self, states: States) -> States:
        """Return the rows of the first weights that :meth:`gradients` of these states holds."""
        return states if self.by_state else ALL

    def at(self, states: States) -> tuple[Tensor, Tensor]:
        """Return the ``rows`` of the first weights, of which the gradient is taken, and ln π_θ(a|s) (n, A)."""
        if not self.by_state:
            return self.weights[0], self.log_probabilities()[self.observation[states]]
        rows: Tensor = self.weights[0][states]
        return rows, self.log_probabilities(rows)

    def gradients(self, states: States, *sums: Callable[[Tensor, slice], Tensor]) -> list[list[Tensor]]:
        """∇_θ of each of several sums over states, one tensor per parameter; of the first one its ``rows``.

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
