"""Policies with one successor a state, against the recursion step by step and against a walk by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.exact.doubling import Stride, doubled, one_step
from agent.exact.exact import Exact
from agent.exact.optimum import best_first
from agent.exact.policy_values import policy_values
from agent.exact.tables import sweeps
from game.world.catalog import load
from game.world.dynamics import Dynamics
from tests.agent.worlds import LEVELS, world_of

#: Runs into a loop of three, into an end, and one that ends by chance.
SUCCESSOR = np.array([[1], [2], [3], [1], [5], [5], [6]])
STEP = np.array([[1.0], [1.0], [1.0], [1.0], [1.0], [0.0], [0.9]])
CONSTANT = np.array([1.0, -2.0, 0.5, 0.25, 3.0, -7.0, 1.0])


def walked(step: NDArray[np.float64], discount: float, cap: int) -> NDArray[np.float64]:
    """The sums Σ γ^t r_t, step by step."""
    found = np.zeros(len(CONSTANT))
    for s in range(len(CONSTANT)):
        here, weight = s, 1.0
        for _ in range(cap):
            found[s] += weight * CONSTANT[here]
            weight *= discount * step[here, 0]
            here = SUCCESSOR[here, 0]
    return found


@pytest.mark.parametrize("cap", [0, 1, 2, 3, 7, 8, 100, 1023])
@pytest.mark.parametrize("discount", [0.0, 0.9, 1.0])
def test_doubling_is_the_walk_step_by_step(discount: float, cap: int) -> None:
    first = one_step(STEP, SUCCESSOR, CONSTANT)
    assert first is not None
    np.testing.assert_allclose(doubled(first, discount, cap), walked(STEP, discount, cap), rtol=1e-12, atol=1e-12)


def test_a_loop_pays_at_every_round_up_to_a_cap_of_sixteen_million() -> None:
    # 0, then round 1, 2, 3 for ever: 15,999,999 steps in the loop are 5,333,333 rounds of −1.25.
    first = one_step(STEP, SUCCESSOR, CONSTANT)
    assert first is not None
    assert doubled(first, 1.0, 16_000_000)[0] == pytest.approx(1.0 - 1.25 * 5_333_333, rel=1e-12)
    assert doubled(first, 1.0, 2**60)[4] == 3.0 - 7.0


def test_two_successors_are_not_followed() -> None:
    assert one_step(np.array([[0.5, 0.5]]), np.array([[0, 1]]), np.zeros(1)) is None
    assert isinstance(one_step(np.array([[0.0, 1.0]]), np.array([[0, 0]]), np.zeros(1)), Stride)


def without_recursion(exact: Exact) -> Exact:
    """The same with a recursion that must not be begun."""

    def never(*_: object) -> tuple[NDArray[np.float64], int]:
        raise AssertionError("a recursion")

    exact.sweeps = never
    return exact


def deterministic(dynamics: Dynamics, seed: int) -> NDArray[np.float64]:
    """The shortest way, but in one state of twenty any action: some walks arrive, some go round for ever."""
    generator = np.random.default_rng(seed)
    strays = generator.random(dynamics.n_states) < 0.05
    anything = generator.integers(dynamics.n_actions, size=dynamics.n_states)
    return np.asarray(np.eye(dynamics.n_actions)[np.where(strays, anything, best_first(Exact(dynamics)))])


@pytest.mark.parametrize("name", ["maze:15", "maze:31:3:0.2", "cliff", "windy"])
def test_deterministic_policies_are_valued_alike_by_doubling_and_by_recursion(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.exact.policy_values.QUICK", 0.0)
    dynamics = replace(load(name).dynamics, max_steps=3001)
    for seed in range(5):
        pi = deterministic(dynamics, seed)
        found = policy_values(without_recursion(Exact(dynamics)), pi)
        expected = Exact(dynamics).values(pi)
        assert found is not None
        assert np.abs(expected).max() > 0
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)


def test_a_slippery_world_is_left_to_the_recursion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.exact.policy_values.QUICK", 0.0)
    dynamics = world_of(LEVELS["everything"]).dynamics
    exact = Exact(dynamics)
    pi = deterministic(dynamics, 0)
    np.testing.assert_array_equal(policy_values(exact, pi), Exact(dynamics).values(pi))
    assert exact.sweeps is sweeps
    assert exact.swept == 0  # the recursion's own count belongs to training's budget
