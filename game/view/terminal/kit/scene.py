"""What a board is to show at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What the board is to show.

    ``probabilities`` (S, A) is the policy, None for the level alone; ``passed`` are the states of the agent's way so
    far, the last the one it stands in; ``cursor`` is a cell (row, column); ``person``: a person's colour, not the
    policy's.
    """

    snapshot: Snapshot | None = None
    probabilities: NDArray[np.float64] | None = None
    passed: Sequence[int] | NDArray[np.int32] = ()
    cursor: tuple[int, int] | None = None
    person: bool = False
