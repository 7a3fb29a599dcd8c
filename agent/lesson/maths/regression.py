"""A small regression, for the comparison that equations (1) and (2) make: one weight, twelve points.

The model is ŷ = w x, so that the mean squared error over the points is a parabola in w.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: The twelve points: x evenly spaced, y = 0.8 x plus errors that were drawn once.
X = np.linspace(-1.5, 1.5, 12)
Y = 0.8 * X + np.array([0.21, -0.34, 0.55, -0.12, 0.3, -0.48, 0.4, 0.07, -0.57, 0.26, -0.31, 0.43])
#: How many of the points a mini-batch holds.
MINI_BATCH = 3


def squared_error(weight: float, x: NDArray[np.float64] = X, y: NDArray[np.float64] = Y) -> float:
    """MSE(w) = (1/n) Σ (w x − y)² over the points given: all of them in (1), a mini-batch in (2)."""
    return float(np.mean((weight * x - y) ** 2))


def error_gradient(weight: float, x: NDArray[np.float64] = X, y: NDArray[np.float64] = Y) -> float:
    """dMSE/dw = (2/n) Σ (w x − y) x over the points given: the gradient of (1), or its estimate in (2)."""
    return float(np.mean(2.0 * (weight * x - y) * x))


def mini_batch(draw: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The points (x, y) of the mini-batch number ``draw``, taken at random without putting back."""
    chosen = np.sort(np.random.default_rng(draw).choice(len(X), MINI_BATCH, replace=False))
    return X[chosen], Y[chosen]
