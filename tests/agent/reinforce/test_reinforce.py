"""REINFORCE on one page leads to the parameters that the trainer comes to, whichever way that walks its episodes."""

from __future__ import annotations

import re
import runpy
import sys

import numpy as np
import pytest

from agent.reinforce.reinforce import main, reinforce
from agent.trainer import Trainer
from game.world.catalog import World, load
from tests.agent.worlds import CORRIDOR, EVERYTHING, RESTARTS, settings_of, world_of

UPDATES, SEED = 30, 7
#: Worlds and learning rates.  Between them: slip, wind, ice, a swap, coins, restarts, weighted starts, cells that look
#: alike, γ < 1 and γ = 1.  Where rewards are large the steps are short: too long a step throws θ about, and makes of a
#: difference in the last bit one in the first digit within thirty updates.
WORLDS = {
    "everything": (world_of(EVERYTHING), 1.0),
    "restarts": (world_of(RESTARTS), 0.03),
    "corridor": (world_of(CORRIDOR, observe="nothing"), 0.003),
    "ice_bridge": (load("ice_bridge"), 1.0),
}


def compared(world: World, batch: int, rate: float, kernel: bool) -> float:
    """The largest difference between the two θ, where the trainer takes the way that is expected."""
    dynamics = world.dynamics
    settings = settings_of(
        dynamics,
        estimator="reward-to-go",
        batch=batch,
        episodes=UPDATES * batch,
        learning_rate=rate,
        seed=SEED,
    )
    trainer = Trainer(dynamics, settings, threads=1)
    assert (trainer.prepare().kernel is not None) is kernel
    expected = [snapshot.mean_return for snapshot in trainer.run()]
    pages = list(reinforce(dynamics, UPDATES, batch, rate, SEED))
    assert len(pages) == len(expected) == UPDATES
    np.testing.assert_allclose([mean_return for _, mean_return in pages], expected, rtol=0.0, atol=1e-12)
    theta = pages[-1][0].numpy()
    assert np.abs(theta).max() > 0.1, "nothing was learned, so nothing was compared"
    (table,) = trainer.policy.parameters()
    return float(np.abs(theta - table.detach().numpy()).max())


@pytest.mark.parametrize("name", WORLDS)
def test_it_learns_what_the_trainer_learns_from_batches_walked_in_machine_code(name: str) -> None:
    world, rate = WORLDS[name]
    assert compared(world, batch=40, rate=rate, kernel=True) < 1e-12


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("batch", [1, 12])
def test_it_learns_what_the_trainer_learns_from_batches_walked_readably(name: str, batch: int) -> None:
    world, rate = WORLDS[name]
    # A batch of at most 400 steps is walked readably.
    assert compared(world.with_options(None, 30), batch, rate, kernel=False) < 1e-12


def test_as_a_program_it_prints_a_mean_return_that_rises(capsys: pytest.CaptureFixture[str]) -> None:
    main("line_world")
    means = [float(number) for number in re.findall(r"mean return +(\S+)", capsys.readouterr().out)]
    assert means[0] < 0.2
    assert 0.7 < means[-1] < 0.8  # the best possible is 0.77741 on average


def test_a_level_that_there_is_not_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["reinforce", "nowhere"])
    monkeypatch.delitem(sys.modules, "agent.reinforce.reinforce")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("agent.reinforce.reinforce", run_name="__main__")
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("Error: there is no level 'nowhere'; expected one of ")
