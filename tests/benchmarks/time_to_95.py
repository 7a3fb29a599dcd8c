"""Seconds of training until J is 95 % of the optimum on slippery FrozenLake: Arrowgrad and Stable-Baselines3's A2C.

    python -m tests.benchmarks.time_to_95 /tmp/peers/bin/python [RUNS OF A2C] [SEEDS]

The first argument is the Python that has Stable-Baselines3; without it A2C is left out.  Both learn with their
defaults, and J is exact for both, by dynamic programming from the action probabilities of all states.  Time that this
takes does not count, nor do imports and compilation.  A2C learns on 4×4, where it gets there; one row of Arrowgrad on
8×8 says what whole default runs attain.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.measure import machine, program, spread

ENVIRONMENT, LARGE = "FrozenLake-v1", "FrozenLake8x8-v1"
SHARE = 0.95
#: A2C's limit of steps, and how many it learns between two looks at its policy.
STEPS, BETWEEN = 100_000, 500


def arrowgrad(level: str, seed: int) -> tuple[float | None, float, float]:
    """Seconds until 95 %, None where it was not reached; seconds of the whole run; and its final ratio."""
    from agent.exact.exact import Exact
    from agent.exact.tables import ratio
    from agent.reinforce.settings import settings_for
    from agent.trainer import Trainer
    from game.world.catalog import load

    dynamics = load(f"gym:{level}").dynamics
    exact = Exact(dynamics)
    best = exact.optimum().objective
    trainer = Trainer(dynamics, settings_for(dynamics, seed=seed))
    trainer.prepare()
    reached = None
    for snapshot in trainer.run():
        if reached is None and exact.objective(exact.values(snapshot.after)) >= SHARE * best:
            reached = trainer.seconds
    final = ratio(exact.objective(exact.values(trainer.probabilities())), best)
    assert final is not None
    return reached, trainer.seconds, final


def a2c(seed: int) -> tuple[float | None, int, float]:
    """Seconds until 95 % on 4×4, None where it was not reached; steps until then; and the ratio at the end."""
    import torch
    from stable_baselines3 import A2C

    from agent.exact.exact import Exact
    from agent.exact.tables import ratio
    from game.world.catalog import load

    torch.set_num_threads(1)  # with two it is slower
    exact = Exact(load(f"gym:{ENVIRONMENT}").dynamics)
    best = exact.optimum().objective
    model = A2C("MlpPolicy", ENVIRONMENT, seed=seed, device="cpu")
    model.learn(5)

    def policy() -> NDArray[np.float64]:
        states = torch.arange(exact.dynamics.n_states)
        with torch.no_grad():
            chances = model.policy.get_distribution(states).distribution.probs.double()
        table: NDArray[np.float64] = chances.numpy()
        return np.asarray(table / table.sum(axis=1, keepdims=True))

    seconds, steps, share = 0.0, 5, 0.0
    while share < SHARE and steps < STEPS:
        began = time.perf_counter()
        model.learn(BETWEEN, reset_num_timesteps=False)
        seconds += time.perf_counter() - began
        steps += BETWEEN
        share = ratio(exact.objective(exact.values(policy())), best) or 0.0
    return seconds if share >= SHARE else None, steps, share


def main() -> None:
    """Print what was found; ``a2c SEED`` and ``arrowgrad LEVEL SEEDS`` are what it runs in processes of their own."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["a2c"]:
        print(json.dumps(a2c(int(arguments[1]))))
        return
    if arguments[:1] == ["arrowgrad"]:
        arrowgrad(arguments[1], 10**6)  # once that does not count: memory and machine code are in place
        print(json.dumps([arrowgrad(arguments[1], seed) for seed in range(int(arguments[2]))]))
        return
    peers = int(arguments[1]) if len(arguments) > 1 else 3
    seeds = int(arguments[2]) if len(arguments) > 2 else 20
    print(machine())
    ours: list[tuple[float | None, float, float]] = []
    quicker = []
    for run in range(peers):
        ours = program(sys.executable, "time_to_95", "arrowgrad", ENVIRONMENT, seeds)
        reached = [first for first, _, _ in ours if first is not None]
        print(
            f"- 4×4, Arrowgrad: 95 % in {len(reached)} of {seeds} seeds, after {spread(reached, '.4f')} s; at the end "
            f"{spread([final for *_, final in ours], '.4f')} of the optimum, after {spread([s for _, s, _ in ours])} s",
            flush=True,
        )
        theirs = program(arguments[0], "time_to_95", "a2c", run) if arguments else None
        if theirs is None:
            break
        seconds, steps, share = theirs
        what = f"95 % after {seconds:.1f} s" if seconds else f"{share:.0%} and no further"
        print(f"- 4×4, Stable-Baselines3 A2C, seed {run}: {what}, {steps:,} steps", flush=True)
        if seconds:
            quicker.append(seconds / statistics.median(reached))
    if quicker:
        print(f"- Arrowgrad is {spread(quicker, ',.0f')} times as fast")
    ours = program(sys.executable, "time_to_95", "arrowgrad", LARGE, seeds)
    enough = sum(final >= 0.97 for *_, final in ours)
    print(
        f"- 8×8, Arrowgrad: at the end {spread([final for *_, final in ours], '.4f')} of the optimum, at least 0.97 in "
        f"{enough} of {seeds} seeds, after {spread([seconds for _, seconds, _ in ours])} s; 95 % after "
        f"{spread([first for first, *_ in ours if first is not None])} s"
    )


if __name__ == "__main__":
    main()
