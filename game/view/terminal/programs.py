"""The programs in the terminal's app: the screens of :mod:`game.view.programs` in characters."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from game.snapshots.lesson_page import Lesson
from game.snapshots.sources import Opponents, Training, Watched
from game.view import programs
from game.view.play.model import PlayModel
from game.view.play.rules import Rules
from game.view.terminal.kit.shell import Script
from game.view.terminal.lesson import LessonView
from game.view.terminal.play import PlayView
from game.view.terminal.train import TrainView
from game.view.terminal.watch import WatchView


class Views:
    """The screens as they are in the app, which shows them one after the other."""

    def training(self, training: Training, can_play: bool) -> TrainView:
        """Return a screen of a training."""
        return TrainView(training, can_play)

    def match(self, model: PlayModel) -> PlayView:
        """Return a screen of a match."""
        return PlayView(model)

    def watch(self, watched: Watched, can_play: bool) -> WatchView:
        """Return a screen of a kept run."""
        return WatchView(watched, can_play)

    def lesson(self, lesson: Lesson, page: int) -> LessonView:
        """Return a screen of the lesson."""
        return LessonView(lesson, page)


def training(
    training: Training, opponents: Callable[[], Opponents] | None = None, rules: Rules | None = None
) -> Script:
    """Watch a training; see :func:`game.view.programs.train`."""
    return cast(Script, programs.train(Views(), training, opponents, rules))


def match(opponents: Opponents, argument: str, rules: Rules) -> Script:
    """Play a match on the level ``argument``; see :func:`game.view.programs.play`."""
    return cast(Script, programs.play(Views(), opponents, argument, rules))


def looking_back(
    watched: Watched, opponents: Callable[[], Opponents] | None = None, rules: Rules | None = None
) -> Script:
    """Look back on a run; see :func:`game.view.programs.watch`."""
    return cast(Script, programs.watch(Views(), watched, opponents, rules))


def lesson(lesson: Lesson, page: int) -> Script:
    """Walk through the lesson, beginning with ``page``; see :func:`game.view.programs.lesson`."""
    return cast(Script, programs.lesson(Views(), lesson, page))
