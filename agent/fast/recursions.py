"""The recursions of the exact numbers in machine code, imported when the first is needed: numba takes half a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.exact.tables import Recursions


def sweeps(
    step: NDArray[np.float64], successor: NDArray[np.intp], constant: NDArray[np.float64], cap: int
) -> tuple[NDArray[np.float64], int]:
    """Return what ``exact.sweeps`` returns."""
    from agent.fast.sweeps import sweeps

    value: tuple[NDArray[np.float64], int] = sweeps(step, successor, constant, cap)
    return value


def both_ways(
    step: NDArray[np.float64],
    successor: NDArray[np.intp],
    constant: NDArray[np.float64],
    start: NDArray[np.float64],
    discount: float,
    cap: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], int]:
    """Return what ``exact.both_ways`` returns."""
    from agent.fast.sweeps import both_ways

    found: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], int]
    found = both_ways(step, successor, constant, start, discount, cap)
    return found


def compile_recursions() -> None:
    """Compile them, or load what was compiled, on a world of one state: on a large one they take long."""
    nothing, nowhere = np.zeros((1, 1)), np.zeros((1, 1), dtype=np.intp)
    sweeps(nothing, nowhere, np.zeros(1), 1)
    both_ways(nothing, nowhere, np.zeros(1), np.ones(1), 1.0, 1)


#: To be handed to an :class:`~agent.exact.exact.Exact`.
MACHINE_CODE = Recursions(sweeps, both_ways)
