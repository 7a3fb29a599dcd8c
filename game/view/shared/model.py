"""What a window or the terminal holds of every screen: what its keys do, what time does to it, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from game.world.dynamics import Layout


class Model(Protocol):
    """A screen without its picture: training, match, looking back or lesson; each medium draws it in its own way.

    ``changed``: what is on the screen is no longer true; ``closed``: it has been left, and whoever shows it goes on
    to what comes next, once.
    """

    changed: bool
    closed: bool

    def act(self, action: str, key: str = "") -> None:
        """Do what a control of :data:`game.keys.KEYS` says, whose key is ``key`` or types it."""
        ...

    def update(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def say(self, text: str) -> None:
        """Show a note."""
        ...

    def message(self) -> str:
        """Return what there is to say now, "" for nothing."""
        ...

    def facts(self) -> Sequence[tuple[str, str]]:
        """Return what stands below the keys on the page of help, as (label, value)."""
        ...

    @property
    def layout(self) -> Layout | None:
        """The board whose tiles the page of help explains, None for none."""
        ...

    def picture_name(self) -> str:
        """Return what pictures of the screen are called."""
        ...

    def close(self) -> None:
        """Leave the screen, as soon as what has to be saved is saved."""
        ...

    def finish(self) -> None:
        """Give back what it holds, and wait for what still works for it: whoever has shown it asks for this last."""
        ...


class Note:
    """Words that stay for some seconds."""

    #: How long.
    SECONDS = 4.0

    def __init__(self) -> None:
        self.text, self._left = "", 0.0

    def say(self, text: str) -> None:
        """Show ``text`` from now on, in place of what was said before."""
        self.text, self._left = text, self.SECONDS

    def update(self, seconds: float) -> bool:
        """Let time pass; whether the words have gone just now."""
        self._left -= seconds
        if not self.text or self._left > 0.0:
            return False
        self.text = ""
        return True
