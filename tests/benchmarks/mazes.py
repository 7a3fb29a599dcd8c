"""Does the defaults' greedy path become the shortest in mazes, and how long does that take?

    python -m tests.benchmarks.mazes                       10 mazes each of 31×31 and 63×63
    python -m tests.benchmarks.mazes --sizes 127

The shortest path is found by breadth-first search in the maze's text, the greedy path by following the most probable
actions of the policy.  Seconds are time in updates, without imports and compilation.
"""

from __future__ import annotations

import argparse
import time
from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.world.catalog import load
from game.world.dynamics import Dynamics
from game.world.maze import carved
from tests.benchmarks.measure import machine, spread


def shortest(rows: list[list[str]]) -> int:
    """Steps of the shortest path from S to G."""
    start = next((r, row.index("S")) for r, row in enumerate(rows) if "S" in row)
    steps, queue = {start: 0}, deque([start])
    while queue:
        row, column = queue.popleft()
        if rows[row][column] == "G":
            return steps[row, column]
        for there in ((row - 1, column), (row, column + 1), (row + 1, column), (row, column - 1)):
            if rows[there[0]][there[1]] != "#" and there not in steps:
                steps[there] = steps[row, column] + 1
                queue.append(there)
    raise AssertionError("a maze has a way from its start to its goal")


def greedy_steps(dynamics: Dynamics, probabilities: NDArray[np.float64]) -> int | None:
    """Steps of the greedy path to the goal, None where it goes round in circles."""
    best = probabilities.argmax(axis=1)
    state, steps = int(dynamics.start.argmax()), 0
    while steps < dynamics.n_states:
        happened = state, int(best[state]), 0
        steps += 1
        if dynamics.ends[happened]:
            return steps
        state = int(dynamics.next_state[happened])
    return None


class Found(NamedTuple):
    """``seconds`` of training, and of processor time, until the greedy path was the ``shortest``; None: not in time."""

    seconds: float | None
    processor: float
    updates: int
    shortest: int


def solved(size: int, seed: int, limit: float) -> Found:
    """Train until the greedy path is the shortest, or for ``limit`` seconds."""
    level = f"maze:{size}:{seed}"
    dynamics = load(level).dynamics
    best = shortest(carved(size, seed, 0.0))
    trainer = Trainer(dynamics, settings_for(dynamics))
    trainer.prepare()
    looked, began = 0.0, time.process_time()
    for snapshot in trainer.run():
        if snapshot.seconds >= looked:  # looking takes time as well, though none of the updates'
            looked = 1.01 * snapshot.seconds
            if greedy_steps(dynamics, snapshot.after) == best:
                return Found(snapshot.seconds, time.process_time() - began, snapshot.update, best)
        if snapshot.seconds > limit:
            break
    return Found(None, time.process_time() - began, trainer.update, best)


def main() -> None:
    """Print a row per size, and what remained unsolved."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[31, 63])
    parser.add_argument("--mazes", type=int, default=10)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of training for each maze")
    options = parser.parse_args()
    print(machine())
    print("| maze | shortest path | solved | seconds | of processor time, all threads | updates |")
    print("|---|---|---|---|---|---|")
    for size in options.sizes:
        runs = [solved(size, seed, options.limit) for seed in range(options.mazes)]
        paths = [run.shortest for run in runs]
        done = [run for run in runs if run.seconds is not None]
        cells = [f"{size}×{size}", f"{min(paths):,} to {max(paths):,}", f"{len(done)} of {len(runs)}"]
        cells += [spread([run.seconds or 0.0 for run in done]), spread([run.processor for run in done])] if done else []
        cells += [spread([run.updates for run in done], ".0f")] if done else ["–"] * 3
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
