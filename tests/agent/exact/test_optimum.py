"""The optimum by policies and bounds, against the recursion that defines it."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import numpy as np
import pytest

from agent.exact import optimum as best
from agent.exact.exact import Exact
from agent.exact.tables import PATIENCE, Evaluation
from game.world.catalog import load, shipped, world_from_text
from game.world.dynamics import Dynamics
from tests.agent.worlds import LEVELS, world_of


def random_level(seed: int) -> Dynamics:
    """A level of up to 42 cells with anything that a tile can do, and a cap that may or may not matter."""
    numbers = random.Random(seed)
    height, width = numbers.randint(2, 6), numbers.randint(2, 7)
    cells = [[numbers.choice("........##X~><^v?CEF") for _ in range(width)] for _ in range(height)]
    cells[0][0], cells[-1][-1] = "S", "G"
    keys = {
        "discount": numbers.choice((0.9, 0.99, 0.999, 1.0)),
        "step_reward": numbers.choice((0, -0.01, -1, 0.1)),
        "slip": numbers.choice((0, 0, 0.2, 0.6)),
        "max_steps": numbers.choice((5, 20, 100, 1000, 5000)),
    }
    lines = [f"{key} = {value}" for key, value in keys.items()]
    lines += ['map = """', *("".join(row) for row in cells), '"""', "[tiles.C]", "reward = -5", 'effect = "restart"']
    lines += ["[tiles.E]", "reward = 3", "ends = true", "[tiles.F]", "goal = true", "reward = 0.5"]
    return world_from_text("\n".join(lines) + "\n", "any", "any", "any.toml").dynamics


def shown_or_none(dynamics: Dynamics) -> Evaluation | None:
    """The optimum by policies, held against the recursion where it is given out."""
    exact = Exact(dynamics)
    found = best.by_policies(exact)
    if found is None:
        return None
    expected = best.recursion(exact, np.inf)
    assert expected is not None
    assert found.objective == pytest.approx(expected.objective, rel=1e-9, abs=1e-300)
    counted = dynamics.reachable
    largest = np.abs(expected.values).max()
    np.testing.assert_allclose(found.values[counted], expected.values[counted], rtol=0, atol=1e-9 * largest)
    return found


def test_on_random_worlds_it_is_the_recursions_or_none() -> None:
    found = [shown_or_none(random_level(seed)) for seed in range(60)]
    assert 20 <= sum(one is not None for one in found) <= 50


@pytest.mark.slow
def test_on_many_random_worlds_it_is_the_recursions_or_none() -> None:
    assert sum(shown_or_none(random_level(seed)) is not None for seed in range(60, 1500)) > 400


#: Where the bounds meet: elsewhere the cap costs something, or (windy) the proof fails.
CAPLESS = "first_steps line_world short_corridor cliff dyna_maze four_rooms coins ice_bridge saturation".split()


@pytest.mark.parametrize("name", shipped())
def test_on_the_shipped_levels_it_is_the_recursions_or_none(name: str) -> None:
    found = shown_or_none(load(name).dynamics)
    assert (found is not None) == (name in CAPLESS)


@pytest.mark.parametrize("name", [*shipped(), *LEVELS])
def test_with_a_long_cap_it_is_the_recursions(name: str) -> None:
    dynamics = load(name).dynamics if name in shipped() else world_of(LEVELS[name]).dynamics
    dynamics = replace(dynamics, max_steps=5000, discount=min(dynamics.discount, 0.99))
    assert shown_or_none(dynamics) is not None


@pytest.mark.parametrize("name", ["maze:31", "maze:31:5:0.3", "maze:63", "maze:63:2"])
def test_on_mazes_goal_and_length_are_the_recursions_too(name: str) -> None:
    exact = Exact(load(name).dynamics)
    found, expected = best.by_policies(exact), best.recursion(exact, np.inf)
    assert found is not None
    assert expected is not None
    assert found.objective == pytest.approx(expected.objective, rel=1e-12)
    assert found.goal_probability == pytest.approx(1.0, rel=1e-12)
    assert found.expected_steps == pytest.approx(expected.expected_steps, rel=1e-12)


def test_the_best_way_through_the_largest_maze_is_its_shortest() -> None:
    world = load("maze:511")
    found = Exact(world.dynamics).optimum()
    ahead, steps = {(1, 1)}, 0  # breadth first, on the map itself
    rows = re.findall(r"^[#.SG]+$", world.text, re.MULTILINE)
    seen = set(ahead)
    while (509, 509) not in ahead:
        around = {(r + a, c + b) for r, c in ahead for a, b in ((0, 1), (1, 0), (0, -1), (-1, 0))}
        ahead = {(r, c) for r, c in around if rows[r][c] != "#"} - seen
        seen |= ahead
        steps += 1
    assert found.expected_steps == steps
    assert found.objective == pytest.approx(world.dynamics.discount ** (steps - 1), rel=1e-10)
    assert found.goal_probability == 1.0


def test_what_the_cap_forbids_is_not_claimed() -> None:
    # Four steps to the goal and three allowed; and a coin's worth of going round that only the cap ends.
    near = 'discount = 1.0\nmax_steps = {}\nstep_reward = -1\nmap = "S...G"\n'
    for cap, expected in ((3, None), (4, None), (400, -2.0)):
        found = best.by_policies(Exact(world_of(near.format(cap)).dynamics))
        assert (None if found is None else found.objective) == expected
    round_and_round = 'discount = 1.0\nmax_steps = 100\nstep_reward = 0\nmap = "SF.G"\n[tiles.F]\nreward = 1\n'
    exact = Exact(world_of(round_and_round).dynamics)
    assert best.by_policies(exact) is None
    assert exact.optimum().objective == 50.0  # every other step


def test_a_recursion_without_end_is_not_begun_where_bounds_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best, "SHORT", 0.0)
    monkeypatch.setattr(best, "LONG", 0.0)
    exact = Exact(load("maze:63").dynamics)
    assert exact.cost > PATIENCE
    assert exact.affordable
