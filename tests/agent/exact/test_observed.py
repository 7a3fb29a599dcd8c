"""The best found of policies that see less than the state: never below what training reaches."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from agent.exact.exact import Exact
from agent.exact.observed import Search
from game.world.dynamics import Dynamics
from tests.agent.exact.partly_observed import random_level, trained
from tests.agent.worlds import LEVELS, world_of

#: One must risk a pit: among deterministic policies none is better than walking about for nothing.
SEVEN_LETTERS = """
discount = 0.95
max_steps = 15
observe = "tile"
map = \"\"\"
bSXbb
baXeG
ebfab
\"\"\"
[tiles.G]
reward = 2
""" + "".join(f'[tiles.{letter}]\nname = "{letter}"\n' for letter in "abcdef")


def best_of_five(dynamics: Dynamics) -> float:
    return max(trained(dynamics, seed) for seed in range(5))


def test_one_must_risk_a_pit() -> None:
    exact = Exact(world_of(SEVEN_LETTERS).dynamics)
    assert Search(exact).deterministic()[0] == 0.0
    found = exact.optimum_observed()
    assert found == pytest.approx(1.32413, abs=5e-6)
    assert found > 1.3238  # where the best of five runs of training ended
    assert found < exact.optimum().objective


@pytest.mark.parametrize("seed", [9, 54])  # where most climbs end below
def test_the_search_is_not_below_a_run(seed: int) -> None:
    dynamics = random_level(seed)
    assert Exact(dynamics).optimum_observed() >= trained(dynamics, 0)


@pytest.mark.slow
def test_on_a_hundred_levels_the_search_is_not_below_the_best_of_five_runs() -> None:
    below = [
        seed for seed in range(100) if Exact(random_level(seed)).optimum_observed() < best_of_five(random_level(seed))
    ]
    assert below == []


@pytest.mark.parametrize("name", LEVELS)
def test_policies_are_valued_many_at_once_as_they_are_one_by_one(name: str) -> None:
    dynamics = world_of(LEVELS[name], observe="tile").dynamics
    exact = Exact(dynamics)
    actions = np.random.default_rng(0).integers(dynamics.n_actions, size=(20, dynamics.n_observations))
    expected = [
        exact.objective(exact.values(np.eye(dynamics.n_actions)[chosen][dynamics.observation])) for chosen in actions
    ]
    np.testing.assert_allclose(Search(exact).objectives(actions), expected, rtol=1e-12, atol=1e-12)


def test_every_deterministic_policy_is_tried_where_that_is_affordable() -> None:
    dynamics = world_of(LEVELS["everything"], observe="tile").dynamics
    search = Search(Exact(dynamics))
    seen = len(search.decided)
    assert 1 < seen < dynamics.n_observations  # on ends nothing is decided
    tried = np.concatenate(list(search.choices()))[:, search.decided]
    assert {tuple(row) for row in tried.tolist()} == set(itertools.product(range(4), repeat=seen))


def test_where_there_are_too_many_no_single_change_is_better(monkeypatch: pytest.MonkeyPatch) -> None:
    search = Search(Exact(world_of(LEVELS["everything"], observe="tile").dynamics))
    highest = search.deterministic()[0]
    monkeypatch.setattr("agent.exact.observed.TRYING", 1.0)
    monkeypatch.setattr("agent.exact.observed.IMPROVED", 0)
    with pytest.raises(ValueError, match="concatenate"):
        search.deterministic()
    monkeypatch.setattr("agent.exact.observed.IMPROVED", 20)
    monkeypatch.setattr("agent.exact.observed.TRYING", 3e6)
    found, places = search.deterministic()
    assert found == pytest.approx(highest, abs=1e-12)
    changed = search.objectives(search.changes(places[0][search.decided]))
    assert changed.max() <= changed[0] + 1e-12


def test_the_search_ends_where_nothing_better_can_be() -> None:
    # What is seen suffices: left on swaps, right on floor.
    dynamics = world_of('max_steps = 20\nobserve = "tile"\nactions = ["left", "right"]\nmap = "S?..G"\n').dynamics
    exact = Exact(dynamics)

    def never(*_: object) -> None:
        raise AssertionError("a gradient")

    exact.both_ways = never  # type: ignore[assignment]
    assert exact.optimum_observed() == pytest.approx(exact.optimum().objective, rel=1e-12)
