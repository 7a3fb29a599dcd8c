"""What the windows on a run have in common, whether it learns or is over: pointing at cells, and episodes from them."""

from __future__ import annotations

from typing import TypeVar

import pygame
from pygame.window import Window

from game.view.draw.pen import Pen
from game.view.shared.run import RunModel, state_of
from game.view.train.screen import RunScreen
from game.view.window.window import BaseWindow

R_co = TypeVar("R_co", bound=RunModel, covariant=True)


class RunWindow(BaseWindow[R_co]):
    """A window on a run; ``screen`` draws it, and ``board`` is its left side."""

    def __init__(self, window: Window, model: R_co, screen: RunScreen, title: str) -> None:
        super().__init__(window, model, title)
        self.screen, self.board = screen, screen.board

    def act(self, action: str, key: str) -> None:
        """Do what a control says: those about cells are the window's, which knows where they are."""
        if action == "point":
            self.screen.point(key, self.model.showing.current)
        elif action == "zoom":
            self.board.turn_wheel(1 if key == "z" else -1, self.screen.mouse)
        elif action == "demonstrate" and self.screen.mouse is not None and self._over_a_cell(self.screen.mouse):
            self.demonstrate_from(self.screen.mouse)
        else:
            self.model.act(action, key)

    def point(self, event: pygame.Event, at: tuple[int, int]) -> None:
        """Point at a cell, enlarge it, or click for an episode from there."""
        if event.type == pygame.MOUSEMOTION:
            self.screen.mouse = at
        elif event.type == pygame.WINDOWLEAVE:
            self.screen.mouse = None
        elif event.type == pygame.MOUSEWHEEL:
            self.turn_wheel(event.y)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self.screen.mouse = at
            self.click(at)

    def click(self, at: tuple[int, int]) -> None:
        """Show an episode from the cell at a pixel, if there is one."""
        if self._over_a_cell(at):
            self.demonstrate_from(at)

    def turn_wheel(self, notches: int) -> None:
        """Enlarge the board where the mouse is, or make it smaller."""
        self.board.turn_wheel(notches, self.screen.mouse)

    def _over_a_cell(self, at: tuple[int, int]) -> bool:
        return self.board.board is not None and self.board.board.cell_at(at) is not None

    def demonstrate_from(self, at: tuple[int, int]) -> None:
        """Show an episode from the cell at a pixel, if there can be one from it."""
        state = self.board.state_at(at, state_of(self.model.world, self.model.showing.current))
        if state is not None and not self.model.world.dynamics.terminal[state]:
            self.model.demonstrate(state)

    def draw_screen(self, surface: pygame.Surface, pen: Pen) -> None:
        """Draw the run."""
        self.screen.draw(surface, pen, self.model, tooltip=not self.help_shown)
