"""The training window: handle input, let time pass, draw, until it is closed."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pygame

from game.errors import ArrowgradError
from game.keys import action_of
from game.view.base_window import BaseWindow
from game.view.display import checked_pygame, close_window, open_window
from game.view.feed import Feed
from game.view.history import History
from game.view.pictures import save_picture
from game.view.playback import FASTEST, Playback
from game.view.theme import TEXT_SIZES
from game.view.training_screen import Scene, TrainingScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygame.event import Event
    from pygame.window import Window

    from game.snapshot import Briefing
    from game.view.session import Training

FRAMES_PER_SECOND = 60
#: Seconds between two snapshots drawn while training runs freely: drawing takes time from it.
FREE_INTERVAL = 0.05
#: Seconds that a note such as "saved" stays.
NOTE = 4.0
#: Seconds to wait at the end for an update under way and for saving.
PATIENCE = 20.0


def watch(training: Training, *, close_when_done: bool) -> str:
    """Show ``training`` in a window until it is closed; returns a sentence to end with, or "".

    With ``close_when_done`` it runs as fast as possible and closes after the last update.  Raises
    :class:`~game.errors.ViewError` where no window can be opened, and what the training raised last.
    """
    checked_pygame()
    window = open_window(f"Arrowgrad: {training.world.title}")
    # The worker holds Python's lock for this long when the window wants it; short, so that keys answer at once.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    try:
        return TrainingWindow(training, window, close_when_done).run()
    finally:
        sys.setswitchinterval(interval)
        close_window(window)


class TrainingWindow(BaseWindow):
    """The window's state; :meth:`run` is the loop, and a test calls its three parts itself."""

    def __init__(self, training: Training, window: Window, close_when_done: bool = False) -> None:
        super().__init__(window)
        self.training, self.close_when_done = training, close_when_done
        self.world = training.world
        self.feed = Feed(training)
        self.playback = Playback(FASTEST if close_when_done else None)
        self.screen = TrainingScreen(self.world)
        self.stage = self.screen.stage
        self.briefing: Briefing | None = None
        self.record = History().record()
        self.error: Exception | None = None
        self._unsaved = False
        self.closing = self.closed = False
        self.farewell = ""
        self.note, self._note_left = "", 0.0
        self._changed = True
        self._since_taken, self._second, self._close_asked = 0.0, 0, 0.0
        self._actions: dict[str, Callable[[], None]] = {
            "pause": self.playback.pause,
            "step": self.playback.step,
            "episode": self.playback.episode,
            "update": self.playback.one_update,
            "faster": lambda: self.playback.change_speed(1),
            "slower": lambda: self.playback.change_speed(-1),
            "fast": self.playback.fast,
            "overlay": self.stage.next_overlay,
            "restart": self._restart,
            "save": self._save,
            **self.shared_actions,
            "screenshot": self._screenshot,
            "quit": self.close,
        }

    def run(self) -> str:
        """The loop; returns the sentence to end with."""
        clock = pygame.time.Clock()
        self.draw()
        self.feed.start()
        try:
            while not self.closed:
                self.handle_input()
                self.update(clock.tick(FRAMES_PER_SECOND) / 1000)
                self.draw_if_changed()
        except KeyboardInterrupt:
            self.feed.close()
            self.feed.join(PATIENCE)
            raise
        if self.error is not None:
            raise self.error
        return self.farewell

    # -- input --------------------------------------------------------------------------------------------

    def handle_input(self) -> None:
        """React to all events that have come in."""
        for event in pygame.event.get():
            self._changed = True
            self._handle(event)

    def _handle(self, event: Event) -> None:
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            if not self.closing:  # one click on the cross sends both
                self.close()
        elif event.type == pygame.KEYDOWN:
            action = action_of("train", pygame.key.name(event.key), event.unicode)
            if action is not None and not (self.closing and action != "quit"):
                self._actions[action]()
        elif event.type == pygame.MOUSEMOTION:
            self.screen.mouse = self.pixel(event.pos)
        elif event.type == pygame.MOUSEWHEEL:
            self.stage.turn_wheel(event.y, self.screen.mouse)
        elif event.type == pygame.WINDOWLEAVE:
            self.screen.mouse = None
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self.screen.mouse = self.pixel(event.pos)
            if self.help_shown:
                self.help_shown = False
            else:
                self._demonstrate_from(self.screen.mouse)

    def close(self) -> None:
        """Save and end; asked for again, end without waiting."""
        if self.closing:
            self._end("the run was closed before it was saved to its end")
            return
        self.closing, self._close_asked = True, time.monotonic()
        self.feed.close()

    def _end(self, farewell: str = "") -> None:
        self.closed, self.farewell = True, farewell or self.farewell

    def _restart(self) -> None:
        self._say("saving this run, then beginning a new one …")
        self.feed.restart()

    def _save(self) -> None:
        self._say("saving after this update …")
        self.feed.save()

    def _screenshot(self) -> None:
        self.draw()
        try:
            self._say(f"picture saved as {save_picture(self._surface(), self.world.name)}")
        except ArrowgradError as error:
            self._say(str(error))

    def _change_text_size(self) -> None:
        super()._change_text_size()
        self._say(f"text size {self.text_size + 1} of {len(TEXT_SIZES)}")

    def _demonstrate_from(self, point: tuple[int, int]) -> None:
        state = self.stage.state_at(point, self._state())
        if state is not None and not self.world.dynamics.terminal[state]:
            self._demonstrate(state)

    def _demonstrate(self, state: int | None) -> None:
        probabilities = self.playback.probabilities()
        if probabilities is None:
            return
        try:
            self.playback.demonstrate(self.training.demonstrate(probabilities, state))
        except ArrowgradError as error:
            self._say(str(error))

    # -- time ---------------------------------------------------------------------------------------------

    def update(self, seconds: float) -> None:
        """Let time pass: take what the worker has, move what moves, and ask for the next update."""
        self._take_reports()
        self._since_taken += seconds
        if not self.playback.free or self._since_taken >= FREE_INTERVAL:
            self._take_snapshot()
        if self.note:
            self._note_left -= seconds
            if self._note_left <= 0:
                self.note, self._changed = "", True
        if self.playback.update(seconds):
            self._changed = True
        if self.closing:
            self._wait_for_end()
            return
        self.feed.run_freely(self.playback.free)
        if self.briefing is not None and self.playback.wants_update():
            self.feed.ask()
        if self.feed.finished and self.feed.working()[0] is None:
            self._after_the_last_update()

    def _take_snapshot(self) -> None:
        snapshot = self.feed.take()
        if snapshot is not None:
            self._since_taken = 0.0
            self.playback.take(snapshot)
            self.record = self.feed.record()
            self._changed = True

    def _after_the_last_update(self) -> None:
        if self.playback.replay is not None and self.playback.learned < 1.0:
            return
        if self.close_when_done:
            self.close()
        elif self.playback.demonstration is None and not self.playback.paused and (not self.error or self._unsaved):
            self._demonstrate(None)

    def _take_reports(self) -> None:
        for report in self.feed.reports():
            self._changed = True
            if report.briefing is not None:
                if self.briefing is not None:
                    self._say("a new run has begun")
                self.briefing, self.error, self._unsaved = report.briefing, None, False
                self.playback.clear()
                self.stage.forget()
                self.record = History().record()
            elif report.error is not None:
                self.error, self._unsaved = report.error, report.saving
                self._say("")
                if self.close_when_done:
                    self.close()
            else:
                self._say(report.text)
                self.farewell = report.text
                if self._unsaved:
                    self.error, self._unsaved = None, False

    def _wait_for_end(self) -> None:
        self._changed = True
        if self.feed.closed:
            self._take_reports()
            self._end()
        elif time.monotonic() - self._close_asked > PATIENCE:
            self._end(f"the update under way took longer than {PATIENCE:.0f} seconds, so its end was not waited for")

    def _say(self, text: str) -> None:
        self.note, self._note_left = text, NOTE

    def _state(self) -> int:
        return self.stage.state(self.playback.current)

    # -- drawing ------------------------------------------------------------------------------------------

    def _surface(self) -> pygame.Surface:
        return self.window.get_surface()

    def draw_if_changed(self) -> None:
        """Draw, unless the screen already shows just this."""
        if self._changed or self._worked_long():
            self.draw()

    def draw(self) -> None:
        """Draw the whole window and show it."""
        self._changed = False
        message, warning = self._message()
        scene = Scene(self.playback, self.briefing, self.record, message, warning, self._status())
        self.screen.draw(self._surface(), self.fresh_pen(), scene, self.help_shown)
        self.window.flip()

    def _message(self) -> tuple[str, bool]:
        """The words above the bar, and whether they are a warning."""
        if self.closing:
            return "saving … (Esc again ends without waiting)", False
        if self.error is not None and not self.note:
            again = "S: try again" if self._unsaved else "R: begin anew"
            return f"{self.error}   ({again} · Esc: end)", True
        return self.note, False

    def _status(self) -> str:
        """What is going on, in words."""
        playback, (doing, seconds) = self.playback, self.feed.working()
        if self.closing:
            return "saving …"
        if doing in ("save", "restart"):
            return "saving …"
        if playback.waiting:
            return "paused"
        if playback.demonstration is not None:
            return "all updates done" if self.feed.finished else "demonstration"
        if self.error is not None and not self._unsaved:
            return "stopped"
        if doing == "update" and seconds > 1:
            return f"update under way, {seconds:.0f} s"
        haste = playback.replay.haste() if playback.replay and playback.speed.steps and not playback.replay.done else 1
        return playback.speed.words + (f" × {haste}" if haste > 1 else "")

    def _worked_long(self) -> bool:
        """Whether the seconds of a long update have to be counted on."""
        doing, seconds = self.feed.working()
        second = int(seconds) if doing else 0
        changed = second != self._second
        self._second = second
        return changed
