"""Comparisons: statistics worked by hand, estimates against training's own backward pass, and any number of jobs."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.fast.kernel import Kernel
from agent.reinforce.credit import ESTIMATORS, centred
from agent.reinforce.tabular import Tabular
from agent.studies.compare import (
    bootstrap_band,
    compare,
    count_tasks,
    fixed_policies,
    interquartile_mean,
    learning,
    learning_curve,
    plan,
)
from agent.studies.quality import (
    SIZES,
    accuracy,
    estimates,
    fixed_policy,
    gradient_of_credit,
    learned_baseline,
    quality,
    replicates,
    squared_bias,
)
from agent.trainer import Trainer
from game.errors import SettingsError
from game.snapshots.comparison import Comparison, FixedPolicy
from tests.agent.worlds import CORRIDOR, EVERYTHING, random_policy, world_of

#: One step left or right, with rewards 1 and 3: everything about its estimates can be worked by hand.
BANDIT = """
discount = 1.0
max_steps = 1
actions = ["left", "right"]
map = "ASB"
[tiles.A]
reward = 1
ends = true
[tiles.B]
reward = 3
ends = true
"""


def at(gradient: list[float]) -> FixedPolicy:
    return FixedPolicy("here", np.ones((1, 1)), 0.0, np.array(gradient), float(np.linalg.norm(gradient)))


# -- statistics -----------------------------------------------------------------------------------------------------


def test_the_interquartile_mean_leaves_out_a_quarter_at_either_end() -> None:
    # Of ten, ⌊2.5⌋ = 2 go at either end: (3 + 4 + 5 + 6 + 7 + 8)/6 = 5.5, whatever the others are.
    values = np.array([1000.0, 3, 4, 5, 6, 7, 8, -50, 0, 9])
    assert interquartile_mean(values) == 5.5
    assert interquartile_mean(np.array([1.0, 2.0, 6.0])) == 3.0  # of three, none goes
    table = np.stack([values, values + 1.0], axis=1)
    assert interquartile_mean(table).tolist() == [5.5, 6.5]


def test_the_band_holds_the_mean_and_is_the_same_each_time() -> None:
    values = np.random.default_rng(1).normal(size=(12, 5))
    low, high = bootstrap_band(values)
    middle = interquartile_mean(values)
    assert (low < middle).all()
    assert (middle < high).all()
    again = bootstrap_band(values)
    assert np.array_equal(low, again[0])
    assert np.array_equal(high, again[1])
    # About ±1.96 standard errors of a mean that has 6 of 12 values in its middle: σ ≈ 1.2/√12 for Gaussian data.
    assert 0.5 < float((high - low).mean()) < 2.2
    one = learning_curve("exact", values[:1])
    assert np.array_equal(one.low, one.high)
    assert np.array_equal(one.low, values[0])


def test_the_squared_bias_is_worked_by_hand() -> None:
    truth = np.array([1.0, 0.0])
    # Means (2, 1) and (4, −1): errors (1, 1) and (3, −1), inner product 2.  Deviations ±(1, 0) and ±(0, 2) are
    # orthogonal, so without bias the product would not vary at all; with ±(0, 2) twice, tr(Σ₁Σ₂) = 8 · 8.
    one = np.array([[1.0, 1.0], [3.0, 1.0]])
    other = np.array([[4.0, -3.0], [4.0, 1.0]])
    assert squared_bias(one, other, truth) == (2.0, 0.0)
    upright = np.array([[2.0, -1.0], [2.0, 3.0]])
    found = squared_bias(upright, other, truth)
    assert found[0] == 2.0
    assert found[1] == pytest.approx(np.sqrt(8 * 8 / 4))


def test_the_squared_bias_finds_a_bias_below_the_noise_and_none_where_there_is_none() -> None:
    generator = np.random.default_rng(4)
    truth = np.arange(6.0)
    found = []
    for bias in (0.0, 0.2):
        one, other = generator.normal(size=(2, 4000, 6)) + truth + bias
        found.append(squared_bias(one, other, truth))
    assert abs(found[0][0]) < 3 * found[0][1]
    assert found[1][0] == pytest.approx(6 * 0.2**2, rel=0.2)
    assert found[1][0] > 30 * found[1][1]


def test_error_angle_and_silence_are_worked_by_hand() -> None:
    # ∇J = (2, 0); estimates (2, 2) at 45°, (0, 1) at 90°, and nothing: squared distances 4, 5 and 4.
    found = accuracy(np.array([[2.0, 2.0], [0.0, 1.0], [0.0, 0.0]]), at([2.0, 0.0]), 7)
    assert found.episodes == 7
    assert found.error == pytest.approx(np.sqrt(13 / 3) / 2)
    assert found.angle == pytest.approx(67.5)
    assert found.silent == pytest.approx(1 / 3)
    nothing = accuracy(np.zeros((2, 2)), at([2.0, 0.0]), 1)
    assert (nothing.error, nothing.angle, nothing.silent) == (1.0, None, 1.0)
    flat = accuracy(np.ones((2, 2)), at([0.0, 0.0]), 1)
    assert (flat.error, flat.angle, flat.silent) == (None, None, 0.0)


# -- at a fixed policy ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("observe", ["cell", "tile", "nothing"])
def test_a_gradient_of_a_table_is_the_one_of_the_backward_pass(observe: str) -> None:
    dynamics = world_of(EVERYTHING, observe=observe).dynamics
    policy = Tabular(dynamics)
    with torch.no_grad():
        policy.weights[0].normal_(generator=torch.Generator().manual_seed(2))
    credit = np.random.default_rng(3).normal(size=(dynamics.n_states, dynamics.n_actions))
    surrogate = (torch.from_numpy(credit) * policy.log_probabilities()[policy.observation]).sum()
    (expected,) = torch.autograd.grad(surrogate, policy.weights[0])
    found = gradient_of_credit(dynamics, policy.probabilities(), credit)
    np.testing.assert_allclose(found, expected.numpy().ravel(), rtol=0, atol=1e-12)


def test_one_step_left_or_right_is_measured_as_worked_by_hand() -> None:
    # Uniform: J = 2, Q = (1, 3), ∇J = ½ (1 − 2, 3 − 2) = (−½, ½), |∇J|² = ½.  An episode gives (½, −½) or
    # 3 (−½, ½), the mean of which is (−½, ½), at distances of (1, −1) and (−1, 1): trΣ = 2, ρ = 4.
    dynamics = world_of(BANDIT).dynamics
    exact = Exact(dynamics)
    policy = fixed_policy(exact, "uniform", np.full((3, 2), 0.5))
    assert policy.objective == 2.0
    assert policy.gradient.reshape(3, 2)[1].tolist() == [-0.5, 0.5]
    kernel = Kernel(dynamics, threads=1)
    found = quality(kernel, policy, "reward-to-go", replicates(exact, policy.probabilities), 0)
    assert found.variance == pytest.approx(2.0, rel=0.15)
    assert abs(found.squared_bias) < 4 * found.squared_bias_error
    # Without bias the product of two halves of n = 50,000 varies by trΣ/n, in one direction only.
    assert found.squared_bias_error == pytest.approx(2.0 / 50_000, rel=0.2)
    assert [part.episodes for part in found.accuracies] == list(SIZES)
    one, _, _, thousand = found.accuracies
    assert one.error == pytest.approx(2.0, rel=1e-12)  # both estimates are equally far off
    assert one.angle == pytest.approx(90.0, abs=8.0)  # 0° or 180°
    assert thousand.error == pytest.approx(np.sqrt(4 / 1000), rel=0.2)
    assert thousand.angle == pytest.approx(0.0, abs=1e-5)
    # b = 2 from earlier: both give (−½, ½) at once, but for the error of b.
    better = quality(kernel, policy, "baseline", 200, 0)
    assert better.variance < 0.02


def test_what_a_baseline_learned_from_is_no_part_of_what_it_is_tried_on() -> None:
    dynamics = world_of(CORRIDOR).dynamics
    exact, kernel = Exact(dynamics), Kernel(dynamics, threads=1)
    policy = fixed_policy(exact, "uniform", np.full((dynamics.n_states, 2), 0.5))
    baseline = learned_baseline(kernel, policy, 0)
    values = exact.values(policy.probabilities)
    acting = ~dynamics.terminal
    # Returns from s at any time within the cap: near V_0, and 0 where nothing is ever done.
    np.testing.assert_allclose(baseline[acting], values[acting], rtol=0.2)
    assert (baseline[~acting] == 0.0).all()
    found = estimates(kernel, policy, "baseline", baseline, 10, 40, 0)
    assert len({row.tobytes() for row in found}) == 40  # each from episodes of its own


def test_long_episodes_have_fewer_replicates() -> None:
    short, long = world_of(CORRIDOR).dynamics, replace(world_of(CORRIDOR).dynamics, max_steps=5000)
    uniform = np.full((short.n_states, 2), 0.5)
    assert replicates(Exact(short), uniform) == 1000
    stuck = np.tile([0.99999, 0.00001], (short.n_states, 1))
    assert replicates(Exact(long), stuck) == 200
    assert all(replicates(Exact(short), random_policy(short, seed)) % 20 == 0 for seed in range(3))


def test_midway_is_the_first_policy_past_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.studies.compare.MIDWAY_UPDATES", 150)
    world = world_of(EVERYTHING)
    settings = plan(world, ["baseline"], 1).settings
    exact = Exact(world.dynamics)
    best = exact.best_for_policy()
    uniform, midway = fixed_policies(world.dynamics, settings, best)
    np.testing.assert_allclose(uniform.probabilities, 0.25)
    half = (uniform.objective + best) / 2
    assert half <= midway.objective <= half + 0.1 * (best - uniform.objective)
    for policy in (uniform, midway):
        assert policy.objective == pytest.approx(exact.objective(exact.values(policy.probabilities)), abs=1e-13)
        expected = centred(exact.credit(policy.probabilities), policy.probabilities)
        np.testing.assert_allclose(policy.gradient, expected.ravel(), rtol=0, atol=1e-13)
    # What cannot be reached: half-way to the highest that was.
    _, lower = fixed_policies(world.dynamics, replace(settings, anneal=1), 10 * best)
    assert uniform.objective < lower.objective < best


# -- all of it --------------------------------------------------------------------------------------------------------


def test_curves_are_those_of_training() -> None:
    world = world_of(EVERYTHING)
    work = plan(world, ["baseline"], 1, batch=20, updates=120)
    assert work.points[0] == 0
    assert work.points[-1] == 120
    assert 45 <= len(work.points) <= 51
    assert (np.diff(work.points) >= 2).all()
    settings = replace(work.settings, seed=4)
    found = learning(world.dynamics, settings, work.points)
    trainer, exact = Trainer(world.dynamics, settings), Exact(world.dynamics)
    after = [exact.objective(exact.values(trainer.probabilities()))]
    after += [exact.objective(exact.values(snapshot.after)) for snapshot in trainer.run()]
    np.testing.assert_allclose(found, np.array(after)[work.points], rtol=0, atol=1e-12)


def numbers(part: Any) -> list[NDArray[np.float64]]:
    """Every number in a comparison, in order."""
    if isinstance(part, tuple):
        return [number for item in part for number in numbers(item)]
    if hasattr(part, "__dataclass_fields__"):
        return [number for field in fields(part) for number in numbers(getattr(part, field.name))]
    return [] if isinstance(part, str) or part is None else [np.asarray(part)]


@pytest.fixture(scope="module")
def both() -> list[Comparison]:
    work = plan(world_of(EVERYTHING), ["reward-to-go", "baseline", "exact"], 2, batch=20, updates=30)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("agent.studies.quality.REPLICATES", 200)
        for jobs in (1, 2):
            ticks: list[None] = []
            found.append(compare(work, jobs, lambda ticks=ticks: ticks.append(None)))  # type: ignore[misc]
            assert len(ticks) == count_tasks(work)
    return found


def test_the_numbers_do_not_depend_on_the_number_of_jobs(both: list[Comparison]) -> None:
    one, two = (numbers(found) for found in both)
    assert len(one) == len(two) > 60
    assert all(np.array_equal(mine, theirs) for mine, theirs in zip(one, two, strict=True))


def test_a_comparison_has_all_that_was_asked_for(both: list[Comparison]) -> None:
    found = both[0]
    assert [curve.estimator for curve in found.curves] == ["reward-to-go", "baseline", "exact"]
    assert [len(curve.objective) for curve in found.curves] == [2, 2, 1]
    assert [(part.policy, part.estimator) for part in found.qualities] == [
        (policy, estimator) for policy in ("uniform", "midway") for estimator in ("reward-to-go", "baseline")
    ]
    assert found.episodes.tolist() == (20 * found.updates).tolist()
    first = {float(curve.objective[seed, 0]) for curve in found.curves for seed in range(len(curve.objective))}
    assert len(first) == 1  # all begin uniform
    assert first.pop() == pytest.approx(found.policies[0].objective, abs=1e-13)
    for part in found.qualities:
        assert abs(part.squared_bias) < 4 * part.squared_bias_error


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"estimators": ["baselin"]}, "--estimators names 'baselin'; did you mean baseline"),
        ({"estimators": ["exact", "exact"]}, "expected different names"),
        ({"estimators": []}, "expected different names"),
        ({"updates": 0}, "--updates is 0; expected a whole number of at least 1"),
        ({"batch": 0}, "--batch is 0; expected a whole number from 1"),
    ],
)
def test_options_that_make_no_sense_are_told(given: dict[str, Any], message: str) -> None:
    world = world_of(EVERYTHING).with_options(max_steps=given.pop("max_steps", None))
    with pytest.raises(SettingsError, match=message):
        plan(world, given.pop("estimators", ESTIMATORS), 1, **given)
