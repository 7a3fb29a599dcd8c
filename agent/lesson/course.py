"""The course: eleven pages, each made from the sliders' values when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from agent.lesson import (
    page_01_two_gradients,
    page_02_objective,
    page_03_impossible,
    page_04_log_derivative,
    page_05_product,
    page_06_three_terms,
    page_07_exact_sum,
    page_08_sampling,
    page_09_baseline,
    page_10_landscape,
    page_11_saturation,
)
from agent.lesson.example import Controls
from game.lesson import check_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from game.lesson import Page

_PAGES = (
    page_01_two_gradients,
    page_02_objective,
    page_03_impossible,
    page_04_log_derivative,
    page_05_product,
    page_06_three_terms,
    page_07_exact_sum,
    page_08_sampling,
    page_09_baseline,
    page_10_landscape,
)


class Course:
    """The lesson that ``main.py`` hands to a view; it keeps the runs of the last page."""

    titles: Sequence[str] = (*(page.TITLE for page in _PAGES), page_11_saturation.TITLE)

    def __init__(self) -> None:
        torch.set_num_threads(1)  # tables this small only lose by being shared among threads
        self._runs = page_11_saturation.Runs()

    def page(self, number: int, controls: Mapping[str, float]) -> Page:
        """Page ``number``, from 1, for the values of sliders by name; those left out keep their first value.

        Raises :class:`~game.errors.LessonError` where there is no such page.
        """
        check_page(number)
        if number <= len(_PAGES):
            page: Page = _PAGES[number - 1].page(Controls(controls))
            return page
        return page_11_saturation.page(Controls(controls), self._runs)
