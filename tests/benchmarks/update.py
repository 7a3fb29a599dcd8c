"""Where the time of one update goes, in processor time with one thread.

    python -m tests.benchmarks.update [UPDATES]

The worlds and the batches are those of ``throughput.py``.  A part does not include the parts within it.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from unittest import mock

from agent import trainer as trainer_module
from agent.exact.budget import angle_and_ratio
from agent.fast import kernel as kernel_module
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from tests.benchmarks.measure import machine, open_world

BATCH = 20_000
WORLDS = ((8, 200), (256, 200), (256, 2000))


class Parts:
    """Adds up the processor time of functions that it wraps; time in a wrapped one within counts only there."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.within: list[float] = []

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time added to a part."""

        def call(*arguments: Any) -> Any:
            self.within.append(0.0)
            began = time.process_time()
            try:
                return function(*arguments)
            finally:
                took = time.process_time() - began
                self.seconds[name] += took - self.within.pop()
                if self.within:
                    self.within[-1] += took

        return call

    def watch(self, owner: object, function: str, name: str) -> None:
        """Time a function of an object from now on."""
        setattr(owner, function, self.timed(name, getattr(owner, function)))


def parts(side: int, cap: int, updates: int) -> tuple[dict[str, float], int]:
    """Seconds of each part over a number of updates, and the steps that were sampled."""
    dynamics = open_world(side, cap)
    trainer = Trainer(dynamics, settings_for(dynamics, batch=BATCH, episodes=10**9), threads=1)
    sampler = trainer.prepare()
    trainer.step()
    clock, before = Parts(), trainer.steps
    clock.watch(trainer, "step", "snapshot, and the rest")
    clock.watch(trainer, "_forward_pass", "forward pass")
    clock.watch(trainer, "_gradients", "gradient, with the entropy bonus")
    clock.watch(trainer, "_ascend", "optimiser, with a way back")
    clock.watch(trainer.baseline, "learn", "baseline")
    clock.watch(trainer.baseline, "values", "baseline")
    clock.watch(trainer, "_truth", "exact numbers")
    clock.watch(sampler, "sample", "sums over blocks")
    clock.watch(sampler, "episode", "the episode to look at")
    clock.watch(sampler.kernel, "walk", "rollouts and credit")
    bounds = clock.timed("bounds of the policy", kernel_module.policy_bounds)
    timed_angle = clock.timed("exact numbers", angle_and_ratio)
    with (
        mock.patch.object(kernel_module, "policy_bounds", bounds),
        mock.patch.object(trainer_module, "angle_and_ratio", timed_angle),
    ):
        for _ in range(updates):
            trainer.step()
    return clock.seconds, trainer.steps - before


def main() -> None:
    """Print the table."""
    updates = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(machine())
    found = [parts(*world, updates) for world in WORLDS]
    names = sorted(found[0][0], key=lambda name: -found[0][0][name])
    print("| milliseconds an update | " + " | ".join(f"{side}×{side}, cap {cap:,}" for side, cap in WORLDS) + " |")
    print("|---|" + "---|" * len(WORLDS))
    for name in names:
        print(f"| {name} | " + " | ".join(f"{1e3 * seconds[name] / updates:.2f}" for seconds, _ in found) + " |")
    print("| all | " + " | ".join(f"{1e3 * sum(seconds.values()) / updates:.2f}" for seconds, _ in found) + " |")
    print("| million steps | " + " | ".join(f"{steps / updates / 1e6:.2f}" for _, steps in found) + " |")


if __name__ == "__main__":
    main()
