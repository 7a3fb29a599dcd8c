"""Everything that a window on a run shows: board, cards, words and keys."""

from __future__ import annotations

from typing import Protocol

import pygame

from game.keys import STEPS, Screen
from game.view.draw.keybar import listed
from game.view.draw.pen import Pen, draw_fitting
from game.view.draw.rules import rules_lines
from game.view.shared.overlays import Overlays
from game.view.shared.playback import Replay
from game.view.shared.run import DEMONSTRATION, RunModel, Showing, counters, no_board, state_of
from game.view.train.board_side import BoardSide
from game.view.train.cards import Panel
from game.view.train.layout import Places, divide, draw_message, draw_status, message_lines
from game.world.catalog import World


class Strip(Protocol):
    """Something drawn below board and panel, such as a slider."""

    def height(self, pen: Pen) -> int:
        """The height that it needs."""
        ...

    def draw(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect) -> None:
        """Draw it into ``rect``."""
        ...


class RunScreen:
    """Draws a run; ``mouse`` is the pixel that the pointer is at, None where it is elsewhere."""

    def __init__(
        self,
        world: World,
        keys: Screen = "train",
        overlays: Overlays | None = None,
        strip: Strip | None = None,
    ) -> None:
        self.world, self.keys, self.strip = world, keys, strip
        self.board, self.panel = BoardSide(world, overlays or Overlays()), Panel()
        self.mouse: tuple[int, int] | None = None
        self.places: Places | None = None

    def point(self, digit: str, replay: Replay | None) -> None:
        """Point at the next cell in a direction, at first at the agent's; with 5 at none."""
        board, layout = self.board.board, self.world.dynamics.layout
        if board is None or layout is None or digit not in STEPS:
            self.mouse = None
            return
        cell = board.cell_at(self.mouse) if self.mouse is not None else None
        if cell is None:
            row, column = layout.position[state_of(self.world, replay)].tolist()
        else:
            row = min(max(cell[0] + STEPS[digit][0], 0), layout.height - 1)
            column = min(max(cell[1] + STEPS[digit][1], 0), layout.width - 1)
        x, y = board.centre(row, column)
        self.mouse = (round(x), round(y))

    def draw(self, surface: pygame.Surface, pen: Pen, run: RunModel, tooltip: bool = True) -> None:
        """Draw all of ``run``; with ``tooltip``, the numbers of the cell that the pointer is at."""
        size = surface.get_size()
        surface.fill(pen.style.theme.paper)
        text, warning = run.message() or listed(run.facts()), run.warning
        lines = message_lines(pen, size[0] - 2 * pen.style.px(18), text, most=3 if warning else 2)
        layout = self.world.dynamics.layout
        aspect = layout.width / layout.height if layout else 1.0
        strip_height = self.strip.height(pen) if self.strip else 0
        rules = rules_lines(pen, self.world.dynamics, size, pen.style.px(18))
        self.places = places = divide(pen, size, aspect, len(lines), strip_height, len(rules))
        self._draw_heads(surface, pen, places, run)
        for k, words in enumerate(rules):
            pen.text(surface, words, (places.rules.left, places.rules.top + k * pen.height()))
        self._draw_board(surface, pen, places.board, run.showing)
        self.panel.draw(surface, pen, places.panel, run, places.stacked)
        if self.strip is not None:
            self.strip.draw(surface, pen, places.strip)
        draw_message(surface, pen, places.message, lines, warning)
        draw_status(surface, pen, self.keys, places.bar, run.status(), run.showing.waiting)
        if tooltip:
            self._draw_tooltip(surface, pen, run.showing)

    def _draw_heads(self, surface: pygame.Surface, pen: Pen, places: Places, run: RunModel) -> None:
        theme = pen.style.theme
        title = pen.text(surface, self.world.title, places.title.topleft, role="title", width=places.title.width)
        legend, colour = self.board.legend(), theme.quiet
        if run.showing.demonstration is not None:
            if title.width + pen.style.px(20) + pen.width(DEMONSTRATION, "strong") <= places.title.width:
                pen.text(surface, DEMONSTRATION, places.title.midright, "midright", "strong", theme.person)
            else:
                legend, colour = (DEMONSTRATION,), theme.person
        draw_fitting(surface, pen, legend, places.legend, colour)
        pen.text(surface, run.heading(), places.heading.topleft, role="title", width=places.heading.width)
        draw_fitting(surface, pen, counters(run.showing, run.briefing), places.counters, theme.quiet)

    def _draw_board(self, surface: pygame.Surface, pen: Pen, area: pygame.Rect, showing: Showing) -> None:
        if self.world.dynamics.layout is None:
            for k, words in enumerate(pen.wrapped(no_board(self.world), area.width, 3)):
                pen.text(surface, words, (area.left, area.centery + k * pen.height()), colour=pen.style.theme.quiet)
            return
        self.board.place(pen, area)
        self.board.draw(surface, pen, showing)
        assert self.board.board is not None
        self._draw_teaching(surface, pen, area, self.board.board.rect.bottom + pen.style.px(20))

    def _draw_teaching(self, surface: pygame.Surface, pen: Pen, area: pygame.Rect, top: int) -> None:
        """What the level teaches and where it is from, where a wide board leaves room for it."""
        room = (area.bottom - top) // pen.height()
        if room < 3:
            return
        lines = pen.wrapped(self.world.teaches, area.width, room - 1)
        source = f"Source: {self.world.source}" if self.world.source else ""
        for k, words in enumerate([*lines, pen.fitted(source, area.width)]):
            pen.text(surface, words, (area.left, top + k * pen.height()), colour=pen.style.theme.quiet)

    def _draw_tooltip(self, surface: pygame.Surface, pen: Pen, showing: Showing) -> None:
        snapshot, probabilities = showing.snapshot, showing.probabilities()
        if self.mouse is None or snapshot is None or probabilities is None:
            return
        state = self.board.state_at(self.mouse, state_of(self.world, showing.current))
        if state is not None:
            self.board.draw_tooltip(surface, pen, self.mouse, state, snapshot, probabilities)
