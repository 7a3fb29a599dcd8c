"""Walking through the lesson, without a picture: pages, sliders and answers, alike in window and terminal.

Pages are computed in a worker thread, so that a view answers however long a page takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from game.snapshots.lesson_page import Lesson, Page, Slider
from game.view.shared.model import Note
from game.view.shared.task import Task

#: Seconds within which a second digit belongs to the first: 1 and 0 is page 10.
TYPING = 1.0
#: What is said before the first page is there.
PREPARING = "The lesson is being made ready …"
#: What the colours of the pages mean.
MEANINGS = (
    ("blue:", "the policy π, and what is sampled from it"),
    ("purple:", "the environment's P0 and Pt"),
    ("amber:", "rewards"),
    ("green:", "what is known exactly"),
)


class LessonModel:
    """Where a person is in the lesson.

    ``page`` is the one that is shown, None before the first, ``number`` the one that is wanted; ``hidden``: whether
    the answers are covered; ``changed``: what is on the screen is no longer true.  ``prepare`` is called once in the
    worker, before the first page.
    """

    def __init__(self, lesson: Lesson, page: int, prepare: Callable[[], object] = lambda: None) -> None:
        self.lesson, self.number, self._prepare = lesson, page, prepare
        self.page: Page | None = None
        self.controls: dict[str, float] = {}
        self.chosen: dict[int, int] = {}
        self.hidden = False
        self._note = Note()
        self._digit, self._digit_left = "", 0.0
        self._wanted: tuple[int, dict[str, float]] | None = (page, {})
        self._task: Task[Page] | None = None
        self.changed, self.closed = True, False
        self._controls: dict[str, Callable[[], None]] = {
            "next": lambda: self.go_to(self.number + 1),
            "back": lambda: self.go_to(self.number - 1),
            "down": lambda: self.choose(1),
            "up": lambda: self.choose(-1),
            "more": lambda: self.change(1),
            "less": lambda: self.change(-1),
            "sample": self.sample,
            "answers": self.change_answers,
            "reset": self.reset,
            "quit": self.close,
        }

    @property
    def busy(self) -> bool:
        """Whether a page is being computed or waits to be."""
        return self._task is not None or self._wanted is not None

    def close(self) -> None:
        """Leave the lesson."""
        self.closed = True

    def finish(self) -> None:
        """Wait for the page under way."""
        if self._task is not None:
            self._task.wait()

    # -- what a person does -------------------------------------------------------------------------------

    def act(self, action: str, key: str = "") -> None:
        """Do what a control says; ``key`` is the digit of a jump."""
        self.changed = True
        if action == "jump":
            self.jump(key)
        else:
            self._controls[action]()

    def go_to(self, number: int) -> None:
        """Show page ``number``, where there is one."""
        if 1 <= number <= len(self.lesson.titles):
            self.number = number
            self._wanted = (number, dict(self.controls))

    def jump(self, digit: str) -> None:
        """Go to the page of the digits typed; 0 alone is page 10."""
        typed = self._digit + digit if self._digit_left > 0.0 else digit
        if int(typed) > len(self.lesson.titles):
            typed = digit
        self._digit, self._digit_left = typed, TYPING
        self.go_to(10 if typed == "0" else int(typed))

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """The sliders of the page that is shown."""
        return () if self.page is None else self.page.sliders

    @property
    def slider(self) -> int:
        """Which slider the keys change."""
        return min(self.chosen.get(self.number, 0), max(0, len(self.sliders) - 1))

    def choose(self, step: int) -> None:
        """Choose the next slider, or the one before."""
        if self.sliders:
            self.chosen[self.number] = (self.slider + step) % len(self.sliders)

    def change(self, direction: int) -> None:
        """Move the chosen slider by one step, from where the person last put it."""
        if self.sliders:
            slider = self.sliders[self.slider]
            before = self.controls.get(slider.name, slider.value)
            self.set(slider.name, slider.at(before + direction * slider.step))

    def set(self, name: str, value: float) -> None:
        """Move a slider."""
        if self.controls.get(name) != value:
            self.controls[name] = value
            self._wanted = (self.number, dict(self.controls))

    def drag(self, slider: int, value: float) -> None:
        """Choose a slider and move it, as the mouse does."""
        self.chosen[self.number], self.changed = slider, True
        self.set(self.sliders[slider].name, value)

    def sample(self) -> None:
        """Other dice, on a page that samples."""
        for slider in self.sliders:
            if slider.name == "draw":
                before = self.controls.get("draw", slider.value)
                self.set("draw", slider.low if before >= slider.high else slider.at(before + slider.step))

    def reset(self) -> None:
        """The first values of all sliders."""
        self.controls.clear()
        self._wanted = (self.number, {})

    def change_answers(self) -> None:
        """Hide the answers, or show them."""
        self.hidden = not self.hidden

    # -- pages --------------------------------------------------------------------------------------------

    def update(self, seconds: float) -> None:
        """Let time pass: take over the page that was computed, and begin the one that is wanted."""
        self._digit_left -= seconds
        self.changed |= self._note.update(seconds)
        if self._task is not None and self._task.done:
            task, self._task = self._task, None
            self._take(task.result())
        if self._task is None and self._wanted is not None:
            (number, controls), self._wanted = self._wanted, None
            first = self.page is None

            def compute() -> Page:
                if first:
                    self._prepare()
                return self.lesson.page(number, controls)

            self._task = Task(compute)

    def _take(self, page: Page) -> None:
        """Show ``page`` unless the person has gone on; ask again where there is more to come."""
        self.changed = True
        if page.number == self.number:
            self.page = page
            if page.unfinished and self._wanted is None:
                self._wanted = (self.number, dict(self.controls))

    def say(self, text: str) -> None:
        """Show a note for a while."""
        self._note.say(text)
        self.changed = True

    def message(self) -> str:
        """Return the note, or what is going on."""
        if self._note.text:
            return self._note.text
        if self.page is not None and self.page.number != self.number:
            return f"page {self.number} …"
        return "answers hidden" if self.hidden else ""

    def facts(self) -> Sequence[tuple[str, str]]:
        """Return what the colours mean."""
        return MEANINGS

    @property
    def layout(self) -> None:
        """No board: a page says itself what its worlds are."""

    def picture_name(self) -> str:
        """Return the page's number."""
        return f"lesson-{self.number}"
