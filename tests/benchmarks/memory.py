"""Peak memory of a few updates on open worlds of 256×256 and 1000×1000 cells, tabular and with a network.

    python -m tests.benchmarks.memory                  one row each; every world in a process of its own

And of the whole command on the largest: 10 updates of the defaults, checkpoints, and 1,000 fresh episodes at the end.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measure import machine
from tests.root import ROOT

UPDATES = 3


def measured(size: int, hidden: tuple[int, ...]) -> str:
    """Train in this process and say what it took."""
    from agent.reinforce.settings import settings_for
    from agent.trainer import Trainer
    from game.world.catalog import world_of
    from game.world.level_file import parse_level

    began = time.perf_counter()
    level = parse_level(text_of(size), "open", "open")
    dynamics = world_of(level, "open").dynamics
    built = time.perf_counter() - began
    trainer = Trainer(dynamics, settings_for(dynamics, hidden=hidden))
    for _, snapshot in zip(range(UPDATES), trainer.run(), strict=False):
        seconds = snapshot.seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    policy = name_of(hidden)
    return f"| {size}×{size} | {policy} | {built:.1f} s | {seconds / UPDATES:.2f} s | {peak:.2f} GiB |"


def text_of(size: int) -> str:
    """The open level."""
    rows = "\n".join(["S" + "." * (size - 1), *["." * size] * (size - 2), "." * (size - 1) + "G"])
    return f'title = "Open"\nmax_steps = 2000\nmap = """\n{rows}\n"""\n'


def name_of(hidden: tuple[int, ...]) -> str:
    """A policy in words."""
    return "MLP " + "×".join(map(str, hidden)) if hidden else "tabular"


def of_command(size: int, hidden: tuple[int, ...]) -> str:
    """Run the command, in a process that has no other child, and say what it took."""
    with tempfile.TemporaryDirectory() as folder:
        level = Path(folder) / "open.toml"
        level.write_text(text_of(size), encoding="utf-8")
        options = ["--view", "none", "--episodes", "320", "--out", str(level.with_name("run"))]
        network = ["--hidden", ",".join(map(str, hidden))] if hidden else []
        command = [sys.executable, "main.py", "train", str(level), *options, *network]
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    seconds = time.perf_counter() - began
    return f"| `main.py train`, {size}×{size}, {name_of(hidden)} | {seconds:.0f} s | {peak:.2f} GiB |"


def main() -> None:
    """Print a row per world and policy."""
    if len(sys.argv) > 1:
        work = of_command if sys.argv[1] == "command" else measured
        side, *layers = map(int, sys.argv[2:])
        print(work(side, tuple(layers)), flush=True)
        return
    print(machine())
    print("| world | policy | built in | an update takes | peak memory |\n|---|---|---|---|---|", flush=True)
    for size in (256, 1000):
        for hidden in ((), (16,)):
            apart("updates", size, *hidden)
    print("\n| the whole command | seconds | peak memory |\n|---|---|---|", flush=True)
    for hidden in ((), (16,)):
        apart("command", 1000, *hidden)


def apart(*arguments: object) -> None:
    """Measure in a process of its own."""
    subprocess.run([sys.executable, "-m", "tests.benchmarks.memory", *map(str, arguments)], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
