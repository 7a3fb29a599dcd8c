"""Exact numbers for the screen alone, and the policy that the last update led to: neither changes what is learned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agent.exact.policy_values import policy_objective
from agent.reinforce.settings import settings_for
from agent.runs.last_policy import last_policy
from agent.trainer import Trainer
from tests.agent.worlds import EVERYTHING, fingerprint, world_of

MEASURED = ("objective", "values", "action_values", "exact_credit", "angle", "norm_ratio")


def bare(**given: Any) -> Trainer:
    """A trainer that can never afford exact numbers."""
    dynamics = world_of(EVERYTHING).dynamics
    trainer = Trainer(dynamics, settings_for(dynamics, batch=8, episodes=400, **given))
    trainer.budget.debt = 1e9
    return trainer


@pytest.mark.parametrize("given", [{}, {"hidden": (6,)}, {"estimator": "total-return", "optimizer": "sgd"}])
def test_what_is_measured_for_the_screen_is_what_training_measures_and_changes_nothing(given: dict[str, Any]) -> None:
    dynamics = world_of(EVERYTHING).dynamics
    rich = Trainer(dynamics, settings_for(dynamics, batch=8, episodes=400, **given))
    looked_at, left_alone = bare(**given), bare(**given)
    for _ in range(6):
        rich.budget.debt = 0.0
        expected, snapshot = rich.step(), looked_at.step()
        left_alone.step()
        assert snapshot.objective is None
        exact = looked_at.exactly(snapshot, 10.0)
        for name in MEASURED:
            np.testing.assert_allclose(getattr(exact, name), getattr(expected, name), rtol=1e-9, atol=1e-12)
        assert snapshot.objective is None, "what was handed on stays as it is"
        assert looked_at.exactly(expected, 10.0) is expected
    assert fingerprint(looked_at) == fingerprint(left_alone)
    assert looked_at.budget.debt == left_alone.budget.debt


def test_only_the_update_on_screen_is_measured_and_only_where_there_is_the_time() -> None:
    trainer = bare()
    old, new = trainer.step(), trainer.step()
    assert trainer.exactly(old, 10.0) is old
    assert trainer.exactly(new, 0.0) is new


def test_the_last_policy_is_the_one_that_the_report_speaks_of() -> None:
    trainer = bare()
    last = None
    for snapshot in trainer.run():
        last = snapshot
    assert last is not None
    ended = last_policy(trainer)
    assert (ended.update, ended.sampled, len(ended.episode)) == (last.update + 1, False, 0)
    np.testing.assert_array_equal(ended.probabilities, last.after)
    assert ended.objective == pytest.approx(policy_objective(trainer.exact, trainer.probabilities()), rel=1e-12)
    assert ended.angle is None, "no batch was sampled from it"
