"""The window of ``python main.py play``: a person against a learned policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pygame

from game.errors import ArrowgradError
from game.keys import action_of
from game.level import ACTIONS
from game.view.base_window import BaseWindow
from game.view.contest import Contest
from game.view.cues import count, cue
from game.view.handicap import NOT_KEPT, Handicap, nearest
from game.view.keybar import draw_help
from game.view.match_chooser import STEPS, Chooser
from game.view.match_handicap import HandicapSlider
from game.view.match_loading import draw_loading
from game.view.match_screen import MatchScreen
from game.view.match_words import facts, match_sentence
from game.view.sound import Sound
from game.view.task import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pygame.window import Window

    from game.catalog import World
    from game.matches import Matches
    from game.snapshot import Opponent
    from game.view.session import Opponents

FRAMES_PER_SECOND = 60
#: A key held down repeats after so many milliseconds, and then every so many: slow enough to stop before a pit.
REPEAT = (400, 160)


class MatchWindow(BaseWindow):
    """The window; its screens are the match, and over it the chooser of levels, the keys, and waiting.

    ``wants_training``: it was left to watch the opponent learn on; ``ended``: by its cross, and nothing is to follow.
    """

    def __init__(
        self,
        window: Window,
        opponents: Opponents,
        argument: str,
        *,
        rounds: int,
        greedy: bool,
        seed: int | None,
        matches: Matches | None = None,
        tempo: float | None = None,
        update: int | None = None,
    ) -> None:
        self.opponents, self.rounds, self.greedy, self.matches = opponents, rounds, greedy, matches
        self.tempo = tempo
        self.rng = np.random.default_rng(seed)
        self.screen: MatchScreen | None = None
        self.chooser: Chooser | None = None
        self.sound = Sound()
        super().__init__(window)
        self.running, self.wants_training, self.ended = True, False, False
        self._tasks: list[Task[Any]] = []
        self._loading: Task[tuple[Opponent, int | None]] | None = None
        self._levels: Task[Sequence[World]] | None = None
        self._load(argument, argument, update)
        self._clock, self._note = 0.0, ""
        self._changed = True
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

    def close(self) -> None:
        """Give back the sound device, and wait for what is still being loaded."""
        self.sound.close()
        self.close_film()
        for task in self._tasks:
            task.wait()

    @property
    def argument(self) -> str:
        """The level that is played."""
        assert self.screen is not None
        return self.screen.contest.opponent.world.argument

    def return_to(self, note: str) -> None:
        """Play on the same level, against what its policy has become, and say ``note``."""
        assert self.screen is not None
        self._load(self.argument, self.screen.contest.opponent.world.title)
        self._note, self._changed = note, True

    def summary(self) -> str:
        """How the match ended, or where it was left."""
        if self.screen is None:
            return f"{self._loading_what}: ended before the match began."
        contest = self.screen.contest
        return match_sentence(contest.opponent.world.title, contest.match)

    # -- what a person does -------------------------------------------------------------------------------

    def handle(self, event: pygame.Event) -> None:
        """Answer one event."""
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            self.running, self.ended = False, True
        elif event.type == pygame.KEYDOWN:
            self._press(action_of("play", pygame.key.name(event.key), event.unicode), event.unicode)
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

    def _press(self, action: str | None, character: str) -> None:
        if action is not None and action in self._of_the_window:
            self._of_the_window[action]()
        elif self.help_shown or self._loading is not None or self.screen is None:
            return
        elif self.chooser is not None:
            self._press_in_chooser(action)
        elif self.screen.handicap is not None:
            self._press_at_slider(self.screen, self.screen.handicap, action)
        elif action == "level":
            self._open_chooser()
        elif action == "handicap":
            self._open_slider(self.screen)
        elif action == "learn":
            self.running, self.wants_training = False, True
        elif action == "arrows":
            self.screen.show_arrows = not self.screen.show_arrows
            self.screen.contest.hint, self.screen.review = "", None
        elif action == "review":
            self._change_review()
        elif action is not None:
            before = self.screen.contest.match
            self.screen.contest.do(action)
            self.sound.play(cue(before, self.screen.contest.match))
        elif character.isprintable() and character:
            self.screen.contest.hint = f"{character.upper()} does nothing here: H shows all keys."

    def _open_slider(self, screen: MatchScreen) -> None:
        if screen.contest.newest.after is None:
            self.say(NOT_KEPT)
        else:
            screen.handicap, screen.review = HandicapSlider(screen.contest), None

    def _press_at_slider(self, screen: MatchScreen, slider: HandicapSlider, action: str | None) -> None:
        slider.press(action)
        if action in ("next", "handicap"):
            screen.handicap = None
        if action == "next":
            screen.contest.face(slider.handicap.chosen)

    def _change_review(self) -> None:
        assert self.screen is not None
        self.screen.change_review()
        if self.screen.review is not None:
            self._tasks.append(self.screen.review.task)

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
        elif self.screen is not None and self.screen.handicap is not None:
            self.screen.handicap = None
        elif self._loading is not None and self.screen is not None:
            self._loading = None
        else:
            self.running = False

    def _open_chooser(self) -> None:
        assert self.screen is not None
        if self._levels is None:
            self._read_levels()
        elif not self._levels.done:
            self.screen.contest.hint = "The levels are still being read."
        else:
            try:
                self.chooser = Chooser(self._levels.result(), self.screen.contest.opponent.world.name)
            except ArrowgradError as error:
                self.screen.contest.hint, self._levels = str(error), None

    def _choose(self) -> None:
        assert self.chooser is not None
        world, self.chooser = self.chooser.choice, None
        self._load(world.argument, world.title)

    def _load(self, argument: str, what: str, update: int | None = None) -> None:
        def load() -> tuple[Opponent, int | None]:
            opponent = self.opponents.opponent(argument)
            return opponent, None if update is None else nearest(opponent, update)

        self._loading_what = what
        self._loading = Task(load)
        self._tasks.append(self._loading)

    def _read_levels(self) -> None:
        self._levels = Task(self.opponents.levels)
        self._tasks.append(self._levels)

    def say(self, text: str) -> None:
        """Show a note below the boards."""
        self._changed = True
        if self.screen is not None:
            self.screen.contest.hint = text

    def picture_name(self) -> str:
        """The level's name."""
        return "match" if self.screen is None else self.screen.contest.opponent.world.name

    # -- time ---------------------------------------------------------------------------------------------

    def update(self, seconds: float) -> None:
        """Move on by ``seconds``."""
        self._clock += seconds
        if self._loading is not None:
            self._changed = True
            if self._loading.done:
                self._sit_down()
        if self.screen is not None and self.chooser is None and not self.help_shown:
            if self.screen.handicap is None and self._loading is None:
                self._pass_time(self.screen.contest, seconds)
            if self.screen.update(seconds):
                self._changed = True

    def _pass_time(self, contest: Contest, seconds: float) -> None:
        before, countdown = contest.match, contest.clock.countdown if contest.clock is not None else 0.0
        if contest.update(seconds):
            self._changed = True
        self.sound.play(cue(before, contest.match))
        if contest.clock is not None:
            self.sound.play(count(countdown, contest.clock.countdown))

    def _sit_down(self) -> None:
        """Begin a match with the opponent that was loaded; where there is none, the match before goes on."""
        assert self._loading is not None
        task, self._loading = self._loading, None
        try:
            opponent, index = task.result()
        except ArrowgradError as error:
            if self.screen is None:
                raise
            self.say(str(error))
            return
        shown = False
        if self.screen is not None:
            contest, shown = self.screen.contest, self.screen.show_arrows
            self.greedy, self.tempo = contest.is_greedy, contest.clock.tempo if contest.clock is not None else None
        contest = Contest(opponent, self.rounds, self.greedy, self.rng, self.matches, self.tempo)
        if index is not None:
            contest.face(Handicap(opponent, int(opponent.updates[index])).chosen)
        contest.hint, self._note = self._note or contest.hint, ""
        self.screen = MatchScreen(contest)
        self.screen.show_arrows = shown
        if self._levels is None:
            self._read_levels()

    # -- drawing ------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the uppermost screen."""
        surface = self.window.get_surface()
        self.fresh_pen()
        if self.help_shown:
            surface.fill(self.theme.paper)
            known = facts(self.screen.contest) if self.screen is not None else ()
            draw_help(surface, self.pen, "play", "The keys of the match", known)
        elif self._loading is not None or self.screen is None:
            draw_loading(surface, self.pen, self._loading_what, self._clock)
        elif self.chooser is not None:
            self.chooser.draw(surface, self.pen)
        else:
            self.screen.draw(surface, self.pen)
