"""How far the defaults get on problems by others, Gymnasium's, for each estimator.

    python tests/benchmarks/gym_problems.py                20 seeds each, about five minutes
    python tests/benchmarks/gym_problems.py --seeds 5

Each cell holds the lowest and the median exact ratio over the seeds, 1 − (optimum − J)/|optimum|, and the median of
the seconds of training: time in updates, without imports and compilation.
"""

from __future__ import annotations

import argparse
import statistics

from agent.exact.exact import Exact
from agent.exact.tables import ratio
from agent.reinforce.credit import SAMPLED
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.world.catalog import World, load

#: LEVEL and discount, None for the default.
PROBLEMS: tuple[tuple[str, float | None], ...] = (
    ("gym:FrozenLake-v1", None),
    ("gym:FrozenLake8x8-v1", None),
    ("gym:CliffWalking-v1", 1.0),
    ("gym:CliffWalking-v1", None),
    ("gym:CliffWalkingSlippery-v1", None),
    ("gym:Taxi-v4", None),
)


def trained(world: World, estimator: str, seed: int) -> tuple[float, float]:
    """The exact J after a run with the defaults, and its seconds of training."""
    trainer = Trainer(world.dynamics, settings_for(world.dynamics, estimator=estimator, seed=seed))
    for _ in trainer.run():
        pass
    return trainer.exact.objective(trainer.exact.values(trainer.probabilities())), trainer.seconds


def main() -> None:
    """Print a row per problem."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    seeds = range(parser.parse_args().seeds)
    print(f"| problem | γ | best possible J | {' | '.join(SAMPLED)} | baseline: lowest J |")
    print("|---|---|---|" + "---|" * (len(SAMPLED) + 1))
    for level, discount in PROBLEMS:
        world = load(level).with_options(discount)
        best = Exact(world.dynamics).optimum().objective
        cells = []
        for estimator in SAMPLED:
            runs = [trained(world, estimator, seed) for seed in seeds]
            ratios = [ratio(objective, best) or 0.0 for objective, _ in runs]
            seconds = statistics.median(time for _, time in runs)
            cells.append(f"{min(ratios):.3f} / {statistics.median(ratios):.3f}, {seconds:.2f} s")
        lowest = min(objective for objective, _ in runs)
        shown = f"{world.dynamics.discount:g}"
        print(f"| `{level}` | {shown} | {best:.4f} | {' | '.join(cells)} | {lowest:.4f} |", flush=True)


if __name__ == "__main__":
    main()
