"""The window of ``python main.py lesson``: the derivation page by page, every number live.

Pages are computed in a worker thread, so that the window answers in every frame however long a page takes.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pygame

from game.keys import action_of
from game.view.base_window import BaseWindow
from game.view.display import checked_pygame, close_window, open_window
from game.view.equation import prepare
from game.view.keybar import draw_help
from game.view.lesson_screen import LessonScreen
from game.view.task import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygame.event import Event
    from pygame.window import Window

    from game.lesson import Lesson, Page, Slider

FRAMES_PER_SECOND = 60
#: Seconds within which a second digit belongs to the first: 1 and 0 is page 10.
TYPING = 1.0
#: Seconds that a note such as "picture saved" stays.
NOTE = 4.0


def lesson_window(lesson: Lesson, *, page: int) -> str:
    """Show the lesson in a window, beginning with ``page``, until it is closed; returns a sentence to end with.

    Raises :class:`~game.errors.ViewError` where no window can be opened.
    """
    checked_pygame()
    shown = LessonWindow(lesson, open_window("Arrowgrad: the lesson"), page)
    try:
        shown.run()
    finally:
        shown.close()
    return f"The lesson was left on page {shown.number}, {lesson.titles[shown.number - 1]}."


class LessonWindow(BaseWindow):
    """The window's state; :meth:`run` is the loop, and a test calls :meth:`frame` itself."""

    def __init__(self, lesson: Lesson, window: Window, page: int) -> None:
        super().__init__(window)
        self.lesson, self.number = lesson, page
        self.controls: dict[str, float] = {}
        self.chosen: dict[int, int] = {}
        self.hidden = False
        self.running = True
        self.screen: LessonScreen | None = None
        self.note, self._note_until = "", 0.0
        self._dragged: int | None = None
        self._digit, self._digit_until = "", 0.0
        self._wanted: tuple[int, dict[str, float]] | None = (page, {})
        self._task: Task[Page] | None = None
        self._changed = True
        self._actions: dict[str, Callable[[], None]] = {
            "next": lambda: self.go_to(self.number + 1),
            "back": lambda: self.go_to(self.number - 1),
            "down": lambda: self._choose(1),
            "up": lambda: self._choose(-1),
            "more": lambda: self._change(1),
            "less": lambda: self._change(-1),
            "sample": self._sample,
            "answers": self._change_answers,
            "reset": self._reset,
            **self.shared_actions,
            "quit": self._step_back,
        }

    # -- the loop -----------------------------------------------------------------------------------------

    def run(self) -> None:
        """Until the person ends it."""
        clock = pygame.time.Clock()
        while self.running:
            self.frame()
            clock.tick(FRAMES_PER_SECOND)

    def frame(self) -> None:
        """Handle what happened, take over what was computed, and draw if anything changed."""
        self.report_film()
        for event in pygame.event.get():
            self._changed = self._changed or event.type != pygame.MOUSEMOTION or self._dragged is not None
            self.handle(event)
        self.update()
        if self._changed:
            self._changed = False
            self.draw()
            self.show()

    def close(self) -> None:
        """Close the window, then wait for what is under way."""
        close_window(self.window)
        self.close_film()
        if self._task is not None:
            self._task.wait()

    @property
    def busy(self) -> bool:
        """Whether a page is being computed or waits to be."""
        return self._task is not None or self._wanted is not None

    # -- what a person does -------------------------------------------------------------------------------

    def handle(self, event: Event) -> None:
        """Answer one event."""
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            self.running = False
        elif event.type == pygame.KEYDOWN:
            self._press(action_of("lesson", pygame.key.name(event.key), event.unicode), event)
        elif event.type == pygame.MOUSEBUTTONUP:
            self._dragged = None
        elif self.help_shown or self.screen is None or self.screen.sliders is None:
            return
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._dragged = self.screen.sliders.at(self.pixel(event.pos))
            self._drag(event.pos)
        elif event.type == pygame.MOUSEMOTION:
            self._drag(event.pos)

    def _press(self, action: str | None, event: Event) -> None:
        if action == "jump":
            self._jump(pygame.key.name(event.key).strip("[]"))
        elif action is not None:
            self._actions[action]()

    def go_to(self, number: int) -> None:
        """Show page ``number``, where there is one."""
        if 1 <= number <= len(self.lesson.titles):
            self.number = number
            self._wanted = (number, dict(self.controls))

    def _jump(self, digit: str) -> None:
        """Go to the page of the digits typed; 0 alone is page 10."""
        now = time.monotonic()
        typed = self._digit + digit if now < self._digit_until else digit
        if int(typed) > len(self.lesson.titles):
            typed = digit
        self._digit, self._digit_until = typed, now + TYPING
        self.go_to(10 if typed == "0" else int(typed))

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """The sliders of the page that is shown."""
        return () if self.screen is None else self.screen.page.sliders

    @property
    def slider(self) -> int:
        """Which slider the keys change."""
        return min(self.chosen.get(self.number, 0), max(0, len(self.sliders) - 1))

    def _choose(self, step: int) -> None:
        if self.sliders:
            self.chosen[self.number] = (self.slider + step) % len(self.sliders)

    def _change(self, direction: int) -> None:
        """Move the chosen slider by one step, from where the person last put it."""
        if self.sliders:
            slider = self.sliders[self.slider]
            before = self.controls.get(slider.name, slider.value)
            self._set(slider.name, slider.at(before + direction * slider.step))

    def _drag(self, position: tuple[int, int]) -> None:
        if self._dragged is not None and self.screen is not None and self.screen.sliders is not None:
            self.chosen[self.number] = self._dragged
            value = self.screen.sliders.value_at(self._dragged, self.pixel(position)[0])
            self._set(self.sliders[self._dragged].name, value)

    def _set(self, name: str, value: float) -> None:
        if self.controls.get(name) != value:
            self.controls[name] = value
            self._wanted = (self.number, dict(self.controls))

    def _sample(self) -> None:
        """Other dice, on a page that samples."""
        for slider in self.sliders:
            if slider.name == "draw":
                before = self.controls.get("draw", slider.value)
                self._set("draw", slider.low if before >= slider.high else slider.at(before + slider.step))

    def _reset(self) -> None:
        """The first values of all sliders."""
        self.controls.clear()
        self._wanted = (self.number, {})

    def _change_answers(self) -> None:
        self.hidden = not self.hidden
        if self.screen is not None:
            self.screen.hidden = self.hidden

    def _step_back(self) -> None:
        if self.help_shown:
            self.help_shown = False
        else:
            self.running = False

    def say(self, text: str) -> None:
        """Show a note for a while."""
        self.note, self._note_until, self._changed = text, time.monotonic() + NOTE, True

    def picture_name(self) -> str:
        """The page's number."""
        return f"lesson-{self.number}"

    # -- pages --------------------------------------------------------------------------------------------

    def update(self) -> None:
        """Take over the page that was computed, and begin the one that is wanted."""
        if self.note and time.monotonic() > self._note_until:
            self.note, self._changed = "", True
        if self._task is not None and self._task.done:
            task, self._task = self._task, None
            self._take(task.result())
        if self._task is None and self._wanted is not None:
            (number, controls), self._wanted = self._wanted, None
            first = self.screen is None

            def compute() -> Page:
                if first:
                    prepare()
                return self.lesson.page(number, controls)

            self._task = Task(compute)

    def _take(self, page: Page) -> None:
        """Show ``page`` unless the person has gone on; ask again where there is more to come."""
        self._changed = True
        if page.number == self.number:
            self.screen = LessonScreen(page, len(self.lesson.titles), self.hidden)
            if page.unfinished and self._wanted is None:
                self._wanted = (self.number, dict(self.controls))

    # -- drawing ------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the page, or the keys over it."""
        surface = self.window.get_surface()
        self.fresh_pen()
        if self.screen is None:
            surface.fill(self.theme.paper)
            middle = surface.get_rect().center
            self.pen.text(surface, "The lesson is being made ready …", middle, "center", "title")
        else:
            self.screen.draw(surface, self.pen, self.slider, self._status())
        if self.help_shown:
            self.pen.written.clear()
            draw_help(surface, self.pen, "lesson", "The keys of the lesson", self._facts())

    def _status(self) -> str:
        if self.note:
            return self.note
        if self.screen is not None and self.screen.page.number != self.number:
            return f"page {self.number} …"
        return "answers hidden" if self.hidden else ""

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("blue:", "the policy π, and what is sampled from it"),
            ("purple:", "the environment's P0 and Pt"),
            ("amber:", "rewards"),
            ("green:", "what is known exactly"),
        ]
