"""The window of ``python main.py lesson``: the derivation page by page, every number live.

Pages are computed in a worker thread, so that the window answers in every frame however long a page takes.
"""

from __future__ import annotations

import pygame
from pygame.event import Event
from pygame.window import Window

from game.keys import action_of
from game.snapshots.lesson_page import Lesson
from game.view.draw.equation import prepare
from game.view.draw.keybar import draw_help
from game.view.lesson.model import LessonWalk
from game.view.lesson.screen import LessonScreen
from game.view.window.typed import typed
from game.view.window.window import BaseWindow

FRAMES_PER_SECOND = 60


class LessonWindow(BaseWindow, LessonWalk):
    """The window's state; :meth:`run` is the loop, and a test calls :meth:`frame` itself.

    ``ended``: it was closed by its cross, and nothing is to follow.
    """

    def __init__(self, lesson: Lesson, window: Window, page: int) -> None:
        BaseWindow.__init__(self, window)
        LessonWalk.__init__(self, lesson, page, prepare)
        self.running, self.ended = True, False
        self.screen: LessonScreen | None = None
        self._dragged: int | None = None
        self.actions |= {
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
            self.changed = self.changed or event.type != pygame.MOUSEMOTION or self._dragged is not None
            self.handle(event)
        self.update()
        if self.changed:
            self.changed = False
            self.draw()
            self.show()

    def finish(self) -> None:
        """Hide the window, then wait for what is under way."""
        self.window.hide()
        self.close_film()
        self.wait()

    # -- what a person does -------------------------------------------------------------------------------

    def handle(self, event: Event) -> None:
        """Answer one event."""
        if event.type in (pygame.QUIT, pygame.WINDOWCLOSE):
            self.running, self.ended = False, True
        elif event.type == pygame.KEYDOWN:
            self._press(*typed(event))
        elif event.type == pygame.MOUSEBUTTONUP:
            self._dragged = None
        elif self.help_shown or self.screen is None or self.screen.sliders is None:
            return
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._dragged = self.screen.sliders.at(self.pixel(event.pos))
            self._drag(event.pos)
        elif event.type == pygame.MOUSEMOTION:
            self._drag(event.pos)

    def _press(self, name: str, character: str) -> None:
        action = action_of("lesson", name, character)
        if action == "jump":
            self.jump(character)
        elif action is not None:
            self.actions[action]()

    def _drag(self, position: tuple[int, int]) -> None:
        if self._dragged is not None and self.screen is not None and self.screen.sliders is not None:
            self.chosen[self.number] = self._dragged
            value = self.screen.sliders.value_at(self._dragged, self.pixel(position)[0])
            self.set(self.sliders[self._dragged].name, value)

    def _step_back(self) -> None:
        if self.help_shown:
            self.help_shown = False
        else:
            self.running = False

    def picture_name(self) -> str:
        """The page's number."""
        return f"lesson-{self.number}"

    # -- drawing ------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the page, or the keys over it."""
        surface = self.window.get_surface()
        self.fresh_pen()
        if self.page is not None and (self.screen is None or self.screen.page is not self.page):
            self.screen = LessonScreen(self.page, len(self.lesson.titles), self.hidden)
        if self.screen is None:
            surface.fill(self.theme.paper)
            middle = surface.get_rect().center
            self.pen.text(surface, "The lesson is being made ready …", middle, "center", "title")
        else:
            self.screen.hidden = self.hidden
            self.screen.draw(surface, self.pen, self.slider, self.status())
        if self.help_shown:
            self.pen.written.clear()
            draw_help(surface, self.pen, "lesson", "The keys of the lesson", self._facts())

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("blue:", "the policy π, and what is sampled from it"),
            ("purple:", "the environment's P0 and Pt"),
            ("amber:", "rewards"),
            ("green:", "what is known exactly"),
        ]
