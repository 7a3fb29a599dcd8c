"""Climbing a smooth function along its gradient: limited-memory BFGS (Nocedal & Wright 2006, Algorithms 7.4 and 7.5).

Differs from the source: a step is halved, and halved again, until it climbs by its share (Armijo), without a condition
on the slope there; steps from which the curvature cannot be told are not remembered.  Written out, since scipy's wakes
as many threads as there are cores for vectors of a dozen numbers, which takes ten times as long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

#: A value and its gradient (n,) at a place (n,).
Function = Callable[["NDArray[np.float64]"], tuple[float, "NDArray[np.float64]"]]
#: Steps that are remembered, the share of the slope that a step must climb, and the shortest step.
MEMORY, SHARE, SHORTEST = 10, 1e-4, 1e-12


def climbed(
    function: Function, place: NDArray[np.float64], rounds: int, enough: float
) -> tuple[float, NDArray[np.float64]]:
    """The value and the place (n,) that are reached from ``place`` in at most ``rounds`` steps.

    It is over where a step gains no more than ``enough``, relative to the value where that is above 1.
    """
    value, gradient = function(place)
    past: deque[tuple[NDArray[np.float64], NDArray[np.float64]]] = deque(maxlen=MEMORY)
    for _ in range(rounds):
        direction = upward(gradient, past)
        slope = float(direction @ gradient)
        if slope == 0.0:
            break
        length = 1.0 if past else min(1.0, 1.0 / float(np.abs(gradient).sum()))
        following, steeper = function(place + length * direction)
        while not following >= value + SHARE * length * slope and length > SHORTEST:
            length *= 0.5
            following, steeper = function(place + length * direction)
        gained = following - value
        if not gained > 0.0:
            break
        step, change = length * direction, gradient - steeper
        if step @ change > 1e-10 * float(change @ change):
            past.append((step, change))
        value, gradient, place = following, steeper, place + step
        if gained <= enough * max(1.0, abs(value)):
            break
    return value, place


def upward(
    gradient: NDArray[np.float64], past: deque[tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> NDArray[np.float64]:
    """(n,) float64: the gradient times the inverse curvature that ``past`` steps and losses of slope tell of."""
    direction = gradient.copy()
    shares = []
    for step, change in reversed(past):
        share = float(step @ direction) / float(step @ change)
        direction -= share * change
        shares.append(share)
    if past:
        step, change = past[-1]
        direction *= float(step @ change) / float(change @ change)
    for (step, change), share in zip(past, reversed(shares), strict=True):
        direction += step * (share - float(change @ direction) / float(step @ change))
    return direction
