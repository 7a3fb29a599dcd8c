"""The training window: handle input, let time pass, draw, until it is closed."""

from __future__ import annotations

import sys

import pygame
from pygame.event import Event
from pygame.window import Window

from game.keys import action_of
from game.snapshots.sources import Training
from game.view.shared.playback import FASTEST
from game.view.shared.theme import TEXT_SIZES
from game.view.train.model import PATIENCE, Watching
from game.view.train.screen import Scene, TrainingScreen
from game.view.window.typed import typed
from game.view.window.window import BaseWindow

FRAMES_PER_SECOND = 60
#: Seconds between two snapshots drawn while training runs freely: drawing takes time from it.
FREE_INTERVAL = 0.05


class TrainingWindow(BaseWindow, Watching):
    """The window's state; :meth:`run` is the loop, and a test calls its three parts itself.

    ``ended``: it was closed by its cross, and nothing is to follow.  ``learned`` is "": the picture has shown it.
    """

    learned = ""

    def __init__(
        self, training: Training, window: Window, close_when_done: bool = False, can_play: bool = False
    ) -> None:
        BaseWindow.__init__(self, window)
        self.ended = False
        self.screen = TrainingScreen(training.world)
        self.stage = self.screen.stage
        Watching.__init__(
            self,
            training,
            self.stage.overlays,
            free_interval=FREE_INTERVAL,
            speed=FASTEST if close_when_done else None,
            close_when_done=close_when_done,
            can_play=can_play,
        )
        self.controls |= self.shared_actions

    def run(self) -> None:
        """The loop, until it is left."""
        self.window.title = f"Arrowgrad: {self.world.title}"
        pygame.key.set_repeat()
        clock = pygame.time.Clock()
        # The worker holds Python's lock for this long when the window wants it; short, so that keys answer at once.
        interval = sys.getswitchinterval()
        sys.setswitchinterval(0.001)
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
        finally:
            sys.setswitchinterval(interval)

    def finish(self) -> None:
        """Forget what was seen."""
        self.close_film()

    # -- input --------------------------------------------------------------------------------------------

    def handle_input(self) -> None:
        """React to all events that have come in."""
        self.report_film()
        for event in pygame.event.get():
            self.changed = True
            self._handle(event)

    def _handle(self, event: Event) -> None:
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            self.ended = True
            if not self.closing:  # one click on the cross sends both
                self.close()
        elif event.type == pygame.KEYDOWN:
            self._press(*typed(event))
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

    def picture_name(self) -> str:
        """The level's name."""
        return self.world.name

    def _change_text_size(self) -> None:
        super()._change_text_size()
        self.say(f"text size {self.text_size + 1} of {len(TEXT_SIZES)}")

    def _press(self, name: str, character: str) -> None:
        action = action_of("train", name, character)
        if action is None or (self.closing and action != "quit"):
            return
        if action == "point":
            self.screen.point(character, self.playback.current)
        elif action == "zoom":
            self.stage.turn_wheel(1 if name == "z" else -1, self.screen.mouse)
        elif action != "demonstrate":
            self.controls[action]()
        elif self.screen.mouse is not None:
            self._demonstrate_from(self.screen.mouse)
        else:
            self.demonstrate(None)

    def _demonstrate_from(self, point: tuple[int, int]) -> None:
        state = self.stage.state_at(point, self._state())
        if state is not None and not self.world.dynamics.terminal[state]:
            self.demonstrate(state)

    # -- time ---------------------------------------------------------------------------------------------

    def _state(self) -> int:
        return self.stage.state(self.playback.current)

    # -- drawing ------------------------------------------------------------------------------------------

    def _surface(self) -> pygame.Surface:
        return self.window.get_surface()

    def draw_if_changed(self) -> None:
        """Draw, unless the screen already shows just this."""
        if self.changed or self.worked_long():
            self.draw()

    def draw(self) -> None:
        """Draw the whole window and show it."""
        self.changed = False
        message, warning = self.message()
        scene = Scene(self.playback, self.briefing, self.record, message, warning, self.status())
        self.screen.draw(self._surface(), self.fresh_pen(), scene, self.help_shown)
        self.show()
