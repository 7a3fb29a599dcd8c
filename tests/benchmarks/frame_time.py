"""The training window: the time of a frame, and the longest gap between handled events.

    SDL_VIDEODRIVER=dummy python -m tests.benchmarks.frame_time

The frame: 1280 by 800 pixels, a 16 by 16 level with arrows in every cell, a new snapshot in every frame, drawn
in software.  The gap: updates of two seconds, which either sleep, or compute in Python and numpy; and the first
updates of maze:127, whose episodes have millions of steps, as fast as they go.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from game.snapshots.snapshot import Snapshot
from game.snapshots.sources import Training
from tests.benchmarks.measure import machine

if TYPE_CHECKING:
    from game.view.train.window import TrainingWindow

LEVEL = 'title = "Sixteen by sixteen"\nmax_steps = 200\nmap = """\nS' + "." * 15 + ("\n" + "." * 16) * 14
LEVEL += "\n" + "." * 15 + 'G\n"""\n'
FRAMES = 300


def window_of(training: Training, speed: int) -> TrainingWindow:
    """A window of 1280 by 800 pixels on a training."""
    from game.view.train.window import TrainingWindow
    from game.view.window.display import open_window

    view = TrainingWindow(training, open_window("benchmark", (1280, 800)))
    view.model.playback.change_speed(speed - view.model.playback.speed_index)
    return view


def frame_times(overlay: str) -> list[tuple[float, float]]:
    """Seconds of each of FRAMES frames, by the clock and of processor time, which other programs change less.

    Every frame has another snapshot, and the agent is on its way.
    """
    from tests.game.view.learner import Learner, world_of_text

    learner = Learner(world_of_text(LEVEL), batch=2)
    view = window_of(learner, 5)
    view.model.briefing = learner.begin()
    updates = learner.updates()
    while view.board.overlay != overlay:
        view.board.overlays.next()
    times = []
    for frame in range(FRAMES):
        snapshot = next(updates)
        view.model.feed._history.add(snapshot)
        began, used = time.perf_counter(), time.thread_time()
        view.model.playback.take(snapshot)
        view.model.record = view.model.feed.record()
        view.update(1 / 60 + frame % 10)
        view.draw()
        times.append((time.perf_counter() - began, time.thread_time() - used))
    return times


def busy(burn: bool, seconds: float = 2.0) -> Training:
    """A training whose updates take ``seconds`` each, asleep or in Python and numpy."""
    from tests.game.view.learner import Learner, world_of_text

    class Busy(Learner):
        def updates(self) -> Iterator[Snapshot]:
            for snapshot in super().updates():
                end = time.perf_counter() + seconds
                while time.perf_counter() < end:
                    if burn:
                        sum(k * k for k in range(20000))
                        np.linalg.norm(np.random.default_rng(0).random((200, 200)) @ np.ones((200, 200)))
                    else:
                        time.sleep(0.05)
                yield snapshot

    return Busy(world_of_text(LEVEL))


def maze(folder: str) -> Training:
    """The program's own training in a large maze."""
    from agent.reinforce.settings import settings_for
    from agent.runs.session import Session
    from game.world.catalog import load

    world = load("maze:127")
    return Session(world, settings_for(world.dynamics), None, Path(folder) / "run")


def longest_gap(training: Training, seconds: float) -> float:
    """Seconds of the longest time between two rounds of event handling, from when the training has begun."""
    view = window_of(training, 9)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.001)  # as the window's own loop does
    try:
        view.draw()
        view.model.feed.start()
        gap, end = 0.0, 0.0
        while not end or time.perf_counter() < end:
            began = time.perf_counter()
            if view.model.briefing is not None and not end:
                end = began + seconds
            view.frame(1 / 60)
            time.sleep(1 / 60)
            if end:
                gap = max(gap, time.perf_counter() - began)
        view.model.feed.close()
        view.model.feed.join(60)
    finally:
        sys.setswitchinterval(interval)
    return gap


def main() -> None:
    """Print the figures."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    print(machine())
    print("| a frame with | milliseconds: median | 99 of 100 under | of processor time: median | 99 of 100 under |")
    print("|---|---|---|---|---|")
    for overlay in ("policy", "credit", "visits", "values"):
        columns = 1e3 * np.array(frame_times(overlay)[5:]).T
        cells = [f"{value:.1f}" for column in columns for value in (np.median(column), np.quantile(column, 0.99))]
        print(f"| {overlay} | {' | '.join(cells)} |", flush=True)
    print("\n| longest gap between events | milliseconds |\n|---|---|")
    for words, burn in (("sleep", False), ("compute", True)):
        print(f"| updates that {words} | {1e3 * longest_gap(busy(burn), 4.5):.0f} |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(f"| the first 15 s of `maze:127` | {1e3 * longest_gap(maze(folder), 15.0):.0f} |")


if __name__ == "__main__":
    main()
