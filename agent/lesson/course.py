"""The course: eleven pages, each made from the sliders' values when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from agent.lesson.contents import TITLES
from game.snapshots.lesson_page import Page, check_page

if TYPE_CHECKING:
    from agent.lesson.pages import Pages


class Course:
    """The lesson that ``main.py`` hands to a view.  The first page brings torch, so a window can open before."""

    titles = tuple(TITLES.values())

    @cached_property
    def _pages(self) -> Pages:
        from agent.lesson.pages import Pages

        return Pages()

    def page(self, number: int, controls: Mapping[str, float]) -> Page:
        """Page ``number``, from 1, for the values of sliders by name; those left out keep their first value.

        Raises :class:`~game.errors.LessonError` where there is no such page.
        """
        check_page(number)
        return self._pages.page(number, controls)
