"""The numbers of the literature (DESIGN section 6), by a value iteration and a policy evaluation of the test's own.

Both are loops over states, actions and outcomes, as a textbook writes them: slow, plain, and nothing shared with
the program but the tables under test.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from game.world.catalog import load
from game.world.dynamics import Dynamics


def action_values(dynamics: Dynamics, state: int, following: list[float]) -> list[float]:
    """Q(state, ·) when ``following`` holds the values of the states after the step."""
    if dynamics.terminal[state]:
        return [0.0] * dynamics.n_actions
    values = []
    for action in range(dynamics.n_actions):
        total = 0.0
        for outcome in range(dynamics.n_outcomes):
            at = state, action, outcome
            later = 0.0 if dynamics.ends[at] else following[dynamics.next_state[at]]
            total += dynamics.probability[at] * (dynamics.reward[at] + dynamics.discount * later)
        values.append(float(total))
    return values


def optimum(dynamics: Dynamics, steps: int | None = None) -> float:
    """The best expected return within ``steps`` steps (the level's cap)."""
    values = [0.0] * dynamics.n_states
    for _ in range(dynamics.max_steps if steps is None else steps):
        before = values
        values = [max(action_values(dynamics, state, values)) for state in range(dynamics.n_states)]
        if values == before:
            break
    return float(dynamics.start @ values)


def evaluated(dynamics: Dynamics, policy: list[float]) -> float:
    """The expected return within the cap when every state has the action probabilities ``policy``."""
    values = [0.0] * dynamics.n_states
    for _ in range(dynamics.max_steps):
        values = [
            sum(p * q for p, q in zip(policy, action_values(dynamics, state, values), strict=True))
            for state in range(dynamics.n_states)
        ]
    return float(dynamics.start @ values)


def goal_probability(dynamics: Dynamics, policy: list[float]) -> float:
    """The chance of ending on a goal within the cap, by pushing the distribution over states forward."""
    now: list[float] = dynamics.start.tolist()
    reached = 0.0
    for _ in range(dynamics.max_steps):
        later = [0.0] * dynamics.n_states
        for state, action, outcome in np.ndindex(*dynamics.probability.shape):
            chance = now[state] * policy[action] * float(dynamics.probability[state, action, outcome])
            if dynamics.ends[state, action, outcome]:
                reached += chance if dynamics.goal[state, action, outcome] else 0.0
            else:
                later[dynamics.next_state[state, action, outcome]] += chance
        now = later
    return reached


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cliff", -13.0),
        ("windy", -15.0),
        ("dyna_maze", 0.95**13),
        ("frozen_lake", 0.52228),
        ("frozen_lake_8x8", 0.41199),
        # Five steps, the last of them pays 1: 0.95⁴ − 0.01 (1 + 0.95 + 0.95² + 0.95³).
        ("line_world", 0.95**4 - 0.01 * (1 + 0.95 + 0.95**2 + 0.95**3)),
    ],
)
def test_the_optimum_is_the_published_one(name: str, expected: float) -> None:
    published_to = 1e-6 if name not in ("frozen_lake", "frozen_lake_8x8") else 5e-6
    assert optimum(load(name).dynamics) == pytest.approx(expected, abs=published_to)


def test_frozen_lake_without_a_cap_is_worth_what_value_iteration_on_its_tables_gives() -> None:
    assert optimum(load("frozen_lake").dynamics, steps=3000) == pytest.approx(0.54203, abs=5e-6)


@pytest.mark.parametrize(
    ("name", "expected", "digits"),
    [
        ("frozen_lake", 0.012356, 5e-7),
        ("frozen_lake_8x8", 0.0010994, 5e-8),
        ("line_world", 0.05708, 5e-6),
        ("short_corridor", -12.0, 1e-6),
    ],
)
def test_the_uniform_policy_is_worth_the_published_number(name: str, expected: float, digits: float) -> None:
    dynamics = load(name).dynamics
    uniform = [1 / dynamics.n_actions] * dynamics.n_actions
    assert evaluated(dynamics, uniform) == pytest.approx(expected, abs=digits)


def test_a_random_walk_on_the_line_world_reaches_the_goal_in_half_of_its_episodes() -> None:
    assert goal_probability(load("line_world").dynamics, [0.5, 0.5]) == pytest.approx(0.50378, abs=5e-6)


@pytest.mark.parametrize("p", [0.3, 0.5, 2 - math.sqrt(2), 0.8])
def test_the_short_corridor_follows_its_formula(p: float) -> None:
    # v(p) = (2p − 4) / (p (1 − p)), Sutton & Barto (2018), Example 13.1.
    expected = (2 * p - 4) / (p * (1 - p))
    assert evaluated(load("short_corridor").dynamics, [1 - p, p]) == pytest.approx(expected, abs=1e-6)


def test_the_short_corridors_best_memoryless_policy_is_the_published_one() -> None:
    dynamics = load("short_corridor").dynamics
    best = 2 - math.sqrt(2)
    worth = evaluated(dynamics, [1 - best, best])
    assert worth == pytest.approx(-(6 + 4 * math.sqrt(2)), abs=1e-6)
    for p in (best - 0.01, best + 0.01):
        assert evaluated(dynamics, [1 - p, p]) < worth


@pytest.mark.parametrize(("name", "steps"), [("windy", 15), ("dyna_maze", 14), ("cliff", 13), ("line_world", 5)])
def test_the_goal_is_first_reached_after_the_published_number_of_steps(name: str, steps: int) -> None:
    dynamics = load(name).dynamics
    reached = dynamics.start > 0
    for step in range(1, steps + 1):
        chance = (dynamics.probability > 0) & reached[:, None, None]
        arrived = bool((dynamics.goal & chance).any())
        assert arrived == (step == steps)
        reached = np.zeros_like(reached)
        reached[dynamics.next_state[chance & ~dynamics.ends]] = True
