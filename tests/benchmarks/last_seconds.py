"""What it costs a window to remember its last ten seconds: time of a frame, memory, and the longest gap while saving.

    SDL_VIDEODRIVER=dummy python -m tests.benchmarks.last_seconds

Frames as in ``frame_time.py``, 60 a second by the clock that the pictures are taken by; blocks of 60 frames with and
without remembering take turns, so that both see the same machine.
"""

from __future__ import annotations

import os
import sys
import time

import numpy as np
import pygame

from game.view.film.last_seconds import LastSeconds
from game.view.shared.task import Task
from game.view.train.window import TrainingWindow
from tests.benchmarks.frame_time import LEVEL, window_of

BLOCKS, FRAMES = 40, 60


class Clock:
    """60 frames a second, however long one takes."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The time now."""
        return self.seconds


class Forgetful(LastSeconds):
    """Takes no pictures."""

    def showing(self, surface: pygame.Surface) -> None:
        """Nothing."""

    def before_drawing(self, surface: pygame.Surface) -> None:
        """Nothing."""


def cost() -> None:
    """Print the medians over blocks, and their ratio."""
    from tests.game.view.learner import Learner, world_of_text

    for size in ((1280, 800), (1920, 1080)):
        learner = Learner(world_of_text(LEVEL), batch=2)
        view = window_of(learner, 5)
        view.window.size = size
        view.model.briefing = learner.begin()
        updates, clock = learner.updates(), Clock()
        remembering, forgetting = LastSeconds(clock), Forgetful(clock)
        spent: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
        for block in range(2 * BLOCKS + 2):
            on = block % 2 == 0
            view.last_seconds = remembering if on else forgetting
            made = [next(updates) for _ in range(FRAMES)]
            began = time.thread_time(), time.process_time()
            for frame, snapshot in enumerate(made):
                view.model.playback.take(snapshot)
                view.update(1 / 60 + frame % 10)
                view.draw()
                clock.seconds += 1 / 60 if on else 0.0
            used = [time.thread_time() - began[0]]
            if on:
                remembering._shown[-1].small.result()  # its thread's time belongs to this block
            used.append(time.process_time() - began[1])
            if block > 1:
                spent[on].append((1e3 * used[0] / FRAMES, 1e3 * used[1] / FRAMES))
        with_it, without = np.median(spent[True], axis=0), np.median(spent[False], axis=0)
        pictures = [picture.small.result() for picture in remembering._shown]
        room = sum(picture.get_pitch() * picture.get_height() for picture in pictures) / 1e6
        print(
            f"{size[0]}x{size[1]}: a frame takes {without[0]:.2f} ms of the window's thread, {with_it[0]:.2f} ms with "
            f"remembering ({6 * (with_it[0] - without[0]):.1f} % of the time between two frames); of both threads "
            f"{without[1]:.2f} and {with_it[1]:.2f} ms ({6 * (with_it[1] - without[1]):.1f} %); "
            f"{len(pictures)} pictures take {room:.0f} MB"
        )
        view.last_seconds = remembering
        gap_while_saving(view)


def gap_while_saving(view: TrainingWindow) -> None:
    """Print how long saving takes and the longest time between two rounds of event handling meanwhile."""
    sys.setswitchinterval(0.001)
    make, seconds = view.last_seconds.film(view.window.get_surface())
    last, gap, began = time.perf_counter(), 0.0, time.perf_counter()
    task = Task(make)
    while not task.done:
        view.update(1 / 60)
        view.draw()
        time.sleep(1 / 60)
        gap, last = max(gap, time.perf_counter() - last), time.perf_counter()
    print(
        f"  {seconds:.0f} s as a GIF: {len(task.result()) / 1e6:.1f} MB in {time.perf_counter() - began:.1f} s, "
        f"longest gap {1e3 * gap:.0f} ms"
    )


if __name__ == "__main__":
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    cost()
