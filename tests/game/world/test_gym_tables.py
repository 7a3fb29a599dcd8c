"""Environments of Gymnasium as worlds: their own tables, and one sentence where something is missing."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import register, registry

from agent.reinforce.settings import settings_for
from agent.runs.folder import describe, open_run
from game.env.grid_world import GridWorld
from game.errors import LevelError, RunError
from game.view.shared.text_board import board_text
from game.world.catalog import load
from game.world.gym_argument import typed, with_options
from tests.game.world.test_gymnasium_tables import added_up

#: Three states in a row: 0 and 1 to stand in, 2 to end in, whose own row leads away; action 0 stays, 1 goes on.
CHAIN = {
    0: {0: [(1.0, 0, 0.0, False)], 1: [(0.25, 1, 0.0, False), (0.25, 1, 0.0, False), (0.5, 0, 0.0, False)]},
    1: {0: [(1.0, 1, 0.0, False)], 1: [(0.9, 2, 5.0, True), (0.1, 2, -1.0, True)]},
    2: {0: [(1.0, 0, 7.0, False)], 1: [(1.0, 0, 7.0, False)]},
}


class Chain(gymnasium.Env[Any, Any]):
    """An environment of one's own; its options replace what it holds."""

    def __init__(self, **changes: Any) -> None:
        self.P: Any = {s: dict(actions) for s, actions in CHAIN.items()}
        self.initial_state_distrib: Any = [1.0, 0.0, 0.0]
        for key, value in changes.items():
            if key.startswith("row"):
                self.P[int(key[3:])][1] = value
            elif value is None:
                delattr(self, key)
            else:
                setattr(self, key, value)


@pytest.fixture(autouse=True)
def chain() -> Iterator[None]:
    register("Chain-v0", entry_point=Chain)
    yield
    registry.pop("Chain-v0", None)


@pytest.mark.parametrize(
    "level",
    [
        "gym:FrozenLake-v1",
        "gym:FrozenLake-v1 is_slippery=False map_name=8x8",
        "gym:CliffWalking-v1",
        "gym:CliffWalkingSlippery-v1",
        "gym:Taxi-v4",
        "gym:Taxi-v4 is_rainy=True fickle_passenger=False",
    ],
)
def test_every_state_where_an_episode_can_stand_has_the_environments_outcomes(level: str) -> None:
    world = load(level)
    dynamics = world.dynamics
    name, *options = level.removeprefix("gym:").split()
    given: dict[str, Any] = {
        key: {"True": True, "False": False}.get(value, value) for key, value in (o.split("=") for o in options)
    }
    theirs: Any = gymnasium.make(name, disable_env_checker=True, **given).unwrapped
    assert dynamics.n_states == len(theirs.P)
    assert dynamics.start == pytest.approx(theirs.initial_state_distrib, abs=1e-12)
    standing = np.flatnonzero(dynamics.reachable & ~dynamics.terminal)
    assert len(standing) > 10
    for state in standing.tolist():
        for action in range(dynamics.n_actions):
            at = state, action
            columns = (dynamics.probability[at], dynamics.next_state[at], dynamics.reward[at], dynamics.ends[at])
            ours = list(zip(*columns, strict=True))
            assert len([row for row in ours if row[0] > 0]) == len(added_up(ours))  # equal outcomes are merged
            assert added_up(ours) == pytest.approx(added_up(theirs.P[state][action]), abs=1e-12)


def test_caps_discount_and_names_are_the_environments_or_follow_the_stated_rules() -> None:
    lake, eight, cliff, taxi = (load(f"gym:{n}-v{v}").dynamics for n, v in NAMES)
    assert [d.max_steps for d in (lake, eight, cliff, taxi)] == [100, 200, 480, 200]  # 10 · 48 where there is none
    assert {d.discount for d in (lake, eight, cliff, taxi)} == {0.99}
    assert lake.actions == ("left", "down", "right", "up")
    assert cliff.actions == ("up", "right", "down", "left")
    assert taxi.actions == ("0", "1", "2", "3", "4", "5")
    assert load("gym:FrozenLake-v1").with_options(0.5, 7).dynamics.max_steps == 7


NAMES = (("FrozenLake", 1), ("FrozenLake8x8", 1), ("CliffWalking", 1), ("Taxi", 4))


def test_success_is_the_highest_paying_ending() -> None:
    lake, chain = load("gym:FrozenLake-v1").dynamics, load("gym:Chain-v0").dynamics
    assert set(lake.next_state[lake.goal].tolist()) == {15}
    assert (lake.reward[lake.goal] == 1.0).all()
    assert np.argwhere(chain.goal).tolist() == [[1, 1, 0]]
    assert set(load("gym:Taxi-v4").dynamics.reward[load("gym:Taxi-v4").dynamics.goal].tolist()) == {20.0}


def test_a_state_that_episodes_only_end_in_is_a_loop_without_reward() -> None:
    chain = load("gym:Chain-v0").dynamics
    assert chain.terminal.tolist() == [False, False, True]
    assert chain.reward[2].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert chain.probability[0, 1].tolist() == [0.5, 0.5]


def test_a_wrong_row_where_no_episode_can_stand_does_no_harm() -> None:
    assert load("gym:Chain-v0 row2=[]").dynamics.terminal.tolist() == [False, False, True]
    chain = load("gym:Chain-v0 'row1=[(1.0, 0, 1.0, True)]' row2=[]").dynamics
    assert not chain.reachable[2]
    assert np.isfinite(chain.reward).all()


