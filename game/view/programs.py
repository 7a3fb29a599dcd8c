"""One window in which a person plays and watches by turns: a key leads from a match to its opponent's training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from game.errors import ArrowgradError
from game.snapshots.sources import Opponents, Training, Watched
from game.view.play.rules import Rules
from game.view.window.display import checked_pygame, close_window, open_window

if TYPE_CHECKING:
    from pygame.window import Window

    from game.view.play.window import MatchWindow
    from game.view.train.window import TrainingWindow


def play(opponents: Opponents, argument: str, rules: Rules) -> str:
    """Open the window of a match on the level ``argument``; returns a sentence about how it ended.

    Raises :class:`~game.errors.ArrowgradError` when the first level or its opponent cannot be had, or no window
    opened.
    """
    from game.view.play.window import MatchWindow

    with _window() as window:
        return _alternate(MatchWindow(window, opponents, argument, rules), home="match")


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
    from game.view.play.window import MatchWindow
    from game.view.train.window import TrainingWindow

    with _window() as window:
        view = TrainingWindow(training, window, close_when_done, can_play=opponents is not None)
        farewell = view.run()
        if not view.wants_match or opponents is None:
            return farewell
        match = MatchWindow(window, opponents(), training.world.argument, rules or Rules())
        match.look_like(view)
        return _alternate(match, home="training")


def look_back(watched: Watched, opponents: Callable[[], Opponents] | None = None, rules: Rules | None = None) -> str:
    """Look back on a run until its window is closed; returns a sentence to end with, or "".

    ``opponents`` are where the run is found to play against, None where it cannot be played.  Raises
    :class:`~game.errors.ViewError` where no window can be opened, and what reading the run raises.
    """
    from game.view.play.window import MatchWindow
    from game.view.watch.window import WatchWindow

    with _window() as window:
        view = WatchWindow(watched, window, can_play=opponents is not None)
        while True:
            view.run()
            if not view.wants_match or opponents is None:
                return ""
            race = replace(rules or Rules(), update=view.updates_done())
            match = MatchWindow(window, opponents(), watched.world.argument, race)
            match.look_like(view)
            farewell = _alternate(match, home="match")
            if match.ended:
                return farewell
            place = view.timeline.position
            view = WatchWindow(watched, window, can_play=True)
            view.look_like(match)
            view.timeline.go(place, at_once=True)


@contextmanager
def _window() -> Iterator[Window]:
    checked_pygame()
    window = open_window("Arrowgrad")
    try:
        yield window
    finally:
        close_window(window)


def _alternate(match: MatchWindow, home: Literal["match", "training"]) -> str:
    """Play and watch by turns; Esc leads back, and at ``home`` ends.  Returns the sentence to end with."""
    try:
        while True:
            match.run()
            if match.ended or match.screen is None or (home == "match" and not match.wants_training):
                return match.sitting.summary()
            view, note = _train(match, home)
            if view is not None and (view.ended or (home == "training" and not view.wants_match)):
                return view.farewell
            match.sitting.return_to(note)
    finally:
        match.close()


def _train(match: MatchWindow, home: Literal["match", "training"]) -> tuple[TrainingWindow | None, str]:
    """Watch the opponent learn on, until a person wants to go back; and a sentence about how that ended."""
    from game.view.train.window import TrainingWindow

    view = None
    try:
        view = TrainingWindow(match.sitting.training(), match.window, can_play=True)
        view.look_like(match)
        note = view.run()
    except ArrowgradError as error:
        if home == "training":
            raise
        note = str(error)
    if view is not None:
        match.look_like(view)
    return view, note
