"""Every number of pages 1 to 7 of the lesson, worked out again from ``own_world.py``, at two settings of the sliders.

Each test gives all numbers of its page by name, so that none can be added without a second way to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agent.lesson.course import Course
from agent.lesson.maths.regression import X, Y
from game.snapshots.lesson_page import Table
from game.world.catalog import load
from game.world.dynamics import Dynamics
from tests.agent.lesson.own_pages import MOVED, check, episodes, estimate, own, rows, world
from tests.agent.lesson.own_world import COMPONENTS, GAMMA, OwnWorld, derivative, name, softmax


@pytest.fixture(scope="module")
def course() -> Course:
    return Course()


@pytest.fixture(params=[{}, MOVED], ids=["first", "moved"])
def controls(request: pytest.FixtureRequest) -> dict[str, float]:
    return dict(request.param)


def test_page_1(course: Course, controls: dict[str, float]) -> None:
    tiny, theta = own({k: v for k, v in controls.items() if k not in ("slip", "start")})
    values = {key: value for key, value in controls.items() if key not in ("slip", "start")}
    values |= {"weight": 1.7, "rate_descent": 0.4, "rate_ascent": 3.0, "episodes_first": 3.0, "draw": 5.0}
    w, alpha, rate, dice = 1.7, 0.4, 3.0, 5
    chosen = np.sort(np.random.default_rng(dice).choice(12, 3, replace=False))

    def mse(v: Any, at: Any = slice(None)) -> Any:
        return ((v * X[at] - Y[at]) ** 2).mean()

    def slope(at: Any = slice(None)) -> float:
        return float(np.imag(mse(w + 1e-30j, at)) / 1e-30)

    policy = softmax(theta)
    sampled = estimate(episodes(world(course, values), policy, dice, 0, 8), policy, GAMMA)[2, 1]
    exact = tiny.gradient(theta)[2, 1]

    def objective(v: float) -> float:
        moved = theta.copy()
        moved[2, 1] = v
        return float(tiny.objective(moved))

    down = [w - alpha * slope(), w - alpha * slope(chosen)]
    up = [theta[2, 1] + rate * exact, theta[2, 1] + rate * sampled]
    across, along = np.linspace(-1.4, 3.0, 89), np.linspace(-4.0, 6.0, 81)
    expected = {
        "mse": mse(w),
        "mse_slope": slope(),
        "mse_slope_sampled": slope(chosen),
        "w_full": down[0],
        "w_sampled": down[1],
        "objective": tiny.objective(theta),
        "slope": exact,
        "slope_sampled": sampled,
        "theta_full": up[0],
        "theta_sampled": up[1],
        "descent.curve.x": across,
        "descent.curve.y": [mse(v) for v in across],
        "ascent.curve.x": along,
        "ascent.curve.y": [objective(v) for v in along],
    }
    for key, at, height in (
        *(("descent." + k, v, mse(v)) for k, v in (("now", w), ("exact", down[0]), ("sampled", down[1]))),
        *(("ascent." + k, v, objective(v)) for k, v in (("now", theta[2, 1]), ("exact", up[0]), ("sampled", up[1]))),
    ):
        expected |= {f"{key}.x": [at], f"{key}.y": [height]}
    check(course.page(1, values), expected)


def test_page_2(course: Course, controls: dict[str, float]) -> None:
    tiny, theta = own(controls)
    policy, walks = softmax(theta), tiny.walks()
    controls |= {"episodes": 7.0, "draw": 3.0}
    sample = episodes(world(course, controls), policy, 3, 0, 128)
    returns = np.array([trajectory.total_return(GAMMA) for trajectory in sample])
    chances = np.array([tiny.probability(walk, theta) for walk in walks])
    totals = np.array([tiny.total(walk) for walk in walks])
    check(
        course.page(2, controls),
        {
            "policy.probabilities": policy,
            "by_sum": tiny.objective(theta),
            "by_programming": tiny.objective(theta),
            "by_sample": returns.mean(),
            "by_sample_error": returns.std() / np.sqrt(128),
            "trajectories.return": totals,
            "trajectories.probability": chances,
            "trajectories.probability.total": 1.0,
            "trajectories.product": totals * chances,
            "trajectories.product.total": tiny.objective(theta),
        },
    )


def count(dynamics: Dynamics) -> float:
    """log10 of the number of trajectories, from the powers of a matrix of ways."""
    possible = dynamics.probability > 0
    on, off = possible & ~dynamics.ends, possible & dynamics.ends
    ways = np.zeros((dynamics.n_states, dynamics.n_states))
    for s, a, k in np.argwhere(on):
        ways[s, dynamics.next_state[s, a, k]] += 1
    ended, here = off.sum(axis=(1, 2)).astype(float), (dynamics.start > 0).astype(float)
    total = 0.0
    for _ in range(dynamics.max_steps):
        total += here @ ended
        here = here @ ways
    return float(np.log10(total + here.sum()))


def test_page_3(course: Course, controls: dict[str, float]) -> None:
    tiny, theta = own(controls)
    walks, place = tiny.walks(), (2, 0)
    controls["component"] = 3.0
    slopes = np.array([derivative(lambda t, w=walk: tiny.probability(w, t), theta, place) for walk in walks])  # type: ignore[misc]
    totals = np.array([tiny.total(walk) for walk in walks])
    names = ("line_world", "frozen_lake", "first_steps", "frozen_lake_8x8", "four_rooms")
    levels = [world(course, {}), *(load(level).dynamics for level in names)]
    states = [float(level.n_states) for level in levels]
    digits = [count(level) for level in levels]
    check(
        course.page(3, controls),
        {
            "parts.return": totals,
            "parts.slope": slopes,
            "parts.slope.total": 0.0,
            "parts.product": totals * slopes,
            "parts.product.total": tiny.gradient(theta)[place],
            "growth.counts.x": states,
            "growth.counts.y": digits,
            "levels.states": states,
            "levels.cap": [level.max_steps for level in levels],
            "levels.digits": digits,
        },
    )


def test_page_4(course: Course, controls: dict[str, float]) -> None:
    tiny, theta = own(controls)
    controls |= {"trajectory": 6.0, "component": 5.0}
    walk, place = tiny.walks()[5], (3, 0)

    def chance(v: float) -> float:
        moved = theta.copy()
        moved[place] = v
        return float(tiny.probability(walk, moved))

    slopes = np.array([derivative(lambda t: tiny.probability(walk, t), theta, at) for at in COMPONENTS])
    scores = rows(tiny.score(walk, theta))
    now, here = theta[place], float(tiny.probability(walk, theta))
    across, near = np.linspace(-4.0, 4.0, 65), np.array([now - 1.5, now + 1.5])
    check(
        course.page(4, controls),
        {
            "probability": here,
            "log_probability": np.log(here),
            "sides.left": slopes,
            "sides.log": scores,
            "sides.right": slopes,
            "tangent.chance.x": across,
            "tangent.chance.y": [chance(v) for v in across],
            "tangent.slope.x": near,
            "tangent.slope.y": here + slopes[4] * (near - now),
            "tangent.now.x": [now],
            "tangent.now.y": [here],
        },
    )


def test_page_5(course: Course, controls: dict[str, float]) -> None:
    tiny, theta = own(controls)
    controls["trajectory"] = 15.0
    walk, policy = tiny.walks()[14], softmax(theta)
    assert name(walk) == "2→3←3→4"
    pi = [policy[2, 1], policy[3, 0], policy[3, 1]]
    pt = [1.0, tiny.slip, 1.0 - tiny.slip]
    start = 1.0 - tiny.first_start
    so_far = [start * np.prod(pi[:k]) * np.prod(pt[:k]) for k in range(4)]
    check(
        course.page(5, controls),
        {
            "policy.probabilities": policy,
            "steps.policy": [*pi, np.nan],
            "steps.transition": [*pt, np.nan],
            "steps.so_far": so_far,
            "start": start,
            "policy_product": np.prod(pi),
            "world_product": tiny.slip * (1.0 - tiny.slip),
            "probability": tiny.probability(walk, theta),
            "return": -0.1 - 0.09 + 0.81,
        },
    )


def test_page_6(course: Course, controls: dict[str, float]) -> None:
    tiny, theta = own(controls)
    controls["trajectory"] = 20.0
    walk, first = tiny.walks()[19], OwnWorld()
    terms = np.log(tiny.terms(walk, theta))
    score = rows(tiny.score(walk, theta))
    check(
        course.page(6, controls),
        {
            "policy.probabilities": softmax(theta),
            "terms.value": terms,
            "terms.value.total": np.log(tiny.probability(walk, theta)),
            "terms.slope": [0.0, np.linalg.norm(score), 0.0],
            "moves.score_first": score,
            "moves.score": score,
            "moves.gradient_first": rows(first.gradient(theta)),
            "moves.gradient": rows(tiny.gradient(theta)),
            "objective_first": first.objective(theta),
            "objective": tiny.objective(theta),
            "chance_of_world": tiny.slip,
            "start_of_world": tiny.first_start,
        },
    )


def test_page_7(course: Course, controls: dict[str, float]) -> None:
    tiny, theta = own(controls)
    exact = tiny.gradient(theta)
    page = course.page(7, controls)
    check(
        page,
        {
            "policy.probabilities": softmax(theta),
            "credit.credit": exact,
            "gradient.by_sum": rows(exact),
            "gradient.by_programming": rows(exact),
            "gradient.by_difference": rows(exact),
            "largest": np.abs(exact).max(),
            "length": np.sqrt((exact**2).sum()),
            "objective": tiny.objective(theta),
        },
    )
    (table,) = (part for part in page.parts() if isinstance(part, Table) and part.name == "gradient")
    one, other, third = (column.texts for column in table.columns[1:])
    assert one == other == third


@pytest.mark.parametrize("number", range(1, 10))
def test_changing_theta_changes_the_numbers(course: Course, number: int) -> None:
    before, after = (course.page(number, {"theta_2_right": v}).numbers() for v in (0.0, 1.0))
    changed = [key for key, value in before.items() if not np.array_equal(value, after[key], equal_nan=True)]
    assert len(changed) > len(before) / 3


@pytest.mark.parametrize("number", range(1, 12))
def test_every_slider_changes_its_page(course: Course, number: int) -> None:
    page = course.page(number, {"seeds": 1.0})
    for slider in page.sliders:
        other = slider.low if slider.value - slider.low > slider.high - slider.value else slider.high
        if number == 11:
            other = slider.at(slider.value + slider.step)
        moved = course.page(number, {"seeds": 1.0, slider.name: other}).numbers()
        same = set(moved) == set(page.numbers()) and all(
            np.array_equal(value, moved[key], equal_nan=True) for key, value in page.numbers().items()
        )
        assert not same, slider.name
