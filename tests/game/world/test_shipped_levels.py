"""The shipped levels: what each file must hold, what each is built for, and the table of docs/levels.md."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from game.errors import SettingsError
from game.world.catalog import DEFAULT_LEVEL, load, shipped, world_from_text, world_of
from game.world.dynamics import Dynamics, build
from game.world.level_file import parse_level, read_level
from tests.root import ROOT

DOCS = ROOT / "docs" / "levels.md"


def best(dynamics: Dynamics) -> tuple[float, NDArray[np.intp]]:
    """The optimum within the cap, and the action that is best in each state with the whole cap ahead."""
    values = np.zeros(dynamics.n_states)
    for _ in range(dynamics.max_steps):
        later = np.where(dynamics.ends, 0.0, values[dynamics.next_state])
        table = (dynamics.probability * (dynamics.reward + dynamics.discount * later)).sum(axis=2)
        values = table.max(axis=1)
    return float(dynamics.start @ values), table.argmax(axis=1)


def walked(dynamics: Dynamics, policy: NDArray[np.float64]) -> tuple[float, float]:
    """J and the goal probability of a policy (S, A)."""
    returned, reached = np.zeros(dynamics.n_states), np.zeros(dynamics.n_states)
    for _ in range(dynamics.max_steps):
        going = np.where(dynamics.ends, 0.0, 1.0)
        returned, reached = (
            (policy[:, :, None] * dynamics.probability * (now + discount * going * later[dynamics.next_state])).sum(
                axis=(1, 2)
            )
            for now, discount, later in (
                (dynamics.reward, dynamics.discount, returned),
                (dynamics.goal, 1.0, reached),
            )
        )
    return float(dynamics.start @ returned), float(dynamics.start @ reached)


def greedy(dynamics: Dynamics, actions: NDArray[np.intp]) -> NDArray[np.float64]:
    return np.eye(dynamics.n_actions)[actions]


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_the_default_comes_first_and_none_is_missing() -> None:
    expected = "first_steps line_world short_corridor cliff windy dyna_maze four_rooms frozen_lake frozen_lake_8x8 "
    assert list(shipped()) == (expected + "coins ice_bridge saturation").split()
    assert next(iter(shipped())) == DEFAULT_LEVEL


@pytest.mark.parametrize("name", shipped())
def test_each_level_says_what_it_is(name: str) -> None:
    world = load(name)
    assert world.name == world.argument == name
    assert world.title
    assert world.source
    assert world.teaches.endswith(".")
    assert len(world.teaches) <= 120
    assert world.warnings == ()
    assert world.text == shipped()[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", shipped())
def test_each_levels_text_gives_the_same_world_again(name: str) -> None:
    world = load(name)
    again = world_from_text(world.text, name, name, "kept")
    assert np.array_equal(again.dynamics.probability, world.dynamics.probability)
    assert np.array_equal(again.dynamics.reward, world.dynamics.reward)


@pytest.mark.parametrize("name", shipped())
def test_the_table_of_the_documentation_is_true(name: str) -> None:
    rows = [line.split("|") for line in DOCS.read_text(encoding="utf-8").split("\n") if line.startswith("| `")]
    (row,) = [cells for cells in rows if cells[1].strip() == f"`{name}`"]
    dynamics = load(name).dynamics
    optimum, actions = best(dynamics)
    assert number(row[3]) == pytest.approx(optimum, abs=5.1e-6)
    assert number(row[4]) == pytest.approx(walked(dynamics, greedy(dynamics, actions))[1], abs=5.1e-5)
    uniform = np.full((dynamics.n_states, dynamics.n_actions), 1 / dynamics.n_actions)
    assert number(row[5]) == pytest.approx(walked(dynamics, uniform)[0], abs=5.1e-6)


@pytest.mark.parametrize("name", [name for name in shipped() if not name.startswith("frozen_lake")])
def test_the_best_policy_reaches_the_goal_and_its_worth_is_not_near_zero(name: str) -> None:
    dynamics = load(name).dynamics
    optimum, actions = best(dynamics)
    objective, reaches = walked(dynamics, greedy(dynamics, actions))
    assert reaches > 0.99
    assert abs(optimum) > 0.3
    assert objective == pytest.approx(optimum, rel=1e-3)


def test_the_ice_bridge_is_as_its_file_says() -> None:
    text = shipped()["ice_bridge"].read_text(encoding="utf-8")
    table = re.findall(r"^# +(0\.\d+) +(\w.*)$", text, re.M)
    discounts = [float(found) for found in re.findall(r"γ (0\.\d+)", text)]
    assert len(table) == 4
    for slip, answers in table:
        for discount, answer in zip(discounts, re.split(r" {2,}", answers), strict=True):
            changed = text.replace("slip = 0.1\n", f"slip = {slip}\n").replace(
                "discount = 0.97\n", f"discount = {discount}\n"
            )
            dynamics = build(parse_level(changed, "ice_bridge", "ice_bridge"))
            action = dynamics.actions[best(dynamics)[1][dynamics.start.argmax()]]
            assert answer == {"right": "bridge", "up": "long way"}[action]


def test_a_taken_coin_turns_the_arrow_round() -> None:
    dynamics = load("coins").dynamics
    layout = dynamics.layout
    assert layout is not None
    actions = best(dynamics)[1]
    before, after = (dynamics.actions[actions[layout.cell_states[taken, 1, 0]]] for taken in (0b00, 0b01))
    assert before == "up"
    assert after in ("down", "right")


def test_the_small_goal_of_saturation_is_worth_an_eighth_of_the_large_one() -> None:
    dynamics = load("saturation").dynamics
    left = greedy(dynamics, np.zeros(dynamics.n_states, dtype=np.intp))
    assert walked(dynamics, left) == (1.0, 0.0)
    assert best(dynamics)[0] == pytest.approx(10 * 0.95**5)


def test_options_replace_discount_and_cap_only() -> None:
    world = load("cliff")
    changed = world.with_options(discount=0.5, max_steps=7)
    assert (changed.dynamics.discount, changed.dynamics.max_steps) == (0.5, 7)
    assert changed.dynamics.probability is world.dynamics.probability
    assert world.with_options().dynamics is world.dynamics


def test_changed_physics_stand_in_the_text_with_its_comments_and_read_back_to_the_same_tables() -> None:
    world = load("ice_bridge").with_options(discount=0.85, slip=0.3, step_reward=-0.5)
    assert "# What the best policy does at the start" in world.text
    again = world_from_text(world.text, "ice_bridge", "ice_bridge", "the text")
    for name in ("start", "probability", "next_state", "reward", "ends", "goal"):
        assert np.array_equal(getattr(again.dynamics, name), getattr(world.dynamics, name)), name
    assert (again.dynamics.discount, again.dynamics.max_steps) == (0.85, 100)
    layout = world.dynamics.layout
    assert layout is not None
    assert (layout.slip, layout.step_reward) == (0.3, -0.5)


def test_a_tile_with_its_own_slip_keeps_it_and_that_is_said() -> None:
    world = load("ice_bridge").with_options(slip=0.3)
    assert world.warnings == ("--slip 0.3 is the level's; ice (0.1) keeps its own slip",)
    here = int(world.dynamics.layout.cell_states[0][2, 2])  # type: ignore[union-attr]
    right = world.dynamics.actions.index("right")
    assert sorted(world.dynamics.probability[here, right])[-3:] == pytest.approx([0.05, 0.05, 0.9])


def test_a_cliff_that_slips_is_worth_less_and_its_best_way_leaves_the_edge() -> None:
    dynamics = load("cliff").with_options(slip=0.1).dynamics
    assert best(dynamics)[0] == pytest.approx(-23.285, abs=5e-4)


def test_a_world_without_a_level_file_refuses_a_slip() -> None:
    with pytest.raises(SettingsError, match="--slip is for levels of tiles, and gym:FrozenLake-v1 is a table"):
        load("gym:FrozenLake-v1").with_options(slip=0.1)


def test_the_example_of_the_documentation_is_a_level(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    path = tmp_path / "my_level.toml"
    path.write_text(text, encoding="utf-8")
    world = world_of(read_level(path), str(path))
    assert world.title == "The windy bridge"
    dynamics, layout = world.dynamics, world.dynamics.layout
    assert layout is not None
    first_windy = layout.cell_states[0, 2, 2]
    right = dynamics.actions.index("right")
    assert layout.position[dynamics.next_state[first_windy, right, 0]].tolist() == [3, 3]
    assert dynamics.ends[first_windy, right, 0]
    assert walked(dynamics, greedy(dynamics, best(dynamics)[1]))[1] > 0.99


def test_the_program_of_the_documentation_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    exec(compile(program, str(DOCS), "exec"), {})
    assert capsys.readouterr().out == "...@........\n............\n............\nSCCCCCCCCCCG\n"


def test_the_key_tables_of_the_documentation_are_complete() -> None:
    text = DOCS.read_text(encoding="utf-8")
    level_keys = text.split("## Keys of a file")[1].split("## Keys of a tile")[0]
    tile_keys = text.split("## Keys of a tile")[1].split("Where no tile")[0]
    for key in "title source teaches discount max_steps slip step_reward actions observe map".split():
        assert f"\n| `{key}` |" in level_keys
    for key in "name reward ends goal start slip push push_cells effect".split():
        assert f"\n| `{key}` |" in tile_keys
