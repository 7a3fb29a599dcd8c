"""Steps a second on slippery FrozenLake 8×8: Gymnasium, gymnax, Stable-Baselines3's A2C, and Arrowgrad.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install -r tests/benchmarks/requirements.txt
    python -m tests.benchmarks.peers /tmp/peers/bin/python [ROUNDS]

The first argument is the Python that has the peers.  Each program runs in a process of its own, all in turns; what
is not installed is skipped.  Random stepping and training are two tables, since they are two kinds of work.
"""

from __future__ import annotations

import statistics
import sys
from dataclasses import dataclass

from tests.benchmarks.measure import interleaved, machine, program, ratios, spread

TITLES = {
    "gymnasium": "Gymnasium, random steps",
    "gymnax": "gymnax, random steps, 32,768 worlds at once",
    "kernel": "Arrowgrad, random steps with their credit",
    "a2c": "Stable-Baselines3 A2C, training",
    "defaults": "Arrowgrad, training, defaults",
    "batches": "Arrowgrad, training, 20,000 episodes an update",
}
TABLES = (("gymnasium", "gymnax", "kernel"), ("a2c", "defaults", "batches"))
OURS = ("kernel", "defaults", "batches")


@dataclass
class Speed:
    """A program; each call runs it once."""

    name: str
    python: str

    def __call__(self) -> tuple[float, float] | None:
        """Steps a second by the clock and of processor time, None where something is not installed."""
        found = program(self.python, "peer", self.name)
        return None if found is None else (found["steps"] / found["seconds"], found["steps"] / found["processor"])


def main() -> None:
    """Print both tables."""
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print(machine())
    for names in TABLES:
        tasks = {name: Speed(name, sys.executable if name in OURS else python) for name in names}
        found = {name: runs for name, runs in interleaved(tasks, rounds).items() if None not in runs}
        speeds = {name: [run[0] for run in runs if run] for name, runs in found.items()}
        used = {name: [run[1] for run in runs if run] for name, runs in found.items()}
        theirs = [name for name in names if name in found and name not in OURS]
        heads = [f"times {TITLES[name].split(',')[0]}" for name in theirs]
        print("\n| | steps a second |" + "".join(f" {head} | by processor time |" for head in heads))
        print("|---|---|" + "---|---|" * len(heads))
        for name in found:
            cells = [TITLES[name], spread(speeds[name], ",.0f")]
            for other in theirs:
                cells.append(spread(ratios(speeds[name], speeds[other]), ",.3g") if name in OURS else "")
                cells.append(f"{statistics.median(ratios(used[name], used[other])):,.3g}" if name in OURS else "")
            print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
