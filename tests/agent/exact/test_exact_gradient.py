"""The exact gradient against automatic differentiation of J written a second time, and what training does with it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import gymnasium
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from agent.exact.budget import angle_and_ratio
from agent.exact.exact import Exact
from agent.exact.tables import both_ways
from agent.fast.recursions import MACHINE_CODE
from agent.reinforce.credit import centred
from agent.trainer import Trainer
from game.world.catalog import load
from game.world.dynamics import Dynamics
from tests.agent.worlds import EVERYTHING, LEVELS, NINE, RESTARTS, random_policy, settings_of, world_of


def dense(dynamics: Dynamics) -> tuple[Tensor, Tensor]:
    """The chance to go on from s by a to s' (S, A, S) and the expected reward (S, A), entry by entry."""
    going = torch.zeros(dynamics.n_states, dynamics.n_actions, dynamics.n_states, dtype=torch.float64)
    paid = torch.zeros(dynamics.n_states, dynamics.n_actions, dtype=torch.float64)
    for s, a, k in np.ndindex(*dynamics.probability.shape):
        chance = float(dynamics.probability[s, a, k])
        paid[s, a] += chance * float(dynamics.reward[s, a, k])
        if not dynamics.ends[s, a, k]:
            going[s, a, int(dynamics.next_state[s, a, k])] += chance
    return going, paid


def logits(shape: tuple[int, int], seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator).requires_grad_()


def of_all_states(theta: Tensor, dynamics: Dynamics) -> Tensor:
    """π (S, A) with a graph, of logits (O, A)."""
    return torch.softmax(theta, dim=1)[torch.from_numpy(dynamics.observation.astype(np.int64))]


def solved(theta: Tensor, dynamics: Dynamics) -> Tensor:
    """J without a cap: P0 · (I − γ P_π)⁻¹ r_π."""
    going, paid = dense(dynamics)
    pi = of_all_states(theta, dynamics)
    matrix = torch.eye(dynamics.n_states, dtype=torch.float64) - dynamics.discount * torch.einsum(
        "sa,sat->st", pi, going
    )
    value: Tensor = torch.linalg.solve(matrix, (pi * paid).sum(dim=1))
    return torch.from_numpy(dynamics.start.copy()) @ value


def capped(theta: Tensor, dynamics: Dynamics) -> Tensor:
    """J with the cap: ``max_steps`` dense products, one after the other."""
    going, paid = dense(dynamics)
    pi = of_all_states(theta, dynamics)
    value = torch.zeros(dynamics.n_states, dtype=torch.float64)
    for _ in range(dynamics.max_steps):
        value = (pi * (paid + dynamics.discount * going @ value)).sum(dim=1)
    return torch.from_numpy(dynamics.start.copy()) @ value


def by_credit(theta: Tensor, dynamics: Dynamics) -> NDArray[np.float64]:
    """(O, A): ∇J as training gets it, from W* and one backward pass."""
    pi = of_all_states(theta, dynamics)
    credit = torch.from_numpy(Exact(dynamics).credit(pi.detach().numpy()))
    (gradient,) = torch.autograd.grad((credit * pi.log()).sum(), theta)
    return np.asarray(gradient.numpy())


@pytest.mark.parametrize("observe", ["cell", "tile", "nothing"])
@pytest.mark.parametrize("text", [EVERYTHING, RESTARTS, NINE], ids=["everything", "restarts", "nine"])
def test_with_a_long_cap_it_is_the_gradient_of_a_linear_system(text: str, observe: str) -> None:
    dynamics = replace(world_of(text, observe=observe).dynamics, max_steps=200_000)
    theta = logits((dynamics.n_observations, dynamics.n_actions), 3)
    objective = solved(theta, dynamics)
    (gradient,) = torch.autograd.grad(objective, theta)
    exact = Exact(dynamics)
    pi = of_all_states(theta, dynamics).detach().numpy()
    assert exact.objective(exact.values(pi)) == pytest.approx(float(objective.detach()), rel=1e-9)
    largest = float(gradient.abs().max())
    assert largest > 1e-2
    np.testing.assert_allclose(by_credit(theta, dynamics), gradient.numpy(), rtol=0, atol=1e-9 * largest)


