"""What every window of the program has: a theme, a size of text, full screen, the keys laid over it, and pictures."""

from __future__ import annotations

from collections.abc import Callable

from pygame.window import Window

from game.errors import ArrowgradError
from game.view.draw.pen import Pen
from game.view.film.last_seconds import LastSeconds
from game.view.film.pictures import save_film, save_picture
from game.view.shared.task import Task
from game.view.shared.theme import DARK, LIGHT, TEXT_SIZES, Style, Theme, style_for
from game.view.window.display import density


class BaseWindow:
    """The controls that all windows share; ``shared_actions`` are their handlers by the names of the keys' table.

    A window calls :meth:`fresh_pen` before it draws and :meth:`show` afterwards, :meth:`report_film` in every frame,
    and :meth:`close_film` at its end.
    """

    #: Shows a note for a while.
    say: Callable[[str], None]

    def __init__(self, window: Window) -> None:
        self.window = window
        self.theme: Theme = LIGHT
        self.text_size = 0
        self.full_screen = self.help_shown = False
        self.pen = Pen(self.style())
        self.last_seconds = LastSeconds()
        self._film: Task[str] | None = None
        self.shared_actions: dict[str, Callable[[], None]] = {
            "theme": self._change_theme,
            "text_size": self._change_text_size,
            "full_screen": self._change_full_screen,
            "help": self._change_help,
            "screenshot": self._save_picture,
            "film": self._save_film,
        }

    def look_like(self, other: BaseWindow) -> None:
        """Take over what a person chose in another one on the same window."""
        self.theme, self.text_size, self.full_screen = other.theme, other.text_size, other.full_screen

    def draw(self) -> None:
        """Draw the window as it is now."""
        raise NotImplementedError

    def picture_name(self) -> str:
        """What pictures of the window are called."""
        raise NotImplementedError

    def style(self) -> Style:
        """The fonts and sizes for the window as it is now."""
        return style_for(self.theme, self.window.get_surface().get_size(), self.text_size, density(self.window))

    def pixel(self, point: tuple[int, int]) -> tuple[int, int]:
        """A pixel of the surface from a point of the window; they differ on high-density displays."""
        scale = density(self.window)
        return round(point[0] * scale), round(point[1] * scale)

    def fresh_pen(self) -> Pen:
        """The pen for a new frame, made anew where the style has changed."""
        self.last_seconds.before_drawing(self.window.get_surface())
        style = self.style()
        if self.pen.style != style:
            self.pen = Pen(style)
        self.pen.begin()
        return self.pen

    def show(self) -> None:
        """Let what was drawn be seen."""
        self.window.flip()
        self.last_seconds.showing(self.window.get_surface())

    def report_film(self) -> None:
        """Say where the film of the last seconds is, once it is written."""
        if self._film is not None and self._film.done:
            film, self._film = self._film, None
            try:
                self.say(film.result())
            except ArrowgradError as error:
                self.say(str(error))

    def close_film(self) -> None:
        """Forget what was seen; a film that is being written is written to its end."""
        self.last_seconds.close()

    def _save_picture(self) -> None:
        self.draw()
        try:
            self.say(f"saved as {save_picture(self.window.get_surface(), self.picture_name())}")
        except ArrowgradError as error:
            self.say(str(error))

    def _save_film(self) -> None:
        """The last ten seconds as a GIF, written while the window goes on."""
        if self._film is not None:
            self.say("the film before is still being written …")
            return
        make, seconds = self.last_seconds.film(self.window.get_surface())
        name = self.picture_name()

        def write() -> str:
            data = make()
            return f"saved as {save_film(data, name)} ({seconds:.0f} s, {len(data) / 1000:,.0f} kB)"

        self.say(f"writing the last {seconds:.0f} s …")
        self._film = Task(write, lasting=True)

    def _change_theme(self) -> None:
        self.theme = DARK if self.theme is LIGHT else LIGHT

    def _change_text_size(self) -> None:
        self.text_size = (self.text_size + 1) % len(TEXT_SIZES)

    def _change_full_screen(self) -> None:
        self.full_screen = not self.full_screen
        if self.full_screen:
            self.window.set_fullscreen(True)
        else:
            self.window.set_windowed()

    def _change_help(self) -> None:
        self.help_shown = not self.help_shown
