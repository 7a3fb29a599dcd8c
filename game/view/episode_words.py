"""The numbers of an episode, for window and terminal: its sums after each step, its steps, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from game.view.numbers import number
from game.view.text_board import ARROWS

if TYPE_CHECKING:
    from game.snapshot import Trajectory


class Sums:
    """R(τ) and the terms of ln P(τ|θ) after each step of an episode, added up once: a frame only looks them up."""

    def __init__(self, episode: Trajectory | None, discount: float) -> None:
        self.episode = episode
        if episode is None:
            return
        with np.errstate(divide="ignore"):
            self.start = float(np.log(episode.start_probability))
            self.policy = np.cumsum(np.log(episode.policy_probability))
            self.transition = np.cumsum(np.log(episode.transition_probability))
        self.returns = episode.returns_so_far(discount)

    def after(self, steps: int) -> tuple[float, tuple[float, float, float]]:
        """R(τ) so far by (6), and ln P0, Σ ln π and Σ ln Pt by (13), after ``steps`` steps."""
        if steps == 0:
            return 0.0, (self.start, 0.0, 0.0)
        at = min(steps, len(self.returns)) - 1
        return float(self.returns[at]), (self.start, float(self.policy[at]), float(self.transition[at]))


def ending(part: Trajectory | None) -> str:
    """In a word how an episode ended, "" while it goes on."""
    if part is None or not (part.terminated or part.truncated):
        return ""
    if part.truncated:
        return "cut off at the cap · "
    return "goal reached · " if part.goal else "ended · "


def step_values(part: Trajectory, t: int, actions: tuple[str, ...]) -> tuple[str, str, str, str, str, str]:
    """Step ``t`` of an episode in words: t, the action, π(a|s), ln π, Pt and the reward."""
    chance = float(part.policy_probability[t])
    return (
        f"{t:,}",
        ARROWS.get(actions[part.actions[t]], "?"),
        number(chance, 3),
        number(float(np.log(chance)) if chance > 0 else -np.inf, 3),
        number(float(part.transition_probability[t]), 2),
        number(float(part.rewards[t]), 2),
    )