@pytest.mark.parametrize("name", LEVELS)
def test_with_a_cap_it_is_the_gradient_of_as_many_products(name: str) -> None:
    dynamics = world_of(LEVELS[name]).dynamics
    theta = logits((dynamics.n_observations, dynamics.n_actions), 4)
    (gradient,) = torch.autograd.grad(capped(theta, dynamics), theta)
    largest = float(gradient.abs().max())
    np.testing.assert_allclose(by_credit(theta, dynamics), gradient.numpy(), rtol=0, atol=1e-11 * largest)


def test_on_the_frozen_lake_it_is_the_gradient_of_gymnasiums_own_table() -> None:
    dynamics = load("frozen_lake").dynamics
    table = gymnasium.make("FrozenLake-v1", is_slippery=True).unwrapped.P  # type: ignore[attr-defined]
    theirs = ("left", "down", "right", "up")  # Gymnasium's order of the actions
    theta = logits((16, 4), 5)
    pi = torch.softmax(theta, dim=1)
    going, paid = torch.zeros(16, 4, 16, dtype=torch.float64), torch.zeros(16, 4, dtype=torch.float64)
    for s, (number, name) in ((s, action) for s in range(16) for action in enumerate(theirs)):
        for chance, following, reward, done in table[s][number]:
            a = dynamics.actions.index(name)
            paid[s, a] += chance * reward
            going[s, a, following] += 0.0 if done else chance
    value = torch.zeros(16, dtype=torch.float64)
    for _ in range(100):
        value = (pi * (paid + 0.99 * going @ value)).sum(dim=1)
    (gradient,) = torch.autograd.grad(value[0], theta)
    assert float(gradient.abs().max()) > 1e-4
    np.testing.assert_allclose(by_credit(theta, dynamics), gradient.numpy(), rtol=0, atol=1e-14)


@pytest.mark.parametrize("cap", [1, 2, 5, 63, 64, 3000])
@pytest.mark.parametrize("name", LEVELS)
def test_the_recursion_in_machine_code_is_the_same_recursion(name: str, cap: int) -> None:
    dynamics = replace(world_of(LEVELS[name]).dynamics, max_steps=cap)
    plain, compiled = Exact(dynamics), Exact(dynamics, MACHINE_CODE)
    assert plain.both_ways is both_ways
    for seed in range(3):
        pi = random_policy(dynamics, seed)
        for mine, theirs in zip(plain.truth(pi), compiled.truth(pi), strict=True):
            np.testing.assert_allclose(theirs, mine, rtol=0, atol=1e-12 * max(1.0, float(np.abs(mine).max())))
        assert abs(plain.swept - compiled.swept) <= 2  # rounding may move an end by a sweep


def test_its_values_are_those_of_the_recursion_backward_alone() -> None:
    dynamics = world_of(RESTARTS).dynamics
    pi = random_policy(dynamics, 6)
    exact = Exact(dynamics)
    np.testing.assert_allclose(exact.truth(pi)[0], exact.values(pi), rtol=1e-13, atol=1e-13)


# -- beside the estimate --------------------------------------------------------------------------------------------


def tensors(*parts: list[float]) -> list[Tensor]:
    return [torch.tensor(part, dtype=torch.float64) for part in parts]


