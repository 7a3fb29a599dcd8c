"""The readable rollout, the kernel and the grid world walk the same trajectories from the same uniforms."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from agent.fast.kernel import Kernel, bounds, policy_bounds
from agent.fast.single import single
from agent.reinforce.batch import Batch, gathered
from agent.reinforce.credit import SAMPLED
from agent.reinforce.rollout import rollout
from game.env.grid_world import GridWorld
from game.snapshots.snapshot import Trajectory
from game.world.catalog import World
from game.world.dice import cumulative, episode_key, pick, uniforms, update_key
from tests.agent.worlds import LEVELS, random_policy, world_of
from tests.root import ROOT

SEED, UPDATE, COUNT = 12345, 7, 60


class Stream:
    """Stands in for the grid world's generator: it gives the numbers that are put into it."""

    def __init__(self) -> None:
        self.numbers: list[float] = []

    def random(self) -> float:
        return self.numbers.pop()


def walked(world: World, probabilities: Any, number: int) -> dict[str, Any]:
    """One episode of the grid world on the dice of training, one step at a time."""
    environment, stream = GridWorld(world), Stream()
    environment.np_random = cast("Any", stream)
    key = episode_key(update_key(SEED, UPDATE), number)
    cdf = cumulative(probabilities)
    stream.numbers.append(uniforms(key, -1)[0])
    state, info = environment.reset()
    start = info["start_probability"]
    states, goal = [state], False
    actions: list[int] = []
    rewards: list[float] = []
    chances: list[float] = []
    terminated = truncated = False
    while not (terminated or truncated):
        for_action, for_outcome = uniforms(key, len(actions))
        actions.append(pick(cdf[state], for_action))
        stream.numbers.append(for_outcome)
        state, reward, terminated, truncated, info = environment.step(actions[-1])
        states.append(state)
        rewards.append(reward)
        chances.append(info["transition_probability"])
        goal = goal or info["goal"]
        assert not stream.numbers
    return {
        "states": states,
        "actions": actions,
        "rewards": rewards,
        "transition_probability": chances,
        "policy_probability": [float(probabilities[s, a]) for s, a in zip(states, actions, strict=False)],
        "start_probability": start,
        "terminated": terminated,
        "truncated": truncated,
        "goal": goal,
    }


def as_lists(trajectory: Trajectory) -> dict[str, Any]:
    names = "states actions rewards transition_probability policy_probability".split()
    flags = "start_probability terminated truncated goal".split()
    return {name: getattr(trajectory, name).tolist() for name in names} | {n: getattr(trajectory, n) for n in flags}


@pytest.mark.parametrize("name", LEVELS)
def test_rollout_walks_as_the_grid_world_does(name: str) -> None:
    world = world_of(LEVELS[name])
    probabilities = random_policy(world.dynamics, 1)
    seen: set[tuple[bool, bool]] = set()
    for number in range(COUNT):
        trajectory = rollout(world.dynamics, probabilities, SEED, UPDATE, number)
        assert as_lists(trajectory) == walked(world, probabilities, number)
        seen.add((trajectory.terminated, trajectory.truncated))
    assert (True, True) not in seen
    assert (False, False) not in seen
    if name == "truncated":
        assert seen == {(True, False), (False, True)}  # the comparison covers both ends


@pytest.mark.parametrize("name", LEVELS)
def test_the_kernel_walks_as_rollout_does(name: str) -> None:
    dynamics = world_of(LEVELS[name]).dynamics
    probabilities = random_policy(dynamics, 2)
    kernel = Kernel(dynamics, threads=1)
    baseline = np.random.default_rng(4).normal(size=dynamics.n_states)
    for number in range(COUNT):
        one = kernel.batch(probabilities, "baseline", baseline, SEED, UPDATE, number, 1)
        episode = rollout(dynamics, probabilities, SEED, UPDATE, number)
        other = gathered(dynamics, [episode], "baseline", baseline)
        # Which steps were taken from which states is compared exactly, what they paid up to rounding.
        assert one.lengths.tolist() == [len(episode)]
        assert one.goals.tolist() == [episode.goal]
        np.testing.assert_array_equal(one.sums[:, 1], other.sums[:, 1])
        same_to_rounding(one, other)


