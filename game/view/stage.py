"""The left side of the window: the board with what is laid over it, and the numbers of the cell pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pygame

from game.view.arrows import Arrows
from game.view.board import Board
from game.view.heat import Heat
from game.view.panel import GLYPHS
from game.view.text import number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from game.catalog import World
    from game.snapshot import Snapshot
    from game.view.playback import Replay
    from game.view.text import Pen

Overlay = Literal["policy", "credit", "visits", "values", "none"]
OVERLAYS: tuple[Overlay, ...] = get_args(Overlay)

#: Most steps of a trail, so that a long random walk costs no more to draw than a short one.
LONGEST_TRAIL = 1000

#: What the overlay shows, in words, the longest first.
LEGENDS: dict[Overlay, tuple[str, ...]] = {
    "policy": (
        "arrow length = probability of the action · blue: most probable · dotted: never visited",
        "arrow length = probability · blue: most probable · dotted: never visited",
        "length = probability · dotted: never visited",
        "length = probability",
    ),
    "credit": (
        "what the last batch pushed, ∂Ĵ/∂logit · filled: more of it · hollow: less of it",
        "pushes of the last batch · filled: more · hollow: less",
        "filled: more of it · hollow: less",
        "pushes: filled more",
    ),
    "visits": (
        "steps taken from each cell since training began · colours on a logarithmic scale",
        "steps taken from each cell so far (log scale)",
        "visits so far (log scale)",
        "visits so far",
    ),
    "values": (
        "V(s), exact: the expected return from each cell, for the policy before update {update}",
        "V(s), exact, before update {update}",
        "V(s), exact",
    ),
    "none": ("the level alone (O: overlays)", "the level alone"),
}
NO_VALUES = ("V(s): no exact values yet, or too costly to compute here", "V(s): no exact values yet")


class Stage:
    """Draws the board of a world into an area, for a state of training."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.overlay: Overlay = "policy"
        self.board: Board | None = None
        dynamics = world.dynamics
        self._acting = dynamics.reachable & ~dynamics.terminal
        self._values: NDArray[np.float64] | None = None
        self._values_of = 0
        self._key: object = None
        self._made_for: object = None

    def next_overlay(self) -> None:
        """The overlay after this one."""
        self.overlay = OVERLAYS[(OVERLAYS.index(self.overlay) + 1) % len(OVERLAYS)]

    def forget(self) -> None:
        """A new run begins: the values of the old one are no longer true."""
        self._values = None

    def legend(self) -> tuple[str, ...]:
        """What the overlay shows, in words, the longest first."""
        if self.overlay == "values" and self._values is None:
            return NO_VALUES
        return tuple(words.format(update=f"{self._values_of:,}") for words in LEGENDS[self.overlay])

    def state_at(self, point: tuple[float, float], state: int) -> int | None:
        """The state of the cell at a pixel, with the coins that are left in ``state``; None in walls and beside."""
        layout = self.world.dynamics.layout
        cell = self.board.cell_at(point) if self.board else None
        if layout is None or cell is None:
            return None
        found = int(layout.cell_states[layout.coin_set(state)][cell])
        return found if found >= 0 else None

    def place(self, pen: Pen, area: pygame.Rect) -> None:
        """Lay the board out in ``area``; costs nothing while that stays the same."""
        layout = self.world.dynamics.layout
        made_for = (tuple(area), pen.style)
        if layout is None or made_for == self._made_for:
            return
        self._made_for = made_for
        self.board = Board(layout, area, pen.style.theme)
        self.board.rect.topleft = area.topleft  # below the title
        self._arrows = Arrows(self.board, self.world.dynamics.actions)
        self._heat = Heat(self.board)
        self._key = None

    def draw(
        self,
        surface: pygame.Surface,
        pen: Pen,
        snapshot: Snapshot | None,
        probabilities: NDArray[np.float64] | None,
        replay: Replay | None,
        demonstration: bool,
    ) -> None:
        """Draw the board, the overlay, the trail and the agent."""
        layout, board, theme = self.world.dynamics.layout, self.board, pen.style.theme
        if layout is None or board is None:
            return
        state = self.state(replay)
        board.draw(surface, state)
        if snapshot is not None and snapshot.values is not None:
            self._values, self._values_of = snapshot.values, snapshot.update
        if snapshot is not None and probabilities is not None:
            self._set_overlay(pen, snapshot, probabilities, layout.coin_set(state))
        heat = self.overlay in ("visits", "values")
        if heat and snapshot is not None:
            self._heat.draw(surface, pen)
        if replay is not None and not heat:
            self._draw_trail(surface, board, replay, theme.person_trail if demonstration else theme.policy_trail)
        if not heat and snapshot is not None:
            self._arrows.draw(surface)
        if replay is not None:
            k = min(int(replay.position), len(replay.episode) - 1)
            action = self.world.dynamics.actions[replay.episode.actions[k]] if k >= 0 else None
            colour = theme.person if demonstration else theme.policy
            board.draw_agent(surface, replay.place(layout.position), colour, action)

    def state(self, replay: Replay | None) -> int:
        """The state that the agent stands in, or a start state before there is an episode."""
        if replay is None:
            return int(np.argmax(self.world.dynamics.start))
        return int(replay.episode.states[int(replay.position)])

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
        title, lines = self._numbers(state, snapshot, probabilities)
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

    def _numbers(
        self, state: int, snapshot: Snapshot, probabilities: NDArray[np.float64]
    ) -> tuple[str, tuple[str, ...]]:
        """The title and the lines of a tooltip."""
        dynamics = self.world.dynamics
        layout = dynamics.layout
        assert layout is not None
        row, column = layout.position[state].tolist()
        title = f"row {row}, column {column} · {layout.tile(row, column).name}"
        if dynamics.terminal[state]:
            return title, ("the episode ends here",)
        lines = [f"{'':10} {'π(a|s)':>7} {'push':>9}"]
        for action, name in enumerate(dynamics.actions):
            chance, push = probabilities[state, action], snapshot.credit[state, action]
            label = f"{GLYPHS[name]} {name}"
            lines.append(f"{label:10} {number(float(chance), 4, True):>7} {number(float(push), 4, True):>9}")
        lines.append(f"visits {int(snapshot.visits[state]):,}")
        if self._values is not None:
            lines.append(f"V(s) = {number(float(self._values[state]), 4, True)}")
        return title, tuple(lines)

    def _set_overlay(self, pen: Pen, snapshot: Snapshot, probabilities: NDArray[np.float64], coin_set: int) -> None:
        """Make the overlay anew if anything that it shows has changed."""
        key = (self.overlay, id(snapshot), id(probabilities), coin_set)
        if key == self._key:
            return
        self._key = key
        self._kept = (snapshot, probabilities)  # so that no other object gets the same id
        layout = self.world.dynamics.layout
        assert layout is not None
        states = layout.cell_states[coin_set]
        states = states[states >= 0]
        states = states[self._acting[states]]
        places = layout.position[states]
        if self.overlay == "policy":
            self._arrows.set_policy(places, probabilities[states], snapshot.visits[states] > 0)
        elif self.overlay == "credit":
            self._arrows.set_credit(places, snapshot.credit[states], float(np.abs(snapshot.credit).max()))
        elif self.overlay == "visits":
            self._heat.set(pen, places, snapshot.visits[states].astype(float), counts=True)
        elif self.overlay == "values" and self._values is not None:
            self._heat.set(pen, places, self._values[states], counts=False)
        else:
            self._arrows.clear()
            self._heat.clear()

    def _draw_trail(self, surface: pygame.Surface, board: Board, replay: Replay, colour: tuple[int, int, int]) -> None:
        layout = self.world.dynamics.layout
        assert layout is not None
        done = int(replay.position)
        passed = replay.episode.states[max(0, done - LONGEST_TRAIL) : done + 1]
        places = [(float(row), float(column)) for row, column in layout.position[passed].tolist()]
        board.draw_trail(surface, [*places, replay.place(layout.position)], colour)
