"""The window of ``python main.py watch``: a run that is over, from its first update to its last."""

from __future__ import annotations

import pygame
from pygame.window import Window

from game.snapshots.sources import Watched
from game.view.shared.overlays import Overlays
from game.view.train.run_window import RunWindow
from game.view.train.screen import RunScreen
from game.view.watch.model import CHOICE, WatchModel
from game.view.watch.slider import TimeSlider


class WatchWindow(RunWindow[WatchModel]):
    """The window of a kept run."""

    table = "watch"
    repeat = (400, 80)

    def __init__(self, watched: Watched, window: Window, can_play: bool = False) -> None:
        model = WatchModel(watched, Overlays(CHOICE), can_play)
        self.slider = TimeSlider(model)
        screen = RunScreen(watched.world, "watch", model.overlays, self.slider)
        self.dragging = False
        super().__init__(window, model, screen, f"{watched.world.title}, looked back on")

    def begin(self) -> None:
        """Begin with what takes time to compute."""
        self.model.begin()

    # -- the mouse ----------------------------------------------------------------------------------------

    def point(self, event: pygame.Event, at: tuple[int, int]) -> None:
        """Point as at any run, and drag the slider."""
        super().point(event, at)
        if event.type == pygame.MOUSEMOTION and self.dragging:
            self._drag_to(at)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self.dragging:
            self.dragging = False
            self.model.timeline.settle()

    def click(self, at: tuple[int, int]) -> None:
        """Take the slider's knob, go to a place of the curve, or show an episode from a cell."""
        episodes = self.screen.panel.curve.episodes_at(at)
        if self.slider.holds(at):
            self.dragging = True
            self._drag_to(at)
        elif episodes is not None:
            self.model.moved(lambda: self.model.timeline.go(round(self.model.position_after(episodes))))
        else:
            super().click(at)

    def turn_wheel(self, notches: int) -> None:
        """Go on update by update over the slider; elsewhere enlarge the board."""
        if self.slider.holds(self.screen.mouse):
            self.model.moved(lambda: self.model.timeline.step(notches))
        else:
            super().turn_wheel(notches)

    def _drag_to(self, at: tuple[int, int]) -> None:
        self.model.moved(lambda: self.model.timeline.go(self.slider.position_at(at[0]), at_once=True))
