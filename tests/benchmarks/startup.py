"""How long the program takes to answer: ``--help`` of every command, and the first frame of ``train``.

    python -m tests.benchmarks.startup [ROUNDS]

The first frame: from starting the process until the whole window has been drawn and handed to SDL (its dummy driver,
which shows nothing); the same until the first update has been drawn.  Both beside a process that only imports torch,
in turns.  By the clock, and in processor time of the process, which other programs on the machine change less.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.measure import interleaved, machine, spread
from tests.root import ROOT

#: Runs ``train`` until the window has drawn what is waited for, and ends there.
TRAIN_UNTIL = """
import os, runpy, sys
from game.view.train.window import TrainingWindow

draw = TrainingWindow.draw

def draw_and_end(window):
    draw(window)
    if {condition}:
        os._exit(0)

TrainingWindow.draw = draw_and_end
sys.argv = ["main.py", "train", "--view", "window", "--out", {folder!r}]
runpy.run_path("main.py", run_name="__main__")
"""
WINDOW, UPDATE = "True", "window.model.playback.probabilities() is not None"


@dataclass
class Process:
    """A Python process; each call runs it."""

    arguments: list[str]

    def __call__(self) -> tuple[float, float]:
        """Seconds by the clock and of processor time until it ended."""
        environment = {**os.environ, "SDL_VIDEODRIVER": "dummy"}
        used, began = processor_time(), time.perf_counter()
        subprocess.run(
            [sys.executable, *self.arguments], check=True, capture_output=True, cwd=ROOT, env=environment, timeout=120
        )
        return time.perf_counter() - began, processor_time() - used


class Training(Process):
    """``train`` until something has been drawn; each call has a folder of its own for the run."""

    def __init__(self, condition: str) -> None:
        super().__init__([])
        self.condition = condition

    def __call__(self) -> tuple[float, float]:
        with tempfile.TemporaryDirectory() as folder:
            self.arguments = ["-c", TRAIN_UNTIL.format(condition=self.condition, folder=f"{folder}/run")]
            return super().__call__()


def processor_time() -> float:
    """Seconds of processor time of all processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def table(processes: dict[str, Process], rounds: int, beside: str | None = None) -> None:
    """Print a row for each process; with what it takes more than the one ``beside``, round by round."""
    for process in processes.values():
        process()  # once that does not count: compiled files, and files in memory
    found = interleaved(processes, rounds)
    for name, runs in found.items():
        clock, processor = (list(column) for column in zip(*runs, strict=True))
        cells = [name, spread(clock), spread(processor)]
        if beside is not None:
            more = [[mine[k] - other[k] for mine, other in zip(runs, found[beside], strict=True)] for k in (0, 1)]
            cells += ["" if name == beside else f"{statistics.median(differences):+.2f}" for differences in more]
        print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Print both tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    commands: Any = __import__("main").cli.commands
    print(machine())
    print("| | seconds | of processor time |\n|---|---|---|")
    helps = {"--help": Process(["main.py", "--help"])}
    helps |= {f"{name} --help": Process(["main.py", name, "--help"]) for name in sorted(commands)}
    table(helps, rounds)
    print("\n| | seconds | of processor time | more than torch | of processor time |\n|---|---|---|---|---|")
    processes = {
        "import torch": Process(["-c", "import torch"]),
        "train, the window is drawn": Training(WINDOW),
        "train, the first update is drawn": Training(UPDATE),
    }
    table(processes, rounds, "import torch")


if __name__ == "__main__":
    main()
