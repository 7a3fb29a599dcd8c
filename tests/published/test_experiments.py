"""Published experiments: the book's updates by hand and walked a second way, and ends near the printed curves."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.reinforce.rollout import rollout
from agent.trainer import Trainer
from game.world.catalog import load
from tests.published.corridor import CAP, FLOOR, LEFT, RIGHT, Method, learn, probability_of_right, total_rewards
from tests.published.experiments import line_settings

BEST = -(6 + 4 * math.sqrt(2))


def test_one_episode_step_by_step_by_hand() -> None:
    """Right, then left; G = (−2, −1); α = ½, α^w = ¼, from θ = (0, 0) and w = 0, where π(right) = ½.

    t = 0: δ = −2, so w = −½, and θ_right changes by ½ · (−2) · (1 − ½) = −½: θ = (½, −½), π(right) = 1/(1 + e).
    t = 1: δ = −1 + ½ = −½, so w = −½ − ⅛ = −⅝, and θ_right changes by ½ · (−½) · (0 − π) = π/4.
    """
    theta = np.zeros(3)
    learn(np.array([-2.0, -1.0]), np.array([1, 0]), theta, (0.5, 0.25, True))
    change = 0.25 / (1 + math.e)
    np.testing.assert_allclose(theta, [0.5 - change, -0.5 + change, -0.625], rtol=1e-15)


def test_one_episode_at_once_by_hand() -> None:
    """As above, but all at θ = 0 and w = 0: θ_right changes by ½ · (−2 · ½ − 1 · (−½)) = −¼, w by ¼ · (−3)."""
    theta = np.zeros(3)
    learn(np.array([-2.0, -1.0]), np.array([1, 0]), theta, (0.5, 0.25, False))
    np.testing.assert_allclose(theta, [0.25, -0.25, -0.75], rtol=1e-15)


def test_without_a_step_size_of_its_own_the_baseline_stays_zero() -> None:
    theta = np.zeros(3)
    learn(np.array([-2.0, -1.0]), np.array([1, 0]), theta, (0.5, 0.0, True))
    assert theta[2] == 0.0


def test_the_first_policy_is_nearly_always_left_and_no_policy_leaves_the_floor() -> None:
    assert probability_of_right(LEFT, RIGHT) == pytest.approx(0.05, abs=0.001)
    assert probability_of_right(50.0, -50.0) == FLOOR
    assert probability_of_right(-50.0, 50.0) == 1.0 - FLOOR


@pytest.mark.parametrize("method", [Method(2.0**-12, 0.0, True), Method(2.0**-9, 2.0**-6, True)])
def test_a_run_is_the_one_that_the_readable_rollout_and_the_books_box_give(method: Method) -> None:
    """Section 13.4's box in plain Python, with ∇ ln π as the feature vectors give it: x(s, a) − Σ_b π(b) x(s, b)."""
    dynamics = load("short_corridor").with_options(None, CAP).dynamics
    x = np.eye(2)  # one row for each action, left and right
    theta, w, totals = np.array([LEFT, RIGHT]), 0.0, []

    def policy() -> NDArray[np.float64]:
        preference = np.exp(x @ theta - (x @ theta).max())
        return np.asarray(np.clip(preference / preference.sum(), FLOOR, 1.0 - FLOOR))

    for episode in range(60):
        walked = rollout(dynamics, np.tile(policy(), (dynamics.n_states, 1)), seed=1, update=0, episode=episode)
        to_go = 0.0
        returns: list[float] = []
        for reward in walked.rewards[::-1]:
            to_go = reward + to_go
            returns.insert(0, to_go)
        for action, g in zip(walked.actions, returns, strict=True):
            delta = g - w
            w = w + method.baseline_step_size * delta
            theta = theta + method.step_size * delta * (x[action] - policy() @ x)
        totals.append(returns[0])
    np.testing.assert_array_equal(total_rewards(method, 2, 60)[1], totals)


def test_after_a_thousand_episodes_the_curves_end_where_the_books_do() -> None:
    """The tolerance is that of reading a printed, noisy curve by eye; the standard error over 100 runs is 0.1."""
    last = total_rewards(Method(2.0**-13, 0.0, True), 100, 1000)[:, -100:].mean()
    assert BEST - 1.5 < last < BEST + 0.3
    with_baseline = total_rewards(Method(2.0**-9, 2.0**-6, True), 100, 200)[:, -100:].mean()
    assert BEST - 1.5 < with_baseline < BEST + 0.5
    slow = total_rewards(Method(2.0**-14, 0.0, True), 100, 1000)[:, -100:].mean()
    assert slow < last - 1.0


def test_the_tutorials_experiment_learns_to_walk_right() -> None:
    """Of 20 seeds P(right) was 0.69 to 0.77 after 100 updates and 0.99 after 1,000 (docs/published.md)."""
    dynamics = load("line_world").dynamics
    settings = line_settings(dynamics, seed=0)
    assert (settings.hidden, settings.features, settings.batch, settings.updates) == ((8, 8), "position", 10, 1000)
    assert (settings.estimator, settings.optimizer, settings.learning_rate, settings.entropy) == (
        "total-return",
        "adam",
        1e-3,
        0.0,
    )
    start = int(dynamics.start.argmax())
    right = [snapshot.after[start, 1] for snapshot in Trainer(dynamics, settings).run()]
    assert 0.6 < right[99] < 0.85
    assert right[999] > 0.97
