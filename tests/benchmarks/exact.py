"""How long the exact gradient takes: W* and ∇J of the uniform policy on four_rooms and on an open level of 64 by 64.

python -m tests.benchmarks.exact
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from agent.exact.exact import Exact
from agent.exact.tables import LIMIT
from agent.fast.recursions import MACHINE_CODE
from agent.reinforce.tabular import Tabular
from game.world.catalog import load, world_from_text
from game.world.dynamics import Dynamics

ROUNDS = 5


def large(max_steps: int, size: int = 64) -> Dynamics:
    """An open, slippery level of ``size`` by ``size``, from corner to corner."""
    rows = ["." * size for _ in range(size)]
    rows[0] = "S" + rows[0][1:]
    rows[-1] = rows[-1][:-1] + "G"
    keys = f"discount = 0.999\nmax_steps = {max_steps}\nslip = 0.1\n"
    text = f'{keys}map = """\n' + "\n".join(rows) + '\n"""\n'
    return world_from_text(text, "large", "large", "large.toml").dynamics


def median(work: Callable[[], object]) -> float:
    """Median seconds of one call, after one that is not counted."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        rounds.append(time.perf_counter() - began)
    return statistics.median(rounds)


def report(name: str, dynamics: Dynamics) -> None:
    """Print the times of one level: with numpy, in machine code, and with the backward pass to ∇J."""
    uniform = np.full((dynamics.n_states, dynamics.n_actions), 1.0 / dynamics.n_actions)
    plain, compiled = Exact(dynamics), Exact(dynamics, MACHINE_CODE)
    policy = Tabular(dynamics)

    def gradient() -> object:
        credit = torch.from_numpy(compiled.credit(policy.probabilities()))
        log_pi = policy.log_probabilities()[policy.observation]
        return torch.autograd.grad((credit * log_pi).sum(), list(policy.parameters()))

    times = [median(lambda: plain.credit(uniform)), median(lambda: compiled.credit(uniform)), median(gradient)]
    shown = ", ".join(
        f"{what} {1e3 * t:.1f} ms" for what, t in zip(("W* numpy", "W* compiled", "∇J"), times, strict=True)
    )
    within = compiled.sweep_cost * dynamics.max_steps <= LIMIT
    print(
        f"{name}: {dynamics.n_states:,} states, cap {dynamics.max_steps:,}, {compiled.swept} sweeps: {shown}; "
        f"{'shown' if within else 'not shown'} during training"
    )


def main() -> None:
    """Print each level."""
    torch.set_num_threads(1)
    report("four_rooms", load("four_rooms").dynamics)
    for max_steps in (500, 5000):
        report("64x64", large(max_steps))


if __name__ == "__main__":
    main()
