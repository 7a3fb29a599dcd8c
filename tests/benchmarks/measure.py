"""What the benchmarks share: interleaved rounds, medians with their spread, the machine, and worlds of any size.

Ratios are taken within a round, where both sides saw the same state of the machine, and their median is given.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from game.world.dynamics import Dynamics
from tests.root import ROOT

Found = TypeVar("Found")


def open_world(side: int, cap: int, anywhere: bool = False) -> Dynamics:
    """The dynamics of an open, slippery level of ``side`` by ``side``: +1 at the goal in the last corner, γ 0.99.

    Episodes start in the first corner, or with ``anywhere`` in any cell.
    """
    from game.world.catalog import world_from_text

    rows = [("." if anywhere else "S") + "." * (side - 1), *["." * side] * (side - 2), "." * (side - 1) + "G"]
    text = f'discount = 0.99\nmax_steps = {cap}\nslip = "2/3"\nmap = """\n' + "\n".join(rows) + '\n"""\n'
    return world_from_text(text, "open", "open", "open.toml").dynamics


def interleaved(tasks: Mapping[str, Callable[[], Found]], rounds: int) -> dict[str, list[Found]]:
    """What each task gave in each round; in every round all tasks take their turn."""
    found: dict[str, list[Found]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            found[name].append(task())
    return found


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Ours through theirs, round by round."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]


def spread(values: Sequence[float], form: str = ".2f", scale: float = 1.0) -> str:
    """``median (lowest–highest)``."""
    middle, low, high = (f"{scale * v:{form}}" for v in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({low}–{high})"


def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def program(python: str, module: str, *arguments: object) -> Any:
    """What a module of this folder prints as its last line, as JSON, run by a Python of its own.

    None where that Python lacks a package that the module needs.
    """
    command = [python, "-m", f"tests.benchmarks.{module}", *map(str, arguments)]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if "ModuleNotFoundError" in ended.stderr:
        print(f"skipped {module}: {ended.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    if ended.returncode != 0:
        raise RuntimeError(ended.stderr)
    return json.loads(ended.stdout.strip().splitlines()[-1])


def machine() -> str:
    """Processor, versions and load, in one line."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), name)
    except OSError:
        pass
    packages = ", ".join(f"{package} {version(package)}" for package in ("numpy", "numba", "torch"))
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}{load}"
