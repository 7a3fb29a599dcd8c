"""Stable-Baselines3 on the grid world, where it is installed (``tests/benchmarks/requirements.txt``).

python -m pytest -m slow tests/game/env/test_stable_baselines3.py        about a minute
"""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest

from agent.exact.tables import Tables
from game.world.catalog import load, shipped

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
sb3 = pytest.importorskip("stable_baselines3", reason="this is about Stable-Baselines3")

NAME = "arrowgrad/GridWorld-v0"
#: Settings with which the algorithms learn the line world within a few thousand steps.
SETTINGS: dict[str, dict[str, Any]] = {
    "PPO": {"n_steps": 128, "learning_rate": 1e-3},
    "A2C": {"learning_rate": 2e-3},
    "DQN": {
        "learning_starts": 200,
        "train_freq": 4,
        "exploration_fraction": 0.5,
        "learning_rate": 1e-3,
        "target_update_interval": 200,
    },
}


@pytest.mark.parametrize("level", shipped())
def test_its_checker_finds_nothing(level: str, recwarn: pytest.WarningsRecorder) -> None:
    from stable_baselines3.common.env_checker import check_env

    check_env(gymnasium.make(NAME, level=level).unwrapped)
    assert [str(warning.message) for warning in recwarn] == []


@pytest.mark.parametrize("algorithm", SETTINGS)
def test_its_algorithms_learn_a_level(algorithm: str) -> None:
    from stable_baselines3.common.env_util import make_vec_env

    envs = make_vec_env(NAME, n_envs=2, seed=0, env_kwargs={"level": "line_world"})
    dynamics = load("line_world").dynamics
    model = getattr(sb3, algorithm)("MlpPolicy", envs, seed=0, gamma=dynamics.discount, **SETTINGS[algorithm])
    model.learn(4000)
    actions, _ = model.predict(np.arange(dynamics.n_states), deterministic=True)
    learned, uniform = np.eye(dynamics.n_actions)[actions], np.full((dynamics.n_states, 2), 0.5)
    exact = Tables(dynamics)
    attained = [exact.objective(exact.values(policy)) for policy in (uniform, learned)]
    # 0.77741 is the best possible (docs/levels.md).
    assert attained[1] == pytest.approx(0.77741, abs=5e-6), attained
