"""How much faster two processes train than one, each with one thread; all measured in turn, in one run.

torchrun --standalone --nproc-per-node 2 -m tests.benchmarks.ranks [LEVEL] [--batch N] [--updates U] [--rounds R]

In each round rank 0 first trains alone, while the others sleep; then all train the same run together; then each trains
its share of the batches apart from the others, without a word between them, which is the most that the machine can
give to so many processes.  Those ratios of times need as many idle cores as there are ranks.  The ratio of processor
time (what rank 0 alone takes against what the busiest rank takes) does not: it says what a machine with idle cores
would give if nobody had to wait for anybody.
"""

from __future__ import annotations

import argparse
import sys
import time

from agent.ranks.ranks import Ranks, ranks_here
from agent.reinforce.settings import Settings, settings_for
from agent.trainer import Trainer
from game.world.catalog import load
from game.world.dynamics import Dynamics
from tests.benchmarks.measure import machine, spread


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
    parser.add_argument("--batch", type=int, default=500_000)
    parser.add_argument("--updates", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    dynamics = load(options.level).dynamics
    settings = settings_for(dynamics, batch=options.batch, episodes=options.updates * options.batch)
    ranks = ranks_here()
    ranks.join()
    share = settings_for(dynamics, batch=options.batch // ranks.size, episodes=settings.episodes // ranks.size)
    found: dict[str, list[float]] = {"together": [], "apart": [], "processor": []}
    for number in range(options.rounds):
        alone = timed(dynamics, settings, None) if ranks.rank == 0 else (0.0, 0.0)
        ranks.broadcast()
        together = timed(dynamics, settings, ranks)
        ranks.broadcast()
        slowest = max(gathered(ranks, timed(dynamics, share, None)[0]))
        busiest = max(gathered(ranks, together[1]))
        if ranks.rank == 0:
            found["together"].append(alone[0] / together[0])
            found["apart"].append(alone[0] / slowest)
            found["processor"].append(alone[1] / busiest)
            print(
                f"round {number + 1}: one rank {alone[0]:.2f} s ({alone[1]:.2f} s of processor), {ranks.size} ranks "
                f"{together[0]:.2f} s (at most {busiest:.2f} s of processor each), apart {slowest:.2f} s",
                file=sys.stderr,
                flush=True,
            )
    if ranks.rank == 0:
        print(machine())
        print(f"| {ranks.size} ranks against one, batches of {options.batch:,} | times as fast |\n|---|---|")
        print(f"| wall clock | {spread(found['together'])} |")
        print(f"| wall clock, each apart from the others | {spread(found['apart'])} |")
        print(f"| processor time of the busier | {spread(found['processor'])} |")


def gathered(ranks: Ranks, number: float) -> list[float]:
    """A number of each rank."""
    import numpy as np

    own = np.zeros(ranks.size)
    own[ranks.rank] = number
    return [float(one) for one in ranks.reduce(own)]


if __name__ == "__main__":
    main()
