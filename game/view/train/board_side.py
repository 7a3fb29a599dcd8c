"""The left side of the window: the board with what is laid over it, and the numbers of the cell pointed at."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshots.snapshot import Snapshot
from game.view.draw.arrows import Arrows
from game.view.draw.board import Board
from game.view.draw.heat import Heat
from game.view.draw.pen import Pen
from game.view.draw.zoom import Zoom
from game.view.shared.hues import legend as hue_legend
from game.view.shared.made_of import MadeOf
from game.view.shared.overlays import EXACT, Overlay, Overlays, cell_numbers, largest_push, wrong_pushes
from game.view.shared.playback import Replay
from game.view.shared.run import Showing, state_of
from game.world.catalog import World

#: Most steps of a trail, so that a long random walk costs no more to draw than a short one.
LONGEST_TRAIL = 1000


class BoardSide:
    """Draws the board of a world into an area, for a state of training."""

    def __init__(self, world: World, overlays: Overlays) -> None:
        self.world, self.overlays = world, overlays
        self.board: Board | None = None
        dynamics = world.dynamics
        self._acting = dynamics.reachable & ~dynamics.terminal
        self._overlay_of = MadeOf()
        self._made_for: tuple[object, object, Zoom] | None = None
        self._zoom, self._view = Zoom(), pygame.Rect(0, 0, 0, 0)
        self._notches, self._pointer = 0, (0, 0)

    def turn_wheel(self, notches: int, point: tuple[int, int] | None) -> None:
        """Enlarge the board around a pixel, or make it smaller again, at the next drawing."""
        if point is not None and self._view.collidepoint(point):
            self._notches, self._pointer = self._notches + notches, point

    @property
    def overlay(self) -> Overlay:
        """The overlay chosen."""
        return self.overlays.chosen

    def legend(self) -> tuple[str, ...]:
        """What the overlay shows, in words, the longest first."""
        if self.overlay == "policy" and self.board is not None and self._arrows.too_small:
            return hue_legend(self.world.dynamics.actions, "visits" in self.overlays.choice)
        return self.overlays.legend()

    def state_at(self, point: tuple[float, float], state: int) -> int | None:
        """The state of the cell at a pixel, with the coins that are left in ``state``; None in walls and beside."""
        layout = self.world.dynamics.layout
        cell = self.board.cell_at(point) if self.board and self._view.collidepoint(point) else None
        if layout is None or cell is None:
            return None
        found = int(layout.cell_states[layout.coin_set(state)][cell])
        return found if found >= 0 else None

    def place(self, pen: Pen, area: pygame.Rect) -> None:
        """Lay the board out in ``area``; costs nothing while that stays the same."""
        layout = self.world.dynamics.layout
        if self._notches and self.board is not None:
            self._zoom = self._zoom.turned(self._notches, self._pointer, self.board)
            self._notches = 0
        made_for = (tuple(area), pen.style, self._zoom)
        if layout is None or made_for == self._made_for:
            return
        if self._made_for is not None and made_for[:2] != self._made_for[:2]:
            self._zoom = Zoom()  # another window or text size: the whole board again
            made_for = (tuple(area), pen.style, self._zoom)
        self._made_for = made_for
        self.board, self._view = self._zoom.board(layout, area, pen.style.theme)
        self._arrows = Arrows(self.board, self.world.dynamics.actions)
        self._heat = Heat(self.board)
        self._overlay_of.forget()

    def draw(self, surface: pygame.Surface, pen: Pen, showing: Showing) -> None:
        """Draw the board, the overlay, the trail and the agent."""
        layout, board, theme = self.world.dynamics.layout, self.board, pen.style.theme
        if layout is None or board is None:
            return
        snapshot, probabilities, replay = showing.snapshot, showing.probabilities(), showing.current
        demonstration = showing.demonstration is not None
        state = state_of(self.world, replay)
        if self._zoom.factor > 1.0:
            surface.set_clip(self._view)
        board.draw(surface, state)
        if snapshot is not None:
            self.overlays.see(snapshot)
        if snapshot is not None and probabilities is not None:
            self._set_overlay(pen, snapshot, probabilities, layout.coin_set(state))
        heat = self.overlay in ("visits", "values", "action values")
        if heat and snapshot is not None:
            self._heat.draw(surface, pen)
        if self._fills() and snapshot is not None:
            self._arrows.draw(surface)
        if replay is not None and not heat:
            self._draw_trail(surface, board, replay, theme.person_trail if demonstration else theme.policy_trail)
        if not (heat or self._fills()) and snapshot is not None:
            self._arrows.draw(surface)
            self._arrows.draw_figures(surface)
        if replay is not None:
            k = min(int(replay.position), len(replay.episode) - 1)
            action = self.world.dynamics.actions[replay.episode.actions[k]] if k >= 0 else None
            colour = theme.person if demonstration else theme.policy
            board.draw_agent(surface, replay.place(layout.position), colour, action)
        surface.set_clip(None)

    def _fills(self) -> bool:
        """Whether the policy fills its cells, so that the trail has to lie above it."""
        return self.overlay == "policy" and self._arrows.too_small

    def draw_tooltip(
        self,
        surface: pygame.Surface,
        pen: Pen,
        point: tuple[int, int],
        state: int,
        snapshot: Snapshot,
        probabilities: NDArray[np.float64],
    ) -> None:
        """Cover a part near ``point`` with the exact numbers of ``state``, inside the window."""
        visits = "visits" in self.overlays.choice
        title, lines = cell_numbers(self.world.dynamics, state, snapshot, probabilities, visits)
        unit = pen.style.px
        width = max([pen.width(title, "strong"), *(pen.width(line, "mono") for line in lines)]) + 2 * unit(14)
        height = pen.height("strong") + unit(6) + len(lines) * pen.height("mono") + 2 * unit(10)
        rect = pygame.Rect(point[0] + unit(16), point[1] + unit(16), width, height)
        window = surface.get_rect().inflate(-8, -8)
        if rect.right > window.right:
            rect.right = point[0] - unit(12)
        if rect.bottom > window.bottom:
            rect.bottom = point[1] - unit(12)
        rect.clamp_ip(window)
        inside = pen.cover(surface, rect, pen.style.theme.quiet)
        pen.text(surface, title, inside.topleft, role="strong")
        top = inside.top + pen.height("strong") + unit(6)
        for k, line in enumerate(lines):
            pen.text(surface, line, (inside.left, top + k * pen.height("mono")), role="mono")

    def _set_overlay(self, pen: Pen, snapshot: Snapshot, probabilities: NDArray[np.float64], coin_set: int) -> None:
        """Make the overlay anew if anything that it shows has changed."""
        exact = self.overlays.exact
        if not self._overlay_of.changed(self.overlay, snapshot, probabilities, exact, coin_set):
            return
        layout = self.world.dynamics.layout
        assert layout is not None
        states = layout.cell_states[coin_set]
        states = states[states >= 0]
        states = states[self._acting[states]]
        states = states[self._in_sight(layout.position[states])]
        places = layout.position[states]
        if self.overlay == "policy":
            self._arrows.set_policy(places, probabilities[states], snapshot.visits[states] > 0)
        elif self.overlay == "credit":
            self._arrows.set_credit(places, snapshot.credit[states], largest_push(snapshot))
        elif self.overlay == "visits":
            self._heat.set(pen, places, snapshot.visits[states].astype(float), counts=True)
        elif exact is not None and self.overlay in EXACT:
            self._set_exact(pen, exact, states, places)
        else:
            self._arrows.clear()
            self._heat.clear()

    def _in_sight(self, places: NDArray[np.int32]) -> NDArray[np.bool_]:
        """(n,) bool: which cells are seen at all, so that an enlarged board costs no more to draw than a small one."""
        assert self.board is not None
        rect, cell = self.board.rect, self.board.cell
        top, left = rect.top + places[:, 0] * cell, rect.left + places[:, 1] * cell
        across = (left + cell >= self._view.left) & (left <= self._view.right)
        return np.asarray(across & (top + cell >= self._view.top) & (top <= self._view.bottom))

    def _set_exact(self, pen: Pen, exact: Snapshot, states: NDArray[np.int32], places: NDArray[np.int32]) -> None:
        """An overlay of exact numbers, or of the estimate held against them."""
        assert exact.exact_credit is not None
        if self.overlay == "exact credit":
            self._arrows.set_credit(places, exact.exact_credit[states], largest_push(exact))
        elif self.overlay == "wrong way":
            self._arrows.set_credit(places, wrong_pushes(exact)[states], largest_push(exact))
        elif self.overlay == "values" and exact.values is not None:
            self._heat.set(pen, places, exact.values[states], counts=False)
        elif exact.action_values is not None:
            self._heat.set_actions(pen, places, exact.action_values[states], self.world.dynamics.actions)

    def _draw_trail(self, surface: pygame.Surface, board: Board, replay: Replay, colour: tuple[int, int, int]) -> None:
        layout = self.world.dynamics.layout
        assert layout is not None
        done = int(replay.position)
        passed = replay.episode.states[max(0, done - LONGEST_TRAIL) : done + 1]
        places = [(float(row), float(column)) for row, column in layout.position[passed].tolist()]
        board.draw_trail(surface, [*places, replay.place(layout.position)], colour)
