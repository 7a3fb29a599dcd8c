"""Contours against the recursions, step by step, on worlds where both can be had; and what they must not miss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.exact.chain import Chain
from agent.exact.contours import Contours, Integrals, integrals
from agent.exact.exact import Exact
from agent.exact.policy_values import evaluated
from agent.exact.tables import greedy
from agent.fast import sweeps as machine_code
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.errors import NumericalError
from game.world.catalog import load, shipped, world_from_text
from game.world.dynamics import Dynamics
from tests.agent.worlds import LEVELS, world_of

#: Four moves round a block of an open room, which nothing but chance ends.
ROOM = """
discount = 1.0
max_steps = 1000
step_reward = -0.01
map = \"\"\"
S...
....
...G
\"\"\"
"""


def policy(dynamics: Dynamics, sharpness: float, seed: int = 0) -> NDArray[np.float64]:
    """(S, A): softmax of random logits of this deviation, equal where the same is seen."""
    shape = (dynamics.n_observations, dynamics.n_actions)
    logits = sharpness * np.random.default_rng(seed).normal(size=shape)
    table = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray((table / table.sum(axis=1, keepdims=True))[dynamics.observation])


def solved(exact: Exact, pi: NDArray[np.float64]) -> tuple[Integrals, NDArray[np.float64]]:
    """What the contours find, and the W* that it makes."""
    assert exact.contours is not None
    found = exact.contours.solve(exact.chain(pi), exact.dynamics.max_steps)
    assert found is not None
    following = exact.dynamics.discount * np.einsum("sam,sm->sa", exact.weight, found.ahead)
    return found, pi * (found.visits[:, None] * exact.expected_reward + following)


def agree(dynamics: Dynamics, pi: NDArray[np.float64]) -> None:
    exact = Exact(dynamics)
    exact.sweeps, exact.both_ways = machine_code.sweeps, machine_code.both_ways
    values, credit = exact.truth(pi)
    found, mine = solved(exact, pi)
    largest = np.abs(values).max()
    np.testing.assert_allclose(found.values, values, rtol=0, atol=1e-9 * largest)
    # A W* that is all but zero, where the start hardly ever sees a reward, is rounding of visits times values.
    floor = 1e-13 * np.abs(found.visits).max() * largest
    np.testing.assert_allclose(mine, credit, rtol=0, atol=1e-8 * np.abs(credit).max() + floor)
    following = np.einsum("sam,sm->sa", exact.weight, found.later[exact.successor])
    action_values = exact.expected_reward + dynamics.discount * following
    expected = exact.action_values(pi)
    np.testing.assert_allclose(action_values, expected, rtol=0, atol=1e-9 * np.abs(expected).max())


@pytest.mark.parametrize("sharpness", [0.0, 1.0, 5.0, 20.0])
@pytest.mark.parametrize("name", [*shipped(), "maze:15"])
def test_on_a_shipped_level_they_are_the_recursions(name: str, sharpness: float) -> None:
    dynamics = load(name).dynamics
    agree(replace(dynamics, max_steps=max(dynamics.max_steps, 64)), policy(dynamics, sharpness))


@pytest.mark.parametrize("cap", [64, 65, 257, 4001])
@pytest.mark.parametrize("name", LEVELS)
def test_they_are_the_recursions_at_every_cap(name: str, cap: int) -> None:
    dynamics = replace(world_of(LEVELS[name]).dynamics, max_steps=cap)
    for seed in range(3):
        agree(dynamics, policy(dynamics, 1.0, seed))


@pytest.mark.parametrize("ending", [1e-8, 1e-6, 1e-4, 1e-2, 0.1])
@pytest.mark.parametrize("length", [2, 3, 4, 6])
def test_a_policy_that_walks_round_is_right_or_refused(length: int, ending: float) -> None:
    size = length + 1
    successor = np.array([[(s + 1) % length, length] for s in range(length)] + [[0, 0]])
    going = np.array([[1.0 - ending, ending]] * length + [[0.0, 0.0]])
    leaving = np.eye(size)[length]
    reward, start = np.eye(size)[0] + 3.0 * leaving, np.eye(size)[0]
    contours = Contours(successor, going > 0.0)
    chain = Chain(going, leaving, reward, start, discount=1.0)
    answered = 0
    for cap in (100, 1000, 1001, 20_000):
        values, visits, ahead, _ = machine_code.both_ways(going, successor, reward, start, 1.0, cap)
        found = contours.solve(chain, cap)
        if found is None:
            continue
        answered += 1
        np.testing.assert_allclose(found.values, values, rtol=0, atol=1e-9 * np.abs(values).max())
        np.testing.assert_allclose(found.visits, visits, rtol=0, atol=1e-9 * np.abs(visits).max())
        np.testing.assert_allclose(found.ahead, ahead, rtol=0, atol=1e-8 * np.abs(ahead).max())
    if length == 2:  # the second contour is there for these
        assert answered == 4
    elif ending == 1e-8:
        assert answered == 0
        found = integrals(contours.pattern.entries(chain), chain, successor, 1000)
        wrong = machine_code.both_ways(going, successor, reward, start, 1.0, 1000)[0] - found.values
        assert np.abs(wrong).max() > 1e-2  # refused for a reason
    elif ending == 0.1:
        assert answered >= 3


def test_the_gradient_of_a_maze_is_its_finite_differences() -> None:
    dynamics = load("maze:31").dynamics
    exact = Exact(dynamics)
    rows, columns = np.nonzero(np.ones((dynamics.n_states, dynamics.n_actions)))
    logits = np.zeros((dynamics.n_states, dynamics.n_actions))

    def pi(table: NDArray[np.float64]) -> NDArray[np.float64]:
        weight = np.exp(table)
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))

    _, credit = solved(exact, pi(logits))
    gradient = credit - pi(logits) * credit.sum(axis=1, keepdims=True)
    largest = np.abs(gradient).max()
    for place in np.random.default_rng(0).choice(len(rows), size=12, replace=False):
        ends = []
        for side in (1e-4, -1e-4):
            moved = logits.copy()
            moved[rows[place], columns[place]] = side
            ends.append(exact.objective(solved(exact, pi(moved))[0].values))
        assert (ends[0] - ends[1]) / 2e-4 == pytest.approx(gradient[rows[place], columns[place]], abs=1e-6 * largest)


def test_a_world_whose_recursion_is_affordable_keeps_it_bit_for_bit() -> None:
    dynamics = load("four_rooms").dynamics
    exact = Exact(dynamics)
    pi = policy(dynamics, 1.0)
    truth = exact.everything(pi)
    assert truth is not None
    values, credit = exact.truth(pi)
    assert (truth.values == values).all()
    assert (truth.credit == credit).all()


def test_beyond_that_contours_answer_and_what_they_refuse_is_none_or_the_recursion() -> None:
    dynamics = replace(world_of(ROOM).dynamics, max_steps=100_000_000)
    exact = Exact(dynamics)
    assert exact.by_contours
    truth = exact.everything(policy(dynamics, 0.0))
    assert truth is not None
    assert truth.objective == pytest.approx(exact.objective(exact.values(policy(dynamics, 0.0))), rel=1e-11)
    round_for_ever = np.full((dynamics.n_states, 4), 1e-12)
    for state, action in ((0, "right"), (1, "down"), (5, "left"), (4, "up")):
        round_for_ever[state, dynamics.actions.index(action)] = 1.0 - 3e-12
    assert exact.everything(round_for_ever, limit=0.0) is None


def test_one_step_along_the_exact_gradient_makes_the_greedy_path_of_a_maze_the_shortest() -> None:
    """What hundreds of batches of millions of steps estimate, a few dozen sparse solves know."""
    dynamics = load("maze:63").dynamics
    settings = settings_for(dynamics, estimator="exact")
    assert settings.batch == 1, "one episode, to look at"
    trainer = Trainer(dynamics, settings)
    assert trainer.exact.by_contours
    trainer.step()
    attained = evaluated(trainer.exact, greedy(trainer.probabilities()))
    assert attained is not None
    assert attained.goal_probability == 1.0
    assert attained.expected_steps == shortest(dynamics)


def shortest(dynamics: Dynamics) -> int:
    """The steps of the shortest way to a goal of a deterministic world, breadth first."""
    front, steps = {int(dynamics.start.argmax())}, 0
    seen = set(front)
    while front:
        steps += 1
        if any(dynamics.goal[state, :, 0].any() for state in front):
            return steps
        front = {int(after) for state in front for after in dynamics.next_state[state, :, 0]} - seen
        seen |= front
    raise AssertionError("no way leads to a goal")


def test_a_gradient_that_is_rounding_is_not_climbed() -> None:
    """γ^200 of the only reward, 4e-20, is nothing beside the values of 1 near it."""
    text = 'discount = 0.8\nmax_steps = 10000000\nactions = ["left", "right"]\nmap = """\nS' + "." * 199 + 'G\n"""'
    dynamics = world_from_text(text, "long", "long", "long").dynamics
    trainer = Trainer(dynamics, settings_for(dynamics, estimator="exact"))
    before = trainer.probabilities()
    with pytest.raises(NumericalError, match=r"no more than what rounding leaves .* larger --max-steps"):
        trainer.step()
    assert np.array_equal(trainer.probabilities(), before)
