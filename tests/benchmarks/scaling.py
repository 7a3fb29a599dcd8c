"""The cost of a step as a world grows, and the memory of training on the largest.

    python -m tests.benchmarks.scaling [ROUNDS]          the tables, and docs/pictures/scaling.png

Worlds are open and slippery.  Episodes start in one corner, or anywhere: then they touch the whole of the tables, which
is the most that a large world can cost.  Times are processor time with one thread, medians over the rounds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from statistics import median

import numpy as np

from agent.fast.kernel import Kernel
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.world.dynamics import Dynamics
from tests.benchmarks.measure import machine, open_world
from tests.root import ROOT

SIDES = (8, 16, 32, 64, 128, 256, 512, 1000)
CAPS = (200, 2000)
BATCHES = (100, 1000, 10_000)
#: Steps of one measurement of the kernel, about.
STEPS = 4_000_000
PICTURE = ROOT / "docs" / "pictures" / "scaling.png"
#: Okabe and Ito's colours, and signs for those who see none.
STYLES = (("#0072B2", "o"), ("#56B4E9", "s"), ("#D55E00", "^"), ("#E69F00", "v"))


def nanoseconds(work: Callable[[], int], rounds: int) -> float:
    """Processor time of a step; ``work`` says how many steps it took.  Once more at first, which does not count."""
    work()
    found = []
    for _ in range(rounds):
        used = time.process_time()
        steps = work()
        found.append(1e9 * (time.process_time() - used) / steps)
    return median(found)


def of_kernel(dynamics: Dynamics, rounds: int) -> float:
    """Rollouts and credit of a uniform policy."""
    kernel = Kernel(dynamics, threads=1)
    S, A = dynamics.n_states, dynamics.n_actions
    uniform, baseline, numbers = np.full((S, A), 1.0 / A), np.zeros(S), count()
    episodes = STEPS // dynamics.max_steps

    def work() -> int:
        return int(kernel.batch(uniform, "baseline", baseline, 0, next(numbers), 0, episodes).lengths.sum())

    return nanoseconds(work, rounds)


def of_training(dynamics: Dynamics, batch: int, rounds: int) -> float:
    """Whole updates, with what surrounds the rollouts."""
    trainer = Trainer(dynamics, settings_for(dynamics, batch=batch, episodes=10**9), threads=1)

    def work() -> int:
        before = trainer.steps
        trainer.step()
        return trainer.steps - before

    return nanoseconds(work, rounds)


def measured(rounds: int) -> dict[str, list[float]]:
    """Nanoseconds a step of each line of the picture, for each of the sides; printed as they are found."""
    lines: dict[str, list[float]] = {}
    for side in SIDES:
        row: dict[str, float] = {}
        for cap in CAPS:
            row[f"start in a corner, cap {cap:,}"] = of_kernel(open_world(side, cap), rounds)
            row[f"start anywhere, cap {cap:,}"] = of_kernel(open_world(side, cap, anywhere=True), rounds)
        world = open_world(side, CAPS[-1], anywhere=True)
        for batch in BATCHES:
            row[f"training, N = {batch:,}"] = of_training(world, batch, rounds)
        if not lines:
            print("| world | " + " | ".join(row) + " |\n|---|" + "---|" * len(row))
        print(f"| {side}×{side} | " + " | ".join(f"{value:.1f}" for value in row.values()) + " |", flush=True)
        for name, value in row.items():
            lines.setdefault(name, []).append(value)
    return lines


def draw(lines: dict[str, list[float]]) -> None:
    """The picture: rollouts on the left, whole training on the right."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    mpl.rcParams.update({"font.size": 13, "axes.spines.top": False, "axes.spines.right": False})
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.8), layout="constrained")
    states = [side * side for side in SIDES]
    training = [name for name in lines if name.startswith("training")]
    for axes, names in ((left, [name for name in lines if name not in training]), (right, training)):
        for name, (colour, sign) in zip(names, STYLES, strict=False):
            label = name.removeprefix("training, ")
            axes.plot(states, lines[name], color=colour, marker=sign, linewidth=2, markersize=7, label=label)
        axes.set_xscale("log")
        axes.set_xticks([64, 1024, 16384, 10**6], ["8×8", "32×32", "128×128", "1000×1000"])
        axes.minorticks_off()
        axes.tick_params(axis="x", labelsize=11)
        axes.set_xlabel("size of the world")
        axes.grid(axis="y", color="#dddddd")
        axes.set_axisbelow(True)
        axes.legend(facecolor="white", edgecolor="none", framealpha=1.0, loc="upper left")
    left.set_ylim(0, 1.45 * max(max(lines[name]) for name in lines if name not in training))
    left.set_title("rollouts with their credit")
    left.set_ylabel("ns of processor time a step")
    right.set_yscale("log")
    ticks = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
    low, high = (limit(limit(lines[name]) for name in training) for limit in (min, max))
    right.set_ylim(0.8 * low, 3 * high)
    right.set_yticks([tick for tick in ticks if low / 2 < tick < 2 * high], minor=False)
    right.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    right.minorticks_off()
    right.set_title(f"whole training, start anywhere, cap {CAPS[-1]:,}")
    figure.savefig(PICTURE, dpi=100)


def memory(side: int, updates: int = 3) -> dict[str, float]:
    """Train on a large world; the peak of memory in GiB, and seconds of its parts."""
    import resource

    began = time.perf_counter()
    dynamics = open_world(side, 10 * side)
    built = time.perf_counter()
    trainer = Trainer(dynamics, settings_for(dynamics))
    trainer.prepare()
    ready = time.perf_counter()
    for _ in range(updates):
        trainer.step()
    ended = time.perf_counter()
    scale = 2**30 if sys.platform == "darwin" else 2**20
    return {
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale,
        "world": built - began,
        "trainer": ready - built,
        "update": (ended - ready) / updates,
    }


def main() -> None:
    """Print the tables and draw; ``memory SIDE`` is what it runs in processes of their own."""
    if sys.argv[1:2] == ["memory"]:
        print(json.dumps(memory(int(sys.argv[2]))))
        return
    print(machine())
    for side in (256, 1000):
        command = [sys.executable, "-m", "tests.benchmarks.scaling", "memory", str(side)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
        print(
            f"- {side}×{side}: {found['peak']:.2f} GiB at most; {found['world']:.1f} s for the world, "
            f"{found['trainer']:.1f} s to be ready, {1e3 * found['update']:.0f} ms an update of the defaults"
        )
    lines = measured(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    draw(lines)
    print(f"drawn: {PICTURE}", file=sys.stderr)


if __name__ == "__main__":
    main()
