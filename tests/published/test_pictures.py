"""Tables and pictures of published experiments."""

from __future__ import annotations

import numpy as np

from tests.published.figures import CorridorCurve, CorridorFigure, LineFigure, corridor_rows, line_rows, time_row
from tests.published.pictures import corridor_picture, line_picture


def test_tables_and_pictures_hold_what_was_measured() -> None:
    totals = np.tile([-30.0, -20.0, -12.0], (4, 100))
    figure = CorridorFigure("A figure", "A caption", -11.66, (CorridorCurve("α = 2⁻¹²", totals, totals),))
    assert corridor_rows(figure)[2].startswith("| α = 2⁻¹² | −20.")
    right = np.linspace(0.5, 0.9, 1001) + np.array([[0.0], [0.01], [0.02]])
    line = LineFigure("A line", "A caption", right, np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.6, 0.7]))
    assert line_rows(line)[2] == "| 100 | 0.550 | 0.540 | 0.560 |"
    assert "2.00 s (1.00 to 3.00)" in time_row(line)
    for picture in (corridor_picture(figure), line_picture(line)):
        assert picture.startswith(b"\x89PNG")
