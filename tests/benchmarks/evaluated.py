"""What ``evaluate`` answers, and how long it takes: every shipped level, mazes, and two large worlds.

python -m tests.benchmarks.evaluated [WORLD …]      a table, several minutes

A learned policy is the shipped one, or that of a run of ``TRAINING`` seconds that is made for the purpose.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from agent.ranks.ranks import Ranks
from agent.reinforce.settings import settings_for
from agent.runs.folder import claim
from agent.runs.run import create
from game.world.catalog import World, load, shipped
from tests.root import ROOT

LEVELS = Path(__file__).parent / "levels"
WORLDS = [
    *shipped(),
    *(f"maze:{size}" for size in (5, 7, 15, 31, 63, 127, 255, 511)),
    *map(str, sorted(LEVELS.glob("*.toml"))),
]
TRAINING = 10.0
FIELDS = ("objective", "optimum", "ratio", "ratio_of", "goal_probability", "expected_steps", "optimum_observed")


def learned(world: World, folder: Path) -> str:
    """The name of a run of a world, trained for some seconds; on large worlds with two episodes an update."""
    few = {"batch": 2} if world.dynamics.n_states > 5000 else {}
    run = create(claim(world, folder), world, settings_for(world.dynamics, **few), Ranks())
    began = time.perf_counter()
    with closing(run.updates()) as updates:  # what is left between two updates is saved
        for _ in updates:
            if time.perf_counter() - began > TRAINING:
                break
    return str(folder)


def row(argument: str, policy: str, shown: str, greedy: bool) -> str:
    """One row of the table, by the command itself."""
    command = [sys.executable, "main.py", "evaluate", argument, "--policy", policy, "--json"]
    began = time.perf_counter()
    ran = subprocess.run([*command, *["--greedy"] * greedy], cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if ran.returncode:
        return f"| {Path(argument).stem} | {shown} | {seconds:.1f} | {ran.stderr.strip()} |"
    numbers = json.loads(ran.stdout)
    cells = [numbers.get(name, "") for name in FIELDS]
    told = ["null" if cell is None else f"{cell:.6g}" if isinstance(cell, float) else cell for cell in cells]
    return f"| {Path(argument).stem} | {shown} | {seconds:.1f} | " + " | ".join(told) + " |"


def main() -> None:
    """Print the table."""
    print(f"| world | policy | seconds | {' | '.join(FIELDS)} |\n|{'---|' * (3 + len(FIELDS))}")
    for argument in sys.argv[1:] or WORLDS:
        with tempfile.TemporaryDirectory() as folder:
            policy = "shipped" if argument in shipped() else learned(load(argument), Path(folder) / "run")
            for name, shown, greedy in (
                ("uniform", "uniform", False),
                (policy, "learned", False),
                (policy, "learned, greedy", True),
                ("optimal", "optimal", False),
            ):
                print(row(argument, name, shown, greedy), flush=True)


if __name__ == "__main__":
    main()
