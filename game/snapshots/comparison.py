"""What a comparison of estimators found, as frozen values: drawn by ``view/figures.py``, told by ``view/tables.py``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class LearningCurve:
    """How J grew while one estimator trained, over seeds.

    ``objective`` (seeds, P) float64 is the exact J at P updates; ``middle`` (P,) its interquartile mean over the
    seeds; ``low`` and ``high`` (P,) the pointwise 95 % bootstrap band of that mean.  The estimator ``exact`` has no
    dice, so it has one row, and a band of no width.
    """

    estimator: str
    objective: NDArray[np.float64]
    middle: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FixedPolicy:
    """A policy at which estimates are held against ∇J.

    ``probabilities`` (S, A) float64; ``objective`` is its J; ``gradient`` (O · A,) float64 is the exact ∇J with
    respect to the logits of a table over observations, and ``norm`` its length.
    """

    name: str
    probabilities: NDArray[np.float64]
    objective: float
    gradient: NDArray[np.float64]
    norm: float

    def relative(self, square: float) -> float | None:
        """A squared length over |∇J|², None where ∇J is zero."""
        return None if self.norm == 0.0 else square / self.norm**2


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How near the estimate from N = ``episodes`` episodes comes to ∇J.

    ``error`` is the root-mean-square distance to ∇J over |∇J|, None where ∇J is zero.  ``angle`` is the mean angle
    to ∇J in degrees over the estimates that have a direction, None where none has; ``silent``, from 0 to 1, is the
    share of those that are exactly zero and have none.
    """

    episodes: int
    error: float | None
    angle: float | None
    silent: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How good one estimator is at one fixed policy.

    ``squared_bias`` is the inner product of the errors of two independent halves of the episodes: its expectation is
    |E ∇̂J − ∇J|², also where the noise is large.  ``squared_bias_error`` is its standard error where there is no
    bias.  ``variance`` is trΣ, with Σ the covariance of the estimate from one episode.
    """

    policy: str
    estimator: str
    squared_bias: float
    squared_bias_error: float
    variance: float
    accuracies: tuple[Accuracy, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Everything that ``python main.py compare`` shows.

    ``episodes`` (P,) int64 counts the episodes before each point of the curves, ``updates`` (P,) the updates; the
    first point is the uniform policy.  ``best`` is the best J of a policy that sees what these see.  ``steps`` is
    how the settings in force are told.  ``checked`` says how many episodes each row of ``qualities`` rests on.
    """

    title: str
    steps: str
    n_seeds: int
    episodes: NDArray[np.int64]
    updates: NDArray[np.int64]
    best: float
    curves: tuple[LearningCurve, ...]
    policies: tuple[FixedPolicy, ...]
    qualities: tuple[Quality, ...]
    checked: tuple[int, ...]
