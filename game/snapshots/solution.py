"""What is best in a world: the frozen value that crosses from solving to editing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from game.world.catalog import World


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The best of policies that see state and time, in one world.

    ``objective`` is its J, None where it is out of reach; ``values`` (S,) float64 is V*_0 and ``action_values``
    (S, A) float64 is Q*_0, with the whole cap ahead; ``probabilities`` (S, A) float64 is the policy that takes the
    best first action of each state, shared among equals.
    """

    world: World
    objective: float | None
    values: NDArray[np.float64] | None
    action_values: NDArray[np.float64] | None
    probabilities: NDArray[np.float64] | None
