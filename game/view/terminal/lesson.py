"""The lesson in the terminal: a page's cards in one column or two, its sliders, and the keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual import events

from game.keys import Screen as Table
from game.snapshots.lesson_page import Lesson, Page
from game.view.lesson.model import PREPARING, LessonModel
from game.view.shared.made_of import MadeOf
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.keybar import draw_bar
from game.view.terminal.lesson_parts import INKS, draw_cards
from game.view.terminal.match_cards import draw_track
from game.view.terminal.model_view import ModelView

#: From so many columns on the cards stand in two columns.
WIDE = 120
HEAD, FOOT = 2, 4


class LessonView(ModelView[LessonModel]):
    """Shows the lesson; a page that is longer than the screen is gone through before the next one."""

    table: ClassVar[Table] = "lesson"
    title_of_help = "The keys of the lesson"

    def __init__(self, lesson: Lesson, page: int) -> None:
        super().__init__(LessonModel(lesson, page))
        self.first = 0
        self._to_end = False
        self._cards_of = MadeOf()
        self._cards: Grid | None = None
        self._room = 1

    # -- time and keys ------------------------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        """Take over the page that was computed."""
        before = self.model.page
        super().advance(seconds)
        if before is None or self.model.page is None or before.number != self.model.page.number:
            self.first = 10**6 if self._to_end else 0
            self._to_end = False

    def act(self, action: str, name: str) -> None:
        """Do what a key says; through a long page first."""
        if action == "next" and self.first < self._most():
            self._scroll(self._room - 1)
        elif action == "back" and self.first > 0:
            self._scroll(1 - self._room)
        else:
            self._to_end = action == "back" and self.model.number > 1
            super().act(action, name)

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Further down on the page."""
        self._scroll(3)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Further up."""
        self._scroll(-3)

    def _scroll(self, lines: int) -> None:
        self.first, self.changed = min(max(self.first + lines, 0), self._most()), True

    def _most(self) -> int:
        """The first line in sight at the page's end."""
        return max(0, (self._cards.height if self._cards is not None else 0) - self._room)

    # -- what is shown ------------------------------------------------------------------------------------

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """The page, or that it is being made."""
        model, look = self.model, self.look
        self._room = max(1, height - HEAD - FOOT)
        body = Grid(width, self._room, look)
        page = model.page
        if page is None:
            body.put(max(0, (width - len(PREPARING)) // 2), self._room // 2, PREPARING, look.style(bold=True))
        else:
            cards = self._page(page, width)
            self.first = min(self.first, self._most())
            for y, row in enumerate(cards.rows[self.first : self.first + self._room]):
                body.rows[y][: len(row)] = row
        yield "head", 0, 0, self._draw_head(page, width)
        yield "body", 0, HEAD, body
        yield "foot", 0, height - FOOT, self._draw_foot(page, width)

    def _page(self, page: Page, width: int) -> Grid:
        """All of the page, made anew when it has changed."""
        if self._cards_of.changed(page, width, self.look, self.model.hidden) or self._cards is None:
            if width >= WIDE and page.right:
                left = round((width - 3) * page.share)
                columns = [
                    (0, draw_cards(page.left, left, self.look, self.model.hidden)),
                    (left + 3, draw_cards(page.right, width - left - 3, self.look, self.model.hidden)),
                ]
            else:
                columns = [
                    (1, draw_cards((*page.left, *page.right), min(width - 2, 100), self.look, self.model.hidden))
                ]
            self._cards = Grid(width, max(grid.height for _, grid in columns), self.look)
            for x, grid in columns:
                self._cards.lay(x, 0, grid)
        return self._cards

    def _draw_head(self, page: Page | None, width: int) -> Grid:
        grid, look = Grid(width, HEAD, self.look), self.look
        count = len(self.model.lesson.titles)
        if page is None:
            return grid
        aside = f"page {page.number} of {count}"
        if page.equations:
            aside = f"{page.equations}   ·   {aside}"
        left = grid.right(width, 0, aside, look.style("quiet"))
        grid.put(0, 0, page.title, look.style(bold=True), left - 2)
        most = self._most()
        if most:
            words = ["above: ←"] * (self.first > 0) + ["more below: →"] * (self.first < most)
            grid.right(width, 1, "   ".join(words), look.style("policy"))
        grid.put(0, 1, self.model.message(), look.style("person", bold=True))
        return grid

    def _draw_foot(self, page: Page | None, width: int) -> Grid:
        """The slider that keys change, all sliders, and the keys."""
        grid, look, model = Grid(width, FOOT, self.look), self.look, self.model
        draw_bar(grid, FOOT - 1, self.table, width)
        if page is None or not page.sliders:
            return grid
        slider = page.sliders[model.slider]
        x = grid.put(0, 0, f"{slider.label} = {slider.text}", look.style(INKS[slider.meaning], bold=True)) + 2
        share = (slider.value - slider.low) / ((slider.high - slider.low) or 1.0)
        draw_track(grid, x, 0, max(10, min(60, width - x - 1)), share)
        x, y = 0, 1
        for k, other in enumerate(page.sliders):
            words = f"{other.label} {other.text}"
            if x and x + cell_len(grid.written(words)) > width:
                x, y = 0, y + 1
            if y >= FOOT - 1:
                break
            here = k == model.slider
            style = look.style(INKS[other.meaning], "policy_pale", True) if here else look.style("quiet")
            x = grid.put(x, y, words, style) + 2
        return grid
