"""The exact J and ∇J beside an estimate, within a share of training time.

The estimate and the truth are compared in θ, before entropy bonus, scaling and optimiser.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.exact.tables import LIMIT, Truth

if TYPE_CHECKING:
    from torch import Tensor


#: The share of training time that exact numbers may take.
SHARE = 0.05


class Budget:
    """Decides in which updates the exact numbers are computed.

    Time is counted in operations, not measured, so that every run of a seed has the same rows in its history.
    ``debt`` is the time, in seconds, that exact numbers have taken beyond their share.
    """

    def __init__(self, exact: Exact) -> None:
        self.exact = exact
        self.debt = 0.0

    @property
    def affordable(self) -> bool:
        """Whether exact numbers can be had during training, by recursion or by contours."""
        return self.exact.truth_cost <= LIMIT

    def truth(self, probabilities: NDArray[np.float64], compiled: bool, needed: bool) -> Truth | None:
        """Return the exact numbers of a policy (S, A) where they are ``needed``, or due within their share."""
        within = self.affordable and self.debt <= 0.0
        if not (within or needed):
            return None
        truth = self.exact.everything(probabilities, math.inf if needed and not self.exact.by_contours else LIMIT)
        if within:
            self.spend(compiled)
        return truth

    def earn(self, steps: int, compiled: bool) -> None:
        """Take note of an update in which each process sampled about ``steps`` steps."""
        self.debt -= SHARE * (4e-4 + steps * (8e-9 if compiled else 3e-6))

    def spend(self, compiled: bool) -> None:
        """Take note of exact numbers just computed, or refused."""
        contours = self.exact.contours if self.exact.by_contours else None
        followed = 0.0 if contours is None else _seconds_of_contours(contours.operations)
        swept = self.exact.swept
        self.debt = followed + (self.seconds(swept, compiled) if swept or contours is None else 0.0)

    def longest(self, compiled: bool) -> float:
        """About how long exact numbers take: by contours, or by a recursion over all steps."""
        if self.exact.by_contours:
            return _seconds_of_contours(self.exact.truth_cost)
        return self.seconds(2 * self.exact.dynamics.max_steps, compiled)

    def seconds(self, sweeps: int, compiled: bool) -> float:
        """About how long exact numbers take by recursion."""
        size = self.exact.successor.size
        fixed = 3.3e-4 + 4e-9 * size * self.exact.dynamics.n_actions
        return fixed + sweeps * (size * 2.6e-9 + (0.0 if compiled else 1.5e-5))


def _seconds_of_contours(operations: float) -> float:
    return 5e-3 + 3.5e-9 * operations


def angle_and_ratio(estimate: list[Tensor], exact: list[Tensor]) -> tuple[float | None, float | None]:
    """The angle in degrees, 0 to 180, between two gradients, and the ratio of their norms.

    The angle is None where one of them is exactly zero, the ratio where the exact one is.
    """
    directions, norms = zip(*(_direction(gradient) for gradient in (estimate, exact)), strict=True)
    if norms[1] == 0.0:
        return None, None
    ratio = norms[0] / norms[1]
    if norms[0] == 0.0:
        return None, ratio
    cosine = sum(float((one * other).sum()) for one, other in zip(*directions, strict=True))
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine)))), ratio


def _direction(gradient: list[Tensor]) -> tuple[list[Tensor], float]:
    """A gradient and its length, the gradient scaled where its square underflows, as of credit that γ^t made tiny."""
    length = math.sqrt(sum(float((part * part).sum()) for part in gradient))
    if length > 1e-140:
        return [part / length for part in gradient], length
    largest = max((float(part.abs().max()) for part in gradient if part.numel()), default=0.0)
    if largest == 0.0:
        return gradient, 0.0
    direction, length = _direction([part / largest for part in gradient])
    return direction, largest * length
