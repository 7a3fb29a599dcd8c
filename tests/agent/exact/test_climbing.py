"""Climbing: tops that are known, and never down."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from agent.exact.climbing import climbed


def ridge(place: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Rosenbrock's valley upside down: 0 at (1, …, 1), along a bent ridge."""
    here, there = place[:-1], place[1:]
    gradient = np.zeros_like(place)
    gradient[:-1] = 400.0 * here * (there - here**2) + 2.0 * (1.0 - here)
    gradient[1:] -= 200.0 * (there - here**2)
    return -float((100.0 * (there - here**2) ** 2 + (1.0 - here) ** 2).sum()), gradient


def test_the_top_of_a_bent_ridge_is_found() -> None:
    value, place = climbed(ridge, np.array([-1.2, 1.0, -0.5, 0.8]), 500, 1e-15)
    assert value > -1e-12
    np.testing.assert_allclose(place, 1.0, atol=1e-5)


def test_a_parabola_of_any_scale_takes_few_rounds() -> None:
    scales = np.array([1e-3, 1.0, 1e3])
    asked = 0

    def parabola(place: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        nonlocal asked
        asked += 1
        return -0.5 * float(scales @ (place - 2.0) ** 2), -scales * (place - 2.0)

    value, place = climbed(parabola, np.zeros(3), 100, 0.0)
    assert value > -1e-18
    np.testing.assert_allclose(place, 2.0, atol=1e-6)
    assert asked < 60


def test_each_round_climbs_and_the_rounds_are_counted() -> None:
    place = np.array([-1.2, 1.0])
    values = [climbed(ridge, place, rounds, 0.0)[0] for rounds in range(12)]
    assert values[0] == ridge(place)[0]
    assert all(later > earlier for earlier, later in itertools.pairwise(values))


def test_where_it_is_flat_nothing_moves() -> None:
    value, place = climbed(lambda at: (7.0, np.zeros_like(at)), np.array([3.0]), 10, 0.0)
    assert (value, place.tolist()) == (7.0, [3.0])
