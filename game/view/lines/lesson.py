"""The lesson where there is no display: pages as text, walked line by line on a terminal, printed over a pipe."""

from __future__ import annotations

import shutil
from typing import TextIO

from game.keys import action_of
from game.snapshots.lesson_page import Lesson, Page
from game.view.lesson.text import holds, page_text, spelt

#: Lines are no longer than this, however wide the terminal is.
WIDEST = 100
HELP = (
    "Enter = next page, b = page before, a number = that page, NAME VALUE = change a value,\n"
    "a = hide or show the answers, s = other dice, r = all values as at first, h = help, q = end"
)


def lesson_terminal(lesson: Lesson, *, page: int | None, stdin: TextIO, stdout: TextIO) -> str:
    """Walk through the pages on a terminal; over a pipe print ``page``, or all pages.  Returns ""."""
    walk = _Walk(lesson, page or 1, stdout)
    if not stdin.isatty():
        for number in [page] if page is not None else range(1, len(lesson.titles) + 1):
            walk.number = number
            walk.show()
        return ""
    walk.show()
    walk.say(HELP)
    for line in stdin:
        word, _, rest = line.strip().partition(" ")
        if word in ("q", "quit"):
            break
        walk.answer(word, rest.strip())
    return ""


class _Walk:
    """Where the person is, and the values that were changed."""

    def __init__(self, lesson: Lesson, number: int, stdout: TextIO) -> None:
        self.lesson, self.number, self.stdout = lesson, number, stdout
        self.controls: dict[str, float] = {}
        self.hidden = False
        self.unicode = holds(getattr(stdout, "encoding", None) or "utf-8")
        self._page: Page

    def say(self, text: str) -> None:
        """Print, with letters spelt out where the encoding lacks them."""
        self.stdout.write((text if self.unicode else spelt(text)) + "\n")
        self.stdout.flush()

    def show(self) -> None:
        """Print the page, once all of it is there."""
        page = self.lesson.page(self.number, self.controls)
        while page.unfinished:
            page = self.lesson.page(self.number, self.controls)
        self._page = page
        width = min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns - 2)
        self.say(page_text(page, len(self.lesson.titles), width, self.hidden, self.unicode))

    def answer(self, word: str, rest: str) -> None:
        """Do what a line says."""
        if rest or any(slider.name == word for slider in self._page.sliders):
            self._change(word, rest)
        elif word in ("", "n", "next"):
            self._go(self.number + 1)
        elif word in ("b", "back"):
            self._go(self.number - 1)
        elif word.isdecimal():
            self._go(int(word))
        elif (action := action_of("lesson", word)) == "answers":
            self.hidden = not self.hidden
            self.show()
        elif action == "reset":
            self.controls.clear()
            self.show()
        elif action == "sample":
            self._sample()
        elif action == "help":
            self.say(HELP)
        else:
            self.say(f"'{word}' is nothing to do here; h shows what is")

    def _go(self, number: int) -> None:
        if 1 <= number <= len(self.lesson.titles):
            self.number = number
            self.show()
        else:
            self.say(f"the lesson has pages 1 to {len(self.lesson.titles)}; q ends it")

    def _change(self, name: str, value: str) -> None:
        slider = next((slider for slider in self._page.sliders if slider.name == name), None)
        if slider is None:
            self.say(f"'{name}' is nothing to change here; the names stand at the end of the page")
            return
        try:
            self.controls[name] = slider.at(float(value.replace("−", "-")))
        except ValueError:
            self.say(f"'{value}' is not a number; expected for example {name} {slider.low:g}")
            return
        self.show()

    def _sample(self) -> None:
        for slider in self._page.sliders:
            if slider.name == "draw":
                self.controls["draw"] = slider.low if slider.value >= slider.high else slider.value + slider.step
                self.show()
                return
        self.say("nothing is sampled on this page")
