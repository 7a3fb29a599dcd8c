"""The app around the screens: it shows one after the other, and knows the terminal's look and signals."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, TypeAlias

from textual.app import App
from textual.driver import Driver

from game.view.terminal.kit.line import line_driver
from game.view.terminal.kit.look import Look, look_for

if TYPE_CHECKING:
    from game.view.terminal.kit.view import View

#: Yields screens, each shown until it is done, and returns the sentence to end with.
Script: TypeAlias = "Generator[View, None, str]"


class Shell(App[None], inherit_bindings=False):
    """Shows the screens of a script.

    ``signals`` says how many signals have asked the program to end; Ctrl-C, which a terminal in this mode sends as a
    key, calls ``interrupt``.  ``farewell`` is the sentence to end with, ``error`` what a screen or the script raised.
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
        driver: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver, ansi_color=True)
        self.title = "Arrowgrad"
        self.look = look or look_for("utf-8")
        self.signals, self.interrupt = signals, interrupt
        self.farewell = ""
        self.error: BaseException | None = None
        self._script = script
        self._over = False

    def on_mount(self) -> None:
        """Show the first screen."""
        self.next_view()

    def next_view(self) -> None:
        """Go on in the script: the next screen in place of this one, or the end."""
        if self._over:  # the last screen ticks on until the app has gone
            return
        try:
            view = next(self._script)
        except StopIteration as end:
            self.farewell = end.value or ""
            self._leave()
        except BaseException as error:  # raised again where the app was started
            self.fail(error)
        else:
            if len(self.screen_stack) > 1:
                self.switch_screen(view)
            else:
                self.push_screen(view)

    def fail(self, error: BaseException) -> None:
        """End, and raise ``error`` where the app was started."""
        self.error = error
        self._leave()

    def _leave(self) -> None:
        self._over = True
        self.exit()

    @property
    def line_free(self) -> bool:
        """Whether the terminal has taken all that was sent."""
        return bool(getattr(self._driver, "free", True))

    def frame_sent(self) -> None:
        """Ask the terminal to say when the frame has arrived."""
        ask = getattr(self._driver, "ask", None)
        if ask is not None:
            ask()


def show(
    script: Script,
    encoding: str | None,
    *,
    signals: Callable[[], int] = lambda: 0,
    interrupt: Callable[[], None] = lambda: None,
) -> str:
    """Run a script on the terminal; returns the sentence to end with, and raises what the script raised."""
    shell = Shell(script, look_for(encoding), signals=signals, interrupt=interrupt, driver=line_driver())
    try:
        shell.run()
    finally:
        script.close()
    if shell.error is not None:
        raise shell.error
    if shell.return_code:  # Textual has shown where, and left the terminal as it was
        raise RuntimeError("the terminal's app ended by an error of its own")
    return shell.farewell
