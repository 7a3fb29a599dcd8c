"""A run that is over, on the terminal: the window's keys, and a slider above them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events

from game.keys import Screen as Table
from game.snapshots.snapshot import Briefing
from game.snapshots.sources import Watched
from game.view.shared.learning_curve import Mark
from game.view.shared.overlays import Overlays
from game.view.shared.record import Record
from game.view.shared.showing import Showing
from game.view.terminal.kit.grid import Grid, first_fitting
from game.view.terminal.run import RunView
from game.view.watch.model import CHOICE, LookingBack
from game.view.watch.words import captions, heading, message, status

#: The rows of the slider: words, and the track.
SLIDER = 2
#: So many of the largest rises and falls have a sign on the track.
SIGNS = 3


class WatchView(RunView):
    """Looks back on a run."""

    table: ClassVar[Table] = "watch"

    def __init__(self, watched: Watched, can_play: bool = False) -> None:
        overlays = Overlays(CHOICE)
        super().__init__(watched.world, overlays)
        self.back = LookingBack(watched, overlays, can_play)
        self._track = (0, 0, 1)
        self._dragging = False

    # -- time ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin with what takes time to compute."""
        self.back.begin()

    def advance(self, seconds: float) -> None:
        """Let time pass, and notice the end."""
        back = self.back
        back.update(seconds)
        if back.changed:
            back.changed, self.changed = False, True
        if back.closed:
            self.leave()

    def interrupted(self, signals: int) -> None:
        """End: there is nothing to save."""
        if signals == 1:
            self.back.close()

    def finish(self) -> None:
        """Stop what is computed."""
        self.back.reckoner.close()

    @property
    def wants_match(self) -> bool:
        """Whether it was left to play against the policy that is shown."""
        return self.back.wants_match

    @property
    def place(self) -> float:
        """The place in the run, as the timeline counts."""
        return self.back.timeline.position

    def updates_done(self) -> int | None:
        """Return the number of updates that made the policy shown, None for the newest one."""
        return self.back.updates_done()

    # -- what a person does -------------------------------------------------------------------------------

    def act(self, action: str, name: str) -> None:
        """Do what a key says."""
        if not self.point_or_zoom(action, name) and action in self.back.controls:
            self.back.controls[action]()

    def note(self, words: str) -> None:
        """Say it for some seconds."""
        self.back.say(words)

    def demonstrate(self, state: int | None) -> None:
        """Show an episode that nothing is learned from."""
        self.back.demonstrate(state)

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
            self.back.timeline.settle()

    def _drag(self, event: events.MouseEvent) -> None:
        if self._dragging:
            left, _, width = self._track
            position = self._position((event.screen_x - left) / max(1, width - 1))
            self.back.moved(lambda: self.back.timeline.go(position, at_once=True))

    def _position(self, share: float) -> float:
        """The place in the run at a share of the track."""
        updates = self.back.watched.updates
        return self.back.timeline.index_of(float(updates[0]) + share * float(updates[-1] - updates[0]))

    # -- what is shown ------------------------------------------------------------------------------------

    @property
    def showing(self) -> Showing:
        """The update on screen."""
        return self.back

    @property
    def briefing(self) -> Briefing | None:
        """What a view of the training was told."""
        return self.back.briefing

    @property
    def record(self) -> Record:
        """The whole learning curve."""
        return self.back.record

    def mark(self) -> Mark | None:
        """Where in it the update on screen lies."""
        return self.back.mark()

    def heading(self) -> str:
        """Which update is on screen."""
        return heading(self.back)

    def message(self) -> tuple[str, bool]:
        """The words above the bar; none is a warning."""
        return message(self.back), False

    def status(self) -> str:
        """What is going on, in words."""
        return status(self.back)

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """As in training, with the slider between the panel and the foot."""
        for name, x, y, grid in super().draw(width, height - SLIDER):
            if name == "foot":
                yield "slider", x, y, self._draw_slider(width, y)
            yield name, x, y + SLIDER * (name == "foot"), grid

    def _draw_slider(self, width: int, top: int) -> Grid:
        """The words, and below them the track with its knob, and signs where J rose and fell most."""
        grid, back, unicode = Grid(width, SLIDER, self.look), self.back, self.look.unicode
        self._track = (0, top, width)
        accent = self.look.style("person" if back.jumped else "ink", bold=True)
        end = grid.put(0, 0, first_fitting(captions(back), width), accent, width)
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
        updates = self.back.watched.updates
        span = max(1, int(updates[-1] - updates[0]))
        return round((update - float(updates[0])) / span * (width - 1))
