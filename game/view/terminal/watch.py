"""A run that is over, on the terminal: the window's keys, and a slider above them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events

from game.keys import Screen as Table
from game.snapshots.sources import Watched
from game.view.shared.overlays import Overlays
from game.view.terminal.kit.grid import Grid, first_fitting
from game.view.terminal.run import RunView
from game.view.watch.model import CHOICE, WatchModel

#: The rows of the slider: words, and the track.
SLIDER = 2
#: So many of the largest rises and falls have a sign on the track.
SIGNS = 3


class WatchView(RunView[WatchModel]):
    """Looks back on a run."""

    table: ClassVar[Table] = "watch"

    def __init__(self, watched: Watched, can_play: bool = False) -> None:
        super().__init__(WatchModel(watched, Overlays(CHOICE), can_play))
        self._track = (0, 0, 1)
        self._dragging = False

    def begin(self) -> None:
        """Begin with what takes time to compute."""
        self.model.begin()

    def interrupted(self, _signals: int) -> None:
        """End: there is nothing to save."""
        self.model.close()

    # -- the mouse ----------------------------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take the knob."""
        _, top, _ = self._track
        self._dragging = top <= event.screen_y < top + SLIDER
        self._drag(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the knob, or point at a cell."""
        if self._dragging:
            self._drag(event)
        else:
            super().on_mouse_move(event)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Let go of the knob."""
        if self._dragging:
            self._dragging = False
            self.model.timeline.settle()

    def _drag(self, event: events.MouseEvent) -> None:
        if self._dragging:
            left, _, width = self._track
            position = self._position((event.screen_x - left) / max(1, width - 1))
            self.model.moved(lambda: self.model.timeline.go(position, at_once=True))

    def _position(self, share: float) -> float:
        """The place in the run at a share of the track."""
        updates = self.model.watched.updates
        return self.model.timeline.index_of(float(updates[0]) + share * float(updates[-1] - updates[0]))

    # -- what is shown ------------------------------------------------------------------------------------

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """As in training, with the slider between the panel and the foot."""
        for name, x, y, grid in super().draw(width, height - SLIDER):
            if name == "foot":
                yield "slider", x, y, self._draw_slider(width, y)
            yield name, x, y + SLIDER * (name == "foot"), grid

    def _draw_slider(self, width: int, top: int) -> Grid:
        """The words, and below them the track with its knob, and signs where J rose and fell most."""
        grid, back, unicode = Grid(width, SLIDER, self.look), self.model, self.look.unicode
        self._track = (0, top, width)
        accent = self.look.style("person" if back.jumped else "ink", bold=True)
        end = grid.put(0, 0, first_fitting(back.captions(), width), accent, width)
        if end + 2 + len(back.kept) <= width:
            grid.right(width, 0, back.kept, self.look.style("quiet"))
        knob = self._column(back.timeline.update, width)
        done, ahead, at, rise, fall = "━─●▲▽" if unicode else "=-O^v"
        grid.put(0, 1, done * knob, self.look.style("person"))
        grid.put(knob, 1, ahead * (width - knob), self.look.style("quiet"))
        for sign, some, ink in ((fall, back.changes.falls, "warning"), (rise, back.changes.rises, "policy")):
            for change in some[:SIGNS]:
                column = self._column(float(back.watched.updates[change.start]), width)
                grid.put(column, 1, sign, self.look.style(ink, bold=True))  # type: ignore[arg-type]
        grid.put(knob, 1, at, self.look.style("person", bold=True))
        return grid

    def _column(self, update: float, width: int) -> int:
        """Where on the track an update lies."""
        updates = self.model.watched.updates
        span = max(1, int(updates[-1] - updates[0]))
        return round((update - float(updates[0])) / span * (width - 1))
