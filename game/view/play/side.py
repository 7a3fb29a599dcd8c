"""One side of a match on its board: the way walked, and the agent moving smoothly along it."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshots.snapshot import Trajectory
from game.view.draw.arrows import Arrows
from game.view.draw.board import Board
from game.view.shared.made_of import MadeOf
from game.view.shared.theme import Colour, Theme, mixed
from game.world.dynamics import Dynamics, Layout

#: How long the agent takes from cell to cell.
GLIDE_SECONDS = 0.14
#: A side that is further behind than so many steps leaps to there.
LONGEST_LAG = 1.5
#: The trail shows at most so many steps back.
TRAIL_STEPS = 400


class Side:
    """The board of one side.  ``shown`` is how many steps of the episode are shown, with a fraction in between."""

    def __init__(self, dynamics: Dynamics, layout: Layout) -> None:
        self.dynamics, self.layout = dynamics, layout
        self.shown = 0.0
        self.board: Board
        self._arrows: Arrows
        self._arrows_of = MadeOf()

    def place(self, area: pygame.Rect, theme: Theme) -> None:
        """Draw in ``area`` from now on."""
        self.board = Board(self.layout, area, theme)
        self._arrows = Arrows(self.board, self.dynamics.actions)
        self._arrows_of.forget()

    def follow(self, trajectory: Trajectory, seconds: float) -> bool:
        """Move on towards the end of the episode so far; False where that was shown already."""
        steps, before = len(trajectory), self.shown
        reached = 0.0 if steps < before else before
        self.shown = min(steps, max(reached + seconds / GLIDE_SECONDS, steps - LONGEST_LAG))
        return self.shown != before

    def draw(
        self,
        surface: pygame.Surface,
        trajectory: Trajectory,
        colour: Colour,
        probabilities: NDArray[np.float64] | None,
    ) -> None:
        """Draw all; with ``probabilities`` (S, A), the arrows of a policy."""
        whole = min(int(self.shown), len(trajectory))
        state = int(trajectory.states[whole])
        self.board.draw(surface, state)
        place = self._place_between(trajectory, whole)
        first = max(0, whole - TRAIL_STEPS)
        trail = [*self.layout.position[trajectory.states[first : whole + 1]].tolist(), place]
        self.board.draw_trail(surface, trail, mixed(colour, self.board.theme.floor, 0.5))
        if probabilities is not None:
            self._draw_arrows(surface, state, probabilities)
        action = int(trajectory.actions[min(whole, len(trajectory) - 1)]) if len(trajectory) else -1
        facing = self.dynamics.actions[action] if action >= 0 else None
        self.board.draw_agent(surface, place, colour, facing)

    def frame(self, surface: pygame.Surface, colour: Colour, width: int) -> None:
        """Draw a heavy frame around the board of the side that won."""
        width = max(width, round(self.board.cell / 32))
        pygame.draw.rect(surface, colour, self.board.rect.inflate(2 * width, 2 * width), width)

    def _place_between(self, trajectory: Trajectory, whole: int) -> tuple[float, float]:
        here = self.layout.position[trajectory.states[whole]]
        if whole == len(trajectory):
            return float(here[0]), float(here[1])
        there = self.layout.position[trajectory.states[whole + 1]]
        share = self.shown - whole
        share = share * share * (3 - 2 * share)
        return float(here[0] + (there[0] - here[0]) * share), float(here[1] + (there[1] - here[1]) * share)

    def _draw_arrows(self, surface: pygame.Surface, state: int, probabilities: NDArray[np.float64]) -> None:
        coin_set = self.layout.coin_set(state)
        if self._arrows_of.changed(probabilities, coin_set):
            states = self.layout.cell_states[coin_set]
            states = states[states >= 0]
            # An unreachable state, such as the middle of a cliff, has arrows that were never learned nor used.
            states = states[self.dynamics.reachable[states] & ~self.dynamics.terminal[states]]
            seen = np.ones(len(states), dtype=bool)
            self._arrows.set_policy(self.layout.position[states], probabilities[states], seen)
        self._arrows.draw(surface)
        self._arrows.draw_figures(surface)