@pytest.mark.parametrize("name", LEVELS)
def test_one_episode_in_machine_code_is_the_readable_one(name: str) -> None:
    dynamics = world_of(LEVELS[name]).dynamics
    probabilities = random_policy(dynamics, 2)
    kernel = Kernel(dynamics, threads=1)
    states = np.flatnonzero(dynamics.reachable)
    for number in range(COUNT):
        start = None if number % 2 else int(states[number % len(states)])  # ending states as well
        one = single(kernel, probabilities, SEED, UPDATE, number, start)
        assert as_lists(one) == as_lists(rollout(dynamics, probabilities, SEED, UPDATE, number, start))


def test_the_bounds_of_a_policy_are_those_of_its_cumulative_table() -> None:
    generator = np.random.default_rng(9)
    table = generator.dirichlet(np.full(5, 0.1), size=2000)
    table[:500, 3:] = 0.0
    table[500:1000, 1] = 0.0
    table /= table.sum(axis=1, keepdims=True)
    np.testing.assert_array_equal(policy_bounds(table), bounds(cumulative(table)).ravel())


@pytest.mark.parametrize("estimator", SAMPLED)
@pytest.mark.parametrize("name", LEVELS)
def test_a_batch_of_the_kernel_is_the_sum_of_its_episodes(name: str, estimator: str) -> None:
    dynamics = world_of(LEVELS[name]).dynamics
    probabilities = random_policy(dynamics, 3)
    baseline = np.random.default_rng(5).normal(size=dynamics.n_states)
    batch = Kernel(dynamics, threads=2).batch(probabilities, estimator, baseline, SEED, UPDATE, 0, COUNT)
    episodes = [rollout(dynamics, probabilities, SEED, UPDATE, number) for number in range(COUNT)]
    expected = gathered(dynamics, episodes, estimator, baseline)
    assert np.abs(expected.credit).max() > 1e-3
    np.testing.assert_array_equal(batch.lengths, expected.lengths)
    np.testing.assert_array_equal(batch.goals, expected.goals)
    same_to_rounding(batch, expected)


def test_a_world_of_many_rewards_is_walked_alike() -> None:
    # More rewards than fit beside the state in 32 bits, so outcomes are packed in 64.
    plain = world_of(LEVELS["restarts"].replace("A.SC", "A.SC\n*..."), observe="cell").dynamics
    reward = np.where(plain.probability > 0.0, np.random.default_rng(0).normal(size=plain.reward.shape), 0.0)
    dynamics = replace(plain, reward=reward)
    kernel = Kernel(dynamics, threads=2)
    assert len(kernel.rewards) > 512
    assert kernel.outcome.dtype == np.uint64
    assert Kernel(plain).outcome.dtype == np.uint32
    probabilities, zeros = random_policy(dynamics, 3), np.zeros(dynamics.n_states)
    batch = kernel.batch(probabilities, "reward-to-go", zeros, SEED, UPDATE, 0, COUNT)
    episodes = [rollout(dynamics, probabilities, SEED, UPDATE, number) for number in range(COUNT)]
    same_to_rounding(batch, gathered(dynamics, episodes, "reward-to-go", zeros))


