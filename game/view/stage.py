"""The left side of the window: the board with what is laid over it, and the numbers of the cell pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pygame

from game.view.arrows import Arrows
from game.view.heat import Heat
from game.view.hues import legend as hue_legend
from game.view.numbers import number
from game.view.text_board import ARROWS
from game.view.zoom import Zoom

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from game.catalog import World
    from game.snapshot import Snapshot
    from game.view.board import Board
    from game.view.playback import Replay
    from game.view.text import Pen

Overlay = Literal["policy", "credit", "exact credit", "wrong way", "visits", "values", "action values", "none"]
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
    "exact credit": (
        "what an endless batch would push, ∂J/∂logit, exact{of} · to hold against the credit",
        "the exact push, ∂J/∂logit{of} · filled: more · hollow: less",
        "exact push · filled: more · hollow: less",
        "exact push",
    ),
    "wrong way": (
        "where the batch pushed the wrong way{of}: {share} of all its pushing",
        "pushed the wrong way{of}: {share}",
        "wrong way: {share}",
    ),
    "visits": (
        "steps taken from each cell since training began · colours on a logarithmic scale",
        "steps taken from each cell so far (log scale)",
        "visits so far (log scale)",
        "visits so far",
    ),
    "values": (
        "V(s), exact: the expected return from each cell{of}",
        "V(s), exact{of}",
        "V(s), exact",
    ),
    "action values": (
        "Q(s, a), exact: the expected return after each action, which lies in its direction{of}",
        "Q(s, a), exact, in the action's direction{of}",
        "Q(s, a), exact",
    ),
    "none": ("the level alone (O: overlays)", "the level alone"),
}
#: Overlays that need exact numbers, and what is said where there are none.
EXACT = ("exact credit", "wrong way", "values", "action values")
NO_VALUES = ("no exact numbers yet, or too costly to compute on this level", "no exact numbers yet")


class Stage:
    """Draws the board of a world into an area, for a state of training."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.overlay: Overlay = "policy"
        self.board: Board | None = None
        dynamics = world.dynamics
        self._acting = dynamics.reachable & ~dynamics.terminal
        self._exact: Snapshot | None = None
        self._update = 0
        self._key: object = None
        self._made_for: tuple[object, object, Zoom] | None = None
        self._zoom, self._view = Zoom(), pygame.Rect(0, 0, 0, 0)
        self._notches, self._pointer = 0, (0, 0)

    def turn_wheel(self, notches: int, point: tuple[int, int] | None) -> None:
        """Enlarge the board around a pixel, or make it smaller again, at the next drawing."""
        if point is not None and self._view.collidepoint(point):
            self._notches, self._pointer = self._notches + notches, point

    def next_overlay(self) -> None:
        """The overlay after this one."""
        self.overlay = OVERLAYS[(OVERLAYS.index(self.overlay) + 1) % len(OVERLAYS)]

    def forget(self) -> None:
        """A new run begins: the exact numbers of the old one are no longer true."""
        self._exact = None

    def legend(self) -> tuple[str, ...]:
        """What the overlay shows, in words, the longest first."""
        if self.overlay == "policy" and self.board is not None and self._arrows.too_small:
            return hue_legend(self.world.dynamics.actions)
        if self.overlay not in EXACT:
            return LEGENDS[self.overlay]
        if self._exact is None:
            return NO_VALUES
        # Between two updates with exact numbers the last ones stay, and it is said whose they are.
        of = "" if self._exact.update == self._update else f" (update {self._exact.update:,})"
        share = f"{100 * wrong_share(self._exact):.0f} %"
        return tuple(words.format(of=of, share=share) for words in LEGENDS[self.overlay])

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
        if self._zoom.factor > 1.0:
            surface.set_clip(self._view)
        board.draw(surface, state)
        if snapshot is not None:
            self._update = snapshot.update
            if snapshot.exact_credit is not None:
                self._exact = snapshot
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
        if replay is not None:
            k = min(int(replay.position), len(replay.episode) - 1)
            action = self.world.dynamics.actions[replay.episode.actions[k]] if k >= 0 else None
            colour = theme.person if demonstration else theme.policy
            board.draw_agent(surface, replay.place(layout.position), colour, action)
        surface.set_clip(None)

    def _fills(self) -> bool:
        """Whether the policy fills its cells, so that the trail has to lie above it."""
        return self.overlay == "policy" and self._arrows.too_small

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
        columns: list[tuple[str, NDArray[np.float64], int]] = [
            ("π(a|s)", probabilities, 7),
            ("push", snapshot.credit, 9),
        ]
        if snapshot.exact_credit is not None and snapshot.action_values is not None:
            columns += [("exact", snapshot.exact_credit, 9), ("Q(s,a)", snapshot.action_values, 8)]
        lines = [f"{'':10}" + "".join(f" {title:>{width}}" for title, _, width in columns)]
        for action, name in enumerate(dynamics.actions):
            values = [f" {number(float(table[state, action]), 4, True):>{width}}" for _, table, width in columns]
            lines.append(f"{f'{ARROWS.get(name, name)} {name}':10}" + "".join(values))
        lines.append(f"visits {int(snapshot.visits[state]):,}")
        if snapshot.values is not None:
            lines.append(f"V(s) = {number(float(snapshot.values[state]), 4, True)}")
        return title, tuple(lines)

    def _set_overlay(self, pen: Pen, snapshot: Snapshot, probabilities: NDArray[np.float64], coin_set: int) -> None:
        """Make the overlay anew if anything that it shows has changed."""
        exact = self._exact
        key = (self.overlay, id(snapshot), id(probabilities), id(exact), coin_set)
        if key == self._key:
            return
        self._key = key
        self._kept = (snapshot, probabilities, exact)  # so that no other object gets the same id
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


def largest_push(snapshot: Snapshot) -> float:
    """The largest push of the batch or of the exact gradient: both are drawn to this scale, so they compare."""
    tables = [snapshot.credit] if snapshot.exact_credit is None else [snapshot.credit, snapshot.exact_credit]
    return max(float(np.abs(table).max()) for table in tables)


def wrong_pushes(snapshot: Snapshot) -> NDArray[np.float64]:
    """(S, A) float64: the pushes of the batch whose sign is not that of the exact ones, 0 elsewhere."""
    assert snapshot.exact_credit is not None
    return np.where(snapshot.credit * np.sign(snapshot.exact_credit) < 0.0, snapshot.credit, 0.0)


def wrong_share(snapshot: Snapshot) -> float:
    """The share of all pushing, in absolute value, that went the wrong way."""
    total = float(np.abs(snapshot.credit).sum())
    return float(np.abs(wrong_pushes(snapshot)).sum()) / total if total > 0.0 else 0.0
