"""Every estimator that claims it has the expectation ∇J: a statistical test, and a test that it would notice.

Seeds are fixed.  At N ≥ ρ/0.002² episodes, ρ = trΣ/|∇J|², the mean lies within 3 √(trΣ/N) = 0.006 |∇J| of ∇J with
a probability of at least 8/9 by Markov's inequality, and of 99.7 % or more where the error is Gaussian, as here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.fast.kernel import Kernel
from agent.reinforce.credit import SAMPLED, Baseline, centred
from tests.agent.worlds import world_of

#: A fork: the pit is near, the goal one step further, and every step may slip.
FORK = """
discount = 0.9
max_steps = 12
slip = 0.25
step_reward = -0.05
actions = ["left", "right"]
map = "XS.G"
"""
#: Episodes of one mean, and how many means there are: their spread gives trΣ.
EACH, SEED, EARLIER = 2000, 2026, 10**9


@dataclass(frozen=True)
class Sampled:
    """The centred mean of N episodes, ∇J, and √(trΣ/N) with what it needs to be small enough."""

    mean: NDArray[np.float64]
    truth: NDArray[np.float64]
    error: float
    episodes: int
    needed: float

    @property
    def distance(self) -> float:
        return float(np.linalg.norm(self.mean - self.truth))


def sampled(estimator: str, means: int = 800) -> Sampled:
    """``means`` means of EACH episodes of the uniform policy."""
    dynamics = world_of(FORK).dynamics
    pi = np.full((dynamics.n_states, 2), 0.5)
    truth = centred(Exact(dynamics).credit(pi), pi)
    kernel = Kernel(dynamics)
    baseline = Baseline(dynamics.n_states)
    baseline.learn(kernel.batch(pi, "reward-to-go", baseline.values(), SEED, EARLIER, 0, 500).sums)
    tables = np.array(
        [
            centred(kernel.batch(pi, estimator, baseline.values(), SEED, number, 0, EACH).credit, pi)
            for number in range(means)
        ]
    )
    variance = EACH * float(tables.var(axis=0, ddof=1).sum())
    episodes = EACH * means
    return Sampled(
        mean=tables.mean(axis=0),
        truth=truth,
        error=float(np.sqrt(variance / episodes)),
        episodes=episodes,
        needed=variance / float((truth**2).sum()) / 0.002**2,
    )


@pytest.mark.parametrize("estimator", SAMPLED)
def test_the_mean_of_many_episodes_is_the_exact_gradient(estimator: str) -> None:
    found = sampled(estimator)
    assert found.episodes >= found.needed
    assert found.distance <= 3 * found.error


@pytest.mark.parametrize("estimator", SAMPLED)
def test_a_bias_of_one_percent_would_be_noticed(estimator: str) -> None:
    found = sampled(estimator)
    for biased in (found.mean + 0.01 * found.truth, found.mean - 0.01 * found.truth):
        assert np.linalg.norm(biased - found.truth) > 3 * found.error


def test_a_baseline_of_the_same_batch_would_be_noticed() -> None:
    # The mistake that "learned from earlier batches only" is there to avoid: b knows the episode it is taken from.
    dynamics = world_of(FORK).dynamics
    pi = np.full((dynamics.n_states, 2), 0.5)
    truth = centred(Exact(dynamics).credit(pi), pi)
    kernel, tables = Kernel(dynamics, threads=1), []
    for number in range(4000):
        own = Baseline(dynamics.n_states)
        own.learn(kernel.batch(pi, "reward-to-go", own.values(), SEED, number, 0, 4).sums)
        tables.append(centred(kernel.batch(pi, "baseline", own.values(), SEED, number, 0, 4).credit, pi))
    error = np.sqrt(np.var(tables, axis=0, ddof=1).sum() / len(tables))
    assert np.linalg.norm(np.mean(tables, axis=0) - truth) > 3 * error