@pytest.mark.parametrize("number", range(8))
def test_a_uniform_on_a_bound_belongs_to_what_lies_above_it(number: int) -> None:
    # The start and the first action are each split exactly where the episode's uniform falls.
    plain = world_of('max_steps = 1\nactions = ["left", "right"]\nmap = "S.S.G"').dynamics
    key = episode_key(update_key(SEED, UPDATE), number)
    on_start, on_action = uniforms(key, -1)[0], uniforms(key, 0)[0]
    dynamics = replace(plain, start=np.array([on_start, 0.0, 1.0 - on_start, 0.0, 0.0]))
    probabilities = np.tile([on_action, 1.0 - on_action], (5, 1))
    zeros = np.zeros(5)
    episode = rollout(dynamics, probabilities, SEED, UPDATE, number)
    assert episode.states.tolist() == [2, 3]
    batch = Kernel(dynamics, threads=1).batch(probabilities, "reward-to-go", zeros, SEED, UPDATE, number, 1)
    assert np.flatnonzero(batch.sums[:, 1]).tolist() == [2]
    moved = replace(
        plain, start=dynamics.start, reward=np.arange(plain.reward.size, dtype=float).reshape(plain.reward.shape)
    )
    batch = Kernel(moved, threads=1).batch(probabilities, "reward-to-go", zeros, SEED, UPDATE, number, 1)
    assert batch.returns.tolist() == [moved.reward[2, 1, 0]]


def same_to_rounding(one: Batch, other: Batch) -> None:
    for name in ("credit", "sums", "returns"):
        expected = getattr(other, name)
        scale = max(1.0, float(np.abs(expected).max()))
        np.testing.assert_allclose(getattr(one, name), expected, rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("count", [1, 3, 47])
def test_the_number_of_threads_changes_no_bit(count: int) -> None:
    dynamics = world_of(LEVELS["everything"]).dynamics
    probabilities = random_policy(dynamics, 6)
    baseline = np.random.default_rng(7).normal(size=dynamics.n_states)
    batches = [
        Kernel(dynamics, threads).batch(probabilities, "baseline", baseline, SEED, UPDATE, 0, count)
        for threads in (1, 2, 3, 5)
    ]
    for batch in batches[1:]:
        for name in ("credit", "sums", "returns", "lengths", "goals"):
            assert getattr(batch, name).tobytes() == getattr(batches[0], name).tobytes()


def test_integer_bounds_say_what_the_uniforms_say() -> None:
    # On the bound itself, one below it and one above it, and at both ends.
    cdf = np.array([0.0, 2.0**-31, 0.25, 1 / 3, 0.7, 1.0 - 2.0**-40, 1.0])
    for bound, integer in zip(cdf, bounds(cdf).astype(np.int64), strict=True):
        for near in (integer - 1, integer, integer + 1):
            if 0 <= near < 2**31:
                assert (near < integer) == (float(near) * 2.0**-31 < bound)


def test_a_stream_does_not_depend_on_what_was_drawn_before() -> None:
    dynamics = world_of(LEVELS["nine"]).dynamics
    probabilities = random_policy(dynamics, 8)
    kernel = Kernel(dynamics, threads=2)
    zeros = np.zeros(dynamics.n_states)
    whole = kernel.batch(probabilities, "total-return", zeros, SEED, UPDATE, 0, 40)
    tail = kernel.batch(probabilities, "total-return", zeros, SEED, UPDATE, 25, 15)
    np.testing.assert_array_equal(whole.returns[25:], tail.returns)
    other_update = kernel.batch(probabilities, "total-return", zeros, SEED, UPDATE + 1, 0, 40)
    other_seed = kernel.batch(probabilities, "total-return", zeros, SEED + 1, UPDATE, 0, 40)
    assert not np.array_equal(whole.returns, other_update.returns)
    assert not np.array_equal(whole.returns, other_seed.returns)


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.world.catalog import load
dynamics = load("first_steps").dynamics
for given in ({"batch": 1}, {}):
    Trainer(dynamics, settings_for(dynamics, **given)).step()
    print("numba" in sys.modules)
"""


def test_numba_is_imported_only_where_a_batch_is_large_enough() -> None:
    command = [sys.executable, "-c", PROGRAM, str(ROOT)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.stderr == ""
    assert ran.stdout.split() == ["False", "True"]
