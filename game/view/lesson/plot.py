"""The plots of the lesson: curves over linear or logarithmic axes, and the level bands of a landscape."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshots.lesson_page import Curve, Field, Plot
from game.view.draw.equation import colour_of
from game.view.draw.pen import Pen
from game.view.draw.tiles import thick_line
from game.view.lesson.axis import Axis
from game.view.lesson.block import Block
from game.view.shared.theme import VIRIDIS, Colour, mixed, ramp

#: Curves are drawn this many times larger and then shrunk, which smooths them.
SUPER = 3
#: A landscape's height is told in so many bands.
BANDS = 16
#: A plot takes all the room there is.
MOST = 10_000
#: A curve of more points than this is drawn without joints.
MANY = 100


def plot_block(pen: Pen, plot: Plot, width: int, hidden: bool) -> Block:
    """Axes with ticks, the curves, and a legend below."""
    legend = _legend(pen, plot, width)
    line = pen.height() + pen.style.px(3)
    below = (max(row for row, _, _ in legend) + 1) * line + pen.style.px(4) if legend else 0
    least = below + 3 * pen.height() + pen.style.px(130)

    def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
        room = pygame.Rect(rect.left, rect.top, rect.width, rect.height - below)
        _draw_axes(surface, pen, plot, room, hidden)
        for row, left, curve in legend:
            middle = rect.bottom - below + pen.style.px(4) + row * line + line // 2
            sample = pygame.Rect(rect.left + left, middle - line // 2, pen.style.px(24), line)
            _draw_sample(surface, pen, curve, sample)
            label = curve.label + (" (hidden)" if hidden and curve.answer else "")
            pen.text(surface, label, (sample.right + pen.style.px(6), middle), "midleft")

    needed = max((left + _entry(pen, curve) for _, left, curve in legend), default=0)
    return Block(max(needed, pen.style.px(200)), least, MOST, draw, picture=True)


def _entry(pen: Pen, curve: Curve) -> int:
    return pen.style.px(30) + pen.width(curve.label + (" (hidden)" if curve.answer else ""))


def _legend(pen: Pen, plot: Plot, width: int) -> list[tuple[int, int, Curve]]:
    """(row, left edge, curve) of each curve that has a label."""
    placed: list[tuple[int, int, Curve]] = []
    row, left = 0, 0
    for curve in plot.curves:
        wide = _entry(pen, curve)
        if left and left + wide > width:
            row, left = row + 1, 0
        if curve.label:
            placed.append((row, left, curve))
            left += wide + pen.style.px(18)
    return placed


def _draw_axes(surface: pygame.Surface, pen: Pen, plot: Plot, room: pygame.Rect, hidden: bool) -> None:
    """The axes with their labels, and what lies between them."""
    theme, unit, line = pen.style.theme, pen.style.px, pen.height()
    spread = plot.field is not None
    x_values = [plot.field.x] if plot.field else [curve.x for curve in plot.curves]
    y_values = [plot.field.y] if plot.field else [curve.y for curve in plot.curves]
    if plot.y_span is not None:
        y_values.append(np.array(plot.y_span))
    if any(curve.kind == "bars" for curve in plot.curves):
        y_values.append(np.zeros(1))
    # The words of the ticks decide where the axis lies, and the axis' length how many ticks there are.
    top, bottom = room.top + line + unit(6), room.bottom - 2 * line - unit(6)
    y_axis = Axis.over(y_values, plot.log_y, bottom, top, 1 + (bottom - top) // (3 * line), tight=spread)
    words = [y_axis.word(tick) for tick in y_axis.ticks]
    left = room.left + max(pen.width(word) for word in words) + unit(10)
    right = room.right - unit(14)
    x_axis = Axis.over(x_values, plot.log_x, left, right, max(2, (right - left) // unit(48)), tight=spread)
    area = pygame.Rect(left, top, right - left, bottom - top)
    picture = pygame.Surface((area.width * SUPER, area.height * SUPER))
    picture.fill(theme.card)
    if plot.field is not None:
        picture.blit(_bands(plot.field, picture.get_size()), (0, 0))
    else:
        for tick in y_axis.ticks:
            y = (y_axis.place(tick) - area.top) * SUPER
            pygame.draw.line(picture, theme.grid, (0, y), (picture.get_width(), y), SUPER)
    for curve in plot.curves:
        if not (hidden and curve.answer):
            _draw_curve(picture, pen, curve, x_axis, y_axis, area, spread)
    surface.blit(pygame.transform.smoothscale(picture, area.size), area)
    pygame.draw.rect(surface, mixed(theme.edge, theme.quiet, 0.3), area, 1)
    for tick, word in zip(y_axis.ticks, words, strict=True):
        pen.text(surface, word, (area.left - unit(6), y_axis.place(tick)), "midright", colour=theme.quiet)
    _draw_x_ticks(surface, pen, x_axis, area)
    pen.text(surface, plot.y_label, (room.left, room.top), colour=theme.quiet)
    pen.text(surface, plot.x_label, (area.right, room.bottom), "bottomright", colour=theme.quiet)


def _draw_x_ticks(surface: pygame.Surface, pen: Pen, axis: Axis, area: pygame.Rect) -> None:
    """The words below the axis, those left out that would touch their neighbour or leave the plot."""
    free = float(area.left - pen.style.px(8))
    for tick in axis.ticks:
        word, x = axis.word(tick), axis.place(tick)
        half = pen.width(word) / 2
        if x - half >= free and x + half <= area.right + pen.style.px(14):
            pen.text(surface, word, (x, area.bottom + pen.style.px(3)), "midtop", colour=pen.style.theme.quiet)
            pygame.draw.line(surface, pen.style.theme.quiet, (x, area.bottom - 1), (x, area.bottom + 3))
            free = x + half + pen.style.px(8)


def _draw_curve(
    picture: pygame.Surface, pen: Pen, curve: Curve, x_axis: Axis, y_axis: Axis, area: pygame.Rect, cased: bool
) -> None:
    """One curve on the enlarged picture; over a landscape it gets a pale casing."""
    theme = pen.style.theme
    colour = colour_of(curve.meaning, theme)
    width = pen.style.px(3.2 if curve.bold else 2) * SUPER
    x = (x_axis.places(curve.x) - area.left) * SUPER
    y = (y_axis.places(curve.y) - area.top) * SUPER
    fine = np.isfinite(x) & np.isfinite(y)
    points = np.column_stack([x, y])[fine]
    points = np.clip(points, -20_000, 20_000)
    if curve.kind == "bars":
        _draw_bars(picture, colour, points, (y_axis.place(0.0) - area.top) * SUPER, pen)
        return
    layers = [(theme.card, width + 3 * SUPER), (colour, width)] if cased else [(colour, width)]
    for shade, wide in layers:
        if curve.kind in ("line", "path") and len(points) > 1:
            _thick(picture, shade, points, wide)
        elif curve.kind == "dashes":
            _dashed(picture, shade, points, wide, pen.style.px(7) * SUPER)
        if curve.kind in ("dots", "path", "rings"):
            radius = (wide - width) / 2 + pen.style.px(5 if curve.bold else 3.4) * SUPER
            for point in points:
                pygame.draw.circle(picture, shade, point, radius)
                if curve.kind == "rings" and shade == colour:
                    pygame.draw.circle(picture, theme.card, point, radius * 0.5)


def _draw_bars(picture: pygame.Surface, colour: Colour, points: NDArray[np.float64], base: float, pen: Pen) -> None:
    """Bars as wide as the points are apart, with a gap between them."""
    apart = np.diff(points[:, 0]).min() if len(points) > 1 else 20.0 * SUPER
    wide = max(2.0 * SUPER, 0.86 * apart)
    shade = mixed(colour, pen.style.theme.card, 0.25)
    for x, y in points:
        pygame.draw.rect(picture, shade, pygame.Rect(x - wide / 2, min(y, base), wide, abs(base - y)))


def _thick(picture: pygame.Surface, colour: Colour, points: NDArray[np.float64], width: float) -> None:
    """A line with round joints; one of many short pieces needs none, and would take long."""
    if len(points) > MANY:
        pygame.draw.lines(picture, colour, False, points.tolist(), max(1, round(width)))
        return
    for one, other in pairwise(points):
        if np.hypot(*(other - one)) > 0.5:
            thick_line(picture, colour, one, other, width)
    for point in points:
        pygame.draw.circle(picture, colour, point, width / 2)


def _dashed(picture: pygame.Surface, colour: Colour, points: NDArray[np.float64], width: float, dash: float) -> None:
    """A line of dashes that follow the points."""
    if len(points) < 2:
        return
    lengths = np.hypot(*np.diff(points, axis=0).T)
    along = np.append(0.0, np.cumsum(lengths))
    for begin in np.arange(0.0, along[-1], 1.7 * dash):
        inside = along[(along > begin) & (along < begin + dash)]
        marks = np.concatenate([[begin], inside, [min(begin + dash, along[-1])]])
        piece = np.column_stack([np.interp(marks, along, points[:, k]) for k in (0, 1)])
        for one, other in pairwise(piece):
            if np.hypot(*(other - one)) > 0.5:
                thick_line(picture, colour, one, other, width)


def _bands(field: Field, size: tuple[int, int]) -> pygame.Surface:
    """The landscape in bands of equal height, from dark (low) to bright (high)."""
    fine_x = np.linspace(field.x[0], field.x[-1], 240)
    fine_y = np.linspace(field.y[0], field.y[-1], 240)
    rows = np.array([np.interp(fine_x, field.x, row) for row in field.z])
    z = np.array([np.interp(fine_y, field.y, column) for column in rows.T])  # (x, y)
    low, high = float(z.min()), float(z.max())
    band = np.minimum((z - low) / max(high - low, 1e-300) * BANDS, BANDS - 1).astype(int)
    colours = np.array([ramp(VIRIDIS, k / (BANDS - 1)) for k in range(BANDS)], dtype=np.uint8)
    image = pygame.surfarray.make_surface(colours[band][:, ::-1])
    return pygame.transform.smoothscale(image, size)


def _draw_sample(surface: pygame.Surface, pen: Pen, curve: Curve, place: pygame.Rect) -> None:
    """What the curve looks like, for the legend."""
    picture = pygame.Surface((place.width * SUPER, place.height * SUPER))
    picture.fill(pen.style.theme.card)
    colour = colour_of(curve.meaning, pen.style.theme)
    width = pen.style.px(3.2 if curve.bold else 2) * SUPER
    ends = np.array([[0.0, picture.get_height() / 2], [picture.get_width(), picture.get_height() / 2]])
    if curve.kind in ("line", "path"):
        _thick(picture, colour, ends, width)
    elif curve.kind == "dashes":
        _dashed(picture, colour, ends, width, pen.style.px(7) * SUPER)
    elif curve.kind == "bars":
        box = pygame.Rect(0, 0, picture.get_width() // 2, picture.get_height() * 0.55)
        box.center = picture.get_rect().center
        pygame.draw.rect(picture, mixed(colour, pen.style.theme.card, 0.25), box)
    if curve.kind in ("dots", "path", "rings"):
        radius = pen.style.px(5 if curve.bold else 3.4) * SUPER
        pygame.draw.circle(picture, colour, picture.get_rect().center, radius)
        if curve.kind == "rings":
            pygame.draw.circle(picture, pen.style.theme.card, picture.get_rect().center, radius * 0.5)
    surface.blit(pygame.transform.smoothscale(picture, place.size), place)
