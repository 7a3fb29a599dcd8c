"""The policy of a saved run: what training holds, read without torch where it is a table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.reinforce.settings import settings_for
from agent.runs.folder import NEWEST, open_run
from agent.runs.learned_policy import learned_policy
from agent.runs.run import create
from game.errors import RunError
from game.world.catalog import load, world_from_text
from tests.agent.worlds import EVERYTHING
from tests.root import ROOT

KINDS: dict[str, dict[str, Any]] = {
    "table": {},
    "steep": {"learning_rate": 300.0},  # probabilities that underflow
    "network": {"hidden": (5,)},
    "position": {"hidden": (4,), "features": "position"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_the_policy_that_training_holds(tmp_path: Path, kind: str) -> None:
    world = world_from_text(EVERYTHING, "small", "small", "small.toml")
    run = create(tmp_path, world, settings_for(world.dynamics, **{"batch": 20, "episodes": 200} | KINDS[kind]))
    list(run.updates())
    probabilities, episodes, note = learned_policy(open_run(tmp_path))
    np.testing.assert_allclose(probabilities, run.trainer.probabilities(), rtol=1e-13, atol=0)
    assert (episodes, note) == (200, "")


def test_cells_that_look_alike_have_one_policy(tmp_path: Path) -> None:
    world = load("short_corridor")
    run = create(tmp_path, world, settings_for(world.dynamics, batch=20, episodes=200))
    list(run.updates())
    probabilities, _, _ = learned_policy(open_run(tmp_path))
    assert probabilities.shape == (world.dynamics.n_states, 2)
    np.testing.assert_allclose(probabilities, run.trainer.probabilities(), rtol=1e-13, atol=0)


def test_a_checkpoint_of_another_level_is_refused(tmp_path: Path) -> None:
    small, other = world_from_text(EVERYTHING, "small", "small", "small.toml"), load("cliff")
    for name, world in (("a", small), ("b", other)):
        (tmp_path / name).mkdir()
        create(tmp_path / name, world, settings_for(world.dynamics))
    (tmp_path / "a" / NEWEST).write_bytes((tmp_path / "b" / NEWEST).read_bytes())
    with pytest.raises(RunError, match="of another level or policy; expected"):
        learned_policy(open_run(tmp_path / "a"))


def test_an_opponent_is_there_without_torch() -> None:
    program = (
        "import sys; from agent.runs.opponents import Opponents; "
        "found = Opponents('cliff', None).opponent('cliff'); print(round(found.objective), 'torch' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.split() == ["-13", "False"]
