"""What all views of the terminal's app do with the model that they show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from game.keys import WINDOW_ONLY
from game.view.shared.model import Model
from game.view.terminal.kit.view import View
from game.world.dynamics import Layout

M_co = TypeVar("M_co", bound=Model, covariant=True)


class ModelView(View, Generic[M_co]):
    """A view of a model, which is left when that is closed; a subclass says how it is drawn."""

    def __init__(self, model: M_co) -> None:
        super().__init__()
        self.model = model

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.model.update(seconds)
        self._follow()

    def act(self, action: str, name: str) -> None:
        """Do what a key says, unless it is about windows."""
        if action not in WINDOW_ONLY:
            self.model.act(action, name)
            self._follow()

    def _follow(self) -> None:
        """Draw what has changed, and leave what is closed."""
        if self.model.changed:
            self.model.changed, self.changed = False, True
        if self.model.closed:
            self.leave()

    def note(self, words: str) -> None:
        """Say it for some seconds."""
        self.model.say(words)

    def finish(self) -> None:
        """Wait for what still works for the model."""
        self.model.finish()

    def facts(self) -> Sequence[tuple[str, str]]:
        """Return what stands below the keys on the page of help."""
        return self.model.facts()

    @property
    def layout(self) -> Layout | None:
        """The board whose tiles the page of help explains."""
        return self.model.layout

    def picture_name(self) -> str:
        """Return what pictures of the view are called."""
        return self.model.picture_name()
