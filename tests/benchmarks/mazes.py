"""Does the defaults' greedy path become the shortest in mazes, and how long does that take?

    python tests/benchmarks/mazes.py                       10 mazes each of 31×31 and 63×63
    python tests/benchmarks/mazes.py --sizes 127 --limit 60

The shortest path is found by breadth-first search in the maze's text, the greedy path by following the most probable
actions of the policy.  Seconds are time in updates, without imports and compilation.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from agent.settings import settings_for
from agent.trainer import Trainer
from game.catalog import load
from game.maze import carved

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from game.dynamics import Dynamics


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


def solved(size: int, seed: int, limit: float) -> tuple[float | None, int, int, int | None]:
    """Seconds until the greedy path was the shortest (None: not within ``limit``), updates, and both lengths."""
    level = f"maze:{size}:{seed}"
    dynamics = load(level).dynamics
    best = shortest(carved(size, seed, 0.0))
    trainer = Trainer(dynamics, settings_for(dynamics))
    steps, looked = None, 0.0
    for snapshot in trainer.run():
        if snapshot.seconds >= looked:  # looking takes time as well, though none of the updates'
            looked = 1.01 * snapshot.seconds
            steps = greedy_steps(dynamics, snapshot.after)
            if steps == best:
                return snapshot.seconds, snapshot.update, best, steps
        if snapshot.seconds > limit:
            break
    return None, trainer.update, best, steps


def main() -> None:
    """Print a row per size, and what remained unsolved."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[31, 63])
    parser.add_argument("--mazes", type=int, default=10)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of training for each maze")
    options = parser.parse_args()
    print("| maze | shortest path | solved | seconds: median | longest | updates: median |")
    print("|---|---|---|---|---|---|")
    for size in options.sizes:
        runs = [solved(size, seed, options.limit) for seed in range(options.mazes)]
        times = sorted(seconds for seconds, *_ in runs if seconds is not None)
        lengths = [best for _, _, best, _ in runs]
        middle = f"{statistics.median(times):.2f} | {times[-1]:.2f}" if times else "– | –"
        updates = statistics.median(updates for seconds, updates, _, _ in runs if seconds is not None) if times else "–"
        shown = f"{size}×{size} | {min(lengths):,} to {max(lengths):,} | {len(times)} of {len(runs)}"
        print(f"| {shown} | {middle} | {updates} |", flush=True)


if __name__ == "__main__":
    main()
