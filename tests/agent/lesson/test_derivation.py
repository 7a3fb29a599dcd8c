"""The functions of the derivation against the hand-written world of ``own_world.py``, and at random θ."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from agent.lesson.example import Example
from agent.lesson.maths.derivation import (
    ascent,
    descent,
    finite_difference,
    gradient_by_sum,
    gradient_of_credit,
    gradient_of_probabilities,
    objective_by_sum,
    probability_gradients,
    trajectory_probability,
)
from agent.lesson.maths.enumeration import MOST, all_trajectories, count_trajectories
from agent.lesson.maths.regression import X, Y, error_gradient, mini_batch, squared_error
from agent.lesson.maths.spread import root_mean_square_error, sampled_estimates, single_estimates, spread_of
from agent.reinforce.credit import credit_table
from game.errors import LevelError
from game.world.catalog import load
from tests.agent.lesson.own_world import FIRST, GAMMA, OwnWorld, gradient, name, softmax

CASES = [(0.3, 0.5, 0), (0.05, 0.95, 1), (0.8, 0.25, 2)]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """As the lesson has it: tables this small only lose by being shared among threads."""
    torch.set_num_threads(1)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[Example, OwnWorld]:
    slip, start, seed = request.param
    theta = np.zeros((5, 2))
    theta[1:4] = np.random.default_rng(seed).normal(size=(3, 2))
    return Example(slip, start, theta), OwnWorld(slip, start)


def test_every_trajectory_is_listed_once_and_counted(case: tuple[Example, OwnWorld]) -> None:
    example, own = case
    names = [example.name(k) for k in range(len(example.trajectories))]
    assert names == [name(walk) for walk in own.walks()]
    assert len(set(names)) == len(names) == count_trajectories(example.dynamics) == 21


def test_6_and_12_give_each_trajectory_its_return_and_its_probability(case: tuple[Example, OwnWorld]) -> None:
    example, own = case
    np.testing.assert_allclose(example.returns, [own.total(walk) for walk in own.walks()], rtol=1e-13)
    chances = [own.probability(walk, example.theta) for walk in own.walks()]
    np.testing.assert_allclose(example.chances, chances, rtol=1e-13)
    assert example.chances.sum() == pytest.approx(1.0, abs=1e-14)


def test_5_and_7_are_the_value_that_dynamic_programming_gives(case: tuple[Example, OwnWorld]) -> None:
    example, own = case
    by_sum = objective_by_sum(example.returns, example.chances)
    assert by_sum == pytest.approx(own.objective(example.theta), abs=1e-14)
    assert by_sum == pytest.approx(example.objective, abs=1e-14)


def test_13_has_three_terms_that_add_up_to_ln_p(case: tuple[Example, OwnWorld]) -> None:
    example, own = case
    for trajectory, walk in zip(example.trajectories, own.walks(), strict=True):
        terms = trajectory.log_probability_terms()
        np.testing.assert_allclose(np.exp(terms), own.terms(walk, example.theta), rtol=1e-12)
        assert sum(terms) == pytest.approx(np.log(trajectory_probability(trajectory)), abs=1e-12)


def test_14_is_the_gradient_of_ln_p_and_holds_no_environment(case: tuple[Example, OwnWorld]) -> None:
    example, own = case
    scores = [own.score(walk, example.theta) for walk in own.walks()]
    np.testing.assert_allclose(example.log_gradients, scores, atol=1e-13)
    other = Example(0.5, 0.1, example.theta)
    np.testing.assert_array_equal(other.log_gradients, example.log_gradients)


def test_the_score_of_a_softmax_is_the_indicator_minus_pi(case: tuple[Example, OwnWorld]) -> None:
    example, _ = case
    policy = softmax(example.theta)
    for s, a in np.ndindex(5, 2):
        expected = np.zeros((5, 2))
        expected[s] = -policy[s]
        expected[s, a] += 1.0
        np.testing.assert_allclose(example.scores[s, a], expected, atol=1e-14)


def test_10_is_the_gradient_of_p(case: tuple[Example, OwnWorld]) -> None:
    example, own = case
    slopes = probability_gradients(example.chances, example.log_gradients)
    for k, walk in enumerate(own.walks()):
        expected = gradient(lambda theta, walk=walk: own.probability(walk, theta), example.theta)  # type: ignore[misc]
        np.testing.assert_allclose(slopes[k], expected, atol=1e-14)
        np.testing.assert_allclose(example.chance_gradient(k), expected, atol=1e-11)


def test_9_15_16_and_dynamic_programming_and_differences_are_one_gradient(case: tuple[Example, OwnWorld]) -> None:
    example, own = case
    exact = own.gradient(example.theta)
    slopes = probability_gradients(example.chances, example.log_gradients)
    np.testing.assert_allclose(gradient_of_probabilities(example.returns, slopes), exact, atol=1e-13)
    by_sum = gradient_by_sum(example.returns, example.chances, example.log_gradients)
    np.testing.assert_allclose(by_sum, exact, atol=1e-13)
    np.testing.assert_allclose(example.gradient, exact, atol=1e-13)
    np.testing.assert_allclose(finite_difference(example.objective_at, example.theta), exact, atol=1e-10)


@pytest.mark.parametrize("estimator", ["total-return", "reward-to-go", "baseline"])
def test_17_has_the_exact_gradient_as_its_mean(case: tuple[Example, OwnWorld], estimator: str) -> None:
    example, own = case
    baseline = np.array([0.0, 0.3, -0.7, 1.1, 0.0])
    single = single_estimates(example.trajectories, example.scores, estimator, GAMMA, baseline)
    spread = spread_of(single, example.chances)
    np.testing.assert_allclose(spread.mean, own.gradient(example.theta), atol=1e-13)
    trajectory = example.trajectories[19]
    table = credit_table([trajectory], estimator, GAMMA, baseline, (5, 2))
    np.testing.assert_allclose(single[19], gradient_of_credit(example.policy, table), atol=1e-13)


def test_the_error_falls_as_the_root_of_n() -> None:
    example = Example(0.3, 0.5, FIRST)
    nothing = np.zeros(5)
    single = single_estimates(example.trajectories, example.scores, "total-return", GAMMA, nothing)
    spread = spread_of(single, example.chances)
    for episodes in (1, 4, 64):
        found = sampled_estimates(example.kernel, example.probabilities, example.scores, episodes, 600, seed=3)
        # The square of the error is a mean of 600 squares; five standard errors of it, at a fixed seed.
        squares = ((found - spread.mean) ** 2).sum(axis=(1, 2))
        slack = 5 * squares.std() / np.sqrt(600)
        assert root_mean_square_error(found, spread.mean) ** 2 == pytest.approx(spread.error(episodes) ** 2, abs=slack)
    assert spread.error(4) == pytest.approx(spread.error(1) / 2)


def test_1_and_2_go_down_and_3_and_4_go_up() -> None:
    point, slope = np.array([1.0, -2.0]), np.array([0.5, 4.0])
    np.testing.assert_array_equal(descent(point, 0.5, slope), [0.75, -4.0])
    np.testing.assert_array_equal(ascent(point, 0.5, slope), [1.25, 0.0])


def test_the_regression_has_the_slope_of_its_error_and_mini_batches_that_are_right_on_average() -> None:
    for weight in (-1.0, 0.3, 2.0):
        difference = (squared_error(weight + 1e-6) - squared_error(weight - 1e-6)) / 2e-6
        assert error_gradient(weight) == pytest.approx(difference, abs=1e-8)
    best = np.linalg.lstsq(X[:, None], Y, rcond=None)[0][0]
    assert error_gradient(best) == pytest.approx(0.0, abs=1e-14)
    slopes = [error_gradient(0.5, *mini_batch(draw)) for draw in range(4000)]
    slack = 5 * np.std(slopes) / np.sqrt(len(slopes))
    assert np.mean(slopes) == pytest.approx(error_gradient(0.5), abs=slack)


def test_a_world_with_too_many_trajectories_is_refused_with_their_number() -> None:
    dynamics = load("frozen_lake").dynamics
    with pytest.raises(LevelError, match=r"3.84e\+96 trajectories.*20,000"):
        all_trajectories(dynamics, np.full((dynamics.n_states, 4), 0.25))
    assert MOST == 20_000
