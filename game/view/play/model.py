"""A match and how one comes to it: fetching an opponent, choosing another level, an earlier policy, looking back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.errors import ArrowgradError
from game.match.match import Round
from game.snapshots.snapshot import Opponent
from game.snapshots.sources import Opponents, Training
from game.view.play.contest import Contest
from game.view.play.handicap import NOT_KEPT, Handicap, nearest
from game.view.play.level_choice import STEPS, LevelChoice
from game.view.play.review import Hindsight, hindsight
from game.view.play.rules import Rules
from game.view.play.words import facts, match_sentence, message
from game.view.shared.task import Task
from game.world.catalog import World
from game.world.dynamics import Layout


@dataclass(slots=True)
class Loading:
    """An opponent is fetched: ``what`` it has learned, and for how many ``seconds`` by now."""

    what: str
    task: Task[tuple[Opponent, int | None]]
    seconds: float = 0.0


@dataclass(slots=True)
class LookBack:
    """A round that is over is looked back on; ``task`` works out what its choices cost, ``known``: that is shown."""

    round: Round
    task: Task[Hindsight | None]
    known: bool = False


class PlayModel:
    """A person at the table, match after match; it outlives the screens that show it.

    ``contest`` is the match, None before the first; ``over`` is what lies over it, the last of these uppermost: a key
    is taken by the uppermost alone, as it is when the key is handled, or by the match where nothing lies over it.  A
    round looked back on takes only what takes it away.  ``show_arrows``: whether the policy is shown;
    ``wants_training``: it was left to watch the opponent learn on.
    """

    def __init__(self, opponents: Opponents, argument: str, rules: Rules) -> None:
        self.opponents, self.rules = opponents, rules
        self.rng = np.random.default_rng(rules.seed)
        self.greedy, self.tempo = rules.greedy, rules.tempo
        self.contest: Contest | None = None
        self.over: list[Loading | LevelChoice | Handicap | LookBack] = []
        self.changed, self.closed = True, False
        self.show_arrows = self.wants_training = False
        self._levels: Task[Sequence[World]] | None = None
        self._tasks: list[Task[Any]] = []
        self._note = ""
        self.load(argument, argument, rules.update)

    # -- what lies over the match -------------------------------------------------------------------------

    @property
    def loading(self) -> Loading | None:
        """The opponent that is being fetched."""
        return next((layer for layer in self.over if isinstance(layer, Loading)), None)

    @property
    def choice(self) -> LevelChoice | None:
        """The levels, while one is chosen."""
        return next((layer for layer in self.over if isinstance(layer, LevelChoice)), None)

    @property
    def handicap(self) -> Handicap | None:
        """The slider of earlier policies, while it is moved."""
        return next((layer for layer in self.over if isinstance(layer, Handicap)), None)

    @property
    def review(self) -> LookBack | None:
        """The round that is looked back on."""
        return next((layer for layer in self.over if isinstance(layer, LookBack)), None)

    def act(self, action: str, _key: str = "") -> None:
        """Do what a control says, on the uppermost screen."""
        self.changed = True
        uppermost = self.over[-1] if self.over else None
        if isinstance(uppermost, Loading):
            self._act_while_loading(action)
        elif isinstance(uppermost, LevelChoice):
            self._act_in_choice(uppermost, action)
        elif isinstance(uppermost, Handicap):
            self._act_at_slider(uppermost, action)
        elif isinstance(uppermost, LookBack) and action in ("review", "quit"):
            self.say("")
            self.over.pop()
        elif self.contest is not None:
            self._act_in_match(self.contest, action)

    def typed(self, character: str) -> None:
        """Say in the match that a key means nothing."""
        if not self.over or self.review is self.over[-1]:
            self.say(f"{character.upper()} does nothing here: H shows all keys.")

    def _act_while_loading(self, action: str) -> None:
        if action == "quit" and self.contest is None:
            self.close()
        elif action == "quit":
            self.over.pop()

    def _act_in_choice(self, levels: LevelChoice, action: str) -> None:
        if action in STEPS:
            levels.move(action)
        elif action == "next":
            self.choose()
        elif action in ("level", "quit"):
            self.over.pop()

    def choose(self) -> None:
        """Play the level that is selected."""
        assert self.choice is not None
        world = self.choice.choice
        self.over.pop()
        self.load(world.argument, world.title)

    def _act_at_slider(self, handicap: Handicap, action: str) -> None:
        if action in ("left", "right"):
            handicap.move(1 if action == "right" else -1)
        elif action in ("up", "down"):
            handicap.leap(1 if action == "up" else -1)
        elif action in ("next", "handicap", "quit"):
            self.over.pop()
            if action == "next" and self.contest is not None:
                self.contest.face(handicap.chosen)

    def _act_in_match(self, contest: Contest, action: str) -> None:
        if action == "level":
            worlds = self.levels()
            if worlds:
                self.over.append(LevelChoice(worlds, contest.opponent.world.name))
        elif action == "handicap":
            self._open_handicap(contest)
        elif action in ("learn", "quit"):
            self.wants_training = action == "learn"
            self.close()
        elif action == "arrows":
            self.say("")
            self.show_arrows = not self.show_arrows
            self._look_back_no_longer()
        elif action == "review":
            self._look_back(contest)
        else:
            contest.do(action)
            if self.review is not None and self.review.round is not contest.match.current:
                self._look_back_no_longer()

    # -- fetching an opponent -----------------------------------------------------------------------------

    def load(self, argument: str, what: str, update: int | None = None) -> None:
        """Fetch the opponent on a level, as it was after an update or as it is now."""

        def call() -> tuple[Opponent, int | None]:
            opponent = self.opponents.opponent(argument)
            return opponent, None if update is None else nearest(opponent, update)

        task = Task(call)
        self.over.append(Loading(what, task))
        self._tasks.append(task)

    def training(self) -> Training:
        """The opponent's own training, to go on with.  Raises RunError where it cannot be had."""
        assert self.contest is not None
        return self.opponents.training(self.contest.opponent.world.argument)

    def return_to(self, note: str) -> None:
        """Play on the same level, against what its policy has become, and say ``note``."""
        assert self.contest is not None
        self._note, self.closed, self.wants_training = note, False, False
        self.load(self.contest.opponent.world.argument, self.contest.opponent.world.title)

    def update(self, seconds: float) -> None:
        """Let time pass, for what is uppermost.  Raises what kept the first opponent from being had."""
        loading = self.loading
        if loading is not None:
            loading.seconds += seconds
            self.changed = True
            if loading.task.done:
                self._sit_down(loading)
        if self.review is not None and self.review.task.done and not self.review.known:
            self.review.known = self.changed = True
        if loading is None and self.contest is not None and self.choice is None and self.handicap is None:
            self.changed |= self.contest.update(seconds)

    def _sit_down(self, loading: Loading) -> None:
        """Begin a match with the opponent that was fetched; where there is none, the match before goes on."""
        self.over.remove(loading)
        try:
            opponent, index = loading.task.result()
        except ArrowgradError as error:
            if self.contest is None:
                raise
            self.say(str(error))
            return
        if self.contest is not None:
            clock = self.contest.clock
            self.greedy, self.tempo = self.contest.is_greedy, clock.tempo if clock is not None else None
        rules = self.rules
        self.contest = Contest(opponent, rules.rounds, self.greedy, self.rng, rules.matches, self.tempo)
        self.over.clear()
        if index is not None:
            self.contest.face(Handicap(opponent, int(opponent.updates[index])).chosen)
        self.contest.hint, self._note = self._note or self.contest.hint, ""
        if self._levels is None:
            self._read_levels()

    def say(self, words: str) -> None:
        """Show a sentence with the match."""
        self.changed = True
        if self.contest is not None:
            self.contest.hint = words

    def levels(self) -> Sequence[World]:
        """The levels to choose from, () while they are not there; what is wrong with them is said."""
        if self._levels is None:
            self._read_levels()
        elif self._levels.done:
            try:
                return self._levels.result()
            except ArrowgradError as error:
                self._levels = None
                self.say(str(error))
                return ()
        self.say("The levels are still being read.")
        return ()

    def _read_levels(self) -> None:
        self._levels = Task(self.opponents.levels)
        self._tasks.append(self._levels)

    # -- an earlier policy, and the round that is over ----------------------------------------------------

    def _open_handicap(self, contest: Contest) -> None:
        """Choose an earlier policy to race."""
        if contest.newest.after is None:
            self.say(NOT_KEPT)
        else:
            self._look_back_no_longer()
            self.over.append(Handicap(contest.newest, contest.opponent.update))

    def _look_back(self, contest: Contest) -> None:
        """Look back on the round that is over."""
        played = contest.match.current
        if not played.over:
            contest.hint = "The round still goes on: R looks back on it at its end."
            return
        contest.hint = ""
        task = Task(lambda: hindsight(contest.opponent, played))
        self._tasks.append(task)
        self.over.append(LookBack(played, task))

    def _look_back_no_longer(self) -> None:
        if self.review is not None:
            self.over.remove(self.review)

    # -- in words -----------------------------------------------------------------------------------------

    def message(self) -> str:
        """Return whose policy is fetched, or what is to be said of the match."""
        if self.loading is not None or self.contest is None:
            return f"Loading the policy that learned {self.loading.what if self.loading else ''}"
        return message(self.contest)

    def facts(self) -> Sequence[tuple[str, str]]:
        """Return what the match is about."""
        return facts(self.contest) if self.contest is not None else ()

    @property
    def layout(self) -> Layout | None:
        """The board that is played on."""
        return self.contest.dynamics.layout if self.contest is not None else None

    def picture_name(self) -> str:
        """Return the level's name."""
        return "match" if self.contest is None else self.contest.opponent.world.name

    def arrows(self) -> NDArray[np.float64] | None:
        """Return the policy (S, A) to draw: the one that the slider stands at, else the opponent's where wanted."""
        if self.handicap is not None:
            return self.handicap.chosen.probabilities
        return self.contest.opponent.probabilities if self.contest is not None and self.show_arrows else None

    def summary(self) -> str:
        """Return how the match ended, or where it was left."""
        if self.contest is None:
            return f"{self.loading.what if self.loading else ''}: ended before the match began."
        return match_sentence(self.contest.opponent.world.title, self.contest.match)

    # -- the end ------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Leave the match."""
        self.closed = True

    def finish(self) -> None:
        """Wait for what is still being worked out: leaving in the middle of an import can crash Python."""
        for task in self._tasks:
            task.wait()
