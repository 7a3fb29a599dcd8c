"""The programs in a window: the screens of :mod:`game.view.programs` on one window of pygame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pygame.window import Window

from game.snapshots.lesson_page import Lesson
from game.snapshots.sources import Opponents, Training, Watched
from game.view import programs
from game.view.lesson.window import LessonWindow
from game.view.play.model import PlayModel
from game.view.play.rules import Rules
from game.view.play.window import MatchWindow
from game.view.shared.model import Model
from game.view.train.window import TrainingWindow
from game.view.watch.window import WatchWindow
from game.view.window.display import checked_pygame, close_window, open_window
from game.view.window.window import BaseWindow


class Windows:
    """The screens as they are on ``window``; each begins with the looks that a person chose on the one before."""

    def __init__(self, window: Window, close_when_done: bool = False) -> None:
        self.window, self.close_when_done = window, close_when_done
        self._shown: BaseWindow[Model] | None = None

    def training(self, training: Training, can_play: bool) -> TrainingWindow:
        """Return a screen of a training."""
        return TrainingWindow(training, self.window, self.close_when_done, can_play)

    def match(self, model: PlayModel) -> MatchWindow:
        """Return a screen of a match."""
        return MatchWindow(self.window, model)

    def watch(self, watched: Watched, can_play: bool) -> WatchWindow:
        """Return a screen of a kept run."""
        return WatchWindow(watched, self.window, can_play)

    def lesson(self, lesson: Lesson, page: int) -> LessonWindow:
        """Return a screen of the lesson."""
        return LessonWindow(lesson, self.window, page)

    def show(self, screen: programs.Screen[Model]) -> None:
        """Show one of these until it is left."""
        assert isinstance(screen, TrainingWindow | MatchWindow | WatchWindow | LessonWindow)
        if self._shown is not None:
            screen.look_like(self._shown)
        self._shown = screen
        screen.run()


def play(opponents: Opponents, argument: str, rules: Rules) -> str:
    """Open the window of a match on the level ``argument``; returns a sentence about how it ended.

    Raises :class:`~game.errors.ArrowgradError` when the first level or its opponent cannot be had, or no window
    opened.
    """
    with _windows() as windows:
        return programs.run(programs.play(windows, opponents, argument, rules), windows.show)


def watch(
    training: Training,
    *,
    close_when_done: bool,
    opponents: Callable[[], Opponents] | None = None,
    rules: Rules | None = None,
) -> str:
    """Show ``training`` in a window until it is closed; returns a sentence to end with, or "".

    With ``close_when_done`` it runs as fast as possible and closes after the last update.  ``opponents`` are where
    the run as it was saved is found to play against, None where it cannot be played.  Raises
    :class:`~game.errors.ViewError` where no window can be opened, and what the training raised last.
    """
    with _windows(close_when_done) as windows:
        return programs.run(programs.train(windows, training, opponents, rules), windows.show)


def look_back(watched: Watched, opponents: Callable[[], Opponents] | None = None, rules: Rules | None = None) -> str:
    """Look back on a run until its window is closed; returns a sentence to end with, or "".

    ``opponents`` are where the run is found to play against, None where it cannot be played.  Raises
    :class:`~game.errors.ViewError` where no window can be opened, and what reading the run raises.
    """
    with _windows() as windows:
        return programs.run(programs.watch(windows, watched, opponents, rules), windows.show)


def lesson(lesson: Lesson, *, page: int) -> str:
    """Show the lesson in a window, beginning with ``page``, until it is closed; returns a sentence to end with.

    Raises :class:`~game.errors.ViewError` where no window can be opened.
    """
    with _windows(title="Arrowgrad: the lesson") as windows:
        return programs.run(programs.lesson(windows, lesson, page), windows.show)


@contextmanager
def _windows(close_when_done: bool = False, title: str = "Arrowgrad") -> Iterator[Windows]:
    checked_pygame()
    window = open_window(title)
    try:
        yield Windows(window, close_when_done)
    finally:
        close_window(window)
