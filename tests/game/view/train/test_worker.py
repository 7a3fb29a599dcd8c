"""The worker: one update for one ask, commands between updates, no waiting for it and no busy waiting by it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from game.errors import RunError
from game.snapshots.snapshot import Snapshot
from game.view.train.worker import Feed
from tests.game.view.learner import Learner, world_of_text
from tests.waiting import PATIENCE, until


def started(learner: Learner) -> Feed:
    feed = Feed(learner)
    feed.start()
    until(feed.reports)
    return feed


def test_one_ask_is_one_update() -> None:
    learner = Learner(world_of_text())
    feed = started(learner)
    for update in (1, 2, 3):
        feed.ask()
        snapshot = until(feed.take)
        assert snapshot is not None
        assert snapshot.update == update
        until(lambda: feed.working()[0] is None)
        assert feed.take() is None
        assert learner.update == update
    feed.close()
    assert feed.join(PATIENCE)


def test_running_freely_keeps_only_the_newest_snapshot_but_measures_all() -> None:
    learner = Learner(world_of_text(), total=200)
    feed = started(learner)
    feed.run_freely(True)
    until(lambda: feed.finished)
    snapshot = feed.take()
    assert snapshot is not None
    assert (snapshot.update, snapshot.sampled) == (201, False), "the policy that the last update led to"
    assert feed.record().updates == 200
    feed.close()
    assert feed.join(PATIENCE)


def test_all_but_demonstrations_happen_in_one_thread_and_one_at_a_time() -> None:
    threads: set[int] = set()

    class Watchful(Learner):
        def save(self) -> str:
            threads.add(threading.get_ident())
            return super().save()

        def updates(self) -> Iterator[Snapshot]:
            for snapshot in super().updates():
                threads.add(threading.get_ident())
                yield snapshot

    learner = Watchful(world_of_text())
    feed = started(learner)
    feed.run_freely(True)
    for _ in range(5):
        until(feed.take)
        feed.save()
        until(feed.reports)
    feed.restart()
    until(lambda: learner.restarts == 1)
    until(feed.take)
    feed.close()
    assert feed.join(PATIENCE)
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_nothing_that_the_window_calls_waits_for_an_update() -> None:
    learner = Learner(world_of_text())
    learner.hold.clear()
    feed = started(learner)
    feed.ask()
    until(lambda: feed.working()[0] == "update")
    feed.take()
    feed.reports()
    feed.record()
    feed.save()
    feed.run_freely(True)
    feed.close()
    assert feed.working()[0] == "update", "one of them has waited"
    learner.hold.set()
    assert feed.join(PATIENCE)


def test_a_worker_with_nothing_to_do_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = started(Learner(world_of_text()))
    sleeps: list[float | None] = []
    wait = feed._condition.wait

    def counted(timeout: float | None = None) -> bool:
        sleeps.append(timeout)
        return wait(timeout)

    monkeypatch.setattr(feed._condition, "wait", counted)
    feed.ask()
    until(feed.take)
    until(lambda: sleeps)
    assert sleeps == [None], "once, until it is woken"
    feed.close()
    assert feed.join(PATIENCE)


def test_a_save_that_fails_is_reported_and_learning_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    learner = Learner(world_of_text())
    feed = started(learner)

    def full() -> str:
        raise RunError("the disk is full")

    monkeypatch.setattr(learner, "save", full)
    feed.save()
    (report,) = until(feed.reports)
    assert str(report.error) == "the disk is full"
    assert report.saving
    assert not feed.finished
    feed.ask()
    until(lambda: learner.update == 1)
    feed.close()
    assert feed.join(PATIENCE)


def test_closing_lets_the_updates_finish_in_the_worker() -> None:
    finished_in: list[int] = []

    class Tidy(Learner):
        def updates(self) -> Iterator[Snapshot]:
            try:
                yield from super().updates()
            finally:
                finished_in.append(threading.get_ident())

    feed = started(Tidy(world_of_text()))
    feed.ask()
    until(feed.take)
    feed.close()
    assert feed.join(PATIENCE)
    assert len(finished_in) == 1
    assert finished_in[0] != threading.get_ident()


def test_the_window_needs_neither_torch_nor_the_agent() -> None:
    heavy = "{'torch', 'agent', 'matplotlib', 'numba'}"
    code = f"import sys, game.view.train.window; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def taken(feed: Feed, seen: list[Snapshot]) -> bool:
    """Add the newest snapshot to those seen; whether there is any yet."""
    snapshot = feed.take()
    seen.extend([snapshot] if snapshot is not None else [])
    return bool(seen)


def test_while_nothing_is_asked_for_the_update_on_screen_is_measured_for_the_screen_alone() -> None:
    learner = Learner(world_of_text())
    feed = started(learner)
    for update in (1, 2):
        feed.ask()
        seen: list[Snapshot] = []
        until(lambda seen=seen: taken(feed, seen) and seen[-1].objective is not None)  # type: ignore[misc]
        assert seen[-1].update == update
    assert np.isnan(feed.record().column("objective")[1])
    feed.close()
    assert feed.join(PATIENCE)
