"""The app around the views: it shows one after the other, hands keys and time on, and answers signals.

Textual has one screen here, which stays from the beginning to the end.  What it shows is a stack of views of our own:
the lowest one comes from the script, what lies above covers it for a while.  A key is taken by the view that lies
uppermost when the key is handled.  The script goes on in one place, :meth:`Shell._go_on`, and in a thread of its own,
since it may have to wait; keys that come meanwhile are kept for the next view.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeAlias

from textual import events
from textual.app import App
from textual.screen import Screen

from game.view.programs import Script as AnyScript
from game.view.terminal.kit.area import Area
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.line import Line, line_driver, open_line
from game.view.terminal.kit.look import Look, look_for
from game.view.terminal.kit.script import Steps
from game.view.terminal.kit.view import View

#: Yields views, each shown until it is left, and returns the sentence to end with.
Script: TypeAlias = AnyScript[View]
#: Frames a second, at most: few, since a terminal may be at the other end of a slow line.
FRAMES_PER_SECOND = 12
#: What is drawn is drawn for so many columns and rows at least; of a smaller terminal it leaves the edges.
SMALLEST = (30, 8)


class Paper(Screen[None], inherit_bindings=False):
    """The one screen that Textual knows: an area to draw on, and the ear for keys and the mouse."""

    AUTO_FOCUS = None
    ALLOW_SELECT = False

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.shell, self.area = shell, Area("view")
        self.colour = ""

    def compose(self) -> Iterator[Area]:
        """Yield the area."""
        yield self.area

    def paint(self, colour: str, grid: Grid) -> None:
        """Show ``grid`` on paper of this colour."""
        if colour != self.colour:
            self.colour = self.styles.background = colour
        self.area.show(0, 0, grid)

    def on_resize(self, event: events.Resize) -> None:
        """Lay everything out anew, unless the size is no longer that of the terminal.

        Textual lays out for each size that it is told and then tells the screen that size once more; two sizes on the
        way at once would follow each other for ever.
        """
        if event.size == self.shell.size:
            self.shell.resized()
        else:
            event.stop()
            event.prevent_default()

    def on_key(self, event: events.Key) -> None:
        """Hand a key to the shell."""
        event.stop()
        event.prevent_default()
        self.shell.press(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Hand it to the uppermost view."""
        self.shell.point(lambda view: view.on_mouse_move(event))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Hand it to the uppermost view."""
        self.shell.point(lambda view: view.on_mouse_down(event))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Hand it to the uppermost view."""
        self.shell.point(lambda view: view.on_mouse_up(event))

    def on_click(self, event: events.Click) -> None:
        """Hand it to the uppermost view."""
        self.shell.point(lambda view: view.on_click(event))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Hand it to the uppermost view."""
        self.shell.point(lambda view: view.on_mouse_scroll_down(event))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Hand it to the uppermost view."""
        self.shell.point(lambda view: view.on_mouse_scroll_up(event))


