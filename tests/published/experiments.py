"""Published experiments, run again: Sutton and Barto's figures 13.1 and 13.2, and the tutorial's line world."""

from __future__ import annotations

import time

import numpy as np

from agent.exact.exact import Exact
from agent.reinforce.settings import Settings, settings_for
from agent.trainer import Trainer
from game.world.catalog import load
from game.world.dynamics import Dynamics
from tests.published.corridor import Method, total_rewards
from tests.published.figures import CorridorCurve, CorridorFigure, LineFigure

RUNS, EPISODES, SEEDS = 100, 1000, 20
#: What the book leaves open, as a caption.
ASSUMED = (
    "The book does not give θ₀. Here it is 1.47 for left and −1.47 for right, so P(right) = 0.05 at first,\n"
    f"and no action is less probable than 0.05. Means over {RUNS} runs of {EPISODES:,} episodes."
)


def figure_13_1() -> CorridorFigure:
    """REINFORCE without a baseline, three step sizes (section 13.3)."""
    curves = tuple(
        _curve(f"α = 2{sign}", 2.0**power, 0.0) for sign, power in (("⁻¹²", -12), ("⁻¹³", -13), ("⁻¹⁴", -14))
    )
    return _corridor("Sutton & Barto, Figure 13.1: REINFORCE on the short corridor", curves)


def figure_13_2() -> CorridorFigure:
    """REINFORCE with one number w as its baseline, against REINFORCE without (section 13.4)."""
    curves = (
        _curve("with baseline: α = 2⁻⁹ for θ, 2⁻⁶ for w", 2.0**-9, 2.0**-6),
        _curve("without: α = 2⁻¹³", 2.0**-13, 0.0),
    )
    return _corridor("Sutton & Barto, Figure 13.2: a baseline on the short corridor", curves)


def _curve(label: str, step_size: float, baseline_step_size: float) -> CorridorCurve:
    step_by_step, per_episode = (
        total_rewards(Method(step_size, baseline_step_size, form), RUNS, EPISODES) for form in (True, False)
    )
    return CorridorCurve(label, step_by_step, per_episode)


def _corridor(title: str, curves: tuple[CorridorCurve, ...]) -> CorridorFigure:
    best = Exact(load("short_corridor").dynamics).optimum_observed()
    return CorridorFigure(title, ASSUMED, best, curves)


def line_settings(dynamics: Dynamics, seed: int) -> Settings:
    """The tutorial's experiment as settings: two layers of 8 tanh units on the scaled position, (17) as it is."""
    return settings_for(
        dynamics,
        estimator="total-return",
        batch=10,
        episodes=10_000,
        optimizer="adam",
        learning_rate=1e-3,
        entropy=0.0,
        hidden=(8, 8),
        features="position",
        seed=seed,
    )


def line_world() -> LineFigure:
    """P(right) at the start cell over 1,000 updates, for each seed."""
    dynamics = load("line_world").dynamics
    start, to_the_right = int(dynamics.start.argmax()), 1
    right, seconds, worked = [], [], []
    for seed in range(SEEDS):
        trainer = Trainer(dynamics, line_settings(dynamics, seed))
        trainer.prepare()
        began = time.process_time()
        known = [float(trainer.probabilities()[start, to_the_right])]
        known += [float(snapshot.after[start, to_the_right]) for snapshot in trainer.run()]
        worked.append(time.process_time() - began)
        seconds.append(trainer.seconds)
        right.append(known)
    return LineFigure(
        "Line world: two layers of 8 tanh units, N = 10, Adam 10⁻³, total return (17)",
        f"{SEEDS} seeds thin, their median thick. The last layer starts at zero, so P(right) = ½ at first.",
        np.array(right),
        np.array(seconds),
        np.array(worked),
    )
