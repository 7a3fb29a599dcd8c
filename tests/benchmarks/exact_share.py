"""Which share of training time the exact numbers take, over whole default runs; and how many updates have them.

python -m tests.benchmarks.exact_share [LEVEL …] [--cpu] [--batch N] [--episodes N] [--hidden SIZES]

Counted is all that an update does for them: dynamic programming, the backward pass, the angle.  A window that
waits between two updates computes more of them, in time that training does not use; here nothing waits.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest import mock

from agent import trainer as module
from agent.exact.budget import angle_and_ratio
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.world.catalog import load

LEVELS = ("first_steps", "line_world", "cliff", "frozen_lake", "frozen_lake_8x8", "four_rooms", "coins")
RUNS = 5


class Clock:
    """Adds up the time, by ``now``, spent in functions that it wraps."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.seconds = 0.0

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time added up."""

        def call(*arguments: Any) -> Any:
            began = self.now()
            try:
                return function(*arguments)
            finally:
                self.seconds += self.now() - began

        return call


def share(level: str, cpu: bool, **given: Any) -> tuple[float, int, int, float]:
    """The share of exact parts in training, the updates that had them, all updates, and the seconds of training."""
    world = load(level)
    clock = Clock(time.process_time if cpu else time.perf_counter)
    seconds, known = 0.0, 0
    timer = SimpleNamespace(perf_counter=clock.now)
    with (
        mock.patch.object(module, "angle_and_ratio", clock.timed(angle_and_ratio)),
        mock.patch.object(module, "time", timer),
    ):
        for _ in range(RUNS):
            trainer = Trainer(world.dynamics, settings_for(world.dynamics, **given))
            trainer.prepare()  # compile before the clock runs
            for part in ("_truth", "_gradient"):  # the gradient of the exact credit, that is
                setattr(trainer, part, clock.timed(getattr(trainer, part)))
            known = sum(snapshot.objective is not None for snapshot in trainer.run())
            seconds += trainer.seconds
    return clock.seconds / seconds, known, trainer.update, seconds / RUNS


def main() -> None:
    """Print a line for each level."""
    parser = argparse.ArgumentParser()
    parser.add_argument("levels", nargs="*", default=LEVELS)
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--episodes", type=int)
    parser.add_argument("--hidden", type=lambda text: tuple(map(int, text.split(","))))
    options = vars(parser.parse_args())
    for level in options.pop("levels"):
        part, known, updates, seconds = share(level, **options)
        print(f"{level:<16} {part:6.1%} of {seconds:6.2f} s of training; exact in {known} of {updates} updates")


if __name__ == "__main__":
    main()