@pytest.mark.parametrize(
    ("estimate", "exact", "angle", "ratio"),
    [
        # The inner product of (3, 0; 4) and (0, 5; 12) over all parameters is 48: cos = 48/(5·13).
        (([3.0, 0.0], [4.0]), ([0.0, 5.0], [12.0]), math.degrees(math.acos(48 / 65)), 5 / 13),
        (([2.0, 0.0], [0.0]), ([0.0, 0.0], [4.0]), 90.0, 0.5),
        (([1.0, 1.0], [1.0]), ([-2.0, -2.0], [-2.0]), 180.0, 0.5),
        (([1.0, 2.0], [3.0]), ([1.0, 2.0], [3.0]), 0.0, 1.0),
        # An estimate of exactly zero has no direction, but a length: none.
        (([0.0, 0.0], [0.0]), ([0.0, 1.0], [0.0]), None, 0.0),
        (([0.0, 1.0], [0.0]), ([0.0, 0.0], [0.0]), None, None),
        # The product of the norms underflows; that of the directions does not.
        (([1e-170, 0.0], [0.0]), ([1e-170, 0.0], [1e-170]), 45.0, math.sqrt(0.5)),
    ],
)
def test_angle_and_ratio_are_those_worked_by_hand(
    estimate: tuple[list[float], ...], exact: tuple[list[float], ...], angle: float | None, ratio: float | None
) -> None:
    found = angle_and_ratio(tensors(*estimate), tensors(*exact))
    assert found[0] == (None if angle is None else pytest.approx(angle, abs=1e-5))
    assert found[1] == (None if ratio is None else pytest.approx(ratio, rel=1e-12))


def test_a_snapshot_carries_the_truth_of_the_policy_that_was_sampled() -> None:
    dynamics = world_of(EVERYTHING).dynamics
    trainer = Trainer(dynamics, settings_of(dynamics, batch=20, episodes=100, seed=2, learning_rate=0.3))
    exact = Exact(dynamics)
    due = 0
    for snapshot in trainer.run():
        if snapshot.objective is None:
            absent = (snapshot.exact_credit, snapshot.values, snapshot.angle, snapshot.norm_ratio)
            assert all(part is None for part in absent)
            continue
        due += 1
        assert snapshot.exact_credit is not None
        assert snapshot.values is not None
        pi = snapshot.probabilities
        expected = centred(exact.credit(pi), pi)
        np.testing.assert_allclose(snapshot.exact_credit, expected, rtol=0, atol=1e-13)
        np.testing.assert_allclose(snapshot.values, exact.values(pi), rtol=0, atol=1e-13)
        assert snapshot.objective == pytest.approx(exact.objective(exact.values(pi)), abs=1e-13)
        # For a table of logits the centred table is the gradient.
        cosine = (snapshot.credit * expected).sum() / np.linalg.norm(snapshot.credit) / np.linalg.norm(expected)
        assert snapshot.angle == pytest.approx(math.degrees(math.acos(cosine)), abs=1e-6)
        assert snapshot.norm_ratio == pytest.approx(
            float(np.linalg.norm(snapshot.credit) / np.linalg.norm(expected)), rel=1e-10
        )
    assert due >= 2
    assert snapshot.objective is not None  # the last row always has it


def ascended(dynamics: Dynamics, steps: int, rate: float) -> list[NDArray[np.float64]]:
    """θ after each step of θ ← θ + α ∇J, with ∇J from automatic differentiation of J."""
    theta = torch.zeros(dynamics.n_observations, dynamics.n_actions, dtype=torch.float64, requires_grad=True)
    path = []
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(capped(theta, dynamics), theta)
        theta = (theta.detach() + rate * gradient).requires_grad_()
        path.append(theta.detach().numpy().copy())
    return path


@pytest.mark.parametrize("batch", [2, 30], ids=["readable", "kernel"])
@pytest.mark.parametrize("observe", ["cell", "tile"])
def test_the_estimator_exact_climbs_the_gradient_itself(observe: str, batch: int) -> None:
    dynamics = replace(world_of(EVERYTHING, observe=observe).dynamics, max_steps=25)
    given: dict[str, Any] = {"estimator": "exact", "batch": batch, "learning_rate": 0.7}
    trainer = Trainer(dynamics, settings_of(dynamics, **given))
    for number, theta in enumerate(ascended(dynamics, 6, 0.7)):
        snapshot = trainer.step()
        np.testing.assert_allclose(trainer.policy.weights[0].detach().numpy(), theta, rtol=0, atol=1e-12)
        assert snapshot.update == number + 1
        assert snapshot.norm_ratio == pytest.approx(1.0, abs=1e-12)
        assert snapshot.angle == pytest.approx(0.0, abs=1e-5)
    assert np.abs(theta).max() > 0.05
