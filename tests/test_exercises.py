"""The exercises of ``docs/code.md``: each solution is applied to its file as printed, and does what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pygame
import pytest

from agent.exact.exact import Exact
from agent.lesson.maths.derivation import policy_with, probabilities_of, score_table
from agent.lesson.maths.enumeration import all_trajectories
from agent.lesson.maths.spread import single_estimates
from agent.reinforce import credit
from agent.reinforce.credit import centred
from agent.reinforce.settings import settings_for
from agent.trainer import Trainer
from game.view.draw.board import Board
from game.view.shared.theme import LIGHT
from game.world.catalog import load, world_from_text
from game.world.level import DEFAULT_ACTIONS
from tests.agent.worlds import world_of
from tests.root import ROOT

PAGE = (ROOT / "docs" / "code.md").read_text(encoding="utf-8")
SOLUTIONS = dict(re.findall(r"^`([\w./]+)`\n\n```diff\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))
TINY = 'discount = 0.8\nmax_steps = 4\nslip = 0.25\nstep_reward = -0.1\nactions = ["left", "right"]\nmap = "XS.G"\n'


def solved(path: str) -> str:
    """A file's text with its exercise's solution applied; what the solution replaces must stand there once."""
    lines = [(line[:1], line[1:]) for line in SOLUTIONS[path].splitlines()]
    old = "".join(f"{text}\n" for sign, text in lines if sign in " -")
    new = "".join(f"{text}\n" for sign, text in lines if sign in " +")
    text = (ROOT / path).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} has changed: {old}"
    return text.replace(old, new)


def module(path: str) -> ModuleType:
    """The solved file as a module of its own."""
    made = ModuleType(f"solved_{Path(path).stem}")
    exec(compile(solved(path), path, "exec"), made.__dict__)
    return made


def test_every_exercise_has_a_solution() -> None:
    assert list(SOLUTIONS) == [
        "assets/levels/ice_bridge.toml",
        "agent/reinforce/network.py",
        "agent/reinforce/credit.py",
        "game/view/draw/arrows.py",
    ]


@pytest.mark.parametrize(("path", "name"), re.findall(r"`((?:agent|game)/[\w/]+\.py)`(?:, `([\w.]+)`)?", PAGE))
def test_every_place_named_exists(path: str, name: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    for part in name.split(".") if name else []:
        assert re.search(rf"^ *(class|def) {part}\b", text, re.MULTILINE), f"{path}: {part}"


def test_with_a_worse_pit_the_best_policy_walks_around() -> None:
    def best(text: str) -> tuple[float, float]:
        world = world_from_text(text, "ice_bridge", "ice_bridge", "ice_bridge.toml").with_options(0.85, None)
        found = Exact(world.dynamics).optimum()
        return found.expected_steps, found.goal_probability

    path = "assets/levels/ice_bridge.toml"
    assert best((ROOT / path).read_text(encoding="utf-8")) == pytest.approx((5.84, 0.85), abs=0.005)
    assert best(solved(path)) == pytest.approx((10.0, 1.0))
    assert best(solved(path).replace("-2", "-1.2"))[0] == pytest.approx(5.84, abs=0.005)


def test_a_network_of_rectified_units_learns_the_first_level(monkeypatch: pytest.MonkeyPatch) -> None:
    dynamics = load("first_steps").dynamics
    rectified = module("agent/reinforce/network.py").Network
    observed = rectified(dynamics, (3,), "one-hot", 1)
    observed.weights[1].data.fill_(1.0)
    inputs = observed.weights[0].detach().numpy() + observed.biases[0].detach().numpy()
    expected = np.maximum(inputs, 0.0).sum(axis=1, keepdims=True).repeat(4, axis=1)
    np.testing.assert_allclose(observed.logits().detach().numpy(), expected)
    monkeypatch.setattr("agent.trainer.Network", rectified)
    trainer = Trainer(dynamics, settings_for(dynamics, hidden=(32,), batch=50, episodes=3000), threads=1)
    for _ in trainer.run():
        pass
    assert isinstance(trainer.policy, rectified)
    exact = trainer.exact
    assert exact.objective(exact.values(trainer.probabilities())) > 0.9 * exact.optimum().objective


@pytest.mark.parametrize(("discount", "biased"), [(0.8, True), (1.0, False)])
def test_without_the_discount_of_the_step_the_mean_is_another(
    discount: float, biased: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    dynamics = world_of(TINY).with_options(discount, None).dynamics
    policy = policy_with(dynamics, np.zeros((dynamics.n_states, 2)))
    pi = policy.probabilities()
    trajectories = all_trajectories(dynamics, pi)
    truth = centred(Exact(dynamics).credit(pi), pi)

    def error() -> float:
        """|E ∇̂J − ∇J| / |∇J|, the expectation over every trajectory."""
        scores, nothing = score_table(policy), np.zeros(dynamics.n_states)
        estimates = single_estimates(trajectories, scores, "reward-to-go", discount, nothing)
        mean = np.einsum("n,nsa->sa", probabilities_of(trajectories), estimates)
        return float(np.linalg.norm(mean - truth) / np.linalg.norm(truth))

    assert error() < 1e-12
    monkeypatch.setattr(credit, "credited", module("agent/reinforce/credit.py").credited)
    assert (error() > 0.05) if biased else (error() < 1e-12)


def test_an_arrow_of_one_percent_is_a_tenth_of_the_longest() -> None:
    layout = world_of('map = "S"\n').dynamics.layout
    assert layout is not None
    board = Board(layout, pygame.Rect(0, 0, 401, 401), LIGHT)
    arrows = module("game/view/draw/arrows.py").Arrows(board, DEFAULT_ACTIONS)
    arrows.set_policy(np.zeros((1, 2), np.int32), np.array([[0.01, 0.99, 0.0, 0.0]]), np.array([True]))
    surface = pygame.Surface((401, 401))
    surface.fill((255, 255, 255))
    arrows.draw(surface)
    drawn = pygame.surfarray.array3d(surface).min(axis=2).T < 200
    up = 200 - int(np.nonzero(drawn[:, 195:206])[0].min())  # the heavy arrow to the right begins beside these columns
    assert up == pytest.approx(arrows.hub + 0.1 * arrows.reach, abs=2)
