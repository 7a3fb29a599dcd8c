"""A run on the terminal: the board, the learning curve, the episode and the gradient, whether it learns or is over."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from textual import events

from game.keys import STEPS
from game.snapshots.snapshot import Snapshot
from game.view.shared.episode import Sums
from game.view.shared.gradient import GradientNumbers
from game.view.shared.made_of import MadeOf
from game.view.shared.run import DEMONSTRATION, RunModel, counters, no_board, no_curve, objective_words, state_of
from game.view.terminal.cards import draw_cell, draw_episode, draw_gradient, heading
from game.view.terminal.curve import draw_curve
from game.view.terminal.kit.board import Board
from game.view.terminal.kit.grid import Grid, first_fitting
from game.view.terminal.kit.keybar import draw_bar
from game.view.terminal.kit.rules import rules_lines
from game.view.terminal.kit.scene import Scene
from game.view.terminal.layout import HEAD, Rect, divide
from game.view.terminal.model_view import ModelView

R_co = TypeVar("R_co", bound=RunModel, covariant=True)


class RunView(ModelView[R_co]):
    """Draws a run, and points at its cells; a subclass says which run."""

    def __init__(self, model: R_co) -> None:
        super().__init__(model)
        self.world, self.overlays = model.world, model.overlays
        self.board = Board(self.world, self.overlays) if self.world.dynamics.layout is not None else None
        self.cursor: tuple[int, int] | None = None
        self._numbers, self._sums = GradientNumbers(), Sums(None, 0.0)
        self._board_at: Rect | None = None
        self._curve_of = MadeOf()
        self._curve: Grid | None = None

    # -- what a person does -------------------------------------------------------------------------------

    def act(self, action: str, name: str) -> None:
        """Do what a key says: those about cells are the view's, which knows where they are."""
        if action == "point":
            self._point(name)
        elif action == "zoom":
            self._zoom(1 if name == "z" else -1)
        elif action == "demonstrate" and self.cursor is not None:
            self._demonstrate(self.cursor)
        else:
            super().act(action, name)

    def _point(self, digit: str) -> None:
        layout = self.world.dynamics.layout
        if layout is None or digit not in STEPS:
            self.cursor = None
        elif self.cursor is None:
            row, column = layout.position[self._state()].tolist()
            self.cursor = (row, column)
        else:
            row, column = (here + by for here, by in zip(self.cursor, STEPS[digit], strict=True))
            self.cursor = (min(max(row, 0), layout.height - 1), min(max(column, 0), layout.width - 1))

    def _zoom(self, steps: int) -> None:
        if self.board is not None:
            self.board.camera.turn(steps)

    def _demonstrate(self, cell: tuple[int, int]) -> None:
        state = self.board.state_at(cell, self._state()) if self.board is not None else None
        if state is not None and not self.world.dynamics.terminal[state]:
            self.model.demonstrate(state)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Point at a cell."""
        self._mouse(event)

    def on_click(self, event: events.Click) -> None:
        """A demonstration from the cell."""
        if self._mouse(event) and self.cursor is not None:
            self._demonstrate(self.cursor)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Larger cells."""
        self._zoom(1)
        self.changed = True

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Smaller cells."""
        self._zoom(-1)
        self.changed = True

    def _mouse(self, event: events.MouseEvent) -> bool:
        """Point at the cell under the mouse; whether there is one."""
        at = self._board_at
        if self.board is None or at is None:
            return False
        inside = at.x <= event.screen_x < at.x + at.width and at.y <= event.screen_y < at.y + at.height
        cell = self.board.cell_at(int(event.screen_x) - at.x, int(event.screen_y) - at.y) if inside else None
        if cell is not None and cell != self.cursor:
            self.cursor, self.changed = cell, True
        return cell is not None

    # -- what is shown ------------------------------------------------------------------------------------

    def _state(self) -> int:
        return state_of(self.world, self.model.showing.current)

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """Board and panel side by side, or one above the other where there is little room."""
        playback = self.model.showing
        snapshot, probabilities = playback.snapshot, playback.probabilities()
        pointing = 0
        if self.cursor is not None and snapshot is not None:
            pointing = self.world.dynamics.n_actions + 3
        rules = rules_lines(self.world.dynamics, width, height)
        places = divide(width, height, pointing, len(rules))
        self._board_at = places.board
        self._numbers.see(snapshot)
        yield "board", places.board.x, places.board.y, self._draw_board(places.board)
        yield "head", 0, 0, self._draw_head(width, places.board.width, places.curve.x, rules)
        yield "curve", places.curve.x, places.curve.y, self._draw_curve(places.curve)
        yield "episode", places.episode.x, places.episode.y, self._draw_episode(places.episode)
        cell = Grid(places.cell.width, places.cell.height, self.look)
        if pointing and self.board is not None and self.cursor and snapshot is not None and probabilities is not None:
            state = self.board.state_at(self.cursor, self._state())
            dynamics = self.world.dynamics
            visits = "visits" in self.overlays.choice
            cell = draw_cell(cell.width, cell.height, self.look, dynamics, state, snapshot, probabilities, visits)
        yield "cell", places.cell.x, places.cell.y, cell
        yield "gradient", places.gradient.x, places.gradient.y, self._draw_gradient(places.gradient, snapshot)
        yield "foot", places.foot.x, places.foot.y, self._draw_foot(places.foot)

    def _draw_head(self, width: int, left: int, right: int, rules: Sequence[str]) -> Grid:
        grid, showing = Grid(width, HEAD + len(rules), self.look), self.model.showing
        strong, quiet = self.look.style(bold=True), self.look.style("quiet")
        words = self.model.heading()
        if right == 0:  # one above the other
            right = max(left - len(words), 0)
            grid.right(width, 0, words, strong)
            left = width - len(words) - 1
        else:
            grid.put(right, 0, words, strong, width - right)
            grid.put(right, 1, counters(showing, self.model.briefing)[-1], quiet, width - right)
        grid.put(0, 0, self.world.title, strong, left)
        for y, words in enumerate(rules, start=HEAD):
            grid.put(0, y, words, self.look.style(), width)
        if showing.demonstration is not None:
            grid.put(0, 1, DEMONSTRATION, self.look.style("person", bold=True), left)
        elif self.board is not None:
            grid.put(0, 1, first_fitting(self.board.legend(), left), quiet, left)
        return grid

    def _draw_board(self, room: Rect) -> Grid:
        grid, playback = Grid(room.width, room.height, self.look), self.model.showing
        if self.board is None:
            for y, line in enumerate(textwrap.wrap(no_board(self.world), max(10, room.width - 2))):
                grid.put(0, 1 + y, line, self.look.style("quiet"))
            return grid
        replay = playback.current
        passed: Sequence[int] | NDArray[np.int32] = ()
        if replay is not None:
            passed = replay.episode.states[: int(replay.position) + 1]
        scene = Scene(
            playback.snapshot,
            playback.probabilities(),
            passed,
            self.cursor,
            playback.demonstration is not None,
        )
        grid.lay(0, 0, self.board.draw(room.width, room.height, self.look, scene))
        self._draw_teaching(grid, self.board.camera.size()[1] + 1)
        return grid

    def _draw_teaching(self, grid: Grid, top: int) -> None:
        """What the level teaches, where the board leaves room for it."""
        lines = textwrap.wrap(self.world.teaches, max(10, grid.width - 1))
        if self.world.source:
            lines += textwrap.wrap(f"Source: {self.world.source}", max(10, grid.width - 1))
        if lines and top + len(lines) <= grid.height:
            for y, line in enumerate(lines, start=top):
                grid.put(0, y, line, self.look.style("quiet"))

    def _draw_curve(self, room: Rect) -> Grid:
        record, briefing, mark = self.model.record, self.model.briefing, self.model.mark()
        said = objective_words(self.model)
        if not self._curve_of.changed(record.updates, record, briefing, mark, room, self.look, said) and self._curve:
            return self._curve
        self._curve = grid = Grid(room.width, room.height, self.look)
        heading(grid, "Is it getting better?", ("returns, and J exactly",) if mark is None else ())
        if len(record.rows):
            plot = draw_curve(room.width, room.height - 1, self.look, record, briefing, mark, said)
            grid.lay(0, 1, plot)
        else:
            grid.put(2, 2, no_curve(briefing), self.look.style("quiet"))
        return grid

    def _draw_gradient(self, room: Rect, snapshot: Snapshot | None) -> Grid:
        mark, record = self.model.mark(), self.model.record
        note = "against the exact ∇J"
        if mark is not None:
            record = record.until(mark.episodes)
            note = f"measured in update {mark.measured:,}" if mark.measured else ""
        return draw_gradient(
            room.width, room.height, self.look, self._numbers, snapshot, self.model.briefing, record, note
        )

    def _draw_episode(self, room: Rect) -> Grid:
        dynamics, replay = self.world.dynamics, self.model.showing.current
        if replay is None or not room.height:
            return Grid(room.width, room.height, self.look)
        if replay.episode is not self._sums.episode:
            self._sums = Sums(replay.episode, dynamics.discount)
        part = replay.episode.until(replay.steps)
        return draw_episode(
            room.width,
            room.height,
            self.look,
            part,
            replay.steps >= len(replay.episode),
            self._sums,
            dynamics,
            self.model.showing.demonstration is not None,
        )

    def _draw_foot(self, room: Rect) -> Grid:
        grid = Grid(room.width, room.height, self.look)
        message, warning = self.model.message(), self.model.warning
        listed = " · ".join(f"{label} {value}".strip() for label, value in self.facts())
        lines = textwrap.wrap(message or listed, max(10, room.width - 2))[: room.height - 1]
        style = self.look.style("warning", bold=True) if warning else self.look.style("ink" if message else "quiet")
        for y, line in enumerate(lines, start=room.height - 1 - len(lines)):
            grid.put(0, y, ("! " if warning else "") + line, style, room.width)
        sign = ("‖" if self.look.unicode else "|") if self.model.showing.waiting else ">"
        left = grid.right(room.width, room.height - 1, f"{sign} {self.model.status()}", self.look.style(bold=True))
        draw_bar(grid, room.height - 1, self.table, left - 2)
        return grid
