"""The pages in order; importing them brings torch and numba."""

from __future__ import annotations

from collections.abc import Mapping

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
from game.snapshots.lesson_page import Page

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


class Pages:
    """Makes the pages; it keeps the runs of the last one."""

    def __init__(self) -> None:
        torch.set_num_threads(1)  # tables this small only lose by being shared among threads
        self._runs = page_11_saturation.Runs()

    def page(self, number: int, given: Mapping[str, float]) -> Page:
        """Page ``number``, from 1, for the values of sliders by name."""
        controls = Controls(given)
        if number > len(_PAGES):
            return page_11_saturation.page(controls, self._runs)
        page: Page = _PAGES[number - 1].page(controls)
        return page
