"""What every window of the program has: a loop, keys, a theme, a size of text, full screen, help, and pictures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

import pygame
from pygame.window import Window

from game.errors import ArrowgradError
from game.keys import Screen as Table
from game.keys import action_of
from game.view.draw.keybar import draw_help
from game.view.draw.pen import Pen
from game.view.film.last_seconds import LastSeconds
from game.view.film.pictures import save_film, save_picture
from game.view.shared.model import Model
from game.view.shared.task import Task
from game.view.shared.theme import DARK, LIGHT, TEXT_SIZES, Style, Theme, style_for
from game.view.window.display import density
from game.view.window.typed import typed

FRAMES_PER_SECOND = 60
#: Seconds for which a worker holds Python's lock when the window wants it: short, so that keys answer at once.
SWITCH_INTERVAL = 0.001

M_co = TypeVar("M_co", bound=Model, covariant=True)


class BaseWindow(Generic[M_co]):
    """A model in a window; a subclass says how it is drawn, and what the mouse does.

    :meth:`run` is the loop, and a test calls :meth:`frame` itself.  ``table`` is the table of its keys,
    ``title_of_help`` stands above them; ``repeat`` says after how many milliseconds a key held down repeats, and then
    every how many, () for never; ``follows_mouse``: what is drawn depends on where the mouse is.  ``help_shown``: the
    keys lie over all, and take keys and clicks; ``ended``: the window was closed by its cross, and nothing is to
    follow.  ``shared_actions`` are the controls of the window itself, which act whatever is shown.
    """

    table: ClassVar[Table]
    title_of_help: ClassVar[str] = "Keys"
    repeat: ClassVar[tuple[int, int] | tuple[()]] = ()
    follows_mouse: ClassVar[bool] = True

    def __init__(self, window: Window, model: M_co, title: str) -> None:
        self.window, self.model, self.title = window, model, f"Arrowgrad: {title}"
        self.theme: Theme = LIGHT
        self.text_size = 0
        self.full_screen = self.help_shown = self.ended = False
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

    # -- for a subclass -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin to work: the first frame is on the screen."""

    def act(self, action: str, key: str) -> None:
        """Do what a control of the table says; ``key`` is what its key types, or the key's name."""
        self.model.act(action, key)

    def typed(self, character: str) -> None:
        """Answer a key that has no meaning here."""

    def point(self, event: pygame.Event, at: tuple[int, int]) -> None:
        """Answer the mouse, at a pixel."""

    def update(self, seconds: float) -> None:
        """Let time pass."""
        self.model.update(seconds)

    def draw_screen(self, surface: pygame.Surface, pen: Pen) -> None:
        """Draw all that is not the help."""
        raise NotImplementedError

    # -- the loop -----------------------------------------------------------------------------------------

    def run(self) -> None:
        """Show the model until it is closed."""
        self.window.title = self.title
        pygame.key.set_repeat(*self.repeat)
        clock = pygame.time.Clock()
        interval = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)
        try:
            self.draw()
            self.show()
            self.begin()
            while not self.model.closed:
                self.frame(clock.tick(FRAMES_PER_SECOND) / 1000)
        finally:
            sys.setswitchinterval(interval)

    def frame(self, seconds: float) -> None:
        """Handle what happened, move on by ``seconds``, and draw unless the screen shows just this already."""
        self.report_film()
        # One by one: what comes after the event that closes the model is for the next screen.
        while not self.model.closed and (event := pygame.event.poll()).type != pygame.NOEVENT:
            self.handle(event)
        self.update(seconds)
        if self.model.changed:
            self.model.changed = False
            self.draw()
            self.show()

    def finish(self) -> None:
        """Forget what was seen, and wait for what still works; a film that is being written is written to its end."""
        self.last_seconds.close()
        self.model.finish()

    def look_like(self, other: BaseWindow[Model]) -> None:
        """Take over what a person chose in another one on the same window."""
        self.theme, self.text_size, self.full_screen = other.theme, other.text_size, other.full_screen

    # -- what a person does -------------------------------------------------------------------------------

    def handle(self, event: pygame.Event) -> None:
        """Answer one event."""
        self.model.changed |= self.follows_mouse or event.type != pygame.MOUSEMOTION
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            self.ended = True
            self.model.close()
        elif event.type == pygame.KEYDOWN:
            self._press(*typed(event))
        elif self.help_shown and event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEWHEEL):
            self.help_shown = event.type == pygame.MOUSEWHEEL
        else:
            self.point(event, self._pixel(event.pos) if hasattr(event, "pos") else (0, 0))

    def _press(self, name: str, character: str) -> None:
        """A key goes to what lies uppermost at this moment: the help, or what the model says."""
        action = action_of(self.table, name, character)
        if action is not None and action in self.shared_actions:
            self.shared_actions[action]()
        elif self.help_shown:
            self.help_shown = action != "quit"
        elif action is not None:
            self.act(action, character.lower() or name)
        elif character:
            self.typed(character)

    # -- drawing ------------------------------------------------------------------------------------------

    def style(self) -> Style:
        """The fonts and sizes for the window as it is now."""
        return style_for(self.theme, self.window.get_surface().get_size(), self.text_size, density(self.window))

    def _pixel(self, point: tuple[int, int]) -> tuple[int, int]:
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
                self.model.say(film.result())
            except ArrowgradError as error:
                self.model.say(str(error))

    def draw(self) -> None:
        """Draw the window as it is now."""
        surface, pen = self.window.get_surface(), self.fresh_pen()
        self.draw_screen(surface, pen)
        if self.help_shown:
            draw_help(surface, pen, self.table, self.title_of_help, self.model.facts(), self.model.layout)

    def _save_picture(self) -> None:
        self.draw()
        try:
            self.model.say(f"saved as {save_picture(self.window.get_surface(), self.model.picture_name())}")
        except ArrowgradError as error:
            self.model.say(str(error))

    def _save_film(self) -> None:
        """The last ten seconds as a GIF, written while the window goes on."""
        if self._film is not None:
            self.model.say("the film before is still being written …")
            return
        make, seconds = self.last_seconds.film(self.window.get_surface())
        name = self.model.picture_name()

        def write() -> str:
            data = make()
            return f"saved as {save_film(data, name)} ({seconds:.0f} s, {len(data) / 1000:,.0f} kB)"

        self.model.say(f"writing the last {seconds:.0f} s …")
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
