"""The defaults learn every fully observed shipped level but the one that is made to show how learning gets stuck."""

from __future__ import annotations

import pytest

from game.world.catalog import load, shipped
from tests.agent.test_trainer import assert_learned

SEEDS = (*range(5), *range(20, 25))
LEVELS = [name for name in shipped() if name != "saturation" and load(name).dynamics.fully_observed]


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_defaults_learn_every_level_from_ten_seeds(level: str) -> None:
    runs = [assert_learned(level, seed) for seed in SEEDS]
    ratios, goal_rates, seconds = (sorted(column) for column in zip(*runs, strict=True))
    median = (ratios[4] + ratios[5]) / 2
    print(
        f"\n{level:16} ratio min {ratios[0]:.4f} median {median:.4f}  goal rate min {goal_rates[0]:.3f}  "
        f"seconds max {seconds[-1]:.2f}"
    )
