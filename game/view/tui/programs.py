"""The terminal's programs: which screen follows which, for ``train``, ``play`` and ``lesson``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.view.tui.shell import show
from game.view.tui.train import TrainView

if TYPE_CHECKING:
    from collections.abc import Callable

    from game.view.session import Training
    from game.view.tui.shell import Script


def watch(
    training: Training, encoding: str | None, *, signals: Callable[[], int], interrupt: Callable[[], None]
) -> str:
    """Show ``training`` on the terminal until a person ends it; returns a sentence to end with, or "".

    Raises what the training raised last.
    """
    return show(watching(training), encoding, signals=signals, interrupt=interrupt)


def watching(training: Training) -> Script:
    """The training alone."""
    view = TrainView(training)
    yield view
    if view.watching.error is not None:
        raise view.watching.error
    return view.watching.farewell