def test_grids_are_shown_and_other_worlds_say_that_they_have_none() -> None:
    lake, cliff, taxi = (load(f"gym:{name}") for name in ("FrozenLake-v1", "CliffWalking-v1", "Taxi-v4"))
    assert lake.dynamics.layout is not None
    assert lake.dynamics.layout.rows == ("S...", ".X.X", "...X", "X..G")
    assert cliff.dynamics.layout is not None
    assert cliff.dynamics.layout.rows == ("............",) * 3 + ("SCCCCCCCCCCG",)
    assert taxi.dynamics.layout is None
    assert board_text(taxi.dynamics, 5) == "state 5 of 500"
    uniform = np.full((3, 2), 0.5)
    own = load("gym:Chain-v0 shape=(1,3)").dynamics  # a grid, but actions that are no directions
    assert board_text(own, 0, uniform).split() == ["@", "0", "G"]
    lake.require_playable()
    for other, message in ((taxi, "has no grid"), (load("gym:Chain-v0 shape=(1,3)"), "actions without a key")):
        with pytest.raises(LevelError, match=message):
            other.require_playable()
    environment = GridWorld(lake, render_mode="rgb_array")
    environment.reset(seed=0)
    picture: Any = environment.render()
    assert picture.shape[2] == 3


@pytest.mark.parametrize(
    ("level", "message"),
    [
        ("gym:", "names no environment"),
        ("gym:FrozenLke-v1", "did you mean FrozenLake-v1"),
        ("gym:Qzxv", "expected one such as FrozenLake-v1"),
        ("gym:Taxi-v3", "Taxi-v4"),
        ("gym:nowhere_at_all:X-v0", "the module 'nowhere_at_all' cannot be imported"),
        ("gym:Blackjack-v1", "holds no transition table P"),
        ("gym:FrozenLake-v1 map_name=9x9", "cannot be made: KeyError"),
        ("gym:FrozenLake-v1 colour=blue", "unexpected keyword argument 'colour'"),
        ("gym:FrozenLake-v1 map_name", "--gym-arg is 'map_name'; expected key=value"),
        ("gym:FrozenLake-v1 a=1 a=2", "a is given twice"),
        ("gym:FrozenLake-v1 a='", "quotation mark"),
        ("gym:Chain-v0 initial_state_distrib=None", "does not say where an episode starts"),
        ("gym:Chain-v0 initial_state_distrib=[1,1,0]", "no distribution over the 3 states"),
        ("gym:Chain-v0 initial_state_distrib=[1]", "no distribution over the 3 states"),
        ("gym:Chain-v0 P=[]", "P is no table"),
        ("gym:Chain-v0 P=5", "P is no table"),
        ("gym:Chain-v0 'row0=[(0.5, 1, 0.0, False)]'", "P[0][1] are no distribution, they add up to 0.5"),
        ("gym:Chain-v0 'row0=[(1.5, 1, 0, 0), (-0.5, 0, 0, 0)]'", "no distribution"),
        ("gym:Chain-v0 row1=[]", "P[1][1] are no distribution"),
        ("gym:Chain-v0 'row1=[(1.0, 3, 0.0, False)]'", "leads to state 3; expected one from 0 to 2"),
        ("gym:Chain-v0 'row1=[(1.0, 2, 1e999, True)]'", "pays inf"),
        ("gym:Chain-v0 row1=nonsense", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(level: str, message: str) -> None:
    with pytest.raises(LevelError) as error:
        load(level)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_options_of_the_command_line_become_part_of_the_level() -> None:
    level = with_options("gym:FrozenLake-v1", ["map_name=8x8", 'desc=["SF", "FG"]'])
    assert load(level).dynamics.n_states == 4
    assert typed(level) == 'gym:FrozenLake-v1 --gym-arg map_name=8x8 --gym-arg \'desc=["SF", "FG"]\''
    assert load("gym:FrozenLake-v1 is_slippery=false").dynamics.n_outcomes == 1
    assert with_options("cliff", []) == "cliff"
    with pytest.raises(LevelError, match="not for 'cliff'"):
        with_options("cliff", ["a=1"])


def test_a_run_is_opened_in_the_same_world_or_not_at_all(tmp_path: Path) -> None:
    world = load('gym:Chain-v0 "row0=[(1.0, 1, 2.0, False)]"')
    settings = settings_for(world.dynamics, discount=0.5, max_steps=9)
    describe(tmp_path, world, settings)
    opened = open_run(tmp_path)
    assert opened.settings == settings
    assert opened.world.argument == world.argument
    assert (opened.world.dynamics.discount, opened.world.dynamics.max_steps) == (0.5, 9)
    np.testing.assert_array_equal(opened.world.dynamics.reward, world.dynamics.reward)
    description = json.loads((tmp_path / "settings.json").read_text())
    changed = description | {"level": "gym:Chain-v0"}
    (tmp_path / "settings.json").write_text(json.dumps(changed))
    with pytest.raises(RunError, match="tables have changed"):
        open_run(tmp_path)
    registry.pop("Chain-v0")
    with pytest.raises(RunError, match="cannot be had here: there is no environment 'Chain-v0'"):
        open_run(tmp_path)


def test_the_published_numbers_of_gymnasiums_lake_come_out_of_its_own_table() -> None:
    from agent.exact.exact import Exact

    assert math.isclose(Exact(load("gym:FrozenLake-v1").dynamics).optimum().objective, 0.52228, abs_tol=5e-6)
    assert math.isclose(Exact(load("gym:FrozenLake8x8-v1").dynamics).optimum().objective, 0.41199, abs_tol=5e-6)
