"""What all screens of the terminal's app have: a clock, keys from the one table, areas to draw on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.screen import Screen

from game.errors import ArrowgradError
from game.keys import Screen as Table
from game.keys import action_of
from game.view.terminal.kit.area import Area
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.keybar import draw_help
from game.view.terminal.kit.look import Look

if TYPE_CHECKING:
    from game.view.terminal.kit.shell import Shell

#: Frames a second, at most: few, since a terminal may be at the other end of a slow line.
FRAMES_PER_SECOND = 12
#: The keys that Textual names otherwise than pygame, after which the table names them.
NAMES = {"enter": "return", "pagedown": "page down", "pageup": "page up", "backspace": "backspace"}
#: What is drawn is drawn for so many columns and rows at least; of a smaller terminal it leaves the edges.
SMALLEST = (30, 8)


class View(Screen[None], inherit_bindings=False):
    """A screen of the app; a subclass says what is drawn where, what time does, and what its keys do.

    ``table`` is its table of keys, ``title_of_help`` stands above them, ``parts`` are the names of its areas.
    ``changed``: what is on the screen is no longer true.
    """

    AUTO_FOCUS = None
    ALLOW_SELECT = False
    table: ClassVar[Table]
    title_of_help: ClassVar[str] = "Keys"
    parts: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        super().__init__()
        self.areas = {name: Area(name) for name in self.parts}
        self.changed = True
        self._paper = ""
        self._then = time.monotonic()

    @property
    def shell(self) -> Shell:
        """The app."""
        return self.app  # type: ignore[return-value]

    @property
    def look(self) -> Look:
        """The terminal's look."""
        return self.shell.look

    # -- for a subclass -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """The first frame is on the screen: begin to work."""

    def advance(self, seconds: float) -> None:
        """Let time pass."""

    def act(self, action: str, name: str) -> None:
        """Do what a key of the table says; ``name`` is the key's own."""

    def typed(self, character: str) -> None:
        """A key that has no meaning here was pressed."""

    def interrupted(self, signals: int) -> None:
        """So many signals have asked for the end."""

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """Each area's name, its column and row, and what it shows."""
        raise NotImplementedError

    def facts(self) -> Sequence[tuple[str, str]]:
        """What stands below the keys on the page of help."""
        return ()

    def picture_name(self) -> str:
        """What pictures of this screen are called."""
        return self.table

    def note(self, words: str) -> None:
        """Say something for some seconds."""

    # -- the clock ----------------------------------------------------------------------------------------

    def compose(self) -> Iterator[Area]:
        """The areas."""
        yield from self.areas.values()

    def on_mount(self) -> None:
        """Show the first frame, then begin."""
        self.set_interval(1 / FRAMES_PER_SECOND, self.tick)
        self._then = time.monotonic()
        self.paint()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._then = time.monotonic()
        self.begin()

    def tick(self) -> None:
        """Let the time since the last tick pass, and draw if the terminal has taken the frame before."""
        now = time.monotonic()
        seconds, self._then = now - self._then, now
        signals = self.shell.signals()
        if signals:
            self.interrupted(signals)
        self.advance(seconds)
        if self.changed and self.is_current and self.shell.line_free:
            self.paint()

    def paint(self) -> None:
        """Draw; only what differs is sent."""
        self.changed = False
        paper = "rgb({},{},{})".format(*self.look.theme.paper) if self.look.colour else "ansi_default"
        if paper != self._paper:
            self._paper = self.styles.background = paper
        width, height = (max(least, has) for least, has in zip(SMALLEST, self.size, strict=True))
        for name, x, y, grid in self.draw(width, height):
            self.areas[name].show(x, y, grid)
        self.call_after_refresh(self.shell.frame_sent)

    def on_resize(self, _event: events.Resize) -> None:
        """Lay everything out anew."""
        if self.is_mounted:
            self.paint()

    def on_screen_resume(self) -> None:
        """What lay over this screen has gone."""
        self.changed = True

    # -- keys ---------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Look the key up in the table."""
        event.stop()
        event.prevent_default()
        if event.key == "ctrl+c":
            self.shell.interrupt()
            return
        character = event.character if event.character and event.character.isprintable() else ""
        name = NAMES.get(event.key, event.key)
        action = action_of(self.table, name, character)
        self.changed = True
        if action == "theme":
            self.shell.look = self.look.other()
        elif action == "help":
            self.shell.push_screen(HelpView(self))
        elif action == "screenshot":
            self._save_picture()
        elif action is not None:
            self.act(action, character.lower() or name)
        elif character:
            self.typed(character)
        self.tick()

    def _save_picture(self) -> None:
        from game.view.terminal.kit.picture import save_svg

        try:
            self.note(f"picture saved as {save_svg(self.shell.export_screenshot(), self.picture_name())}")
        except ArrowgradError as error:
            self.note(str(error))


class HelpView(View):
    """All keys of a screen, over it; any of its keys leads back."""

    table: ClassVar[Table] = "train"
    parts = ("help",)

    def __init__(self, about: View) -> None:
        super().__init__()
        self.about, self.first, self.over = about, 0, 0

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """The keys, from a line on where they do not fit."""
        about = self.about
        grid, self.over = draw_help(
            width, height, self.look, about.table, about.title_of_help, about.facts(), self.first
        )
        words = "Esc or H: back"
        if self.over:
            words += "   ↑ ↓: the rest" if self.first < self.over else "   ↑: above"
        grid.put(2, height - 1, words, self.look.style("quiet"))
        yield "help", 0, 0, grid

    def on_key(self, event: events.Key) -> None:
        """Scroll, or go back."""
        event.stop()
        event.prevent_default()
        if event.key == "ctrl+c":
            self.shell.interrupt()
        elif event.key in ("up", "down", "pageup", "pagedown"):
            by = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}[event.key]
            self.first = max(0, min(self.first + by, self.over))
            self.changed = True
            self.tick()
        else:
            self.shell.pop_screen()
