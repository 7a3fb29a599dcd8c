"""``P`` as toy-text environments have it: what courses on dynamic programming read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import register, registry

from game.env.grid_world import GridWorld
from game.world.catalog import load, shipped
from tests.game.world.test_gymnasium_tables import added_up

NAME = "arrowgrad/GridWorld-v0"


class OnlyP(gymnasium.Env[Any, Any]):
    """What course code sees of a level: P and where an episode starts."""

    def __init__(self, level: str) -> None:
        world = GridWorld(level)
        self.P, self.initial_state_distrib = world.P, world.initial_state_distrib


@pytest.fixture
def only_p() -> Iterator[None]:
    register("OnlyP-v0", entry_point=OnlyP)  # type: ignore[arg-type]
    yield
    registry.pop("OnlyP-v0", None)


def value_iteration(table: Any, discount: float) -> Any:
    """(S,) float64: V* by the code of courses, from Sutton and Barto's box in section 4.4."""
    values = np.zeros(len(table))
    while True:
        largest_change = 0.0
        for state in range(len(table)):
            q = [
                sum(p * (r + discount * values[s] * (not over)) for p, s, r, over in table[state][a])
                for a in table[state]
            ]
            largest_change = max(largest_change, abs(max(q) - values[state]))
            values[state] = max(q)
        if largest_change < 1e-12:
            return values


def test_value_iteration_as_courses_have_it_finds_on_our_lake_what_it_finds_on_gymnasiums() -> None:
    theirs: Any = gymnasium.make("FrozenLake-v1", disable_env_checker=True)
    ours: Any = gymnasium.make(NAME, level="frozen_lake")
    values = value_iteration(ours.unwrapped.P, 0.99)
    assert values == pytest.approx(value_iteration(theirs.unwrapped.P, 0.99), abs=1e-9)
    assert ours.unwrapped.initial_state_distrib @ values == pytest.approx(0.54203, abs=5e-6)
    assert ours.spec.max_episode_steps == theirs.spec.max_episode_steps == 100


@pytest.mark.parametrize("level", shipped())
def test_p_holds_each_outcome_once_as_plain_numbers(level: str) -> None:
    world = GridWorld(level)
    assert world.P is world.P
    assert list(world.P) == list(range(world.observation_space.n))  # type: ignore[attr-defined]
    for state, actions in world.P.items():
        assert list(actions) == list(range(world.action_space.n))  # type: ignore[attr-defined]
        for rows in actions.values():
            assert all(tuple(map(type, row)) == (float, int, float, bool) for row in rows)
            assert len(added_up(rows)) == len(rows)
            assert sum(row[0] for row in rows) == pytest.approx(1.0, abs=1e-12)
            if world.dynamics.terminal[state]:
                assert rows == [(1.0, state, 0.0, True)]


@pytest.mark.parametrize("level", shipped())
@pytest.mark.usefixtures("only_p")
def test_what_is_read_from_p_alone_is_the_level(level: str) -> None:
    ours, read = load(level).dynamics, load(f"gym:OnlyP-v0 level={level}").dynamics
    assert read.start == pytest.approx(ours.start, abs=1e-12)
    for state in np.flatnonzero(ours.reachable & ~ours.terminal).tolist():
        for action in range(ours.n_actions):
            at = state, action
            one, other = (
                added_up(list(zip(d.probability[at], d.next_state[at], d.reward[at], d.ends[at], strict=True)))
                for d in (ours, read)
            )
            assert one == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize("level", shipped())
def test_our_environment_as_an_environment_of_gymnasium_is_the_same_world(level: str) -> None:
    ours, read = load(level).dynamics, load(f"gym:{NAME} level={level}").dynamics
    for name in ("start", "probability", "next_state", "reward", "ends", "goal", "observation"):
        assert np.array_equal(getattr(ours, name), getattr(read, name))
    assert (read.discount, read.max_steps, read.observe) == (ours.discount, ours.max_steps, ours.observe)
    assert read.actions == ours.actions
    assert ours.layout is not None
    assert read.layout is not None
    assert read.layout.rows == ours.layout.rows
    assert np.array_equal(read.layout.coins, ours.layout.coins)


def test_options_of_our_environment_are_options_of_the_world() -> None:
    world = load(f"gym:{NAME} level=cliff max_steps=40 slip=0.25 max_episode_steps=30")
    assert world.dynamics.max_steps == 30
    assert world.dynamics.layout is not None
    assert world.dynamics.layout.slip == 0.25
    assert world.playable
