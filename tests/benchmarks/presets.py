"""How well the default settings learn, and what becomes of it when one of them is changed.

python tests/benchmarks/presets.py            the table of docs/presets.md, about five minutes
"""

from __future__ import annotations

import statistics

from agent.exact.tables import ratio
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.world.catalog import load, shipped

SEEDS = (0, 1, 2, 3, 4, 20, 21, 22, 23, 24)
CHANGES: dict[str, dict[str, object]] = {
    "defaults": {},
    "entropy 0": {"entropy": 0.0},
    "N = 32": {"batch": 32},
    "reward-to-go": {"estimator": "reward-to-go"},
    "total-return": {"estimator": "total-return"},
}


def main() -> None:
    """Print a row per level: the lowest ratio over the seeds for each change, and the defaults' goal rate and time."""
    print("| level | states | " + " | ".join(CHANGES) + " | lowest goal rate | longest training |")
    print("|---|---|" + "---|" * (len(CHANGES) + 2))
    for name in shipped():
        world = load(name)
        if not world.dynamics.fully_observed or name == "saturation":
            continue
        cells, goals, seconds = [], [], []
        for change, options in CHANGES.items():
            ratios = []
            for seed in SEEDS:
                settings = settings_for(world.dynamics, seed=seed, **options)
                if change == "N = 32":  # as many updates, so fewer episodes
                    updates = settings_for(world.dynamics).updates
                    settings = settings_for(world.dynamics, seed=seed, episodes=32 * updates, **options)
                trainer = Trainer(world.dynamics, settings)
                for _ in trainer.run():
                    pass
                best = trainer.exact.optimum().objective
                attained = trainer.exact.evaluate(trainer.probabilities())
                value = ratio(attained.objective, best)
                assert value is not None
                ratios.append(value)
                if change == "defaults":
                    goals.append(attained.goal_probability)
                    seconds.append(trainer.seconds)
            cells.append(f"{min(ratios):.3f} ({statistics.median(ratios):.3f})")
        print(
            f"| `{name}` | {world.dynamics.n_states} | {' | '.join(cells)} | {min(goals):.3f} | {max(seconds):.1f} s |",
            flush=True,
        )


if __name__ == "__main__":
    main()
