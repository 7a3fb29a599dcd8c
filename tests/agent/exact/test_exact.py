"""The exact numbers against enumeration of all trajectories, finite differences, and brute force over policies."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field, replace
from typing import Any

import gymnasium
import numpy as np
import pytest
import torch
from click.testing import CliRunner
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.exact.tables import greedy, ratio, sweeps
from agent.fast.recursions import MACHINE_CODE
from agent.trainer import policy_for
from game.world.dynamics import Dynamics
from main import cli
from tests.agent.worlds import LEVELS, TINY, random_policy, settings_of, world_of

#: Two cells to act in; the first can be left to a goal that lasts, the second restarts are weighted.
LASTING = """
discount = 1.0
max_steps = 4
step_reward = -0.25
slip = 0.2
actions = ["left", "right"]
map = "SgA"
[tiles.g]
goal = true
reward = 1
[tiles.A]
start = 3
"""

#: Floor and swaps look different: two observations.
SEEN = """
discount = 0.9
max_steps = 6
step_reward = -1
actions = ["left", "right"]
observe = "tile"
map = "S?..G"
"""

WORLDS = {"tiny": TINY, "lasting": LASTING, "seen": SEEN}


@dataclass
class Enumerated:
    """Sums over all trajectories: Σ P, Σ P R, Σ P 1[goal], Σ P T, Σ P R Σ_t 1[s, a], Σ P Σ_t 1[s, a] γ^t G_t."""

    shape: tuple[int, int]
    total: float = 0.0
    objective: float = 0.0
    goal: float = 0.0
    steps: float = 0.0
    total_return: NDArray[np.float64] = field(init=False)
    reward_to_go: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.total_return, self.reward_to_go = np.zeros(self.shape), np.zeros(self.shape)


def enumerated(dynamics: Dynamics, pi: NDArray[np.float64], start: NDArray[np.float64]) -> Enumerated:
    """Every trajectory by equation (12), one by one."""
    found = Enumerated((dynamics.n_states, dynamics.n_actions))
    gamma = dynamics.discount

    def finished(chance: float, path: list[tuple[int, int, float]], goal: bool) -> None:
        value = sum(gamma**t * r for t, (_, _, r) in enumerate(path))
        found.total += chance
        found.objective += chance * value
        found.goal += chance * goal
        found.steps += chance * len(path)
        for t, (s, a, _) in enumerate(path):
            found.total_return[s, a] += chance * value
            found.reward_to_go[s, a] += chance * sum(gamma**u * r for u, (_, _, r) in enumerate(path) if u >= t)

    def follow(chance: float, s: int, path: list[tuple[int, int, float]], goal: bool) -> None:
        if len(path) == dynamics.max_steps:
            finished(chance, path, goal)
            return
        for a in range(dynamics.n_actions):
            for k in range(dynamics.n_outcomes):
                p = chance * float(pi[s, a]) * float(dynamics.probability[s, a, k])
                if p == 0.0:
                    continue
                ahead = [*path, (s, a, float(dynamics.reward[s, a, k]))]
                reached = goal or bool(dynamics.goal[s, a, k])
                if dynamics.ends[s, a, k]:
                    finished(p, ahead, reached)
                else:
                    follow(p, int(dynamics.next_state[s, a, k]), ahead, reached)

    for s in np.flatnonzero(start):
        follow(float(start[s]), int(s), [], False)
    return found


@pytest.mark.parametrize("name", WORLDS)
def test_a_policy_attains_what_the_sum_over_all_trajectories_says(name: str) -> None:
    dynamics = world_of(WORLDS[name]).dynamics
    pi = random_policy(dynamics, 1)
    exact = Exact(dynamics)
    found = enumerated(dynamics, pi, dynamics.start)
    assert found.total == pytest.approx(1.0, abs=1e-12)
    evaluation = exact.evaluate(pi)
    assert evaluation.objective == pytest.approx(found.objective, abs=1e-12)
    assert evaluation.goal_probability == pytest.approx(found.goal, abs=1e-12)
    assert evaluation.expected_steps == pytest.approx(found.steps, abs=1e-12)
    for s in range(dynamics.n_states):
        if not dynamics.terminal[s]:
            alone = enumerated(dynamics, pi, np.eye(dynamics.n_states)[s])
            assert evaluation.values[s] == pytest.approx(alone.objective, abs=1e-12)


@pytest.mark.parametrize("name", WORLDS)
def test_the_exact_credit_is_the_expectation_of_every_estimator(name: str) -> None:
    dynamics = world_of(WORLDS[name]).dynamics
    pi = random_policy(dynamics, 2)
    credit = Exact(dynamics).credit(pi)
    found = enumerated(dynamics, pi, dynamics.start)
    assert np.abs(credit).max() > 0.1
    np.testing.assert_allclose(credit, found.reward_to_go, rtol=0, atol=1e-12)

    def centre(table: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(table - pi * table.sum(axis=1, keepdims=True))

    np.testing.assert_allclose(centre(credit), centre(found.total_return), rtol=0, atol=1e-12)


@pytest.mark.parametrize("hidden", [(), (5,)], ids=["tabular", "mlp"])
@pytest.mark.parametrize("observe", ["cell", "tile", "nothing"])
@pytest.mark.parametrize("name", ["everything", "restarts", "nine"])
def test_the_exact_gradient_is_the_finite_difference_of_the_exact_objective(
    name: str, observe: str, hidden: tuple[int, ...]
) -> None:
    dynamics = world_of(LEVELS[name], observe=observe).dynamics
    exact = Exact(dynamics)
    policy = policy_for(dynamics, settings_of(dynamics, hidden=hidden, seed=1))
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in policy.parameters():
            parameter.add_(0.5 * torch.randn(parameter.shape, generator=generator, dtype=torch.float64))
    credit = torch.from_numpy(exact.credit(policy.probabilities()))
    surrogate = (credit * policy.log_probabilities()[policy.observation]).sum()
    gradients = torch.autograd.grad(surrogate, list(policy.parameters()))

    def objective() -> float:
        return exact.objective(exact.values(policy.probabilities()))

    largest = max(float(gradient.abs().max()) for gradient in gradients)
    assert largest > 1e-3
    for parameter, gradient in zip(policy.parameters(), gradients, strict=True):
        flat = parameter.detach().view(-1)
        for place in range(0, len(flat), max(1, len(flat) // 12)):
            old = float(flat[place])
            flat[place] = old + 1e-5
            above = objective()
            flat[place] = old - 1e-5
            numeric = (above - objective()) / 2e-5
            flat[place] = old
            assert float(gradient.view(-1)[place]) == pytest.approx(numeric, abs=2e-7 * max(1.0, largest))


def forward(dynamics: Dynamics, actions: NDArray[np.intp]) -> tuple[float, float, float]:
    """J, goal probability and E[T] of a policy of time and state (T, S), by pushing the distribution forward.

    Where a goal lasts, the second number counts visits to goals.
    """
    running: NDArray[np.float64] = dynamics.start.copy()
    value = goal = steps = 0.0
    states = np.arange(dynamics.n_states)
    for t, action in enumerate(actions):
        chance = running[:, None] * dynamics.probability[states, action]
        steps += running.sum()
        value += dynamics.discount**t * (chance * dynamics.reward[states, action]).sum()
        goal += chance[dynamics.goal[states, action]].sum()
        going = ~dynamics.ends[states, action]
        target = dynamics.next_state[states, action][going]
        running = np.asarray(np.bincount(target, chance[going], minlength=dynamics.n_states), dtype=np.float64)
    return float(value), float(goal), float(steps)


@pytest.mark.parametrize("text", [LASTING, TINY, SEEN], ids=["lasting", "tiny", "seen"])
def test_no_policy_of_time_and_state_does_better_than_the_optimum(text: str) -> None:
    dynamics = replace(world_of(text).dynamics, max_steps=3)
    acting = np.flatnonzero(~dynamics.terminal)
    if dynamics.n_actions ** (len(acting) * 3) > 300_000:  # the same by chance, where there are too many to try
        generator = np.random.default_rng(0)
        choices = (generator.integers(dynamics.n_actions, size=(3, dynamics.n_states)) for _ in range(20_000))
        best = max(forward(dynamics, choice)[0] for choice in choices)
        optimum = Exact(dynamics).optimum().objective
        assert best <= optimum + 1e-12
        assert optimum == pytest.approx(expectimax(dynamics), abs=1e-12)
        return
    best = -np.inf
    for choice in itertools.product(range(dynamics.n_actions), repeat=3 * len(acting)):
        actions = np.zeros((3, dynamics.n_states), dtype=np.intp)
        actions[:, acting] = np.reshape(choice, (3, -1))
        best = max(best, forward(dynamics, actions)[0])
    assert Exact(dynamics).optimum().objective == pytest.approx(best, abs=1e-12)


def expectimax(dynamics: Dynamics) -> float:
    """The optimum by the definition: try every action at every step of every possible past."""

    def value(s: int, left: int) -> float:
        if left == 0:
            return 0.0
        return max(
            sum(
                float(dynamics.probability[s, a, k])
                * (
                    float(dynamics.reward[s, a, k])
                    + (
                        0.0
                        if dynamics.ends[s, a, k]
                        else dynamics.discount * value(int(dynamics.next_state[s, a, k]), left - 1)
                    )
                )
                for k in range(dynamics.n_outcomes)
                if dynamics.probability[s, a, k] > 0.0
            )
            for a in range(dynamics.n_actions)
        )

    return sum(float(dynamics.start[s]) * value(int(s), dynamics.max_steps) for s in np.flatnonzero(dynamics.start))


@pytest.mark.parametrize("name", LEVELS)
def test_the_optimum_is_the_one_of_trying_every_action_in_every_past(name: str) -> None:
    dynamics = replace(world_of(LEVELS[name]).dynamics, max_steps=4 if name != "nine" else 3)
    best = Exact(dynamics).optimum()
    assert best.objective == pytest.approx(expectimax(dynamics), abs=1e-12)


def test_the_best_policy_of_what_is_seen_may_have_to_be_random() -> None:
    # Sutton & Barto, Example 13.1: the best p is 2 − √2, with −(6 + 4√2).
    dynamics = replace(world_of(LEVELS["corridor"], observe="nothing").dynamics, max_steps=1000)
    exact = Exact(dynamics)
    assert exact.optimum_observed() == pytest.approx(-(6 + 4 * np.sqrt(2)), abs=1e-8)
    assert exact.optimum().objective == pytest.approx(-3.0, abs=1e-12)


def test_the_best_policy_of_what_is_seen_is_the_best_of_a_grid_of_policies() -> None:
    dynamics = world_of(SEEN).dynamics
    exact = Exact(dynamics)
    # What is seen: the goal, floor, the swap; the goal acts no more.  A grid of 41 × 41 policies.
    best = -np.inf
    swap = int(dynamics.observation[1])
    grid = np.linspace(0.0, 1.0, 41)
    for on_floor, on_swap in itertools.product(grid, grid):
        right = np.where(dynamics.observation == swap, on_swap, on_floor)
        best = max(best, exact.objective(exact.values(np.stack([1 - right, right], axis=1))))
    found = exact.optimum_observed()
    assert best - 1e-12 <= found <= best + 1e-12
    assert found == pytest.approx(expectimax(dynamics), abs=1e-12)  # left on swaps, right on floor


def test_a_hidden_best_random_policy_is_found_beside_deterministic_ones() -> None:
    # Two cells look alike and need opposite actions, so that only a random policy gets far.
    text = SEEN.replace("S?..G", "S?.?.G").replace('observe = "tile"', 'observe = "nothing"').replace("= 6", "= 40")
    dynamics = world_of(text).dynamics
    exact = Exact(dynamics)
    grid = np.linspace(0.0, 1.0, 1001)
    values = [exact.objective(exact.values(np.tile([1 - p, p], (dynamics.n_states, 1)))) for p in grid]
    found = exact.optimum_observed()
    assert 0 < int(np.argmax(values)) < 1000
    assert max(values) - 1e-12 <= found <= max(values) + 1e-4


@pytest.mark.parametrize("name", LEVELS)
def test_the_sweeps_in_machine_code_are_the_same_sweeps(name: str) -> None:
    dynamics = replace(world_of(LEVELS[name]).dynamics, max_steps=3000)
    one, other = Exact(dynamics), Exact(dynamics, MACHINE_CODE)
    assert one.sweeps is sweeps
    for seed in range(3):
        pi = random_policy(dynamics, seed)
        for mine, theirs in zip(parts(one.evaluate(pi)), parts(other.evaluate(pi)), strict=True):
            np.testing.assert_allclose(theirs, mine, rtol=1e-12, atol=1e-12)
        assert abs(one.swept - other.swept) <= 2  # rounding may move the end of a recursion by a sweep


def parts(evaluation: Any) -> tuple[Any, ...]:
    return (evaluation.objective, evaluation.values, evaluation.goal_probability, evaluation.expected_steps)


@pytest.mark.parametrize("cap", [1, 7, 3000])
@pytest.mark.parametrize("name", LEVELS)
def test_the_exact_credit_in_machine_code_is_the_same(name: str, cap: int) -> None:
    dynamics = replace(world_of(LEVELS[name]).dynamics, max_steps=cap)
    one, other = Exact(dynamics), Exact(dynamics, MACHINE_CODE)
    for seed in range(3):
        pi = random_policy(dynamics, seed)
        (values, credit), (other_values, other_credit) = one.truth(pi), other.truth(pi)
        np.testing.assert_allclose(values, one.values(pi), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(other_values, values, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(other_credit, credit, rtol=1e-12, atol=1e-12 * np.abs(credit).max())


@pytest.mark.parametrize("name", LEVELS)
def test_stopping_early_changes_nothing(name: str) -> None:
    # The same recursion without a stop, on the plain tables.
    dynamics = replace(world_of(LEVELS[name]).dynamics, max_steps=3000)
    pi = random_policy(dynamics, 4)
    value = np.zeros(dynamics.n_states)
    for _ in range(dynamics.max_steps):
        ahead = np.where(dynamics.ends, 0.0, value[dynamics.next_state])
        action_value = (dynamics.probability * (dynamics.reward + dynamics.discount * ahead)).sum(axis=2)
        value = (pi * action_value).sum(axis=1)
    exact = Exact(dynamics)
    np.testing.assert_allclose(exact.values(pi), value, rtol=1e-11, atol=1e-12)
    if name in ("everything", "truncated"):
        assert exact.swept < 3000


def test_ratio_is_one_at_the_best_and_none_where_the_best_is_nothing() -> None:
    assert ratio(-13.0, -13.0) == 1.0
    assert ratio(-26.0, -13.0) == 0.0  # as far below as the best is from 0
    assert ratio(0.25, 0.5) == 0.5
    assert ratio(-1.0, 0.0) is None


def test_the_greedy_policy_takes_the_first_of_the_most_probable() -> None:
    assert greedy(np.array([[0.2, 0.4, 0.4], [0.5, 0.2, 0.3]])).tolist() == [[0, 1, 0], [1, 0, 0]]


# -- the published numbers, through the command -------------------------------------------------------------------


def evaluated(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(cli, ["evaluate", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    numbers: dict[str, Any] = json.loads(result.stdout)
    return numbers


def corridor(p: float) -> float:
    """Sutton & Barto, Example 13.1: v(p) = (2p − 4) / (p (1 − p))."""
    return (2 * p - 4) / (p * (1 - p))


@pytest.mark.parametrize("p", [0.5, 0.586, 0.3, 0.9, 2 - 2**0.5])
def test_the_short_corridor_is_worth_what_the_formula_says(p: float) -> None:
    numbers = evaluated("short_corridor", "--policy", f"p={p!r}")
    assert numbers["objective"] == pytest.approx(corridor(p), abs=1e-6)
    assert numbers["expected_steps"] == pytest.approx(-corridor(p), abs=1e-6)  # −1 for each step
    assert numbers["goal_probability"] == pytest.approx(1.0, abs=1e-6)
    assert numbers["optimum"] == pytest.approx(-3.0, abs=1e-6)
    assert numbers["optimum_observed"] == pytest.approx(-(6 + 4 * 2**0.5), abs=1e-6)
    assert numbers["ratio"] == pytest.approx(1 - (-3 - corridor(p)) / 3, abs=1e-6)


@pytest.mark.parametrize(
    ("level", "objective", "steps"),
    [("cliff", -13.0, 13.0), ("windy", -15.0, 15.0), ("dyna_maze", 0.95**13, 14.0)],
)
def test_the_optimal_policy_takes_the_published_number_of_steps(level: str, objective: float, steps: float) -> None:
    numbers = evaluated(level, "--policy", "optimal")
    assert numbers["objective"] == pytest.approx(objective, abs=1e-6)
    assert numbers["optimum"] == pytest.approx(objective, abs=1e-6)
    assert numbers["expected_steps"] == pytest.approx(steps, abs=1e-6)
    assert numbers["goal_probability"] == pytest.approx(1.0, abs=1e-6)
    assert numbers["ratio"] == 1.0
    assert "optimum_observed" not in numbers


def gymnasium_lake(size: str, cap: int, discount: float, best: bool) -> float:
    """Backward recursion on Gymnasium's own table: the best policy, or the uniform one."""
    table = gymnasium.make("FrozenLake-v1", map_name=size, is_slippery=True).unwrapped.P  # type: ignore[attr-defined]
    value = np.zeros(len(table))
    for _ in range(cap):
        rows = [
            [sum(p * (r + (0.0 if done else discount * value[s2])) for p, s2, r, done in table[s][a]) for a in range(4)]
            for s in range(len(table))
        ]
        value = np.max(rows, axis=1) if best else np.mean(rows, axis=1)
    return float(value[0])


