"""Peak memory of a few updates on open worlds of 256×256 and 1000×1000 cells, tabular and with a network.

python tests/benchmarks/memory.py                      one row each; every world in a process of its own
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

UPDATES = 3


def measured(size: int, hidden: tuple[int, ...]) -> str:
    """Train in this process and say what it took."""
    from agent.settings import settings_for
    from agent.trainer import Trainer
    from game.catalog import world_of
    from game.level_file import parse_level

    rows = "\n".join(["S" + "." * (size - 1), *["." * size] * (size - 2), "." * (size - 1) + "G"])
    began = time.perf_counter()
    level = parse_level(f'title = "Open"\nmax_steps = 2000\nmap = """\n{rows}\n"""\n', "open", "open")
    dynamics = world_of(level, "open").dynamics
    built = time.perf_counter() - began
    trainer = Trainer(dynamics, settings_for(dynamics, hidden=hidden))
    for _, snapshot in zip(range(UPDATES), trainer.run(), strict=False):
        seconds = snapshot.seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    policy = "MLP " + "×".join(map(str, hidden)) if hidden else "tabular"
    return f"| {size}×{size} | {policy} | {built:.1f} s | {seconds / UPDATES:.2f} s | {peak:.2f} GiB |"


def main() -> None:
    """Print a row per world and policy."""
    if len(sys.argv) > 1:
        print(measured(int(sys.argv[1]), tuple(map(int, sys.argv[2:]))), flush=True)
        return
    from tests.benchmarks.measure import machine

    print(machine())
    print("| world | policy | built in | an update takes | peak memory |\n|---|---|---|---|---|", flush=True)
    for size in (256, 1000):
        for hidden in ((), (16,)):
            subprocess.run([sys.executable, __file__, str(size), *map(str, hidden)], check=True)


if __name__ == "__main__":
    main()
