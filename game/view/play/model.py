"""A match and how one comes to it: fetching an opponent, choosing another level, an earlier policy, looking back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from game.errors import ArrowgradError
from game.match.match import Round
from game.snapshots.snapshot import Opponent
from game.snapshots.sources import Opponents, Training
from game.view.play.contest import Contest
from game.view.play.handicap import NOT_KEPT, Handicap, nearest
from game.view.play.review import Hindsight, hindsight
from game.view.play.rules import Rules
from game.view.play.words import match_sentence
from game.view.shared.task import Task
from game.world.catalog import World


class Sitting:
    """A person at the table, match after match; it outlives the screens that show it.

    ``contest`` is the match, None before the first; ``waiting_for`` whose policy is being fetched, "" for none;
    ``handicap`` the slider of earlier policies while it is moved; ``show_arrows`` whether the policy is shown.
    """

    def __init__(self, opponents: Opponents, argument: str, rules: Rules) -> None:
        self.opponents, self.rules = opponents, rules
        self.rng = np.random.default_rng(rules.seed)
        self.greedy, self.tempo = rules.greedy, rules.tempo
        self.contest: Contest | None = None
        self.handicap: Handicap | None = None
        self.show_arrows = False
        self.waiting_for = ""
        self._loading: Task[tuple[Opponent, int | None]] | None = None
        self._levels: Task[Sequence[World]] | None = None
        self._review: tuple[Round, Task[Hindsight | None]] | None = None
        self._tasks: list[Task[Any]] = []
        self._note = ""
        self.load(argument, argument, rules.update)

    def load(self, argument: str, what: str, update: int | None = None) -> None:
        """Fetch the opponent on a level, as it was after an update or as it is now."""

        def call() -> tuple[Opponent, int | None]:
            opponent = self.opponents.opponent(argument)
            return opponent, None if update is None else nearest(opponent, update)

        self.waiting_for, self._loading = what, Task(call)
        self._tasks.append(self._loading)

    def stop_waiting(self) -> None:
        """Stay with the match before."""
        self.waiting_for, self._loading = "", None

    def training(self) -> Training:
        """The opponent's own training, to go on with.  Raises RunError where it cannot be had."""
        assert self.contest is not None
        return self.opponents.training(self.contest.opponent.world.argument)

    def return_to(self, note: str) -> None:
        """Play on the same level, against what its policy has become, and say ``note``."""
        assert self.contest is not None
        self._note = note
        self.load(self.contest.opponent.world.argument, self.contest.opponent.world.title)

    def update(self, seconds: float) -> bool:
        """Let time pass; whether anything has changed.  Raises what kept the first opponent from being had."""
        if self._loading is not None:
            if self._loading.done:
                self._sit_down(self._loading)
            return True
        if self.contest is None or self.handicap is not None:
            return False
        if self._review is not None and self._review[0] is not self.contest.match.current:
            self._review = None
        return self.contest.update(seconds)

    def _sit_down(self, task: Task[tuple[Opponent, int | None]]) -> None:
        """Begin a match with the opponent that was fetched; where there is none, the match before goes on."""
        self.stop_waiting()
        try:
            opponent, index = task.result()
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
        self._review = None
        if index is not None:
            self.contest.face(Handicap(opponent, int(opponent.updates[index])).chosen)
        self.contest.hint, self._note = self._note or self.contest.hint, ""
        if self._levels is None:
            self._read_levels()

    def say(self, words: str) -> None:
        """Show a sentence with the match."""
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

    # -- the policy, an earlier policy, and the round that is over ----------------------------------------

    def change_arrows(self) -> None:
        """Show or hide the policy."""
        self.say("")
        self.show_arrows, self._review = not self.show_arrows, None

    def open_handicap(self) -> None:
        """Choose an earlier policy to race."""
        assert self.contest is not None
        if self.contest.newest.after is None:
            self.say(NOT_KEPT)
        else:
            self.handicap, self._review = Handicap(self.contest.newest, self.contest.opponent.update), None

    def press_at_slider(self, action: str | None) -> None:
        """Do what a control does while an earlier policy is chosen."""
        assert self.handicap is not None
        if action in ("left", "right"):
            self.handicap.move(1 if action == "right" else -1)
        elif action in ("up", "down"):
            self.handicap.leap(1 if action == "up" else -1)
        elif action == "next":
            self.face_handicap()
        elif action == "handicap":
            self.handicap = None

    def face_handicap(self) -> None:
        """Race the policy that was chosen."""
        assert self.contest is not None
        if self.handicap is not None:
            chosen, self.handicap = self.handicap.chosen, None
            self.contest.face(chosen)

    def change_review(self) -> None:
        """Look back on the round that is over, or stop it."""
        assert self.contest is not None
        contest, played = self.contest, self.contest.match.current
        contest.hint = ""
        if self._review is not None:
            self._review = None
        elif played.over:
            task = Task(lambda: hindsight(contest.opponent, played))
            self._tasks.append(task)
            self._review = (played, task)
        else:
            contest.hint = "The round still goes on: R looks back on it at its end."

    @property
    def review(self) -> tuple[Round, Task[Hindsight | None]] | None:
        """The round that is looked back on, and what its choices cost, as soon as that is worked out."""
        return self._review

    # -- the end ------------------------------------------------------------------------------------------

    def summary(self) -> str:
        """How the match ended, or where it was left."""
        if self.contest is None:
            return f"{self.waiting_for}: ended before the match began."
        return match_sentence(self.contest.opponent.world.title, self.contest.match)

    def close(self) -> None:
        """Wait for what is still being worked out: leaving in the middle of an import can crash Python."""
        for task in self._tasks:
            task.wait()
