"""The plots of the lesson: curves over linear or logarithmic axes, and the level bands of a landscape."""

from __future__ import annotations

import numpy as np
import pygame

from game.snapshots.lesson_page import Curve, Field, Plot
from game.view.draw.equation import colour_of
from game.view.draw.pen import Pen
from game.view.draw.plot import draw_bars, draw_dashes, draw_dots, draw_level, draw_line, flow
from game.view.lesson.block import Block
from game.view.shared.axis import Axis
from game.view.shared.theme import VIRIDIS, mixed, ramp

#: A landscape's height is told in so many bands.
BANDS = 16
#: A plot takes all the room there is.
MOST = 10_000


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
    curves = [curve for curve in plot.curves if curve.label]
    places = flow([_entry(pen, curve) for curve in curves], width, pen.style.px(18))
    return [(row, left, curve) for (row, left), curve in zip(places, curves, strict=True)]


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
    if plot.field is not None:
        surface.blit(_bands(plot.field, area.size), area)
    else:
        for tick in y_axis.ticks:
            draw_level(surface, theme.grid, area.left, area.right - 1, round(y_axis.place(tick)), 1)
    surface.set_clip(area)
    for curve in plot.curves:
        if not (hidden and curve.answer):
            _draw_curve(surface, pen, curve, x_axis, y_axis, cased=spread)
    surface.set_clip(None)
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


def _draw_curve(surface: pygame.Surface, pen: Pen, curve: Curve, x_axis: Axis, y_axis: Axis, cased: bool) -> None:
    """Draw one curve; over a landscape it gets a pale casing."""
    theme, unit = pen.style.theme, pen.style.px
    points = np.column_stack([x_axis.places(curve.x), y_axis.places(curve.y)])
    points = points[np.isfinite(points).all(axis=1)]
    colour = colour_of(curve.meaning, theme)
    if curve.kind == "bars":
        draw_bars(surface, mixed(colour, theme.card, 0.25), theme.card, points, y_axis.place(0.0))
        return
    width, dot = unit(3.2 if curve.bold else 2), 2 * unit(5 if curve.bold else 3.4)
    for shade, more in ((theme.card, 3), (colour, 0)) if cased else ((colour, 0),):
        if curve.kind in ("line", "path"):
            draw_line(surface, shade, points, width + more)
        elif curve.kind == "dashes":
            draw_dashes(surface, shade, points, width + more, unit(7))
        if curve.kind in ("dots", "path", "rings"):
            draw_dots(surface, shade, points, dot + more, theme.card if curve.kind == "rings" else None)


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
    theme, unit = pen.style.theme, pen.style.px
    colour, middle = colour_of(curve.meaning, theme), np.array([place.center], dtype=float)
    width = unit(3.2 if curve.bold else 2)
    ends = np.array([[place.left, place.centery], [place.right, place.centery]], dtype=float)
    if curve.kind in ("line", "path"):
        draw_level(surface, colour, place.left, place.right, place.centery, width)
    elif curve.kind == "dashes":
        draw_dashes(surface, colour, ends, width, unit(7))
    elif curve.kind == "bars":
        box = pygame.Rect(0, 0, place.width // 2, round(place.height * 0.55))
        box.center = place.center
        pygame.draw.rect(surface, mixed(colour, theme.card, 0.25), box)
    if curve.kind in ("dots", "path", "rings"):
        size = 2 * unit(5 if curve.bold else 3.4)
        draw_dots(surface, colour, middle, size, theme.card if curve.kind == "rings" else None)
