"""What the tests of the lesson's pages share: the world that the sliders mean, and how a page is held to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from agent.lesson.course import Course
from agent.reinforce.rollout import rollout
from game.snapshots.lesson_page import Film, Page
from game.snapshots.snapshot import Trajectory
from game.world.dynamics import Dynamics
from tests.agent.lesson.own_world import COMPONENTS, FIRST, Array, OwnWorld

MOVED = {"theta_1_right": -0.4, "theta_2_left": 1.1, "theta_3_right": -0.2, "slip": 0.55, "start": 0.2}


def own(controls: Mapping[str, float]) -> tuple[OwnWorld, Array]:
    """The hand-written world and θ at these values of the sliders."""
    theta = FIRST.copy()
    for s, a in COMPONENTS:
        theta[s, a] = controls.get(f"theta_{s}_{('left', 'right')[a]}", theta[s, a])
    return OwnWorld(controls.get("slip", 0.3), controls.get("start", 0.5)), theta


def check(page: Page, expected: Mapping[str, Any], atol: float = 1e-9) -> None:
    """The page shows these numbers and no others."""
    shown = page.numbers()
    assert set(shown) == set(expected)
    for key, value in expected.items():
        np.testing.assert_allclose(shown[key], value, atol=atol, rtol=1e-9, err_msg=f"page {page.number}: {key}")


def rows(table: Array) -> Array:
    """The components of a gradient (5, 2) in the order of the lesson."""
    return np.array([table[place] for place in COMPONENTS])


def episodes(dynamics: Dynamics, policy: Array, seed: int, update: int, count: int) -> list[Trajectory]:
    """Readable episodes from the same dice as the page's batches."""
    return [rollout(dynamics, policy, seed, update, k) for k in range(count)]


def estimate(walk: list[Trajectory], policy: Array, discount: float) -> Array:
    """(17) written out: the mean of R(τ) Σ_t (indicator − π)."""
    total = np.zeros(policy.shape)
    for trajectory in walk:
        value = sum(discount**t * r for t, r in enumerate(trajectory.rewards))
        for s, a in zip(trajectory.states, trajectory.actions, strict=False):
            total[s] -= value * policy[s]
            total[s, a] += value
    return total / len(walk)


def world(course: Course, controls: Mapping[str, float]) -> Dynamics:
    """The tiny world's dynamics as the board of page 5 has them."""
    return next(part.dynamics for part in course.page(5, controls).parts() if isinstance(part, Film))
