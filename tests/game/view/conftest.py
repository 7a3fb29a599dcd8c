"""Displays and tables for the tests of windows: Xvfb, with xdotool for a person's hands, and SDL's dummy driver."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.game.view.display import Display, opened_display
from tests.game.view.play.table import Given, Table


@pytest.fixture
def display() -> Iterator[Display]:
    """A display of its own; the test is skipped where the programs are missing, and fails there in CI."""
    missing = [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]
    if missing:
        message = f"a real window needs {' and '.join(missing)}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with opened_display() as display:
        yield display


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """SDL draws into memory."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@pytest.fixture
def given() -> Given:
    """Opponents that always go left."""
    return Given()


@pytest.fixture
def at(driver: None, given: Given) -> Iterator[Table]:
    """A match on the room against a policy that always goes left."""
    sitting = Table(given).seated()
    yield sitting
    sitting.close()
