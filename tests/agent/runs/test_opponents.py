"""Opponents: the policy as it was after an update, and the run that learns on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.reinforce.settings import settings_for
from agent.runs.folder import SHIPPED, find
from agent.runs.opponents import Opponents
from agent.runs.run import create
from game.world.catalog import load

#: Probabilities are kept in 16 bits.
KEPT = 1e-4


@pytest.fixture
def walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[NDArray[np.float64]]:
    """A run of twelve updates of the line world under ``runs/``; the policies before the first and after each."""
    monkeypatch.chdir(tmp_path)
    world = load("line_world")
    folder = tmp_path / "runs" / "line_world-1"
    folder.mkdir(parents=True)
    snapshots = list(create(folder, world, settings_for(world.dynamics, batch=5, episodes=60)).updates())
    return [snapshots[0].probabilities, *(snapshot.after for snapshot in snapshots)]


def test_the_policy_after_update_k_is_the_one_that_update_k_led_to(
    walked: list[NDArray[np.float64]], monkeypatch: pytest.MonkeyPatch
) -> None:
    opponent = Opponents("line_world", None).opponent("line_world")
    assert opponent.updates.tolist() == list(range(13))
    assert opponent.after is not None
    for index, policy in enumerate(walked):
        earlier = opponent.after(index)
        np.testing.assert_allclose(earlier.probabilities, policy, atol=KEPT)
        assert earlier.update == index
        assert earlier.label == f"run line_world-1 after update {index} of 12"
    assert opponent.after(0).objective == pytest.approx(0.05708, abs=KEPT)  # of the uniform policy, from its rules
    assert opponent.after(12).objective == pytest.approx(opponent.objective, abs=KEPT)
    worked_out = [opponent.after(index).objective for index in range(12)]
    monkeypatch.setattr("agent.runs.opponents.QUICK", 0.0)
    measured = [opponent.after(index).objective for index in range(13)]
    assert measured[0] is not None
    assert measured[12] is None  # no update has started from it
    for index, objective in enumerate(measured[:12]):
        assert objective is None or objective == pytest.approx(worked_out[index], abs=KEPT)


@pytest.mark.usefixtures("walked")
def test_a_finished_run_learns_on_for_as_many_episodes_again_and_is_the_opponent_then() -> None:
    opponents = Opponents("line_world", None)
    assert opponents.opponent("line_world").label == "run line_world-1 after 60 episodes"
    session = opponents.training("line_world")
    session.begin()
    assert [snapshot.update for snapshot in session.updates()] == list(range(13, 25))
    assert opponents.opponent("line_world").label == "run line_world-1 after 120 episodes"


@pytest.mark.usefixtures("walked")
def test_a_run_that_is_not_finished_goes_on_to_its_own_end() -> None:
    opponents = Opponents("line_world", None)
    opponents.opponent("line_world")
    session = opponents.training("line_world")
    session.begin()
    updates = session.updates()
    next(updates)
    updates.close()
    opponents.opponent("line_world")
    assert opponents.training("line_world").settings.episodes == 120


def test_a_shipped_policy_learns_on_in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    opponents = Opponents("line_world", None)
    assert opponents.opponent("line_world").label == "shipped policy after 60,000 episodes"
    before = {path.name: path.read_bytes() for path in (SHIPPED / "line_world").iterdir()}
    session = opponents.training("line_world")
    session.begin()
    updates = session.updates()
    assert next(updates).update == 201
    updates.close()
    assert {path.name: path.read_bytes() for path in (SHIPPED / "line_world").iterdir()} == before
    assert opponents.opponent("line_world").label == "run line_world-1 after 60,300 episodes"
    assert find("line_world-1").settings.episodes == 120_000
