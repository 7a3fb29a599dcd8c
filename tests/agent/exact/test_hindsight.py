"""What choices cost, against the optimum by plain recursion over every action and outcome."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from agent.exact import hindsight
from agent.exact.exact import Exact
from agent.exact.hindsight import Hindsight, optimal_values
from agent.runs.opponents import Opponents
from game.match.match import Match, new_match, play_on, sampling
from game.snapshots.snapshot import Trajectory
from tests.agent.worlds import TINY, random_policy, world_of

LINE = 'discount = 0.9\nmax_steps = 6\nstep_reward = -1\nactions = ["left", "right"]\nmap = "S..G"'
HASTE = 'discount = 1\nmax_steps = 3\nstep_reward = 0\nactions = ["left", "right"]\nmap = "G.S..H"\n'
HASTE += "[tiles.H]\nends = true\nreward = 5"


def episodes(text: str, count: int, seed: int = 0) -> tuple[Exact, list[Trajectory]]:
    """Episodes of a random policy."""
    dynamics = world_of(text).dynamics
    rng = np.random.default_rng(seed)
    strategy = sampling(random_policy(dynamics, seed))
    walked: list[Match] = [play_on(new_match(dynamics, 1, rng), strategy) for _ in range(count)]
    return Exact(dynamics), [match.current.policy for match in walked]


def walk(exact: Exact, *names: str) -> Trajectory:
    """The episode of a deterministic world with these actions."""
    dynamics = exact.dynamics
    state = int(dynamics.start.argmax())
    states, actions, rewards = [state], [], []
    for name in names:
        action = dynamics.actions.index(name)
        actions.append(action)
        rewards.append(float(dynamics.reward[state, action, 0]))
        state = int(dynamics.next_state[state, action, 0])
        states.append(state)
    ones = np.ones(len(actions))
    taken = np.array(states, dtype=np.int32), np.array(actions, dtype=np.int32), np.array(rewards)
    return Trajectory(*taken, ones, ones, 1.0, False, False, False)


@pytest.mark.parametrize("text", [TINY, LINE, HASTE])
def test_costs_are_those_of_a_plain_recursion(text: str) -> None:
    exact, walked = episodes(text, 60)
    dynamics = exact.dynamics

    def action_value(t: int, s: int, a: int) -> float:
        total = 0.0
        for k in range(dynamics.n_outcomes):
            p, r = float(dynamics.probability[s, a, k]), float(dynamics.reward[s, a, k])
            ahead = 0.0 if dynamics.ends[s, a, k] else value(t + 1, int(dynamics.next_state[s, a, k]))
            total += p * (r + dynamics.discount * ahead)
        return total

    @cache
    def value(t: int, s: int) -> float:
        return 0.0 if t == dynamics.max_steps else max(action_value(t, s, a) for a in range(dynamics.n_actions))

    review = Hindsight(exact)
    for trajectory in walked:
        found = review(trajectory)
        assert found is not None
        path = list(zip(trajectory.states[:-1].tolist(), trajectory.actions.tolist(), strict=True))
        costs = [dynamics.discount**t * (value(t, s) - action_value(t, s, a)) for t, (s, a) in enumerate(path)]
        np.testing.assert_allclose(found.costs, costs, atol=1e-12)
        assert found.attainable == pytest.approx(value(0, int(trajectory.states[0])), abs=1e-12)
        for t, (s, _) in enumerate(path):
            assert action_value(t, s, int(found.best[t])) == pytest.approx(value(t, s), abs=1e-10)


def test_the_best_actions_cost_nothing_at_all() -> None:
    exact = Exact(world_of(LINE).dynamics)
    found = Hindsight(exact)(walk(exact, "right", "right", "right"))
    assert found is not None
    assert found.costs.tolist() == [0.0, 0.0, 0.0]
    assert found.luck == pytest.approx(0.0, abs=1e-15)


def test_a_step_back_costs_what_it_takes_to_make_it_good() -> None:
    # Two more steps of −1, and the goal's +1 comes two steps later, at 0.9⁴ instead of 0.9².
    exact = Exact(world_of(LINE).dynamics)
    found = Hindsight(exact)(walk(exact, "right", "left", "right", "right", "right"))
    assert found is not None
    best, walked = -1 - 0.9 + 0.81, -1 - 0.9 - 0.81 - 0.729 + 0.6561
    assert found.costs == pytest.approx([0.0, best - walked, 0.0, 0.0, 0.0], abs=1e-12)
    assert found.best.tolist() == [1, 1, 1, 1, 1]


def test_the_best_action_depends_on_the_steps_that_are_left() -> None:
    # Three steps are enough for the 5 on the right; after one step to the left only the 1 can be had.
    exact = Exact(world_of(HASTE).dynamics)
    found = Hindsight(exact)(walk(exact, "left", "left"))
    assert found is not None
    assert found.costs == pytest.approx([4.0, 0.0])
    assert found.best.tolist() == [1, 0]


def test_return_is_what_can_be_had_less_the_costs_plus_luck_and_luck_is_zero_on_average() -> None:
    exact, walked = episodes(TINY, 4000, seed=3)
    review = Hindsight(exact)
    luck = []
    for trajectory in walked:
        found = review(trajectory)
        assert found is not None
        balance = found.attainable - found.costs.sum() + found.luck
        assert balance == pytest.approx(trajectory.total_return(0.8), abs=1e-12)
        luck.append(found.luck)
    # Five standard errors: by chance in fewer than one of a million seeds.
    assert abs(np.mean(luck)) < 5 * np.std(luck) / np.sqrt(len(luck))


def test_an_episode_without_a_step_has_no_costs() -> None:
    exact = Exact(world_of(LINE).dynamics)
    found = Hindsight(exact)(walk(exact))
    assert found is not None
    assert len(found.costs) == 0


def test_only_tables_before_settling_are_kept() -> None:
    exact = Exact(world_of(LINE.replace("max_steps = 6", "max_steps = 100000")).dynamics)
    tables = optimal_values(exact)
    assert tables is not None
    assert len(tables) < 10
    found = Hindsight(exact)(walk(exact, "right"))
    assert found is not None
    assert found.attainable == pytest.approx(-1 - 0.9 + 0.81)


@pytest.mark.parametrize("limit", ["MOST_VALUES", "MOST_COST"])
def test_where_the_optimum_is_too_costly_there_is_no_review(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hindsight, limit, 20)
    exact, walked = episodes(TINY, 1)
    assert Hindsight(exact)(walked[0]) is None


def test_an_opponent_reviews_what_was_played_against_it() -> None:
    opponent = Opponents("first_steps", None).opponent("first_steps")
    rng = np.random.default_rng(5)
    played = play_on(new_match(opponent.world.dynamics, 1, rng), sampling(opponent.probabilities)).current.policy
    assert opponent.review is not None
    found = opponent.review(played)
    assert found is not None
    assert found.costs.shape == (len(played),)
    assert found.attainable == pytest.approx(opponent.optimum)  # it has one start


def test_an_episode_broken_off_forgoes_what_could_still_be_expected() -> None:
    """One step before the goal of the line: γ² · 1 was still to be had, and nothing else was lost."""
    exact = Exact(world_of(LINE).dynamics)
    found = Hindsight(exact)(walk(exact, "right", "right"))
    assert found is not None
    assert found.forgone == pytest.approx(0.9**2, abs=1e-15)
    assert found.luck == pytest.approx(0.0, abs=1e-12)
    assert found.attainable == pytest.approx(-1 - 0.9 + 0.9**2, abs=1e-12)
