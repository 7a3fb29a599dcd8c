"""Two figures of the training window: the time of a frame, and the longest gap between handled events.

    SDL_VIDEODRIVER=dummy python -m tests.benchmarks.frame_time

The frame: 1280 by 800 pixels, a 16 by 16 level with arrows in every cell, a new snapshot in every frame, drawn
in software.  The gap: an update of two seconds, which either sleeps, or computes in Python and numpy.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from game.snapshot import Snapshot
    from game.view.window import TrainingWindow
    from tests.game.view.learner import Learner

LEVEL = 'title = "Sixteen by sixteen"\nmax_steps = 200\nmap = """\nS' + "." * 15 + ("\n" + "." * 16) * 14
LEVEL += "\n" + "." * 15 + 'G\n"""\n'
FRAMES = 300


def window_of(learner: Learner, speed: int) -> TrainingWindow:
    """A window of 1280 by 800 pixels on ``learner``."""
    from game.view.display import open_window
    from game.view.window import TrainingWindow

    view = TrainingWindow(learner, open_window("benchmark", (1280, 800)))
    view.playback.change_speed(speed - view.playback.speed_index)
    return view


def frame_times(overlay: str) -> list[tuple[float, float]]:
    """Seconds of each of FRAMES frames, by the clock and of processor time, which other programs change less.

    Every frame has another snapshot, and the agent is on its way.
    """
    from tests.game.view.learner import Learner, world_of_text

    learner = Learner(world_of_text(LEVEL), batch=2)
    view = window_of(learner, 5)
    view.briefing = learner.begin()
    updates = learner.updates()
    while view.stage.overlay != overlay:
        view.stage.next_overlay()
    times = []
    for frame in range(FRAMES):
        snapshot = next(updates)
        view.feed._history.add(snapshot)
        began, used = time.perf_counter(), time.thread_time()
        view.playback.take(snapshot)
        view.record = view.feed.record()
        view.update(1 / 60 + frame % 10)
        view.draw()
        times.append((time.perf_counter() - began, time.thread_time() - used))
    return times


def longest_gap(burn: bool, seconds: float = 2.0) -> float:
    """Seconds of the longest time between two rounds of event handling while an update takes ``seconds``."""
    import sys

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

    view = window_of(Busy(world_of_text(LEVEL)), 9)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.001)  # as watch() does
    try:
        view.draw()
        view.feed.start()
        end = time.perf_counter() + 2 * seconds + 0.5
        last, gap = time.perf_counter(), 0.0
        while (now := time.perf_counter()) < end:
            view.handle_input()
            gap, last = max(gap, now - last), now
            view.update(1 / 60)
            view.draw()
            time.sleep(1 / 60)
        view.feed.close()
        view.feed.join(10)
    finally:
        sys.setswitchinterval(interval)
    return gap


def main() -> None:
    """Print the figures."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    for overlay in ("policy", "credit", "visits", "values"):
        clock, processor = 1e3 * np.array(frame_times(overlay)[5:]).T
        print(
            f"frame with {overlay}: median {np.median(clock):.1f} ms, 99 of 100 under "
            f"{np.quantile(clock, 0.99):.1f} ms; of processor time {np.median(processor):.1f} and "
            f"{np.quantile(processor, 0.99):.1f} ms"
        )
    print(f"longest gap, update that sleeps: {1e3 * longest_gap(burn=False):.0f} ms")
    print(f"longest gap, update that computes: {1e3 * longest_gap(burn=True):.0f} ms")


if __name__ == "__main__":
    main()
