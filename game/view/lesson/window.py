"""The window of ``python main.py lesson``: the derivation page by page, every number live.

Pages are computed in a worker thread, so that the window answers in every frame however long a page takes.
"""

from __future__ import annotations

import pygame
from pygame.window import Window

from game.snapshots.lesson_page import Lesson
from game.view.draw.equation import prepare
from game.view.draw.pen import Pen
from game.view.lesson.model import PREPARING, LessonModel
from game.view.lesson.screen import LessonScreen
from game.view.window.window import BaseWindow


class LessonWindow(BaseWindow[LessonModel]):
    """The window of the lesson."""

    table = "lesson"
    title_of_help = "The keys of the lesson"
    follows_mouse = False

    def __init__(self, lesson: Lesson, window: Window, page: int) -> None:
        super().__init__(window, LessonModel(lesson, page, prepare), "the lesson")
        self.screen: LessonScreen | None = None
        self._dragged: int | None = None

    def finish(self) -> None:
        """Hide the window, then wait for what is under way."""
        self.window.hide()
        super().finish()

    def point(self, event: pygame.Event, at: tuple[int, int]) -> None:
        """Drag a slider."""
        sliders = self.screen.sliders if self.screen is not None else None
        if event.type == pygame.MOUSEBUTTONUP or sliders is None:
            self._dragged = None
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._dragged = sliders.at(at)
        if self._dragged is not None and sliders is not None and hasattr(event, "pos"):
            self.model.drag(self._dragged, sliders.value_at(self._dragged, at[0]))

    def draw_screen(self, surface: pygame.Surface, pen: Pen) -> None:
        """Draw the page."""
        model = self.model
        if model.page is not None and (self.screen is None or self.screen.page is not model.page):
            self.screen = LessonScreen(model.page, len(model.lesson.titles), model.hidden)
        if self.screen is None:
            surface.fill(self.theme.paper)
            pen.text(surface, PREPARING, surface.get_rect().center, "center", "title")
        else:
            self.screen.hidden = model.hidden
            self.screen.draw(surface, pen, model.slider, model.message())
