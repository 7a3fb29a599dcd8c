"""Which screen follows which, once for window and terminal: training, match, looking back, lesson.

A program is a script: it yields screens, each of which is shown until it is left, and returns the sentence to end with.
It asks a :class:`Screens` for them, which the window has in its way and the terminal in its own.  What goes wrong on a
screen is raised where it was yielded.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Literal, Protocol, TypeAlias, TypeVar

from game.errors import ArrowgradError
from game.snapshots.lesson_page import Lesson
from game.snapshots.sources import Opponents, Training, Watched
from game.view.lesson.model import LessonModel
from game.view.play.model import PlayModel
from game.view.play.rules import Rules
from game.view.shared.model import Model
from game.view.train.model import TrainModel
from game.view.watch.model import WatchModel

S = TypeVar("S")
M_co = TypeVar("M_co", bound=Model, covariant=True)
#: Yields screens, each shown until it is left, and returns the sentence to end with.
Script: TypeAlias = Generator[S, None, str]


class Screen(Protocol[M_co]):
    """What a script asks of every screen after it was left; whoever asked for it calls :meth:`finish` at last."""

    @property
    def model(self) -> M_co:
        """What is shown, which says why it was left."""
        ...

    @property
    def ended(self) -> bool:
        """Whether nothing is to follow: a window was closed by its cross."""
        ...

    def finish(self) -> None:
        """Give back what it holds, and wait for what still works for it."""
        ...


class TrainingScreen(Screen[TrainModel], Protocol):
    """A training that is watched."""

    @property
    def learned(self) -> str:
        """What it learned, to stand before that at the program's end; "" where a picture has shown it."""
        ...


class Screens(Protocol):
    """Where a script has its screens from."""

    def training(self, training: Training, can_play: bool) -> TrainingScreen:
        """Return a screen of a training; where one ``can_play``, it can be left for a match."""
        ...

    def match(self, model: PlayModel) -> Screen[PlayModel]:
        """Return a screen of a match."""
        ...

    def watch(self, watched: Watched, can_play: bool) -> Screen[WatchModel]:
        """Return a screen of a kept run, at its beginning."""
        ...

    def lesson(self, lesson: Lesson, page: int) -> Screen[LessonModel]:
        """Return a screen of the lesson, beginning with ``page``."""
        ...


def run(script: Script[S], show: Callable[[S], None]) -> str:
    """Show the screens of a script one after the other; returns the sentence to end with, raises what it raises."""
    with closing(script):
        step = partial(next, script)
        while True:
            try:
                screen = step()
            except StopIteration as end:
                return str(end.value or "")
            try:
                show(screen)
            except BaseException as error:
                step = partial(script.throw, error)
            else:
                step = partial(next, script)


def train(
    screens: Screens,
    training: Training,
    opponents: Callable[[], Opponents] | None = None,
    rules: Rules | None = None,
) -> Script[Screen[Model]]:
    """Watch a training; ``opponents`` are where the run as it was saved is found to play against.

    Raises what the training raised last.
    """
    view = screens.training(training, opponents is not None)
    yield from _watched(view)
    if not view.model.wants_match or opponents is None:
        return view.learned + view.model.farewell
    model = PlayModel(opponents(), training.world.argument, rules or Rules())
    sentence, _ = yield from _alternate(screens, model, "training")
    return sentence


def play(screens: Screens, opponents: Opponents, argument: str, rules: Rules) -> Script[Screen[Model]]:
    """A match on the level ``argument``.

    Raises :class:`~game.errors.ArrowgradError` when the level or its opponent cannot be had.
    """
    sentence, _ = yield from _alternate(screens, PlayModel(opponents, argument, rules), "match")
    return sentence


def watch(
    screens: Screens,
    watched: Watched,
    opponents: Callable[[], Opponents] | None = None,
    rules: Rules | None = None,
) -> Script[Screen[Model]]:
    """Look back on a run; ``opponents`` are where it is found to play against.  Raises what reading it raises."""
    place = None
    while True:
        view = screens.watch(watched, opponents is not None)
        if place is not None:
            view.model.timeline.go(place, at_once=True)
        try:
            yield view
        finally:
            view.finish()
        if view.ended or not view.model.wants_match or opponents is None:
            return ""
        place = view.model.timeline.position
        race = replace(rules or Rules(), update=view.model.updates_done())
        model = PlayModel(opponents(), watched.world.argument, race)
        sentence, ended = yield from _alternate(screens, model, "match")
        if ended:
            return sentence


def lesson(screens: Screens, lesson: Lesson, page: int) -> Script[Screen[Model]]:
    """The lesson, beginning with ``page``."""
    view = screens.lesson(lesson, page)
    try:
        yield view
    finally:
        view.finish()
    return f"The lesson was left on page {view.model.number}, {lesson.titles[view.model.number - 1]}."


def _alternate(
    screens: Screens, model: PlayModel, home: Literal["match", "training"]
) -> Generator[Screen[Model], None, tuple[str, bool]]:
    """Play and watch by turns; Esc leads back, and at ``home`` ends.

    Returns the sentence to end with, and whether nothing is to follow.
    """
    match = screens.match(model)
    try:
        while True:
            yield match
            if match.ended or model.contest is None or (home == "match" and not model.wants_training):
                return model.summary(), match.ended
            view, note = None, ""
            try:
                view = screens.training(model.training(), True)
                yield from _watched(view)
                note = view.model.farewell
            except ArrowgradError as error:
                if home == "training":
                    raise
                note = str(error)
            if view is not None and (view.ended or (home == "training" and not view.model.wants_match)):
                return view.model.farewell, view.ended
            model.return_to(note)
    finally:
        match.finish()


def _watched(view: TrainingScreen) -> Generator[Screen[Model], None, None]:
    """Show a training; raises what it raised last, unless a match is to follow."""
    try:
        yield view
    finally:
        view.finish()
    if view.model.error is not None and not view.model.wants_match:
        raise view.model.error