@pytest.mark.parametrize(
    ("level", "size", "cap", "optimum", "uniform"),
    [("frozen_lake", "4x4", 100, 0.52228, 0.012356), ("frozen_lake_8x8", "8x8", 200, 0.41199, 0.0010994)],
)
def test_the_frozen_lakes_are_worth_what_gymnasiums_tables_say(
    level: str, size: str, cap: int, optimum: float, uniform: float
) -> None:
    numbers = evaluated(level, "--policy", "uniform")
    assert numbers["optimum"] == pytest.approx(gymnasium_lake(size, cap, 0.99, best=True), abs=1e-6)
    assert numbers["objective"] == pytest.approx(gymnasium_lake(size, cap, 0.99, best=False), abs=1e-6)
    assert numbers["optimum"] == pytest.approx(optimum, abs=5e-6)  # as printed
    assert numbers["objective"] == pytest.approx(uniform, rel=5e-5)


def test_the_frozen_lake_without_a_cap_and_without_discount() -> None:
    assert evaluated("frozen_lake", "--max-steps", "100000")["optimum"] == pytest.approx(0.54203, abs=5e-6)
    numbers = evaluated("frozen_lake", "--discount", "1", "--max-steps", "60", "--policy", "optimal")
    assert numbers["objective"] == pytest.approx(gymnasium_lake("4x4", 60, 1.0, best=True), abs=1e-6)
    assert numbers["goal_probability"] == pytest.approx(numbers["objective"], abs=1e-9)  # +1 at the goal, else 0


def test_the_line_world_is_worth_what_its_rules_say() -> None:
    # 11 cells, start in the middle: four steps at −0.01, then +1; γ = 0.95.  A symmetric walk ends on either side.
    numbers = evaluated("line_world", "--policy", "p=0.5")
    assert numbers["optimum"] == pytest.approx(-0.01 * sum(0.95**t for t in range(4)) + 0.95**4, abs=1e-6)
    assert numbers["optimum"] == pytest.approx(0.77741, abs=5e-6)
    running, objective, goal = np.eye(11)[5], 0.0, 0.0
    for t in range(50):
        moved = 0.5 * (np.append(running[1:], 0.0) + np.append(0.0, running[:-1]))
        moved[0] += 0.5 * running[0]  # the left end blocks
        objective += 0.95**t * (moved[10] - 0.01 * (running.sum() - moved[10]))
        goal += moved[10]
        moved[10] = 0.0
        running = moved
    assert numbers["objective"] == pytest.approx(objective, abs=1e-6)
    assert numbers["goal_probability"] == pytest.approx(goal, abs=1e-6)
    assert numbers["objective"] == pytest.approx(0.05708, abs=5e-6)
    assert numbers["goal_probability"] == pytest.approx(0.50378, abs=5e-6)
