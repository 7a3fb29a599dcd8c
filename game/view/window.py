"""The training window: handle input, let time pass, draw, until it is closed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pygame

from game.keys import STEPS, action_of
from game.view.base_window import BaseWindow
from game.view.display import checked_pygame, close_window, open_window
from game.view.playback import FASTEST
from game.view.theme import TEXT_SIZES
from game.view.training_screen import Scene, TrainingScreen
from game.view.watching import PATIENCE, Watching

if TYPE_CHECKING:
    from pygame.event import Event
    from pygame.window import Window

    from game.view.session import Training

FRAMES_PER_SECOND = 60
#: Seconds between two snapshots drawn while training runs freely: drawing takes time from it.
FREE_INTERVAL = 0.05


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


class TrainingWindow(BaseWindow, Watching):
    """The window's state; :meth:`run` is the loop, and a test calls its three parts itself."""

    def __init__(self, training: Training, window: Window, close_when_done: bool = False) -> None:
        BaseWindow.__init__(self, window)
        self.screen = TrainingScreen(training.world)
        self.stage = self.screen.stage
        Watching.__init__(
            self,
            training,
            self.stage.overlays,
            free_interval=FREE_INTERVAL,
            speed=FASTEST if close_when_done else None,
            close_when_done=close_when_done,
        )
        self.controls |= self.shared_actions

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
        finally:
            self.close_film()
        if self.error is not None:
            raise self.error
        return self.farewell

    # -- input --------------------------------------------------------------------------------------------

    def handle_input(self) -> None:
        """React to all events that have come in."""
        self.report_film()
        for event in pygame.event.get():
            self.changed = True
            self._handle(event)

    def _handle(self, event: Event) -> None:
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            if not self.closing:  # one click on the cross sends both
                self.close()
        elif event.type == pygame.KEYDOWN:
            self._press(pygame.key.name(event.key), event.unicode)
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
            self._point(name.strip("[]"))
        elif action == "zoom":
            self.stage.turn_wheel(1 if name == "z" else -1, self.screen.mouse)
        elif action != "demonstrate":
            self.controls[action]()
        elif self.screen.mouse is not None:
            self._demonstrate_from(self.screen.mouse)
        else:
            self.demonstrate(None)

    def _point(self, digit: str) -> None:
        """Point at the next cell in a direction, at first at the agent's."""
        board, layout = self.stage.board, self.world.dynamics.layout
        if board is None or layout is None or digit not in STEPS:
            self.screen.mouse = None
            return
        cell = board.cell_at(self.screen.mouse) if self.screen.mouse is not None else None
        if cell is None:
            row, column = layout.position[self._state()].tolist()
        else:
            row = min(max(cell[0] + STEPS[digit][0], 0), layout.height - 1)
            column = min(max(cell[1] + STEPS[digit][1], 0), layout.width - 1)
        x, y = board.centre(row, column)
        self.screen.mouse = (round(x), round(y))

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
