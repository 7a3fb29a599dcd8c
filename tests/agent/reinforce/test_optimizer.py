"""Steps of the optimisers against their formulas, on all rows and on some, and taken back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from agent.reinforce.optimizer import Optimizer
from agent.reinforce.policy import Policy
from agent.reinforce.settings import settings_for
from agent.trainer import policy_for
from tests.agent.worlds import EVERYTHING, world_of

DYNAMICS = world_of(EVERYTHING).dynamics
KINDS: list[dict[str, Any]] = [{}, {"hidden": (3,)}, {"optimizer": "sgd"}]


def made(**given: Any) -> tuple[Policy, Optimizer]:
    settings = settings_for(DYNAMICS, seed=2, **given)
    policy = policy_for(DYNAMICS, settings)
    return policy, Optimizer(policy, settings)


def gradients(policy: Policy, seed: int) -> list[Tensor]:
    """Some numbers in place of gradients, from very small to very large."""
    generator = torch.Generator().manual_seed(seed)
    shapes = [parameter.shape for parameter in policy.parameters()]
    draws = [torch.randn(2, *shape, generator=generator, dtype=torch.float64) for shape in shapes]
    return [draw[0] * 10.0 ** (3.0 * draw[1]) for draw in draws]


def bits(policy: Policy, optimizer: Optimizer) -> list[bytes]:
    tensors = [parameter.detach() for parameter in policy.parameters()] + list(optimizer.state().values())
    return [tensor.numpy().tobytes() for tensor in tensors]


def test_adam_is_the_published_algorithm() -> None:
    # Kingma and Ba (2015), algorithm 1, with α = 0.1, both β = 0.9 and ε = 1e-30.
    policy, optimizer = made()
    theta = policy.weights[0].detach().numpy().copy()
    mean, square = np.zeros_like(theta), np.zeros_like(theta)
    for t in range(1, 6):
        given = gradients(policy, t)
        g = given[0].numpy()
        mean, square = 0.9 * mean + 0.1 * g, 0.9 * square + 0.1 * g**2
        theta -= 0.1 * (mean / (1 - 0.9**t)) / (np.sqrt(square / (1 - 0.9**t)) + 1e-30)
        optimizer.step(given)
        np.testing.assert_allclose(policy.weights[0].detach().numpy(), theta, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("given", KINDS, ids=str)
def test_a_step_on_some_rows_is_the_step_on_all_where_the_others_have_no_gradient(given: dict[str, Any]) -> None:
    (one, all_rows), (other, some_rows) = made(**given), made(**given)
    rows = torch.tensor([0, 3, 4, 7, 11])
    for seed in range(4):
        whole = gradients(one, seed)
        part = [whole[0][rows], *whole[1:]]
        whole[0] = torch.zeros_like(whole[0]).index_copy(0, rows, part[0])
        all_rows.step(whole)
        some_rows.step(part, rows)
    for first, second in zip(one.parameters(), other.parameters(), strict=True):
        np.testing.assert_allclose(first.detach().numpy(), second.detach().numpy(), rtol=1e-13, atol=1e-15)
    for name, tensor in all_rows.state().items():
        np.testing.assert_allclose(tensor.numpy(), some_rows.state()[name].numpy(), rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("rows", [slice(None), torch.tensor([1, 2, 6])], ids=["all", "some"])
@pytest.mark.parametrize("given", KINDS, ids=str)
def test_a_step_can_be_taken_back(given: dict[str, Any], rows: slice | Tensor) -> None:
    policy, optimizer = made(**given)
    optimizer.step(gradients(policy, 1))
    before = bits(policy, optimizer)
    whole = gradients(policy, 2)
    optimizer.step([whole[0][rows], *whole[1:]], rows)
    assert bits(policy, optimizer) != before
    optimizer.undo()
    assert bits(policy, optimizer) == before


@pytest.mark.parametrize("given", KINDS, ids=str)
def test_what_was_kept_goes_on_alike(given: dict[str, Any]) -> None:
    policy, optimizer = made(**given)
    optimizer.step(gradients(policy, 1))
    kept = {name: tensor.clone() for name, tensor in optimizer.state().items()}
    parameters = [parameter.detach().clone() for parameter in policy.parameters()]
    optimizer.step(gradients(policy, 2))
    again, other = made(**given)
    with torch.no_grad():
        for parameter, saved in zip(again.parameters(), parameters, strict=True):
            parameter.copy_(saved)
    other.restore(kept)
    other.step(gradients(again, 2))
    assert bits(again, other) == bits(policy, optimizer)
