"""What is kept of 100,000 updates: bounded, evenly spread, and true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from game.snapshots.snapshot import Snapshot
from game.view.shared.record import MOST_RETURNS, MOST_ROWS, RUNNING, History
from tests.game.view.learner import Learner, world_of_text


@pytest.fixture
def snapshot() -> Snapshot:
    learner = Learner(world_of_text(), batch=2)
    learner.begin()
    return next(learner.updates())


def filled(snapshot: Snapshot, updates: int) -> History:
    history = History()
    for k in range(1, updates + 1):
        history.add(
            replace(
                snapshot,
                update=k,
                episodes=2 * k,
                returns=np.array([2.0 * k - 2, 2.0 * k - 1]),
                mean_return=3.0,
                objective=float(k) if k % 2 else None,
                goal_rate=float(k),
            )
        )
    return history


def test_a_short_run_is_kept_whole(snapshot: Snapshot) -> None:
    record = filled(snapshot, 10).record()
    assert (record.returns[:, 0] == np.arange(20)).all()
    assert (record.returns[:, 1] == np.arange(20)).all()
    assert (record.column("goal") == np.arange(1, 11)).all()
    assert (np.isnan(record.column("objective")) == (np.arange(1, 11) % 2 == 0)).all()


def test_a_long_run_takes_no_more_room_and_keeps_beginning_and_end(snapshot: Snapshot) -> None:
    record = filled(snapshot, 100_000).record()
    assert record.updates == 100_000
    assert len(record.rows) <= MOST_ROWS + 1
    assert len(record.returns) <= MOST_RETURNS
    assert len(record.returns) > MOST_RETURNS / 3
    assert (record.returns[:, 0] == record.returns[:, 1]).all(), "each return stays with its episode"
    gaps = np.diff(record.returns[:, 0])
    assert gaps.min() == gaps.max(), "evenly spread"
    assert record.column("episodes")[-1] > 0.99 * 200_000
    # A row averages the goal rates k of its updates, whose last episode count is 2k.
    assert np.allclose(record.column("goal") * 2, record.column("episodes"))
    assert not np.isnan(record.column("objective")[:-1]).any()


def test_the_running_mean_is_over_about_a_hundred_episodes(snapshot: Snapshot) -> None:
    history = History()
    for k, value in enumerate([0.0] * 1000 + [1.0] * 3 * RUNNING, start=1):
        history.add(replace(snapshot, mean_return=value, episodes=k))
    mean = history.record().column("mean")
    assert mean[499] == 0.0
    assert mean[(1000 + RUNNING) // 2 - 1] == pytest.approx(1 - (1 - 1 / RUNNING) ** RUNNING, abs=0.01)
    assert mean[-1] > 0.94


def test_the_running_mean_of_large_batches_is_their_mean(snapshot: Snapshot) -> None:
    history = History()
    for k, value in enumerate([0.0, 2.0, 5.0], start=1):
        history.add(replace(snapshot, mean_return=value, episodes=300 * k))
    assert history.record().column("mean").tolist() == [0.0, 2.0, 5.0]


def metrics_of(snapshots: list[Snapshot]) -> dict[str, NDArray[np.float64]]:
    """What the file of metrics has of them."""
    names = "update episodes mean_return goal_rate entropy gradient_norm objective angle norm_ratio".split()
    return {name: np.array([getattr(one, name) for one in snapshots], dtype=np.float64) for name in names}


@pytest.mark.parametrize("resumed", [0, 1, 6])
def test_a_resumed_run_has_the_rows_of_one_that_was_never_interrupted(resumed: int) -> None:
    learner = Learner(world_of_text(), batch=2)
    learner.begin()
    updates = learner.updates()
    snapshots = [next(updates) for _ in range(10)]
    whole, parted = History(), History()
    parted.go_on(metrics_of(snapshots[:resumed]))
    for number, one in enumerate(snapshots):
        whole.add(one)
        if number >= resumed:
            parted.add(one)
    np.testing.assert_allclose(parted.record().rows, whole.record().rows, rtol=1e-12)
    assert parted.record().updates == 10
    assert parted.record().returns.tolist() == whole.record().returns[2 * resumed :].tolist()


def test_a_long_past_leaves_room_for_what_follows(snapshot: Snapshot) -> None:
    past = {name: np.ones(5_001) for name in metrics_of([])} | {"episodes": np.arange(2.0, 10_004.0, 2.0)}
    history = History()
    history.go_on(past)
    assert len(history.record().rows) <= MOST_ROWS
    history.add(replace(snapshot, update=5_002, episodes=10_004))
    record = history.record()
    assert record.updates == 5_002
    assert record.column("episodes")[0] == np.arange(2, 34, 2).mean()  # rows of sixteen updates
    for k in range(5_003, 15_000):
        history.add(replace(snapshot, update=k, episodes=2 * k))
    assert len(history.record().rows) <= MOST_ROWS + 1
