"""Small worlds that between them hold every event of a step, and what tests of the agent share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agent.reinforce.settings import Settings, settings_for
from game.world.catalog import World, world_from_text
from game.world.dynamics import Dynamics

if TYPE_CHECKING:
    from agent.trainer import Trainer

#: Coins, ice, wind, a swap, a pit and slip.
EVERYTHING = """
discount = 0.9
max_steps = 40
slip = 0.2
step_reward = -0.05
map = \"\"\"
S.*~
.#?G
*>.X
\"\"\"
"""

#: Restarts and weighted starts; a restart keeps the coin.
RESTARTS = """
discount = 0.97
max_steps = 50
slip = "1/3"
step_reward = -0.1
map = \"\"\"
SACG
..*C
A.SC
\"\"\"
[tiles.C]
reward = -2.5
effect = "restart"
[tiles.A]
start = 2.5
"""

#: Nine actions, and ice without any other slip.
NINE = """
discount = 1.0
max_steps = 30
step_reward = -0.3
actions = ["up", "up-right", "right", "down-right", "down", "down-left", "left", "up-left", "stay"]
map = \"\"\"
S.v.
~~.#
X<.G
\"\"\"
"""

#: Two actions; the second cell swaps them.
CORRIDOR = """
discount = 1.0
max_steps = 60
step_reward = -1
actions = ["left", "right"]
map = \"\"\"
S?.G
\"\"\"
[tiles.G]
reward = -1
"""

#: A cap that truncates most episodes, and a goal that does not end them.
TRUNCATED = """
discount = 0.5
max_steps = 7
step_reward = 0.25
map = \"\"\"
S..
.g.
..G
\"\"\"
[tiles.g]
goal = true
reward = 2
"""

#: So few trajectories that all of them can be enumerated; a coin, slip and a restart.
TINY = """
discount = 0.8
max_steps = 5
slip = 0.3
step_reward = -0.1
actions = ["left", "right", "down"]
map = \"\"\"
SC*
#.G
\"\"\"
[tiles.C]
reward = -1.5
effect = "restart"
"""

LEVELS = {
    "everything": EVERYTHING,
    "restarts": RESTARTS,
    "nine": NINE,
    "corridor": CORRIDOR,
    "truncated": TRUNCATED,
}


def world_of(text: str, **physics: Any) -> World:
    """The world of a level's text; ``physics`` are keys to put before it, such as ``observe="tile"``."""
    keys = "".join(f'{name} = "{value}"\n' for name, value in physics.items())
    return world_from_text(keys + text, "small", "small", "small.toml")


def settings_of(dynamics: Dynamics, **given: Any) -> Settings:
    """Complete settings: plain gradient ascent with step 1 and no bonus, unless ``given`` otherwise."""
    plain: dict[str, Any] = {"optimizer": "sgd", "learning_rate": 1.0, "entropy": 0.0}
    return settings_for(dynamics, **(plain | given))


def random_policy(dynamics: Dynamics, seed: int) -> NDArray[np.float64]:
    """(S, A) float64: a policy of what is observed, with some probabilities that are exactly 0."""
    generator = np.random.default_rng(seed)
    table = generator.dirichlet(np.ones(dynamics.n_actions), size=dynamics.n_observations)
    if len(table) > 3:
        middle = len(table) // 2
        table[middle] = np.eye(dynamics.n_actions)[-1]
        table[middle + 1, 0] = 0.0
        table[middle + 1] /= table[middle + 1].sum()
    return np.asarray(table[dynamics.observation])


def fingerprint(trainer: Trainer) -> dict[str, bytes]:
    """Every bit that a run's future depends on."""
    parts = {name: parameter.detach().numpy().tobytes() for name, parameter in trainer.policy.named_parameters()}
    parts |= {f"optimizer {name}": value.numpy().tobytes() for name, value in trainer.optimizer.state().items()}
    parts["baseline"], parts["visits"] = trainer.baseline.sums.tobytes(), trainer.visits.tobytes()
    counters = (trainer.update, trainer.episodes, trainer.steps, trainer.budget.debt)
    return parts | {"counters": repr(counters).encode()}
