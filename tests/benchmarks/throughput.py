"""Steps a second of rollouts and of whole training, beside the C program ``limit.c``, which does as little as possible.

    python -m tests.benchmarks.throughput [ROUNDS]

The world is open and slippery; batches have 20,000 episodes.  *kernel* is what makes a batch of a uniform policy:
rollouts, credit, sums over blocks, and the bounds of the policy.  *training* is ``Trainer.step`` with all it does,
from a uniform policy on: gradient, optimiser, exact numbers, snapshot.  All take turns in one run: with two threads by
the clock and by processor time, which other programs on the machine change less, and with one thread.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.fast.kernel import Kernel
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.world.dynamics import Dynamics
from tests.benchmarks.measure import interleaved, machine, open_world, ratios, spread

BATCH = 20_000
#: Side and cap of the worlds, and how many batches one turn takes.
WORLDS = ((8, 200, 10), (256, 200, 10), (256, 2000, 2))
FLAGS = ("-O3", "-march=native", "-fopenmp")


@dataclass
class Turn:
    """Something that walks, for a number of batches."""

    walk: Callable[[], int]

    def __call__(self) -> tuple[float, float]:
        """Nanoseconds a step: by the clock, and of processor time of all threads."""
        began, used = time.perf_counter(), time.process_time()
        steps = self.walk()
        return 1e9 * (time.perf_counter() - began) / steps, 1e9 * (time.process_time() - used) / steps


@dataclass
class Limit:
    """The C program, in the same way."""

    command: list[str]
    threads: int

    def __call__(self) -> tuple[float, float]:
        """Nanoseconds a step: by the clock, and of processor time of all threads."""
        environment = {**os.environ, "OMP_NUM_THREADS": str(self.threads)}
        printed = json.loads(subprocess.run(self.command, check=True, capture_output=True, env=environment).stdout)
        return 1e9 * printed["seconds"] / printed["steps"], 1e9 * printed["processor"] / printed["steps"]


def compiled_limit(folder: Path) -> Path | None:
    """The C program, or None where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        print("No C compiler is installed, so the limit is left out.")
        return None
    program = folder / "limit"
    subprocess.run([compiler, *FLAGS, str(Path(__file__).with_name("limit.c")), "-o", str(program)], check=True)
    return program


def kernel_turn(dynamics: Dynamics, batches: int, threads: int) -> Turn:
    """Batches of the uniform policy."""
    kernel = Kernel(dynamics, threads)
    S, A = dynamics.n_states, dynamics.n_actions
    uniform, baseline = np.full((S, A), 1.0 / A), np.zeros(S)
    number = iter(range(10**9))

    def walk() -> int:
        done = [kernel.batch(uniform, "baseline", baseline, 0, next(number), 0, BATCH) for _ in range(batches)]
        return sum(int(batch.lengths.sum()) for batch in done)

    return Turn(walk)


def training_turn(dynamics: Dynamics, batches: int, threads: int) -> Turn:
    """Updates of a run that goes on from turn to turn."""
    trainer = Trainer(dynamics, settings_for(dynamics, batch=BATCH, episodes=10**9), threads)
    trainer.prepare()

    def walk() -> int:
        before = trainer.steps
        for _ in range(batches):
            trainer.step()
        return trainer.steps - before

    return Turn(walk)


def compare(side: int, cap: int, batches: int, rounds: int, program: Path | None) -> None:
    """Print the lines of one world."""
    dynamics = open_world(side, cap)
    for threads in (2, 1):
        turns: dict[str, Turn | Limit] = {}
        if program is not None:
            turns["limit"] = Limit([str(program), str(side), str(cap), str(BATCH * batches)], threads)
        turns["kernel"] = kernel_turn(dynamics, batches, threads)
        turns["training"] = training_turn(dynamics, batches, threads)
        for turn in turns.values():
            turn()  # once that does not count: compiled code and memory are in place
        found = interleaved(turns, rounds)
        for what, column in (("clock", 0), ("processor", 1)):
            if what == "clock" and threads == 1:
                continue
            times = {name: [pair[column] for pair in pairs] for name, pairs in found.items()}
            for name, values in times.items():
                share = spread(ratios(times["limit"], values)) if "limit" in times else ""
                cells = [f"{side}×{side}, {cap:,}", str(threads), what, name, spread(values, ".1f"), share]
                print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    print(machine())
    print("| world, cap | threads | time | | ns a step | of the limit's speed |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        program = compiled_limit(Path(folder))
        for world in WORLDS:
            compare(*world, rounds, program)


if __name__ == "__main__":
    main()
