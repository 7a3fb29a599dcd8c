"""The window of ``python main.py watch``: a run that is over, from its first update to its last."""

from __future__ import annotations

import sys

import pygame
from pygame.event import Event
from pygame.window import Window

from game.keys import action_of
from game.snapshots.sources import Watched
from game.view.train.screen import Scene, TrainingScreen
from game.view.watch.model import CHOICE, LookingBack
from game.view.watch.slider import TimeSlider
from game.view.watch.words import heading, message, status
from game.view.window.typed import typed
from game.view.window.window import BaseWindow

FRAMES_PER_SECOND = 60
#: A key held down repeats after so many milliseconds, and then every so many.
REPEAT = (400, 80)


class WatchWindow(BaseWindow, LookingBack):
    """The window's state; :meth:`run` is the loop, and a test calls its three parts itself.

    ``ended``: it was closed by its cross, and nothing is to follow.
    """

    def __init__(self, watched: Watched, window: Window, can_play: bool = False) -> None:
        BaseWindow.__init__(self, window)
        self.slider = TimeSlider(self)
        self.screen = TrainingScreen(watched.world, "watch", CHOICE, self.slider)
        self.stage = self.screen.stage
        LookingBack.__init__(self, watched, self.stage.overlays, can_play)
        self.dragging = self.ended = False
        self.controls |= self.shared_actions

    def run(self) -> None:
        """The loop."""
        self.window.title = f"Arrowgrad: {self.world.title}, looked back on"
        pygame.key.set_repeat(*REPEAT)
        clock = pygame.time.Clock()
        # J of all policies is computed meanwhile, by a thread that holds Python's lock for so long.
        interval = sys.getswitchinterval()
        sys.setswitchinterval(0.001)
        self.draw()
        self.begin()
        try:
            while not self.closed:
                self.handle_input()
                self.update(clock.tick(FRAMES_PER_SECOND) / 1000)
                if self.changed:
                    self.draw()
        finally:
            sys.setswitchinterval(interval)

    @property
    def place(self) -> float:
        """The place in the run, as the timeline counts."""
        return self.timeline.position

    def finish(self) -> None:
        """Stop what is computed, and forget what was seen."""
        self.close()
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
            self.close()
        elif event.type == pygame.KEYDOWN:
            self._press_key(*typed(event))
        elif event.type == pygame.MOUSEMOTION:
            self.screen.mouse = self.pixel(event.pos)
            if self.dragging:
                self._drag_to(self.screen.mouse)
        elif event.type == pygame.MOUSEWHEEL:
            self._turn_wheel(event.y)
        elif event.type == pygame.WINDOWLEAVE:
            self.screen.mouse = None
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self.screen.mouse = self.pixel(event.pos)
            self._press(self.screen.mouse)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self.dragging:
            self.dragging = False
            self.timeline.settle()

    def _press_key(self, name: str, character: str) -> None:
        action = action_of("watch", name, character)
        if action == "point":
            self.screen.point(character, self.current)
        elif action == "zoom":
            self.stage.turn_wheel(1 if name == "z" else -1, self.screen.mouse)
        elif action == "demonstrate" and self.screen.mouse is not None:
            self._demonstrate_from(self.screen.mouse)
        elif action is not None:
            self.controls[action]()

    def _demonstrate_from(self, point: tuple[int, int]) -> None:
        """From the cell at a pixel, if there can be an episode from it; from P0 where it shows no cell."""
        if self.stage.board is None or self.stage.board.cell_at(point) is None:
            self.demonstrate(None)
            return
        state = self.stage.state_at(point, self.stage.state(self.current))
        if state is not None and not self.world.dynamics.terminal[state]:
            self.demonstrate(state)

    def _press(self, point: tuple[int, int]) -> None:
        """The mouse goes down: on the slider, on the curve, or on a cell."""
        episodes = self.screen.panel.curve.episodes_at(point)
        if self.help_shown:
            self.help_shown = False
        elif self.slider.holds(point):
            self.dragging = True
            self._drag_to(point)
        elif episodes is not None:
            self.moved(lambda: self.timeline.go(round(self.position_after(episodes))))
        elif self.stage.board is not None and self.stage.board.cell_at(point) is not None:
            self._demonstrate_from(point)

    def _drag_to(self, point: tuple[int, int]) -> None:
        self.moved(lambda: self.timeline.go(self.slider.position_at(point[0]), at_once=True))

    def _turn_wheel(self, notches: int) -> None:
        if self.slider.holds(self.screen.mouse):
            self.moved(lambda: self.timeline.step(notches))
        else:
            self.stage.turn_wheel(notches, self.screen.mouse)

    def picture_name(self) -> str:
        """The level's name."""
        return self.world.name

    # -- drawing ------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the whole window and show it."""
        self.changed = False
        scene = Scene(
            self,
            self.briefing,
            self.record,
            message(self),
            False,
            status(self),
            heading=heading(self),
            mark=self.mark(),
        )
        self.screen.draw(self.window.get_surface(), self.fresh_pen(), scene, self.help_shown)
        self.show()
