"""The gradient through the credit table is the one of per-step log-probabilities, stored and summed as in (17)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from agent.reinforce.credit import SAMPLED
from agent.reinforce.network import Network
from agent.reinforce.rollout import rollout
from agent.trainer import Trainer
from game.world.dynamics import Dynamics
from tests.agent.worlds import EVERYTHING, RESTARTS, settings_of, world_of

KINDS: dict[str, dict[str, Any]] = {
    "tabular": {},
    "mlp": {"hidden": (7, 5)},
    "mlp-position": {"hidden": (6,), "features": "position"},
}
#: Episodes an update: three are walked readably, twelve by the kernel.
BATCHES = (3, 12)


def stirred(dynamics: Dynamics, **given: Any) -> Trainer:
    """A trainer whose parameters and baseline are no longer at their first values."""
    trainer = Trainer(dynamics, settings_of(dynamics, seed=5, **given))
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for parameter in trainer.policy.parameters():
            parameter.add_(0.7 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    trainer.baseline.learn(np.random.default_rng(3).uniform(0.5, 2.0, size=(dynamics.n_states, 2)))
    return trainer


def log_probability(trainer: Trainer, dynamics: Dynamics, state: int, action: int) -> Tensor:
    """ln π(a|s) of one step, from the weights, without the table and without log-softmax."""
    policy = trainer.policy
    weights = list(policy.weights)
    seen = int(dynamics.observation[state])
    if not isinstance(policy, Network):
        logits = weights[0][seen]
    else:
        biases = list(policy.biases)
        if policy.inputs is None:
            units = torch.eye(dynamics.n_observations, dtype=torch.float64)[seen]
        else:
            assert dynamics.layout is not None
            row, column = dynamics.layout.position[state]
            extent = (dynamics.layout.height - 1, dynamics.layout.width - 1)
            place = [2 * row / extent[0] - 1, 2 * column / extent[1] - 1]
            units = torch.tensor([*place, *(1.0 if taken else -1.0 for taken in dynamics.layout.taken[state])])
            units = units.to(torch.float64)
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            units = torch.tanh(units @ weight + bias)
        logits = units @ weights[-1] + biases[-1]
    chosen: Tensor = logits[action] - torch.logsumexp(logits, dim=0)
    return chosen


def stored_and_summed(
    trainer: Trainer, dynamics: Dynamics, estimator: str, baseline: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """∇̂J as a program without a credit table computes it: one log-probability and one weight per step."""
    gamma = dynamics.discount
    probabilities = trainer.probabilities()
    terms = []
    for number in range(trainer.settings.batch):
        episode = rollout(dynamics, probabilities, trainer.settings.seed, trainer.update, number)
        rewards = episode.rewards.tolist()
        for t, (state, action) in enumerate(zip(episode.states[:-1], episode.actions, strict=True)):
            if estimator == "total-return":
                weight = sum(gamma**u * r for u, r in enumerate(rewards))
            else:
                weight = sum(gamma**u * r for u, r in enumerate(rewards) if u >= t)
                if estimator == "baseline":
                    weight -= gamma**t * float(baseline[state])
            terms.append(weight * log_probability(trainer, dynamics, int(state), int(action)))
    mean = torch.stack(terms).sum() / trainer.settings.batch
    return [gradient.numpy() for gradient in torch.autograd.grad(mean, list(trainer.policy.parameters()))]


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("estimator", SAMPLED)
@pytest.mark.parametrize(
    ("kind", "observe"),
    [
        *((kind, "cell") for kind in KINDS),
        *((kind, observe) for kind in ("tabular", "mlp") for observe in ("tile", "nothing")),
    ],
)
@pytest.mark.parametrize("text", [EVERYTHING, RESTARTS], ids=["everything", "restarts"])
def test_one_backward_pass_over_the_table_gives_the_gradient_of_every_step(
    text: str, kind: str, observe: str, estimator: str, batch: int
) -> None:
    dynamics = world_of(text, observe=observe).dynamics
    trainer = stirred(dynamics, batch=batch, estimator=estimator, **KINDS[kind])
    expected = stored_and_summed(trainer, dynamics, estimator, trainer.baseline.values())
    before = [parameter.detach().numpy().copy() for parameter in trainer.policy.parameters()]
    snapshot = trainer.step()  # plain ascent with α = 1: what is added is the gradient
    assert trainer.sampler is not None
    assert (trainer.sampler.kernel is not None) == (batch == 12)
    norm = float(np.sqrt(sum((part**2).sum() for part in expected)))
    assert norm > 1e-3
    assert snapshot.gradient_norm == pytest.approx(norm, rel=1e-10)
    for parameter, old, gradient in zip(trainer.policy.parameters(), before, expected, strict=True):
        np.testing.assert_allclose(parameter.detach().numpy() - old, gradient, rtol=0, atol=1e-10 * norm)


@pytest.mark.parametrize("hidden", [(), (9,)], ids=["tabular", "mlp"])
def test_the_entropy_bonus_has_the_gradient_of_a_finite_difference(hidden: tuple[int, ...]) -> None:
    # With α = 1, the same seed and episodes, the step with the bonus minus the one without is β σ Σ_s n(s) ∇H(s) / N.
    dynamics = world_of(EVERYTHING).dynamics
    plain = stirred(dynamics, batch=20, hidden=hidden)
    bonus = stirred(dynamics, batch=20, hidden=hidden, entropy=0.6)
    probabilities = plain.probabilities()
    episodes = [rollout(dynamics, probabilities, 5, 0, number) for number in range(20)]
    spread = np.std([episode.total_return(dynamics.discount) for episode in episodes])
    visits = sum(np.bincount(episode.states[:-1], minlength=dynamics.n_states) for episode in episodes)

    def added(trainer: Trainer) -> float:
        pi = trainer.probabilities()
        return float(0.6 * spread / 20 * (visits * -(pi * np.log(pi)).sum(axis=1)).sum())

    probe = stirred(dynamics, batch=20, hidden=hidden)
    parameters = list(probe.policy.parameters())
    numeric = []
    for parameter in parameters:
        flat = parameter.detach().view(-1)
        for place in range(0, len(flat), max(1, len(flat) // 40)):
            old = float(flat[place])
            flat[place] = old + 1e-5
            above = added(probe)
            flat[place] = old - 1e-5
            numeric.append((above - added(probe)) / 2e-5)
            flat[place] = old
    plain.step()
    bonus.step()
    exact = []
    for one, other in zip(plain.policy.parameters(), bonus.policy.parameters(), strict=True):
        difference = (other - one).detach().numpy().ravel()
        exact += difference[:: max(1, len(difference) // 40)].tolist()
    assert np.abs(exact).max() > 1e-3
    np.testing.assert_allclose(exact, numeric, rtol=1e-5, atol=1e-8)


def test_every_policy_starts_uniform() -> None:
    dynamics = world_of(EVERYTHING).dynamics
    for kind in KINDS.values():
        trainer = Trainer(dynamics, settings_of(dynamics, **kind))
        np.testing.assert_allclose(trainer.probabilities(), 0.25, rtol=1e-15)