class Shell(App[None], inherit_bindings=False):
    """Shows the views of a script.

    ``signals`` says how many signals have asked the program to end; Ctrl-C, which a terminal in this mode sends as a
    key, calls ``interrupt``, and so does a terminal that has gone without a signal.  ``line`` is the one to write to,
    None for Textual's own.  ``begun``: a view is shown that takes keys; ``over``: none will.  ``farewell`` is the
    sentence to end with, ``error`` what a view or the script raised.
    """

    CSS = "Screen { overflow: hidden; }"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        script: Script,
        look: Look | None = None,
        *,
        signals: Callable[[], int] = lambda: 0,
        interrupt: Callable[[], None] = lambda: None,
        line: Line | None = None,
    ) -> None:
        super().__init__(driver_class=line_driver(line) if line is not None else None, ansi_color=True)
        self.title = "Arrowgrad"
        self.look = look or look_for("utf-8")
        self.signals, self.interrupt = signals, interrupt
        self.farewell = ""
        self.error: BaseException | None = None
        self.line = line
        self.over = False
        self._paper = Paper(self)
        self._steps = Steps(script)
        self._views: list[View] = []
        self.begun = False
        self._keys: deque[tuple[str, str]] = deque()
        self._answered = 0
        self._then = time.monotonic()

    def get_default_screen(self) -> Paper:
        """Return the one screen."""
        return self._paper

    def on_mount(self) -> None:
        """Start the clock, and the script."""
        self.set_interval(1 / FRAMES_PER_SECOND, self.tick)
        self._go_on()

    # -- which view is shown ------------------------------------------------------------------------------

    @property
    def uppermost(self) -> View | None:
        """The view that takes the keys, None between two."""
        return self._views[-1] if self._views else None

    def cover(self, view: View) -> None:
        """Lay ``view`` over the uppermost one, until it is left."""
        view.host = self
        self._views.append(view)

    def end(self) -> None:
        """End the app at once."""
        self.over = True
        self.exit()

    def _go_on(self, error: BaseException | None = None) -> None:
        """Have the script go on from where it is, or raise ``error`` there."""
        self._views, self.begun = [], False
        loop = asyncio.get_running_loop()

        def arrived() -> None:
            with suppress(RuntimeError):  # the app has ended meanwhile
                loop.call_soon_threadsafe(self.call_later, self._arrive)

        self._steps.go_on(arrived, error)

    def _arrive(self) -> None:
        """Show the view that the script has come to, or end."""
        try:
            view = self._steps.result()
        except StopIteration as end:
            self.farewell = end.value or ""
            self.end()
        except BaseException as error:  # raised again where the app was started
            self.error = error
            self.end()
        else:
            if not self.over:
                view.host, view.left = self, False
                self._views, self._then = [view], time.monotonic()
                self._guarded(self.paint)
                self._paper.call_after_refresh(self._begin, view)

    def _begin(self, view: View) -> None:
        """Let a view begin whose first frame is on the screen, and have it take the keys that were kept for it."""
        if self.begun or self._views != [view]:
            return
        self.begun, self._then = True, time.monotonic()
        self._guarded(view.begin)
        while self._keys and self.begun:
            key = self._keys.popleft()
            self._guarded(lambda key=key: self._press(*key))  # type: ignore[misc]
        self.tick()

    def _guarded(self, call: Callable[[], None]) -> None:
        """Do it; then leave what is to be left.  What a view raises is raised in the script, where it was shown."""
        if self.over:
            return
        try:
            call()
        except Exception as error:
            if self._views:
                self._go_on(error)
            return
        while len(self._views) > 1 and self._views[-1].left:
            self._views.pop()
            self._views[-1].changed = True
        if self._views and self._views[0].left:
            self._go_on()

    # -- what happens -------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Let the time since the last tick pass, and draw if the terminal has taken the frame before."""
        now = time.monotonic()
        seconds, self._then = now - self._then, now
        self._guarded(self._answer_signals)
        for view in list(self._views) if self.begun else ():
            if view in self._views:
                self._guarded(lambda view=view: view.advance(seconds))  # type: ignore[misc]
        shown = self.uppermost
        if shown is not None and shown.changed and (self.line is None or self.line.free):
            self._guarded(self.paint)

    def _answer_signals(self) -> None:
        """Have the lowest view answer, which knows whether there is something to save; between two views, end."""
        if self.line is not None and self.line.has_gone() and not self.signals():
            self.interrupt()
        signals = self.signals()
        if signals and self._views:
            self._answered = signals
            self._views[0].interrupted(signals)
        elif signals > self._answered:
            self.end()

    def press(self, event: events.Key) -> None:
        """Take a key: for the uppermost view, or for the next one where there is none that has begun."""
        if event.key == "ctrl+c":
            self.interrupt()
        else:
            character = event.character if event.character and event.character.isprintable() else ""
            if not self.begun:
                self._keys.append((event.key, character))
            else:
                self._guarded(lambda: self._press(event.key, character))
        self.tick()

    def _press(self, key: str, character: str) -> None:
        view = self.uppermost
        if view is not None:
            view.press(key, character)

    def point(self, call: Callable[[View], None]) -> None:
        """Tell the uppermost view what the mouse does."""
        view = self.uppermost
        if view is not None and self.begun:
            self._guarded(lambda: call(view))

    def resized(self) -> None:
        """Lay everything out anew."""
        if self._views:
            self._guarded(self.paint)

    # -- drawing ------------------------------------------------------------------------------------------

    def paint(self) -> None:
        """Draw the uppermost view; only what differs is sent."""
        view = self._views[-1]
        view.changed = False
        width, height = (max(least, has) for least, has in zip(SMALLEST, self.size, strict=True))
        whole = Grid(width, height, self.look)
        for _, x, y, grid in view.draw(width, height):
            whole.lay(x, y, grid)
        colour = "rgb({},{},{})".format(*self.look.theme.paper) if self.look.colour else "ansi_default"
        self._paper.paint(colour, whole)
        if self.line is not None:
            self._paper.call_after_refresh(self.line.ask)

    def close(self) -> None:
        """Wait for the script where it is under way, and end it."""
        try:
            self.farewell = self._steps.close() or self.farewell
        except Exception as error:
            self.error = self.error or error


def show(
    script: Script,
    encoding: str | None,
    *,
    signals: Callable[[], int] = lambda: 0,
    interrupt: Callable[[], None] = lambda: None,
) -> str:
    """Run a script on the terminal; returns the sentence to end with, and raises what the script raised."""
    shell = Shell(script, look_for(encoding), signals=signals, interrupt=interrupt, line=open_line())
    exported = {name: os.environ.pop(name) for name in ("COLUMNS", "LINES") if name in os.environ}
    try:  # without these Textual asks the terminal for its size
        shell.run()
    finally:
        os.environ.update(exported)
        shell.close()
    if shell.error is not None:
        raise shell.error
    if shell.return_code:  # Textual has shown where, and left the terminal as it was
        raise RuntimeError("the terminal's app ended by an error of its own, which stands above")
    return shell.farewell
