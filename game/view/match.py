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
from game.view.display import close_window, open_window
from game.view.keybar import draw_help
from game.view.match_chooser import STEPS, Chooser
from game.view.match_screen import MatchScreen
from game.view.match_words import match_sentence
from game.view.numbers import number
from game.view.task import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from game.catalog import World
    from game.matches import Matches
    from game.snapshot import Opponent
    from game.view.session import Opponents

FRAMES_PER_SECOND = 60
#: A key held down repeats after so many milliseconds, and then every so many: slow enough to stop before a pit.
REPEAT = (400, 160)


def play(
    opponents: Opponents,
    argument: str,
    *,
    rounds: int,
    greedy: bool,
    seed: int | None,
    matches: Matches | None = None,
) -> str:
    """Open the window of a match on the level ``argument``; returns a sentence about how it ended.

    ``rounds`` is N of best of N; ``greedy``: whether the policy begins by taking its most probable actions;
    ``seed`` makes starts and dice repeatable; ``matches`` is where matches are counted.  Raises
    :class:`~game.errors.ArrowgradError` when the first level or its opponent cannot be had, or no window opened.
    """
    window = MatchWindow(opponents, argument, rounds, greedy, seed, matches)
    try:
        window.run()
    finally:
        window.close()
    return window.summary()


class MatchWindow(BaseWindow):
    """The window; its screens are the match, and over it the chooser of levels, the keys, and waiting."""

    def __init__(
        self,
        opponents: Opponents,
        argument: str,
        rounds: int,
        greedy: bool,
        seed: int | None,
        matches: Matches | None = None,
    ) -> None:
        self.opponents, self.rounds, self.greedy, self.matches = opponents, rounds, greedy, matches
        self.rng = np.random.default_rng(seed)
        self.screen: MatchScreen | None = None
        self.chooser: Chooser | None = None
        super().__init__(open_window("Arrowgrad: you against the policy"))
        self.running = True
        self._tasks: list[Task[Any]] = []
        self._loading: Task[Opponent] | None = None
        pygame.key.set_repeat(*REPEAT)
        self._load(argument, argument)
        self._levels: Task[Sequence[World]] | None = None
        self._clock = 0.0
        self._changed = True
        self._of_the_window: dict[str, Callable[[], None]] = {
            **self.shared_actions,
            "quit": self._step_back,
        }

    # -- the loop -----------------------------------------------------------------------------------------

    def run(self) -> None:
        """Until the person ends it."""
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
        """Close the window, then wait for what is still being loaded."""
        close_window(self.window)
        self.close_film()
        for task in self._tasks:
            task.wait()

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
            self.running = False
        elif event.type == pygame.KEYDOWN:
            self._press(action_of("play", pygame.key.name(event.key), event.unicode), event.unicode)
        elif self.chooser is None:
            return
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            if self.chooser.select_at(self.pixel(event.pos)):
                self._choose()
        elif event.type == pygame.MOUSEMOTION:
            self.chooser.select_at(self.pixel(event.pos))
        elif event.type == pygame.MOUSEWHEEL:
            self.chooser.scroll(-event.y)

    def _press(self, action: str | None, character: str) -> None:
        if action is not None and action in self._of_the_window:
            self._of_the_window[action]()
        elif self.help_shown or self._loading is not None or self.screen is None:
            return
        elif self.chooser is not None:
            self._press_in_chooser(action)
        elif action == "level":
            self._open_chooser()
        elif action == "arrows":
            self.screen.show_arrows = not self.screen.show_arrows
            self.screen.contest.hint, self.screen.review = "", None
        elif action == "review":
            self._change_review()
        elif action is not None:
            self.screen.contest.do(action)
        elif character.isprintable() and character:
            self.screen.contest.hint = f"{character.upper()} does nothing here: H shows all keys."

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

    def _load(self, argument: str, what: str) -> None:
        self._loading_what = what
        self._loading = Task(lambda: self.opponents.opponent(argument))
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
            played = self.screen.contest.update(seconds)
            if self.screen.update(seconds) or played:
                self._changed = True

    def _sit_down(self) -> None:
        """Begin a match with the opponent that was loaded; where there is none, the match before goes on."""
        assert self._loading is not None
        task, self._loading = self._loading, None
        try:
            opponent = task.result()
        except ArrowgradError as error:
            if self.screen is None:
                raise
            self.screen.contest.hint = str(error)
            return
        shown = False
        if self.screen is not None:
            self.greedy, shown = self.screen.contest.is_greedy, self.screen.show_arrows
        self.screen = MatchScreen(Contest(opponent, self.rounds, self.greedy, self.rng, self.matches))
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
            draw_help(surface, self.pen, "play", "The keys of the match", self._facts())
        elif self._loading is not None or self.screen is None:
            self._draw_loading(surface)
        elif self.chooser is not None:
            self.chooser.draw(surface, self.pen)
        else:
            self.screen.draw(surface, self.pen)

    def _facts(self) -> list[tuple[str, str]]:
        facts = [("both sides:", "same start, same dice"), ("a round goes to", "the higher return R(τ) of (6)")]
        if self.screen is None:
            return facts
        opponent = self.screen.contest.opponent
        dynamics = opponent.world.dynamics
        facts += [("you against", opponent.label), ("γ", f"{dynamics.discount:g}")]
        facts += [("cap", f"{dynamics.max_steps:,} steps")]
        if opponent.objective is not None:
            facts.append(("the policy's J", number(opponent.objective, 3)))
        facts += [("", words) for words in self.screen.contest.standing[:1]]
        return facts

    def _draw_loading(self, surface: pygame.Surface) -> None:
        """Three dots that come and go, while the opponent is fetched."""
        style, theme = self.pen.style, self.theme
        surface.fill(theme.paper)
        middle = surface.get_rect().center
        self.pen.text(
            surface,
            f"Loading the policy that learned {self._loading_what}",
            middle,
            "center",
            "title",
            width=surface.get_width() - 2 * style.px(24),
        )
        for k in range(3):
            place = (middle[0] + (k - 1) * style.px(26), middle[1] + style.px(48))
            near = self._clock % 1.2 // 0.4 == k
            pygame.draw.circle(surface, theme.policy if near else theme.faint, place, style.px(8 if near else 6))
