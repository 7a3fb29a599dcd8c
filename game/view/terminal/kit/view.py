"""What all views of the terminal's app have: their keys from the one table, what time does, and what is drawn.

A view is no widget of Textual's: the shell alone has a screen, and hands what happens to the view that lies uppermost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Protocol

from textual import events
from textual.geometry import Size

from game.errors import ArrowgradError
from game.keys import Screen as Table
from game.keys import action_of
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.keybar import draw_help
from game.view.terminal.kit.layouts import latin
from game.view.terminal.kit.look import Look
from game.view.terminal.kit.picture import save_svg
from game.world.dynamics import Layout

#: The keys that Textual names otherwise than pygame, after which the table names them.
NAMES = {"enter": "return", "pagedown": "page down", "pageup": "page up", "backspace": "backspace"}


class Host(Protocol):
    """What a view needs of the app that shows it: the ``size`` of the terminal, its ``look``, and these."""

    look: Look

    @property
    def size(self) -> Size:
        """Columns and rows."""
        ...

    @property
    def uppermost(self) -> View | None:
        """The view that takes the keys, None while none is shown."""
        ...

    def cover(self, view: View) -> None:
        """Lay ``view`` over the uppermost one, until it is left."""
        ...

    def end(self) -> None:
        """End the app at once."""
        ...

    def export_screenshot(self) -> str:
        """Return what is on the screen, as SVG."""
        ...


class View:
    """A view of the app; a subclass says what is drawn where, what time does, and what its keys do.

    ``table`` is its table of keys, ``title_of_help`` stands above them.  ``changed``: what is on the screen is no
    longer true; ``left``: it is over, and the shell goes on with what comes next.  ``host`` is there from the moment
    when the view is shown; ``ended`` is what a script may ask of a window: whether nothing is to follow.
    """

    table: ClassVar[Table]
    title_of_help: ClassVar[str] = "Keys"
    ended: ClassVar[bool] = False
    host: Host

    def __init__(self) -> None:
        self.changed, self.left = True, False

    @property
    def look(self) -> Look:
        """The terminal's look."""
        return self.host.look

    @property
    def is_uppermost(self) -> bool:
        """Whether nothing lies over it."""
        return self.host.uppermost is self

    def leave(self) -> None:
        """Be done; whatever comes after is begun by the shell, once."""
        self.left = True

    # -- for a subclass -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin to work: the first frame is on the screen."""

    def advance(self, seconds: float) -> None:
        """Let time pass."""

    def act(self, action: str, name: str) -> None:
        """Do what a key of the table says; ``name`` is the key's own."""

    def typed(self, character: str) -> None:
        """A key that has no meaning here was pressed."""

    def interrupted(self, _signals: int) -> None:
        """End at once: so many signals have asked for it."""
        self.host.end()

    def finish(self) -> None:
        """Wait for what still works for the view; not called on the thread that draws."""

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """Yield the name, the column, the row and the contents of each part."""
        raise NotImplementedError

    def facts(self) -> Sequence[tuple[str, str]]:
        """What stands below the keys on the page of help."""
        return ()

    @property
    def layout(self) -> Layout | None:
        """The board whose tiles the page of help explains."""
        return None

    def picture_name(self) -> str:
        """What pictures of this view are called."""
        return self.table

    def note(self, words: str) -> None:
        """Say something for some seconds."""

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The mouse has moved."""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A button of the mouse went down."""

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """It was let go."""

    def on_click(self, event: events.Click) -> None:
        """It was let go where it went down."""

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel was turned."""

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel was turned the other way."""

    # -- keys ---------------------------------------------------------------------------------------------

    def press(self, key: str, character: str) -> None:
        """Look a key up in the table; ``character`` is what it types, "" for none."""
        name, character = NAMES.get(key, key), latin(character)
        action = action_of(self.table, name, character)
        self.changed = True
        if action == "theme":
            self.host.look = self.look.other()
        elif action == "help":
            self.host.cover(HelpView(self))
        elif action == "screenshot":
            self._save_picture()
        elif action is not None:
            self.act(action, character.lower() or name)
        elif character:
            self.typed(character)

    def _save_picture(self) -> None:
        try:
            self.note(f"picture saved as {save_svg(self.host.export_screenshot(), self.picture_name())}")
        except ArrowgradError as error:
            self.note(str(error))


class HelpView(View):
    """All keys of a view, over it; any of its keys leads back."""

    table: ClassVar[Table] = "train"

    def __init__(self, about: View) -> None:
        super().__init__()
        self.about, self.first, self.over = about, 0, 0

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """Yield the keys, from a line on where they do not fit."""
        about = self.about
        grid, self.over = draw_help(
            width, height, self.look, about.table, about.title_of_help, about.facts(), self.first, about.layout
        )
        words = "Esc or H: back"
        if self.over:
            words += "   ↑ ↓: the rest" if self.first < self.over else "   ↑: above"
        grid.put(2, height - 1, words, self.look.style("quiet"))
        yield "help", 0, 0, grid

    def press(self, key: str, _character: str) -> None:
        """Scroll, or go back."""
        by = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}.get(key)
        if by is None:
            self.leave()
        else:
            self.first = max(0, min(self.first + by, self.over))
            self.changed = True
