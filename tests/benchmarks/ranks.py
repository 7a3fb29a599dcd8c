"""How much faster two processes train than one, each with one thread; both measured in turn, in one run.

torchrun --standalone --nproc-per-node 2 -m tests.benchmarks.ranks [LEVEL] [--batch N] [--updates U] [--rounds R]

In each round rank 0 first trains alone, while the others sleep, and then all train the same run together.  The
ratio of the two times needs as many idle cores as there are ranks.  The ratio of processor time (what rank 0 alone
takes against what the busiest rank takes) does not: it says what a machine with idle cores would give if nobody had
to wait for anybody.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING

from agent.ranks import Ranks, ranks_here
from agent.settings import settings_for
from agent.trainer import Trainer
from game.catalog import load

if TYPE_CHECKING:
    from agent.settings import Settings
    from game.dynamics import Dynamics


def timed(dynamics: Dynamics, settings: Settings, ranks: Ranks | None) -> tuple[float, float]:
    """Seconds and processor seconds of one whole run, without compilation."""
    trainer = Trainer(dynamics, settings, threads=1, ranks=ranks)
    trainer.prepare()
    if ranks is not None:
        ranks.broadcast()  # begin together
    began, worked = time.perf_counter(), time.process_time()
    for _ in trainer.run():
        pass
    return time.perf_counter() - began, time.process_time() - worked


def main() -> None:
    """Print a line for each round, and the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("level", nargs="?", default="frozen_lake_8x8")
    parser.add_argument("--batch", type=int, default=200_000)
    parser.add_argument("--updates", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    dynamics = load(options.level).dynamics
    settings = settings_for(dynamics, batch=options.batch, episodes=options.updates * options.batch)
    ranks = ranks_here()
    ranks.join()
    ratios, worked_ratios = [], []
    for number in range(options.rounds):
        alone = timed(dynamics, settings, None) if ranks.rank == 0 else (0.0, 0.0)
        ranks.broadcast()
        together = timed(dynamics, settings, ranks)
        busiest = max(work for work in gathered(ranks, together[1]))
        if ranks.rank == 0:
            ratios.append(alone[0] / together[0])
            worked_ratios.append(alone[1] / busiest)
            print(
                f"round {number + 1}: one rank {alone[0]:.2f} s ({alone[1]:.2f} s of processor), "
                f"{ranks.size} ranks {together[0]:.2f} s (at most {busiest:.2f} s of processor each): "
                f"{ratios[-1]:.2f} times, by processor time {worked_ratios[-1]:.2f} times",
                flush=True,
            )
    if ranks.rank == 0:
        print(f"median {spread(ratios)}, by processor time {spread(worked_ratios)}, of {options.rounds} rounds")


def gathered(ranks: Ranks, number: float) -> list[float]:
    """A number of each rank."""
    import numpy as np

    own = np.zeros(ranks.size)
    own[ranks.rank] = number
    return [float(one) for one in ranks.reduce(own)]


def spread(ratios: list[float]) -> str:
    """The median, and the smallest and largest."""
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    main()
