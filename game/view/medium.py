"""Where a command is shown: in a window, in the terminal's app, or as plain lines; what each of them calls for it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from game.errors import ViewError
from game.snapshots.lesson_page import Lesson
from game.snapshots.sources import Opponents, Training, Watched
from game.view.play.rules import Rules
from game.view.window.display import display_available, terminal_available

if TYPE_CHECKING:
    from game.view.terminal.kit.shell import Script  # textual

#: ``app`` is the terminal's where a person sits at one, ``lines`` where none does; ``none`` shows nothing.
Medium: TypeAlias = Literal["window", "app", "lines", "none"]


class Signals(Protocol):
    """The signals that ask the program to end."""

    def came(self) -> int:
        """Return how many there were."""
        ...

    def check(self) -> None:
        """End the program if one came that waited only for the terminal to be left."""
        ...


def chosen(view: str) -> Medium:
    """Return where ``--view`` shows: ``auto`` is a window where a display exists, else the terminal.

    Raises :class:`~game.errors.ViewError` where a window was asked for and there is no display.
    """
    if view == "none":
        return "none"
    if view == "auto":
        view = "window" if display_available() else "terminal"
    if view == "terminal":
        return "app" if terminal_available((sys.stdin, sys.stdout)) else "lines"
    if not display_available() and not os.environ.get("SDL_VIDEODRIVER"):
        raise ViewError("--view window needs a display, and there is none here; use --view terminal")
    return "window"


def train(
    training: Training,
    medium: Medium,
    opponents: Callable[[], Opponents] | None,
    rules: Rules,
    signals: Signals,
) -> str:
    """Show ``training`` until it is done or left; returns a sentence to end with, or "".

    ``opponents`` are where the run as it was saved is found to play against, None where it cannot be played;
    ``signals`` are those that ask the program to end.  Raises what the training raised last.
    """
    if medium == "window":
        from game.view.windows import watch as train_window

        return train_window(training, close_when_done=not display_available(), opponents=opponents, rules=rules)
    if medium == "app":
        from game.view.terminal.programs import training as train_app

        return _on_terminal(train_app(training, opponents, rules), signals)
    from game.view.lines.train import watch_terminal

    watch_terminal(training, sys.stdout, lambda: signals.came() > 0)
    return ""


def play(opponents: Opponents, level: str, medium: Medium, rules: Rules, signals: Signals) -> str:
    """Play on ``level``; returns a sentence about how it ended, or "".  Raises ArrowgradError as the match does."""
    if medium == "window":
        from game.view.windows import play as play_window

        return play_window(opponents, level, rules)
    if medium == "app":
        from game.view.terminal.programs import match

        return _on_terminal(match(opponents, level, rules), signals)
    from game.view.lines.play import play_terminal

    return play_terminal(opponents, level, rules, stdin=sys.stdin, stdout=sys.stdout)


def watch(
    watched: Watched,
    medium: Medium,
    opponents: Callable[[], Opponents] | None,
    rules: Rules,
    signals: Signals,
) -> str:
    """Look back on a run; returns what to end with, or "".  Raises what reading the run raises."""
    if medium == "window":
        from game.view.windows import look_back

        return look_back(watched, opponents, rules)
    if medium == "app":
        from game.view.terminal.programs import looking_back

        return _on_terminal(looking_back(watched, opponents, rules), signals)
    from game.view.lines.watch import watch_text
    from game.view.shared.text_board import has_arrows

    return watch_text(watched, has_arrows(sys.stdout.encoding))


def lesson(pages: Lesson, page: int | None, medium: Medium, signals: Signals) -> str:
    """Show the lesson from ``page`` on (None: the first; over a pipe, all); returns a sentence to end with."""
    if medium == "window":
        from game.view.windows import lesson as lesson_window

        return lesson_window(pages, page=page or 1)
    if medium == "app":
        from game.view.terminal.programs import lesson as lesson_app

        return _on_terminal(lesson_app(pages, page or 1), signals)
    from game.view.lines.lesson import lesson_terminal

    return lesson_terminal(pages, page=page, stdin=sys.stdin, stdout=sys.stdout)


def _on_terminal(script: Script, signals: Signals) -> str:
    """Show the screens of the terminal's app, until they end or a signal comes; returns the sentence to end with."""
    from game.view.terminal.kit.shell import show

    def interrupt() -> None:  # Ctrl-C comes as a key there
        signal.raise_signal(signal.SIGINT)

    farewell = show(script, sys.stdout.encoding, signals=signals.came, interrupt=interrupt)
    signals.check()
    return farewell
