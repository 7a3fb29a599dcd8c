"""The window of ``python main.py play``: a person against a learned policy."""

from __future__ import annotations

from collections.abc import Callable

import pygame
from pygame.window import Window

from game.view.draw.pen import Pen
from game.view.play.chooser import Chooser
from game.view.play.cues import count, cue
from game.view.play.loading import draw_loading
from game.view.play.model import PlayModel
from game.view.play.screen import MatchScreen
from game.view.play.sound import Sound
from game.view.window.window import BaseWindow


class MatchWindow(BaseWindow[PlayModel]):
    """The window of a match, with its sounds.

    It draws what is uppermost in the model: the match, its chooser of levels, or waiting.
    """

    table = "play"
    title_of_help = "The keys of the match"
    #: Slow enough to stop before a pit.
    repeat = (400, 160)

    def __init__(self, window: Window, model: PlayModel) -> None:
        self.screen: MatchScreen | None = None
        self._chooser: Chooser | None = None
        self.sound = Sound()
        super().__init__(window, model, "you against the policy")
        self.shared_actions["sound"] = lambda: self.model.say(self.sound.switch())

    def finish(self) -> None:
        """Give back the sound device, and wait for what is still being loaded or written."""
        self.sound.close()
        super().finish()

    @property
    def chooser(self) -> Chooser | None:
        """The levels, drawn, while one is chosen."""
        levels = self.model.choice
        if levels is None:
            self._chooser = None
        elif self._chooser is None or self._chooser.levels is not levels:
            self._chooser = Chooser(levels)
        return self._chooser

    # -- what a person does -------------------------------------------------------------------------------

    def act(self, action: str, key: str) -> None:
        """Do what a control says, and let it be heard."""
        self._heard(lambda: self.model.act(action, key))

    def typed(self, character: str) -> None:
        """Say that a key means nothing."""
        self.model.typed(character)

    def point(self, event: pygame.Event, at: tuple[int, int]) -> None:
        """Choose a level with the mouse, or drag the slider of earlier policies."""
        chooser = self.chooser
        if chooser is None:
            if self.screen is not None and self.screen.handicap is not None:
                self.screen.handicap.point(event, at)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            if chooser.select_at(at):
                self.model.choose()
        elif event.type == pygame.MOUSEMOTION:
            chooser.select_at(at)
        elif event.type == pygame.MOUSEWHEEL:
            chooser.scroll(-event.y)

    # -- time ---------------------------------------------------------------------------------------------

    def update(self, seconds: float) -> None:
        """Move on by ``seconds``; under the help only what is fetched goes on."""
        seconds = 0.0 if self.help_shown else seconds
        self._heard(lambda: self.model.update(seconds))
        if self.model.contest is not None and (self.screen is None or self.screen.contest is not self.model.contest):
            self.screen = MatchScreen(self.model)
        if self.screen is not None and self.model.choice is None and self.screen.update(seconds):
            self.model.changed = True

    def _heard(self, change: Callable[[], None]) -> None:
        """Change the model, and play what there is to hear of it."""
        contest = self.model.contest
        before = contest.match if contest is not None else None
        countdown = contest.clock.countdown if contest is not None and contest.clock is not None else 0.0
        change()
        if contest is not None and before is not None and contest is self.model.contest:
            self.sound.play(cue(before, contest.match))
            if contest.clock is not None:
                self.sound.play(count(countdown, contest.clock.countdown))

    # -- drawing ------------------------------------------------------------------------------------------

    def draw_screen(self, surface: pygame.Surface, pen: Pen) -> None:
        """Draw the uppermost screen; only paper under the help, whose words would be hard to read over boards."""
        if self.help_shown:
            surface.fill(self.theme.paper)
        elif self.model.loading is not None or self.screen is None:
            draw_loading(surface, pen, self.model.message(), self.model.loading.seconds if self.model.loading else 0.0)
        elif self.chooser is not None:
            self.chooser.draw(surface, pen)
        else:
            self.screen.draw(surface, pen)
