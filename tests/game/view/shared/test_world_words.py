"""The rules of a world in words, and what a step did."""

from __future__ import annotations

import numpy as np
import pytest

from game.snapshots.snapshot import Trajectory
from game.view.shared.step_words import happened
from game.view.shared.world_words import cell_words, rules, share, tile_words, tiles_on
from game.world.catalog import World, load, shipped, world_from_text


def level(drawn: str, rest: str = "", head: str = "") -> World:
    return world_from_text(f'step_reward = -0.02\n{head}\nmap = """\n{drawn}\n"""\n{rest}', "test", "test", "test")


def one_step(world: World, state: int, action: int, next_state: int, reward: float, ended: bool = False) -> Trajectory:
    one = np.ones(1)
    return Trajectory(
        states=np.array([state, next_state], np.int32),
        actions=np.array([action], np.int32),
        rewards=np.array([reward]),
        policy_probability=one,
        transition_probability=one,
        start_probability=1.0,
        terminated=ended,
        truncated=False,
        goal=False,
    )


def walked(world: World, from_: tuple[int, int], action: str, to: tuple[int, int], reward: float = -0.02) -> str:
    layout = world.dynamics.layout
    assert layout is not None
    states = [int(layout.cell_states[0][place]) for place in (from_, to)]
    return happened(world.dynamics, one_step(world, states[0], world.dynamics.actions.index(action), states[1], reward))


def test_the_rules_of_ice_bridge_are_one_line_that_a_class_can_decide_by() -> None:
    assert rules(load("ice_bridge").dynamics) == (
        "no step slips, on ice 1 of 10 steps",
        "each step 0",
        "goal +1, pit −1",
        "γ 0.97: a reward 10 steps away counts 0.74",
        "at most 100 steps",
    )


def test_a_share_is_a_fraction_where_it_is_one_else_percent() -> None:
    assert share(0.2) == ("1 of 5 steps", True)
    assert share(2 / 3) == ("2 of 3 steps", False)
    assert share(0.137) == ("13.7 % of steps", False)


def test_each_tile_of_the_shipped_levels_says_what_it_does() -> None:
    said = {}
    for name in shipped():
        layout = load(name).dynamics.layout
        assert layout is not None
        said[name] = [tile_words(tile, layout) for tile in tiles_on(layout)]
    assert "cliff: −100 and back to a start" in said["cliff"]
    assert "hole: 0 and the end" in said["frozen_lake"]
    assert "ice: 1 of 10 steps slips" in said["ice_bridge"]
    assert "strong wind up: pushes up 2 cells" in said["windy"]
    assert "coin: +1, once" in said["coins"]
    assert "swap: turns each action into its opposite" in said["short_corridor"]


def test_of_a_world_whose_tables_alone_are_known_no_reward_of_a_tile_is_claimed() -> None:
    world = load("gym:FrozenLake-v1")  # its holes pay 0, while a pit of a level file pays −1
    assert world.dynamics.layout is not None
    assert [tile_words(tile, world.dynamics.layout) for tile in tiles_on(world.dynamics.layout)] == [
        "start",
        "pit",
        "goal",
    ]
    assert rules(world.dynamics) == ("γ 0.99: a reward 10 steps away counts 0.90", "at most 100 steps")


def test_a_slip_names_the_direction_where_only_one_leads_there() -> None:
    open_field = level("...\n.S.\n...", head="slip = 0.5")
    assert walked(open_field, (1, 1), "right", (1, 2)) == ""
    assert walked(open_field, (1, 1), "right", (2, 1)) == "you slipped: down instead of right"


def test_where_both_sides_are_walls_a_slip_has_no_direction() -> None:
    corridor = level("S..", head="slip = 0.5")
    assert walked(corridor, (0, 0), "right", (0, 0)) == "you slipped, the edge: you stayed, it counts as a step"


def test_where_the_intended_move_and_a_slip_lead_to_the_same_cell_no_slip_is_claimed() -> None:
    corner = level("S.\n..", head="slip = 0.5")
    # Up is the edge; to the left is the edge as well: it may have slipped or not.
    assert walked(corner, (0, 0), "up", (0, 0)) == "the edge: you stayed, it counts as a step"


def test_a_wall_and_the_edge_are_told_apart() -> None:
    walls = level("S#\n..")
    assert walked(walls, (0, 0), "right", (0, 0)) == "the wall: you stayed, it counts as a step"
    assert walked(walls, (0, 0), "up", (0, 0)) == "the edge: you stayed, it counts as a step"


def test_what_is_entered_says_what_it_pays() -> None:
    world = level("SX\n*G")
    assert walked(world, (0, 0), "right", (0, 1), -1.0) == "into the pit: −1"
    assert walked(world, (0, 0), "down", (1, 0), 1.0) == "a coin: +1"
    assert walked(level("SG"), (0, 0), "right", (0, 1), 1.0) == "to the goal: +1"


def test_a_cliff_says_what_it_cost_and_where_one_is_again() -> None:
    cliff = load("cliff")
    assert walked(cliff, (3, 0), "right", (3, 0), -100.0) == "onto the cliff: −100, back to a start"
    assert walked(cliff, (2, 5), "down", (3, 0), -100.0) == "onto the cliff: −100, back to a start"


def test_wind_and_swapped_actions_are_named() -> None:
    windy = load("windy")
    assert walked(windy, (3, 3), "right", (2, 4), -1.0) == "the wind pushed up"
    corridor = load("short_corridor")
    assert walked(corridor, (0, 1), "right", (0, 0), -1.0) == "the swap turned right into left"


@pytest.mark.parametrize("name", [name for name in shipped() if name != "frozen_lake_8x8"])
def test_a_slip_is_said_exactly_where_the_same_world_without_slip_could_not_have_led_there(name: str) -> None:
    """The independent judge is the table of the same level with all slip taken out."""
    world = load(name)
    text = "\n".join(line for line in world.text.splitlines() if not line.startswith("slip"))
    sure = world_from_text(text.replace("~", "."), name, name, name).dynamics
    dynamics = world.dynamics
    slipped = 0
    for state in np.flatnonzero(dynamics.reachable & ~dynamics.terminal).tolist():
        for action in range(dynamics.n_actions):
            meant = {
                (int(after), float(reward))
                for after, reward, chance in zip(
                    sure.next_state[state, action],
                    sure.reward[state, action],
                    sure.probability[state, action],
                    strict=True,
                )
                if chance > 0.0
            }
            for k in np.flatnonzero(dynamics.probability[state, action]).tolist():
                after, reward = int(dynamics.next_state[state, action, k]), float(dynamics.reward[state, action, k])
                words = happened(dynamics, one_step(world, state, action, after, reward))
                assert ("slipped" in words) == ((after, reward) not in meant), (state, action, after, words)
                slipped += "slipped" in words
    assert (slipped > 0) == (name in ("first_steps", "four_rooms", "frozen_lake", "ice_bridge"))


def test_a_cell_says_how_slippery_it_is_unless_nobody_stands_there() -> None:
    layout = load("frozen_lake").dynamics.layout
    assert layout is not None
    assert cell_words(layout.tile(0, 0), layout) == "start, 2 of 3 steps slip"
    assert cell_words(layout.tile(0, 1), layout) == "floor, 2 of 3 steps slip"
    assert cell_words(layout.tile(1, 1), layout) == "hole: 0 and the end"
    bridge = load("ice_bridge").dynamics.layout
    assert bridge is not None
    assert cell_words(bridge.tile(2, 2), bridge) == "ice: 1 of 10 steps slips"
