"""What finished runs have learned, as frozen values: drawn by ``view/learned.py``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """A quantity against episodes, over the runs of a pool.

    ``episodes`` (P,) float64 counts the episodes before each point; ``runs`` (n, P) float64 has a row for each run;
    ``middle`` (P,) is their interquartile mean; ``low`` and ``high`` (P,) the pointwise 95 % bootstrap band of it.
    """

    episodes: NDArray[np.float64]
    runs: NDArray[np.float64]
    middle: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Runs whose settings differ in nothing but the seed: one curve.

    ``label`` tells the settings in which the pools differ, ``exact`` whether the gradient was the exact one, ``seeds``
    are the runs'.  ``returns`` is the batches' mean return, the mean over ``updates_a_point`` updates at each point;
    ``objective`` is the exact J of (5), None where it was not computed.
    """

    label: str
    exact: bool
    seeds: tuple[int, ...]
    returns: Band
    updates_a_point: int
    objective: Band | None


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Everything that ``python main.py plot`` shows.

    ``settings`` tells what all pools share; ``best`` is the best J of a policy that sees what these see, None where
    the world is too large for it.
    """

    title: str
    settings: str
    best: float | None
    pools: tuple[Pool, ...]
