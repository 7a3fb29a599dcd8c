"""The window of ``python main.py play``: a person against a learned policy."""

from __future__ import annotations

from collections.abc import Callable

import pygame
from pygame.window import Window

from game.keys import action_of
from game.view.draw.keybar import draw_help
from game.view.play.chooser import STEPS, Chooser
from game.view.play.cues import count, cue
from game.view.play.loading import draw_loading
from game.view.play.model import Sitting
from game.view.play.screen import MatchScreen
from game.view.play.sound import Sound
from game.view.play.words import facts
from game.view.window.typed import typed
from game.view.window.window import BaseWindow
from game.world.level import ACTIONS

FRAMES_PER_SECOND = 60
#: A key held down repeats after so many milliseconds, and then every so many: slow enough to stop before a pit.
REPEAT = (400, 160)


class MatchWindow(BaseWindow):
    """The window; its screens are the match, and over it the chooser of levels, the keys, and waiting.

    ``wants_training``: it was left to watch the opponent learn on; ``ended``: by its cross, and nothing is to follow.
    """

    def __init__(self, window: Window, sitting: Sitting) -> None:
        self.sitting = sitting
        self.screen: MatchScreen | None = None
        self.chooser: Chooser | None = None
        self.sound = Sound()
        super().__init__(window)
        self.running, self.wants_training, self.ended = True, False, False
        self._clock, self._changed = 0.0, True
        self._of_the_window: dict[str, Callable[[], None]] = {
            **self.shared_actions,
            "sound": lambda: self.say(self.sound.switch()),
            "quit": self._step_back,
        }

    # -- the loop -----------------------------------------------------------------------------------------

    def run(self) -> None:
        """Until the person ends it, or wants to watch the opponent learn on."""
        self.running, self.wants_training = True, False
        self.window.title = "Arrowgrad: you against the policy"
        pygame.key.set_repeat(*REPEAT)
        clock = pygame.time.Clock()
        self.frame(0.0)
        while self.running:
            self.frame(clock.tick(FRAMES_PER_SECOND) / 1000.0)

    def frame(self, seconds: float) -> None:
        """Handle what happened, move on by ``seconds``, and draw unless the screen shows just this already."""
        self.report_film()
        for event in pygame.event.get():
            self._changed = True
            self.handle(event)
        self.update(seconds)
        if self._changed:
            self._changed = False
            self.draw()
            self.show()

    def finish(self) -> None:
        """Give back the sound device, and wait for what is still being loaded or written."""
        self.sound.close()
        self.close_film()
        self.sitting.close()

    # -- what a person does -------------------------------------------------------------------------------

    def handle(self, event: pygame.Event) -> None:
        """Answer one event."""
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            self.running, self.ended = False, True
        elif event.type == pygame.KEYDOWN:
            self._press(*typed(event))
        elif self.chooser is not None:
            self._point_in_chooser(self.chooser, event)
        elif self.screen is not None and self.screen.handicap is not None:
            self.screen.handicap.point(event, self.pixel(event.pos) if hasattr(event, "pos") else (0, 0))

    def _point_in_chooser(self, chooser: Chooser, event: pygame.Event) -> None:
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            if chooser.select_at(self.pixel(event.pos)):
                self._choose()
        elif event.type == pygame.MOUSEMOTION:
            chooser.select_at(self.pixel(event.pos))
        elif event.type == pygame.MOUSEWHEEL:
            chooser.scroll(-event.y)

    def _press(self, name: str, character: str) -> None:
        action = action_of("play", name, character)
        if action is not None and action in self._of_the_window:
            self._of_the_window[action]()
        elif self.help_shown or self.sitting.waiting_for or self.screen is None:
            return
        elif self.chooser is not None:
            self._press_in_chooser(action)
        elif self.sitting.handicap is not None:
            self.sitting.press_at_slider(action)
        elif action == "level":
            self._open_chooser(self.screen)
        elif action == "handicap":
            self.sitting.open_handicap()
        elif action == "learn":
            self.running, self.wants_training = False, True
        elif action == "arrows":
            self.sitting.change_arrows()
        elif action == "review":
            self.sitting.change_review()
        elif action is not None:
            before = self.screen.contest.match
            self.screen.contest.do(action)
            self.sound.play(cue(before, self.screen.contest.match))
        elif character:
            self.say(f"{character.upper()} does nothing here: H shows all keys.")

    def _press_in_chooser(self, action: str | None) -> None:
        assert self.chooser is not None
        if action in STEPS and action in ACTIONS:
            self.chooser.move(action)
        elif action == "next":
            self._choose()
        elif action == "level":
            self.chooser = None

    def _step_back(self) -> None:
        """Close what lies uppermost; the match itself ends."""
        if self.help_shown:
            self.help_shown = False
        elif self.chooser is not None:
            self.chooser = None
        elif self.sitting.handicap is not None:
            self.sitting.handicap = None
        elif self.sitting.waiting_for and self.screen is not None:
            self.sitting.stop_waiting()
        else:
            self.running = False

    def _open_chooser(self, screen: MatchScreen) -> None:
        worlds = self.sitting.levels()
        if worlds:
            self.chooser = Chooser(worlds, screen.contest.opponent.world.name)

    def _choose(self) -> None:
        assert self.chooser is not None
        world, self.chooser = self.chooser.choice, None
        self.sitting.load(world.argument, world.title)

    def say(self, text: str) -> None:
        """Show a note below the boards."""
        self._changed = True
        self.sitting.say(text)

    def picture_name(self) -> str:
        """The level's name."""
        return "match" if self.screen is None else self.screen.contest.opponent.world.name

    # -- time ---------------------------------------------------------------------------------------------

    def update(self, seconds: float) -> None:
        """Move on by ``seconds``."""
        self._clock += seconds
        lies_over = self.chooser is not None or self.help_shown
        if self.sitting.waiting_for or not lies_over:
            self._pass_time(seconds)
        if self.screen is not None and not lies_over and self.screen.update(seconds):
            self._changed = True

    def _pass_time(self, seconds: float) -> None:
        contest = self.sitting.contest
        before = contest.match if contest is not None else None
        countdown = contest.clock.countdown if contest is not None and contest.clock is not None else 0.0
        if self.sitting.update(seconds):
            self._changed = True
        if contest is not self.sitting.contest:
            self.screen = MatchScreen(self.sitting)
        elif contest is not None and before is not None:
            self.sound.play(cue(before, contest.match))
            if contest.clock is not None:
                self.sound.play(count(countdown, contest.clock.countdown))

    # -- drawing ------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the uppermost screen."""
        surface = self.window.get_surface()
        self.fresh_pen()
        if self.help_shown:
            surface.fill(self.theme.paper)
            known = facts(self.screen.contest) if self.screen is not None else ()
            draw_help(surface, self.pen, "play", "The keys of the match", known)
        elif self.sitting.waiting_for or self.screen is None:
            draw_loading(surface, self.pen, self.sitting.waiting_for, self._clock)
        elif self.chooser is not None:
            self.chooser.draw(surface, self.pen)
        else:
            self.screen.draw(surface, self.pen)
