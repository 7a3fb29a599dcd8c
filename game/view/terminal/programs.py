"""The terminal's programs: which screen follows which, for ``train``, ``play``, ``watch`` and ``lesson``."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Literal

from game.errors import ArrowgradError
from game.snapshots.lesson_page import Lesson
from game.snapshots.sources import Opponents, Training, Watched
from game.view.lines.train import learned_text
from game.view.play.model import Sitting
from game.view.play.rules import Rules
from game.view.terminal.kit.shell import Script
from game.view.terminal.kit.view import View
from game.view.terminal.lesson import LessonView
from game.view.terminal.play import PlayView
from game.view.terminal.train import TrainView
from game.view.terminal.watch import WatchView

#: Seconds to wait for the worker where a person did not want to wait: leaving within torch can crash Python.
HURRY = 2.0


def training(
    training: Training, opponents: Callable[[], Opponents] | None = None, rules: Rules | None = None
) -> Script:
    """Watch a training; ``opponents`` are where the run as it was saved is found to play against.

    Raises what the training raised last.
    """
    view = TrainView(training, can_play=opponents is not None)
    yield from _watch(view)
    if not view.watching.wants_match or opponents is None:
        if view.watching.error is not None:
            raise view.watching.error
        snapshot = view.watching.playback.snapshot
        learned = learned_text(training.world, snapshot, view.look.unicode) if snapshot is not None else ""
        return learned + view.watching.farewell
    sitting = Sitting(opponents(), training.world.argument, rules or Rules())
    return (yield from _alternate(sitting, "training"))


def match(opponents: Opponents, argument: str, rules: Rules) -> Script:
    """A match on the level ``argument``.

    Raises :class:`~game.errors.ArrowgradError` when the level or its opponent cannot be had.
    """
    return (yield from _alternate(Sitting(opponents, argument, rules), "match"))


def looking_back(
    watched: Watched, opponents: Callable[[], Opponents] | None = None, rules: Rules | None = None
) -> Script:
    """Look back on a run; ``opponents`` are where it is found to play against.  Raises what reading it raises."""
    place = None
    while True:
        view = WatchView(watched, can_play=opponents is not None)
        if place is not None:
            view.back.timeline.go(place, at_once=True)
        try:
            yield view
        finally:
            view.back.reckoner.close()
        if not view.back.wants_match or opponents is None:
            return ""
        place = view.back.timeline.position
        race = replace(rules or Rules(), update=view.back.updates_done())
        yield from _alternate(Sitting(opponents(), watched.world.argument, race), "match")


def lesson(lesson: Lesson, page: int) -> Script:
    """The lesson, beginning with ``page``."""
    view = LessonView(lesson, page)
    try:
        yield view
    finally:
        view.walk.wait()
    return f"The lesson was left on page {view.walk.number}, {lesson.titles[view.walk.number - 1]}."


def _alternate(sitting: Sitting, home: Literal["match", "training"]) -> Script:
    """Play and watch by turns; Esc leads back, and at ``home`` ends."""
    try:
        while True:
            table = PlayView(sitting)
            yield table
            if sitting.contest is None or (home == "match" and not table.wants_training):
                return sitting.summary()
            view, note = None, ""
            try:
                view = TrainView(sitting.opponents.training(sitting.contest.opponent.world.argument), can_play=True)
                yield from _watch(view)
                if view.watching.error is not None and not view.watching.wants_match:
                    raise view.watching.error
                note = view.watching.farewell
            except ArrowgradError as error:
                if home == "training":
                    raise
                note = str(error)
            if view is not None and home == "training" and not view.watching.wants_match:
                return view.watching.farewell
            sitting.return_to(note)
    finally:
        sitting.close()


def _watch(view: TrainView) -> Generator[View, None, None]:
    """Show a training, and wait a little for its worker afterwards."""
    try:
        yield view
    finally:
        view.watching.feed.close()
        view.watching.feed.join(HURRY)
