"""Everything that the training window shows, drawn from a scene: board, cards, words and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pygame

from game.keys import STEPS, Screen
from game.snapshots.snapshot import Briefing
from game.view.draw.keybar import draw_help, listed
from game.view.draw.pen import Pen, draw_fitting
from game.view.shared.learning_curve import Mark
from game.view.shared.overlays import OVERLAYS, Overlay
from game.view.shared.playback import Replay
from game.view.shared.record import Record
from game.view.shared.showing import Showing
from game.view.train.board_side import Stage
from game.view.train.cards import Panel, Shown
from game.view.train.layout import Places, divide, draw_message, draw_status, message_lines
from game.world.catalog import World

DEMONSTRATION = "demonstration – not learned from"


class Strip(Protocol):
    """Something drawn below board and panel, such as a slider."""

    def height(self, pen: Pen) -> int:
        """The height that it needs."""
        ...

    def draw(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect) -> None:
        """Draw it into ``rect``."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be shown at this moment.

    ``message`` are the words above the bar of keys ("" for the settings in force), ``warning`` whether they are
    one; ``status`` says what is going on.  ``heading`` stands above the panel, "" for the number of the update; the
    moment that ``mark`` names is marked on the curve of a finished run.
    """

    playback: Showing
    briefing: Briefing | None
    record: Record
    message: str
    warning: bool
    status: str
    heading: str = ""
    mark: Mark | None = None


class TrainingScreen:
    """Draws scenes; ``mouse`` is the pixel that the pointer is at, None where it is elsewhere."""

    def __init__(
        self,
        world: World,
        keys: Screen = "train",
        overlays: tuple[Overlay, ...] = OVERLAYS,
        strip: Strip | None = None,
    ) -> None:
        self.world, self.keys, self.strip = world, keys, strip
        self.stage, self.panel = Stage(world, overlays), Panel()
        self.mouse: tuple[int, int] | None = None
        self.places: Places | None = None

    def point(self, digit: str, replay: Replay | None) -> None:
        """Point at the next cell in a direction, at first at the agent's; with 5 at none."""
        board, layout = self.stage.board, self.world.dynamics.layout
        if board is None or layout is None or digit not in STEPS:
            self.mouse = None
            return
        cell = board.cell_at(self.mouse) if self.mouse is not None else None
        if cell is None:
            row, column = layout.position[self.stage.state(replay)].tolist()
        else:
            row = min(max(cell[0] + STEPS[digit][0], 0), layout.height - 1)
            column = min(max(cell[1] + STEPS[digit][1], 0), layout.width - 1)
        x, y = board.centre(row, column)
        self.mouse = (round(x), round(y))

    def draw(self, surface: pygame.Surface, pen: Pen, scene: Scene, help_shown: bool) -> None:
        """Draw all of ``scene``, and the keys over it where they are asked for."""
        size = surface.get_size()
        surface.fill(pen.style.theme.paper)
        facts = _facts(scene.briefing)
        text = scene.message or listed(facts)
        lines = message_lines(pen, size[0] - 2 * pen.style.px(18), text, most=3 if scene.warning else 2)
        layout = self.world.dynamics.layout
        aspect = layout.width / layout.height if layout else 1.0
        strip_height = self.strip.height(pen) if self.strip else 0
        self.places = places = divide(pen, size, aspect, len(lines), strip_height)
        self._draw_heads(surface, pen, places, scene)
        self._draw_board(surface, pen, places.board, scene.playback)
        self.panel.draw(surface, pen, places.panel, self._shown(scene), places.stacked)
        if self.strip is not None:
            self.strip.draw(surface, pen, places.strip)
        draw_message(surface, pen, places.message, lines, scene.warning)
        draw_status(surface, pen, self.keys, places.bar, scene.status, scene.playback.waiting)
        if help_shown:
            draw_help(surface, pen, self.keys, "Keys", facts)
        else:
            self._draw_tooltip(surface, pen, scene.playback)

    def _draw_heads(self, surface: pygame.Surface, pen: Pen, places: Places, scene: Scene) -> None:
        theme, snapshot, briefing = pen.style.theme, scene.playback.snapshot, scene.briefing
        title = pen.text(surface, self.world.title, places.title.topleft, role="title", width=places.title.width)
        legend, colour = self.stage.legend(), theme.quiet
        if scene.playback.demonstration is not None:
            if title.width + pen.style.px(20) + pen.width(DEMONSTRATION, "strong") <= places.title.width:
                pen.text(surface, DEMONSTRATION, places.title.midright, "midright", "strong", theme.person)
            else:
                legend, colour = (DEMONSTRATION,), theme.person
        draw_fitting(surface, pen, legend, places.legend, colour)
        total = briefing.total_updates if briefing else None
        number = f"update {snapshot.update if snapshot else 0:,}" + (f" of {total:,}" if total else "")
        pen.text(surface, scene.heading or number, places.heading.topleft, role="title", width=places.heading.width)
        if snapshot is None:
            words: tuple[str, ...] = ("loading …",) if briefing is None else ("the first update is under way …",)
        else:
            episodes = f"{snapshot.episodes:,} episode{'s' * (snapshot.episodes != 1)}"
            words = (f"{episodes} · {snapshot.steps:,} steps so far", f"{episodes} · {snapshot.steps:,} steps")
        draw_fitting(surface, pen, words, places.counters, theme.quiet)

    def _draw_board(self, surface: pygame.Surface, pen: Pen, area: pygame.Rect, playback: Showing) -> None:
        if self.world.dynamics.layout is None:
            states = self.world.dynamics.n_states
            lines = pen.wrapped(
                f"This world has {states:,} states but no grid, so there is no board to show.", area.width, 3
            )
            for k, words in enumerate(lines):
                pen.text(surface, words, (area.left, area.centery + k * pen.height()), colour=pen.style.theme.quiet)
            return
        self.stage.place(pen, area)
        self.stage.draw(
            surface,
            pen,
            playback.snapshot,
            playback.probabilities(),
            playback.current,
            playback.demonstration is not None,
        )
        assert self.stage.board is not None
        self._draw_teaching(surface, pen, area, self.stage.board.rect.bottom + pen.style.px(20))

    def _draw_teaching(self, surface: pygame.Surface, pen: Pen, area: pygame.Rect, top: int) -> None:
        """What the level teaches and where it is from, where a wide board leaves room for it."""
        room = (area.bottom - top) // pen.height()
        if room < 3:
            return
        lines = pen.wrapped(self.world.teaches, area.width, room - 1)
        source = f"Source: {self.world.source}" if self.world.source else ""
        for k, words in enumerate([*lines, pen.fitted(source, area.width)]):
            pen.text(surface, words, (area.left, top + k * pen.height()), colour=pen.style.theme.quiet)

    def _draw_tooltip(self, surface: pygame.Surface, pen: Pen, playback: Showing) -> None:
        snapshot, probabilities = playback.snapshot, playback.probabilities()
        if self.mouse is None or snapshot is None or probabilities is None:
            return
        state = self.stage.state_at(self.mouse, self.stage.state(playback.current))
        if state is not None:
            self.stage.draw_tooltip(surface, pen, self.mouse, state, snapshot, probabilities)

    def _shown(self, scene: Scene) -> Shown:
        replay = scene.playback.current
        return Shown(
            dynamics=self.world.dynamics,
            briefing=scene.briefing,
            record=scene.record,
            snapshot=scene.playback.snapshot,
            episode=replay.episode if replay else None,
            steps=replay.steps if replay else 0,
            demonstration=scene.playback.demonstration is not None,
            mark=scene.mark,
        )


def _facts(briefing: Briefing | None) -> list[tuple[str, str]]:
    """The run and the settings in force."""
    return [("run", briefing.run), *briefing.settings] if briefing else [("", "loading …")]
