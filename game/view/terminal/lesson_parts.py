"""The parts of a lesson's page in characters: numbers and plots; all else is as over a pipe, with colours."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from game.snapshots.lesson_page import Card, Curve, Equation, Meaning, Numbers, Part, Plot, Words, in_digits
from game.view.lesson.text import HIDDEN, part_text
from game.view.terminal.kit import cells, dots
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.look import Ink, Look

#: Rows of a plot, with its axes.
PLOT_HEIGHT = 9
INKS: dict[Meaning, Ink] = {
    "ink": "ink",
    "quiet": "quiet",
    "policy": "policy",
    "environment": "wind",
    "reward": "person",
    "truth": "truth",
}
#: What a curve is drawn with in ASCII; its sample in the legend, where there is braille.
_SIGNS = {"line": "*", "dashes": "-", "dots": "o", "bars": "|", "path": "o", "rings": "o"}
_SAMPLES = {"line": "⠒⠒", "dashes": "⠒⠒", "dots": "● ", "bars": "⡇⡇", "path": "⠒⠒", "rings": "○ "}


def draw_cards(cards: Sequence[Card], width: int, look: Look, hidden: bool) -> Grid:
    """Cards one below the other, as high as they need."""
    grids: list[Grid] = []
    for card in cards:
        head = Grid(width, 1, look)
        end = head.put(0, 0, card.title, look.style(bold=True), width)
        if card.aside and end + 2 + cell_len(head.written(card.aside)) <= width:
            head.right(width, 0, card.aside, look.style("quiet"))
        grids += [head, *(_part(part, width, look, hidden) for part in card.parts), Grid(width, 1, look)]
    whole = Grid(width, sum(grid.height for grid in grids), look)
    y = 0
    for grid in grids:
        whole.lay(0, y, grid)
        y += grid.height
    return whole


def _part(part: Part, width: int, look: Look, hidden: bool) -> Grid:
    if isinstance(part, Plot):
        return _plot(part, width, look, hidden)
    if isinstance(part, Numbers):
        return _numbers(part, width, look, hidden)
    if isinstance(part, Words):
        lines = textwrap.wrap(part.text, width)
        ink = INKS[part.meaning]
    else:
        lines = [line.rstrip() for line in part_text(part, width, hidden, look.unicode)]
        ink = "policy" if isinstance(part, Equation) else "ink"
    while lines and not lines[-1]:
        lines.pop()
    wide = [piece for line in lines for piece in _wrapped(line, width)]
    grid = Grid(width, len(wide), look)
    for y, line in enumerate(wide):
        remark = isinstance(part, Equation) and y > 0
        grid.put(0, y, line, look.style("quiet" if remark else ink, bold=ink == "policy" and not remark), width)
    return grid


def _wrapped(line: str, width: int) -> list[str]:
    if cell_len(line) <= width:
        return [line]
    return textwrap.wrap(line, width, subsequent_indent="      ", drop_whitespace=True) or [""]


def _numbers(part: Numbers, width: int, look: Look, hidden: bool) -> Grid:
    """A line a number, or two side by side where both fit."""
    label = max(cell_len(item.label) for item in part.items)
    room = label + 18
    columns = 2 if width >= 2 * room + 2 and len(part.items) > 1 else 1
    rows = -(-len(part.items) // columns)
    grid = Grid(width, rows, look)
    for k, item in enumerate(part.items):
        x = 2 + (k // rows) * (room + 2)
        grid.put(x, k % rows, item.label, look.style("quiet"), width - x)
        text = HIDDEN if hidden and item.answer else item.text
        grid.right(x + room - 2, k % rows, text, look.style(INKS[item.meaning], bold=True))
    return grid


def _plot(part: Plot, width: int, look: Look, hidden: bool) -> Grid:
    """The curves over their axes, and below them what each is."""
    shown = [curve for curve in part.curves if not (hidden and curve.answer) and len(curve.x)]
    named = [curve for curve in part.curves if curve.label]
    legend = Grid(width, len(named), look)
    for y, curve in enumerate(named):
        sample = (_SAMPLES if look.braille else _SIGNS)[curve.kind] if curve in shown else HIDDEN
        x = legend.put(2, y, sample, look.style(INKS[curve.meaning], bold=curve.bold))
        legend.put(x + 1, y, curve.label, look.style("quiet"), width - x - 1)
    grid = Grid(width, PLOT_HEIGHT + 1 + legend.height, look)
    grid.put(2, 0, f"{part.y_label} over {part.x_label}", look.style("quiet"), width - 2)
    grid.lay(0, PLOT_HEIGHT + 1, legend)
    if not shown:
        return grid
    (x_span, y_span) = _spans(part, shown)
    words = [
        _tick(value, log) for value, log in zip((*y_span, *x_span), (part.log_y,) * 2 + (part.log_x,) * 2, strict=True)
    ]
    left = max(cell_len(word) for word in words[:2]) + 1
    quiet = look.style("quiet")
    place = (left, 1, max(4, width - left - 1), PLOT_HEIGHT - 1)
    plot = dots.Plot(grid, place, x_span, y_span)
    if part.field is not None:
        _field(grid, part, place, (x_span, y_span))
    for curve in sorted(shown, key=lambda curve: (curve.kind in ("dots", "rings"), curve.bold)):
        _curve(plot, part, curve)
    grid.right(left - 1, 1, words[1], quiet)
    grid.right(left - 1, PLOT_HEIGHT - 1, words[0], quiet)
    grid.put(left, PLOT_HEIGHT, words[2], quiet)
    grid.right(left + place[2], PLOT_HEIGHT, words[3], quiet)
    return grid


def _tick(value: float, log: bool) -> str:
    value = 10.0**value if log else value
    return f"{value:,.0f}" if abs(value) >= 1000 else in_digits(value, 0 if value == round(value) else 2)


def _scaled(values: NDArray[np.float64], log: bool) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(values) if log else np.asarray(values, dtype=float)


def _spans(part: Plot, shown: Sequence[Curve]) -> tuple[tuple[float, float], tuple[float, float]]:
    """(low, high) of both axes, in powers of ten where they are logarithmic."""
    x = np.concatenate([_scaled(curve.x, part.log_x) for curve in shown])
    y = np.concatenate([_scaled(curve.y, part.log_y) for curve in shown])
    if part.field is not None:
        x, y = np.append(x, part.field.x), np.append(y, part.field.y)
    if any(curve.kind == "bars" for curve in shown):
        y = np.append(y, 0.0)
    x, y = x[np.isfinite(x)], y[np.isfinite(y)]
    if part.y_span is not None:
        y = _scaled(np.array(part.y_span), part.log_y)
    return _span(x), _span(y)


def _span(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _curve(plot: dots.Plot, part: Plot, curve: Curve) -> None:
    x, y = _scaled(curve.x, part.log_x), _scaled(curve.y, part.log_y)
    known = np.isfinite(x) & np.isfinite(y)
    x, y, ink, sign = x[known], y[known], INKS[curve.meaning], _SIGNS[curve.kind]
    if curve.kind == "bars":
        for at, height in zip(x, y, strict=True):
            plot.line(np.array([at, at]), np.array([0.0, height]), ink, sign, curve.bold)
    elif curve.kind in ("dots", "rings"):
        plot.marks(x, y, ink, _SAMPLES[curve.kind][0] if plot.grid.look.unicode else sign)
    else:
        plot.line(x, y, ink, sign, curve.bold)


def _field(
    grid: Grid, part: Plot, place: tuple[int, int, int, int], spans: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    """The landscape behind the curves, as shades; without colour there is none."""
    field, look = part.field, grid.look
    if field is None or not look.colour:
        return
    left, top, width, height = place
    low, high = float(field.z.min()), float(field.z.max())
    for row in range(height):
        value = spans[1][1] - (row + 0.5) / height * (spans[1][1] - spans[1][0])
        line = field.z[int(np.abs(field.y - value).argmin())]
        for column in range(width):
            at = spans[0][0] + (column + 0.5) / width * (spans[0][1] - spans[0][0])
            share = (float(line[int(np.abs(field.x - at).argmin())]) - low) / ((high - low) or 1.0)
            grid.put(left + column, top + row, " ", look.painted(look.theme.ink, cells.heat(share)))
