"""What plots are drawn with, pixel by pixel where a pixel has a meaning; and where the values of an axis lie."""

from __future__ import annotations

import math

import numpy as np
import pygame
import pytest

from game.view.draw.plot import draw_bars, draw_dashes, draw_dots, draw_line, flow
from game.view.shared.axis import Axis, round_ticks

WHITE, BLACK, BLUE = (255, 255, 255), (0, 0, 0), (0, 0, 255)


@pytest.fixture
def sheet() -> pygame.Surface:
    surface = pygame.Surface((40, 40))
    surface.fill(WHITE)
    return surface


def inked(surface: pygame.Surface) -> set[tuple[int, int]]:
    """The pixels (x, y) that are not white."""
    return set(zip(*(axis.tolist() for axis in np.nonzero(pygame.surfarray.array2d(surface) != 0xFFFFFF)), strict=True))


def test_a_level_line_of_dashes_has_dashes_and_gaps_of_whole_pixels(sheet: pygame.Surface) -> None:
    draw_dashes(sheet, BLACK, np.array([[2.0, 5.0], [37.0, 5.0]]), width=1, dash=10)
    # 16 from one beginning to the next, pygame's ends included: 2 … 12, 18 … 28, 34 … 37.
    assert inked(sheet) == {(x, 5) for x in (*range(2, 13), *range(18, 29), *range(34, 38))}


def test_slanting_dashes_lie_along_their_line_and_leave_gaps(sheet: pygame.Surface) -> None:
    draw_dashes(sheet, BLACK, np.array([[0.0, 0.0], [39.0, 39.0]]), width=2, dash=10)
    found = inked(sheet)
    assert all(abs(x - y) <= 3 for x, y in found), "no further from the line than half the width and a smooth edge"
    # Of the 16 pixels from one beginning to the next 10 are drawn: at 13 along the line there is none, at 21 there is.
    gap, dash = (round(along / math.sqrt(2)) for along in (13, 21))
    assert (gap, gap) not in found
    assert (dash, dash) in found


def test_an_edge_of_a_bar_within_a_column_of_pixels_is_mixed_with_the_ground(sheet: pygame.Surface) -> None:
    """Bars at 10 and 20 are 8.6 wide: from 5.7 to 14.3, so a column of 0.3, 6 … 13 whole, and another of 0.3."""
    draw_bars(sheet, BLACK, WHITE, np.array([[10.0, 10.0], [20.0, 30.0]]), base=20.0)
    pale = round(255 * 0.7)
    row = [sheet.get_at((x, 15))[0] for x in range(4, 17)]
    assert row == pytest.approx([255, pale, *[0] * 8, pale, 255, 255], abs=1)
    assert [sheet.get_at((10, y))[0] for y in (9, 10, 19, 20)] == [255, 0, 0, 255]
    assert [sheet.get_at((20, y))[0] for y in (19, 20, 29, 30)] == [255, 0, 0, 255]


def test_a_ring_shows_the_colour_of_its_hole(sheet: pygame.Surface) -> None:
    draw_dots(sheet, BLACK, np.array([[20.0, 20.0]]), 12, hole=BLUE)
    assert sheet.get_at((20, 20))[:3] == BLUE
    assert sheet.get_at((16, 20))[:3] == sheet.get_at((20, 16))[:3] == BLACK
    assert sheet.get_at((12, 20))[:3] == WHITE


def test_a_line_that_leaves_the_picture_far_behind_is_drawn_where_it_is_seen(sheet: pygame.Surface) -> None:
    draw_line(sheet, BLACK, np.array([[5.0, 20.0], [1e12, 20.0]]), width=1)
    assert inked(sheet) == {(x, 20) for x in range(5, 40)}
    draw_line(sheet, BLACK, np.empty((0, 2)), width=1)


def test_a_legend_goes_on_in_the_next_line_where_an_entry_has_no_room() -> None:
    assert flow([40, 30, 50, 120, 10], room=100, gap=10) == [(0, 0), (0, 50), (1, 0), (2, 0), (3, 0)]
    assert flow([], room=100, gap=10) == []


def test_ticks_are_round_numbers_within_the_axis() -> None:
    assert round_ticks(-1.0, 1.0, 4) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert round_ticks(3.0, 97.0, 5) == [20.0, 40.0, 60.0, 80.0]
    assert round_ticks(0.21, 0.29, 0.5) == [0.21], "no multiple of 0.1 lies within"


def test_a_logarithmic_axis_places_powers_of_ten_evenly() -> None:
    axis = Axis.over([np.array([1.0, 10_000.0, 0.0, np.nan])], log=True, begin=0.0, end=400.0, most=5, tight=True)
    assert axis.ticks == (1.0, 10.0, 100.0, 1000.0, 10_000.0)
    assert [axis.place(tick) for tick in axis.ticks] == pytest.approx([0, 100, 200, 300, 400])
    assert [axis.word(tick) for tick in axis.ticks] == ["1", "10", "100", "1,000", "10⁴"]
