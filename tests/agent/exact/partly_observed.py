"""Random levels whose policy sees less than its cell, and how far training gets on them."""

from __future__ import annotations

import random

from agent.exact.exact import Exact
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.world.catalog import world_from_text
from game.world.dynamics import Dynamics


def random_level(seed: int) -> Dynamics:
    """A level of up to 30 cells with up to six kinds of floor that look different, pits, walls, and a goal."""
    numbers = random.Random(seed)
    height, width = numbers.randint(2, 5), numbers.randint(3, 6)
    kinds = "abcdef"[: numbers.randint(1, 6)]
    letters = kinds * 3 + "XX#" + ("?~" if numbers.random() < 0.3 else "")
    cells = [[numbers.choice(letters) for _ in range(width)] for _ in range(height)]
    places = [(row, column) for row in range(height) for column in range(width)]
    start, goal, *other = numbers.sample(places, 4)
    cells[start[0]][start[1]], cells[goal[0]][goal[1]] = "S", "G"
    if numbers.random() < 0.3:
        cells[other[0][0]][other[0][1]] = "g"
    keys = {
        "discount": numbers.choice((0.9, 0.95, 1.0)),
        "max_steps": numbers.choice((10, 15, 30, 60)),
        "slip": numbers.choice((0, 0, 0, 0.1, 0.3)),
        "step_reward": numbers.choice((0, 0, -0.02, -0.1)),
    }
    lines = [f"{key} = {value}" for key, value in keys.items()]
    lines += ['observe = "tile"', 'map = """', *("".join(row) for row in cells), '"""']
    lines += ["[tiles.G]", f"reward = {numbers.choice((1, 2, 5))}", "[tiles.g]", "reward = 0.5", "ends = true"]
    lines += [f'[tiles.{kind}]\nname = "{kind}"' for kind in kinds]
    return world_from_text("\n".join(lines) + "\n", "seen", "seen", "seen.toml").dynamics


def trained(dynamics: Dynamics, seed: int) -> float:
    """J of the policy that a run with the default settings ends with."""
    trainer = Trainer(dynamics, settings_for(dynamics, seed=seed))
    for _ in trainer.run():
        pass
    exact = Exact(dynamics)
    return exact.objective(exact.values(trainer.probabilities()))
