"""Every number of pages 8 to 11 of the lesson, the ones that sample, worked out again by hand.

Each test gives all numbers of its page by name, so that none can be added without a second way to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agent.lesson.course import Course
from agent.lesson.page_08_sampling import BARS, COUNTS, ESTIMATES, REPLICATES
from game.snapshots.lesson_page import BoardPart
from game.world.catalog import load
from game.world.dynamics import Dynamics
from tests.agent.lesson.own_pages import MOVED, check, episodes, estimate, own, world
from tests.agent.lesson.own_world import GAMMA, Array, softmax


@pytest.fixture(scope="module")
def course() -> Course:
    return Course()


@pytest.fixture(params=[{}, MOVED], ids=["first", "moved"])
def controls(request: pytest.FixtureRequest) -> dict[str, float]:
    return dict(request.param)


def test_page_8(course: Course, controls: dict[str, float]) -> None:
    tiny, theta = own(controls)
    controls |= {"batch": 2.0, "draw": 7.0}
    policy, dynamics = softmax(theta), world(course, controls)
    exact = tiny.gradient(theta)
    _, variance = tiny.single(theta, lambda walk: [tiny.total(walk)] * len(walk[1]))
    square = (exact**2).sum()
    page = course.page(8, controls)
    shown = page.numbers()
    # The few estimates of the readable kind that can be afforded here, from the same dice.
    found = np.array([estimate(episodes(dynamics, policy, 7, k, 4), policy, GAMMA) for k in range(ESTIMATES)])
    along = np.tensordot(found, exact, 2) / square
    shares, edges = np.histogram(along, BARS, (min(along.min(), 0.9), max(along.max(), 1.1)))
    single = [estimate(episodes(dynamics, policy, 1007, k, 1), policy, GAMMA) for k in range(REPLICATES)]
    counts = np.array(COUNTS, dtype=float)
    expected = {
        "length": np.sqrt(square),
        "variance": variance,
        "relative": variance / square,
        "expected_error": np.sqrt(variance / 4),
        "measured_error": np.sqrt(((found - exact) ** 2).sum(axis=(1, 2)).mean()),
        "error_of_mean": np.sqrt(((found.mean(axis=0) - exact) ** 2).sum()),
        "expected_error_four": np.sqrt(variance / 16),
        "enough": 100 * variance / square,
        "errors.line.x": counts,
        "errors.line.y": np.sqrt(variance / counts),
        "errors.measured.x": counts,
        "errors.measured.y": shown["errors.measured.y"],
        "histogram.share.x": (edges[1:] + edges[:-1]) / 2,
        "histogram.share.y": shares / ESTIMATES,
        "histogram.truth.x": [1.0, 1.0],
        "histogram.truth.y": [0.0, shares.max() / ESTIMATES],
        "histogram.mean.x": [along.mean()] * 2,
        "histogram.mean.y": [0.0, shares.max() / ESTIMATES],
    }
    check(page, expected)
    measured = np.asarray(shown["errors.measured.y"])
    assert measured[0] == pytest.approx(np.sqrt(np.mean([((one - exact) ** 2).sum() for one in single])))
    # 60 squared errors a point: four standard deviations of their mean are about half of it.
    np.testing.assert_allclose(measured**2, variance / counts, rtol=0.55)


def test_page_9(course: Course, controls: dict[str, float]) -> None:
    tiny, theta = own(controls)
    controls["baseline"] = -0.7
    policy, exact, values = softmax(theta), tiny.gradient(theta), tiny.values(theta)
    square = (exact**2).sum()

    def to_go(baseline: Array) -> Any:
        def credit(walk: Any) -> list[float]:
            rewards = tiny.rewards(walk)
            ahead = [sum(GAMMA ** (u - t) * rewards[u] for u in range(t, len(rewards))) for t in range(len(rewards))]
            return [GAMMA**t * (g - baseline[s]) for t, (g, s) in enumerate(zip(ahead, walk[0], strict=False))]

        return credit

    def variance(constant: float) -> float:
        return tiny.single(theta, to_go(np.full(5, constant)))[1]

    whole = tiny.single(theta, lambda walk: [tiny.total(walk)] * len(walk[1]))[1]
    variances = np.array([whole, variance(0.0), variance(-0.7), tiny.single(theta, to_go(values))[1]])
    across = np.linspace(-1.5, 1.5, 41)
    parabola = np.array([variance(b) for b in across])
    fitted = np.polyfit(across, parabola, 2)
    product = np.array([policy[s, 0] * policy[s, 1] for s in (1, 2, 3)])
    check(
        course.page(9, controls),
        {
            "identity.left": -product,
            "identity.right": product,
            "identity.sum": np.zeros(3),
            "estimators.along": np.ones(4),
            "estimators.bias": np.zeros(4),
            "estimators.variance": variances,
            "estimators.relative": variances / square,
            "spread.variance.x": across,
            "spread.variance.y": parabola,
            "spread.values.x": [-1.5, 1.5],
            "spread.values.y": [variances[3]] * 2,
            "spread.now.x": [-0.7],
            "spread.now.y": [variances[2]],
            "best_constant": -fitted[1] / (2 * fitted[0]),
        },
    )


class OwnFork:
    """The fork by hand: a small goal 0.7 to the left, two steps to 1 on the right, −0.05 a step, eight steps."""

    gamma, cap = 0.95, 8

    def objective(self, point: Any) -> Any:
        first, second = 1 / (1 + np.exp(-point[0])), 1 / (1 + np.exp(-point[1]))
        one, two = 0.0, 0.0
        for _ in range(self.cap):
            one, two = (
                (1 - first) * 0.7 + first * (-0.05 + self.gamma * two),
                (1 - second) * (-0.05 + self.gamma * one) + second,
            )
        return one

    def gradient(self, point: Array) -> Array:
        steps = 1e-30j * np.eye(2)
        return np.array([np.imag(self.objective(point + step)) / 1e-30 for step in steps])

    def climb(self, start: Array, rate: float) -> Array:
        way = [start]
        for _ in range(40):
            way.append(way[-1] + rate * self.gradient(way[-1]))
        return np.array(way)


def test_page_10(course: Course) -> None:
    values = {"chance": 0.3, "fork_1": 0.5, "fork_2": -1.0, "rate_fork": 3.0, "episodes_fork": 2.0, "draw": 9.0}
    page, fork, start = course.page(10, values), OwnFork(), np.array([0.5, -1.0])
    boards = {part.name: part.dynamics for part in page.parts() if isinstance(part, BoardPart)}
    exact, large = fork.climb(start, 3.0), fork.climb(start, 30.0)
    sampled = [start]
    for step in range(40):
        logits = np.zeros((4, 2))
        logits[1:3, 1] = sampled[-1]
        policy = softmax(logits)
        found = estimate(episodes(boards["fork"], policy, 9, step, 4), policy, fork.gamma)
        sampled.append(sampled[-1] + 3.0 * found[1:3, 1])
    ways = {"exact": exact, "large": large, "sampled": np.array(sampled), "start": start[None]}
    p = np.linspace(0.08, 0.95, 88)
    corridor = (2 * p - 4) / (p * (1 - p))
    across = np.linspace(-7.0, 7.0, 31)
    logits = np.zeros((4, 2))
    logits[1:3, 1] = start
    expected: dict[str, Any] = {
        "corridor.probabilities": np.tile([0.7, 0.3], (4, 1)),
        "fork.probabilities": softmax(logits),
        "corridor_now": (0.6 - 4) / 0.21,
        "corridor_best_chance": 2 - np.sqrt(2),
        "corridor_best": -(6 + 4 * np.sqrt(2)),
        "corridor_curve.curve.x": p[corridor > -60],
        "corridor_curve.curve.y": corridor[corridor > -60],
        "corridor_curve.best.x": [2 - np.sqrt(2)],
        "corridor_curve.best.y": [-(6 + 4 * np.sqrt(2))],
        "corridor_curve.now.x": [0.3],
        "corridor_curve.now.y": [(0.6 - 4) / 0.21],
        "landscape.heights.z": [[fork.objective((x, y)) for x in across] for y in across],
        "fork_start": fork.objective(start),
        "fork_exact": fork.objective(exact[-1]),
        "fork_sampled": fork.objective(sampled[-1]),
        "fork_large": fork.objective(large[-1]),
    }
    for key, way in ways.items():
        expected |= {f"landscape.{key}.x": way[:, 0], f"landscape.{key}.y": way[:, 1]}
    # The corridor's formula is for episodes without a cap; the cap of 1000 steps changes less than this.
    check(page, expected, atol=2e-4)


def test_page_10_at_first_a_too_large_rate_ends_on_the_small_goal(course: Course) -> None:
    numbers = course.page(10, {}).numbers()
    assert numbers["fork_exact"] > 0.85
    assert numbers["fork_large"] < 0.71


def own_run(dynamics: Dynamics, seed: int, batch: int, rate: float) -> tuple[list[float], Array]:
    """REINFORCE in a few lines: θ ← θ + α (1/N) Σ R(τ) Σ (indicator − π)."""
    theta, chance, done, update = np.zeros((dynamics.n_states, 2)), [0.5], 0, 0
    while done < 300:
        size = min(batch, 300 - done)
        policy = softmax(theta)
        theta = theta + rate * estimate(episodes(dynamics, policy, seed, update, size), policy, dynamics.discount)
        chance.append(float(softmax(theta)[1, 0]))
        done, update = done + size, update + 1
    return chance, theta


def test_page_11(course: Course) -> None:
    values = {"rate_stuck": 1.0, "batch_stuck": 5.0, "seeds": 2.0}
    page = course.page(11, values)
    assert page.unfinished
    assert page.numbers()["runs_done"] == 1
    page = course.page(11, values)
    assert not page.unfinished
    dynamics = load("saturation").dynamics
    expected: dict[str, Any] = {"runs_done": 2, "optimum": 10 * 0.95**5}
    for kind, plot, batch in (("single", "single", 1), ("batch", "batches", 32)):
        ends, stuck = [], 0
        for seed in range(2):
            chance, theta = own_run(dynamics, seed, batch, 1.0)
            policy = softmax(theta)
            value = np.zeros(8)
            for _ in range(50):
                step = np.array([1.0, *[0.0] * 5, 10.0])
                moved = np.array([0.0, *value[1:7], 0.0])
                left = np.where(np.arange(1, 7) == 1, 1.0, 0.95 * moved[0:6])
                right = np.where(np.arange(1, 7) == 6, step[-1], 0.95 * moved[2:8])
                value[1:7] = policy[1:7, 0] * left + policy[1:7, 1] * right
            ends.append(value[1])
            stuck += chance[-1] > 0.9
            expected[f"{plot}.seed_{seed}.x"] = np.minimum(np.arange(len(chance)) * batch, 300)
            expected[f"{plot}.seed_{seed}.y"] = chance
            if kind == "single" and seed == 1:
                expected["level.probabilities"] = policy
        expected |= {f"stuck_{kind}": stuck, f"share_{kind}": stuck / 2, f"mean_{kind}": np.mean(ends)}
    check(page, expected, atol=1e-7)
