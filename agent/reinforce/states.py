"""Some of the states: in a large world an update speaks of those that its episodes visited, a small part of all.

Where all states are meant, or so many that picking them out would save nothing, they are :data:`ALL`, and everything
here hands back what it was given.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agent.reinforce.credit import centred

#: Some states: a slice, or their numbers (n,) int64 in ascending order.
States: TypeAlias = "slice | Tensor"
ALL = slice(None)
#: In worlds of up to so many states an update goes over all of them, and in larger ones where more than one in three
#: was visited.
FEW_STATES, ONE_IN = 4096, 3


def picked(numbers: NDArray[np.int64], n_states: int) -> States:
    """Return the states with these numbers (n,), or all where these are not much fewer."""
    return torch.from_numpy(numbers) if n_states > FEW_STATES and ONE_IN * len(numbers) < n_states else ALL


def widened(gradient: list[Tensor], held: States, rows: States, n_states: int) -> list[Tensor]:
    """Return a gradient whose first part has the rows of the states ``held`` with those of ``rows`` instead.

    All of ``held`` are among ``rows``; the others have no gradient.
    """
    if not isinstance(held, Tensor):
        return gradient
    places, length = held, n_states
    if isinstance(rows, Tensor):
        places, length = torch.searchsorted(rows, held), len(rows)
    first = gradient[0].new_zeros(length, gradient[0].shape[1])
    first[places] = gradient[0]
    return [first, *gradient[1:]]


def centred_at(states: States, credit: NDArray[np.float64], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the centred table (S, A) float64 of credit (S, A) that is zero in all but some states."""
    table = np.zeros_like(credit)
    table[states] = centred(credit[states], probabilities[states])
    return table
