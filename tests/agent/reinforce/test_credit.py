"""The credit table against numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from agent.reinforce.batch import gathered
from agent.reinforce.credit import Baseline, centred, credit_table, credited, returns_to_go
from game.snapshots.snapshot import Trajectory
from tests.agent.worlds import CORRIDOR, world_of


def episode(states: list[int], actions: list[int], rewards: list[float]) -> Trajectory:
    ones = np.ones(len(actions))
    return Trajectory(
        states=np.array(states, dtype=np.int32),
        actions=np.array(actions, dtype=np.int32),
        rewards=np.array(rewards),
        policy_probability=ones,
        transition_probability=ones,
        start_probability=1.0,
        terminated=True,
        truncated=False,
        goal=False,
    )


# Rewards 4, -2, 8 at γ = ½:  G_2 = 8,  G_1 = -2 + 8/2 = 2,  G_0 = 4 + 2/2 = 5 = R(τ).
FIRST = episode([0, 1, 0, 2], [1, 0, 1], [4.0, -2.0, 8.0])
# Rewards 0, 6:  G_1 = 6,  G_0 = 3 = R(τ).
SECOND = episode([0, 1, 2], [0, 0], [0.0, 6.0])
BASELINE = np.array([1.0, -3.0, 100.0])


def test_returns_to_go_add_up_what_follows() -> None:
    assert returns_to_go(FIRST, 0.5).tolist() == [5.0, 2.0, 8.0]
    assert returns_to_go(SECOND, 0.5).tolist() == [3.0, 6.0]
    assert returns_to_go(episode([0], [], []), 0.5).tolist() == []


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        ("total-return", [5.0, 5.0, 5.0]),
        ("reward-to-go", [5.0, 2.0 / 2, 8.0 / 4]),
        ("baseline", [5.0 - 1.0, (2.0 + 3.0) / 2, (8.0 - 1.0) / 4]),
    ],
)
def test_each_step_is_credited_as_worked_by_hand(estimator: str, expected: list[float]) -> None:
    assert credited(FIRST, estimator, 0.5, BASELINE).tolist() == expected


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        # State 0: action 1 at t = 0 and 2 of the first episode, action 0 at t = 0 of the second; the mean of two.
        ("total-return", [[3.0 / 2, (5.0 + 5.0) / 2], [(5.0 + 3.0) / 2, 0.0], [0.0, 0.0]]),
        ("reward-to-go", [[3.0 / 2, (5.0 + 2.0) / 2], [(1.0 + 3.0) / 2, 0.0], [0.0, 0.0]]),
        ("baseline", [[2.0 / 2, (4.0 + 1.75) / 2], [(2.5 + 4.5) / 2, 0.0], [0.0, 0.0]]),
    ],
)
def test_the_table_is_the_mean_over_episodes_of_sums_over_steps(estimator: str, expected: list[list[float]]) -> None:
    assert credit_table([FIRST, SECOND], estimator, 0.5, BASELINE, (3, 2)).tolist() == expected


def test_a_discount_of_zero_credits_the_first_step_only() -> None:
    assert credited(FIRST, "reward-to-go", 0.0, BASELINE).tolist() == [4.0, 0.0, 0.0]


def test_the_sums_of_a_batch_are_returns_and_visits_by_state() -> None:
    dynamics = world_of(CORRIDOR).with_options(discount=0.5).dynamics  # four states
    batch = gathered(dynamics, [FIRST, SECOND], "reward-to-go", np.zeros(4))
    assert batch.sums.tolist() == [[5.0 + 8.0 + 3.0, 3.0], [2.0 + 6.0, 2.0], [0.0, 0.0], [0.0, 0.0]]
    assert batch.returns.tolist() == [5.0, 3.0]
    assert batch.lengths.tolist() == [3, 2]


def test_the_centred_table_takes_from_the_other_actions_what_it_adds_to_one() -> None:
    # Credit (8, 0) at π = (¼, ¾): 8 − ¼·8 = 6 and 0 − ¾·8 = −6.
    assert centred(np.array([[8.0, 0.0]]), np.array([[0.25, 0.75]])).tolist() == [[6.0, -6.0]]


def test_the_baseline_is_a_mean_in_which_older_batches_count_less() -> None:
    baseline = Baseline(2)
    assert baseline.values().tolist() == [0.0, 0.0]
    baseline.learn(np.array([[10.0, 2.0], [0.0, 0.0]]))
    assert baseline.values().tolist() == [5.0, 0.0]
    # 0.8 · (10, 2) + (3, 3) = (11, 4.6); a state that is not visited again keeps its mean.
    baseline.learn(np.array([[3.0, 3.0], [4.0, 1.0]]))
    np.testing.assert_allclose(baseline.values(), [11.0 / 4.6, 4.0], rtol=1e-15)
    baseline.learn(np.zeros((2, 2)))
    np.testing.assert_allclose(baseline.values(), [11.0 / 4.6, 4.0], rtol=1e-15)
