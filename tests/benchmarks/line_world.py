"""How long the tutorial's own experiment takes, and which share of it is torch's.

python -m tests.benchmarks.line_world [--seeds N]

A run is 1,000 updates of 10 episodes with two layers of 8 tanh units (see docs/published.md).  Torch's are the backward
pass, the optimiser's step, and the forward pass that follows it; all by processor time, so that a busy machine does
not show.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

from agent.trainer import Trainer
from game.world.catalog import load
from tests.published.experiments import line_settings

TARGET = 1.5


class Timed(Trainer):
    """A trainer that adds up the processor time of its calls of torch."""

    torch_seconds = 0.0

    def _gradient(self, *arguments: Any) -> Any:
        return self._timed(super()._gradient, arguments)

    def _gradients(self, *arguments: Any) -> Any:
        return self._timed(super()._gradients, arguments)

    def _ascend(self, *arguments: Any) -> Any:
        return self._timed(super()._ascend, arguments)

    def _timed(self, function: Any, arguments: tuple[Any, ...]) -> Any:
        began = time.process_time()
        try:
            return function(*arguments)
        finally:
            self.torch_seconds += time.process_time() - began


def main() -> None:
    """Print the median over seeds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=9)
    seeds = parser.parse_args().seeds
    dynamics = load("line_world").dynamics
    clock, worked, of_torch = [], [], []
    for seed in range(seeds):
        trainer = Timed(dynamics, line_settings(dynamics, seed))
        trainer.prepare()
        began = time.process_time()
        for _ in trainer.run():
            pass
        worked.append(time.process_time() - began)
        clock.append(trainer.seconds)
        of_torch.append(trainer.torch_seconds / worked[-1])
    print(f"training, by the clock: median {statistics.median(clock):.2f} s ({min(clock):.2f} to {max(clock):.2f})")
    print(f"the whole loop, processor time: {statistics.median(worked):.2f} s ({min(worked):.2f} to {max(worked):.2f})")
    print(f"of that torch {statistics.median(of_torch):.0%} ({min(of_torch):.0%} to {max(of_torch):.0%})")
    print(f"target: {TARGET} s of training on a machine that does nothing else; {seeds} seeds")


if __name__ == "__main__":
    main()
