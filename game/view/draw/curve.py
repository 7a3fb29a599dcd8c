"""Curves: returns of episodes with their running mean, the exact J and the optimum; and small histories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshots.snapshot import Briefing
from game.view.draw.pen import Pen
from game.view.draw.tiles import SUPER
from game.view.shared.learning_curve import Mark, bounds, entries, round_ticks, stretches
from game.view.shared.made_of import MadeOf
from game.view.shared.numbers import number
from game.view.shared.record import Record
from game.view.shared.theme import Colour

#: So many lines of text the curves are high at least: rather than less the legend says less.
LEAST = 3


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """The curves without words, and the words with their places and anchors.

    ``inner`` is the part of ``image`` inside the axes: ``last`` episodes across, from ``low`` to ``high`` upwards.
    """

    image: pygame.Surface
    labels: list[tuple[str, tuple[float, float], str]]
    inner: pygame.Rect
    low: float
    high: float
    last: float

    def x(self, episodes: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Pixels from the image's left edge."""
        return np.asarray(self.inner.left + np.asarray(episodes) / self.last * self.inner.width)

    def y(self, values: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Pixels from the image's top; not far beyond it."""
        share = (np.asarray(values) - self.low) / (self.high - self.low)
        return np.asarray(self.inner.bottom - np.clip(share, -2, 3) * self.inner.height)

    def write(self, surface: pygame.Surface, pen: Pen, corner: tuple[int, int]) -> None:
        """Write the words of a plot whose top left corner is ``corner``."""
        for text, (x, y), anchor in self.labels:
            pen.text(surface, text, (corner[0] + x, corner[1] + y), anchor, colour=pen.style.theme.quiet)


class Curve:
    """The learning curve; redrawn only when there is something new to draw."""

    def __init__(self) -> None:
        self._plot_of = MadeOf()
        self._plot: Plot | None = None
        self._place = pygame.Rect(0, 0, 0, 0)

    def draw(
        self,
        surface: pygame.Surface,
        pen: Pen,
        rect: pygame.Rect,
        record: Record,
        briefing: Briefing | None,
        mark: Mark | None = None,
    ) -> None:
        """Draw plot and legend into ``rect``, with a moment of a finished run marked."""
        optimum = briefing.optimum if briefing else None
        said = entries(record, briefing, mark)
        while len(said) > 1 and placed(pen, rect, said)[0][1].top - rect.top < LEAST * pen.height():
            said = said[1:] if len(said) > 2 else said[:1]
        legend = placed(pen, rect, said)
        plot = pygame.Rect(rect.left, rect.top, rect.width, max(1, legend[0][1].top - rect.top))
        if len(record.rows):
            self._draw_plot(surface, pen, plot, record, optimum)
            self._draw_mark(surface, pen, mark)
        draw_legend(surface, pen, legend)

    def _draw_plot(
        self, surface: pygame.Surface, pen: Pen, plot: pygame.Rect, record: Record, optimum: float | None
    ) -> None:
        if self._plot_of.changed(record.updates, record.rows, tuple(plot), pen.style) or self._plot is None:
            self._plot = plotted(pen, plot.size, record, optimum)
        self._place = plot
        surface.blit(self._plot.image, plot)
        self._plot.write(surface, pen, plot.topleft)

    def _draw_mark(self, surface: pygame.Surface, pen: Pen, mark: Mark | None) -> None:
        if mark is None or self._plot is None:
            return
        theme, unit = pen.style.theme, pen.style.px
        inner = self._plot.inner.move(self._place.topleft)
        x = self._place.left + float(self._plot.x(mark.episodes))
        pygame.draw.line(surface, theme.person, (x, inner.top), (x, inner.bottom), unit(2))
        if mark.objective is not None:
            y = min(max(self._place.top + float(self._plot.y(mark.objective)), inner.top), inner.bottom)
            pygame.draw.aacircle(surface, theme.person, (x, y), unit(6))
            pygame.draw.aacircle(surface, theme.card, (x, y), unit(3))

    def episodes_at(self, point: tuple[int, int]) -> float | None:
        """After how many episodes the moment at a pixel of the plot lies; None beside the plot."""
        if self._plot is None or not self._plot.inner.move(self._place.topleft).collidepoint(point):
            return None
        inner = self._plot.inner
        return (point[0] - self._place.left - inner.left) / inner.width * self._plot.last


def placed(pen: Pen, rect: pygame.Rect, entries: list[tuple[str, str]]) -> list[tuple[tuple[str, str], pygame.Rect]]:
    """A legend's entries (kind of sample, words) with their places, in as many lines as they need at the bottom."""
    line, lead, gap = pen.height() + pen.style.px(4), pen.style.px(26), pen.style.px(16)
    lines: list[list[tuple[tuple[str, str], int]]] = [[]]
    left = 0
    for entry in entries:
        width = lead + pen.width(entry[1])
        if lines[-1] and left + width > rect.width:
            lines.append([])
            left = 0
        lines[-1].append((entry, left))
        left += width + gap
    top = rect.bottom - len(lines) * line
    return [
        (entry, pygame.Rect(rect.left + left, top + k * line, lead, line))
        for k, row in enumerate(lines)
        for entry, left in row
    ]


def draw_legend(surface: pygame.Surface, pen: Pen, legend: list[tuple[tuple[str, str], pygame.Rect]]) -> None:
    """Draw a legend whose entries have their places."""
    for (kind, text), place in legend:
        _draw_sample(surface, pen, kind, place)
        pen.text(surface, text, (place.left + pen.style.px(26), place.centery), "midleft")


def _draw_sample(surface: pygame.Surface, pen: Pen, kind: str, place: pygame.Rect) -> None:
    theme, unit = pen.style.theme, pen.style.px
    left, middle = place.left, place.centery
    if kind == "dot":
        for dx, dy in ((3, 2), (10, -3), (17, 1)):
            pygame.draw.aacircle(surface, _dot_colour(pen), (left + unit(dx), middle + dy), unit(2))
    elif kind == "optimum":
        _dashes(surface, theme.truth, left, left + unit(20), middle, unit(2), unit(6))
    elif kind in ("mean", "exact"):
        colour, width = (theme.policy_soft, unit(2)) if kind == "mean" else (theme.policy, unit(3.5))
        pygame.draw.line(surface, colour, (left, middle), (left + unit(20), middle), width)


def _dot_colour(pen: Pen) -> Colour:
    return pen.style.theme.policy_trail


def plotted(pen: Pen, size: tuple[int, int], record: Record, optimum: float | None) -> Plot:
    """The plot of a record that has rows."""
    theme, unit = pen.style.theme, pen.style.px
    low, high = bounds(record, optimum)
    line = pen.height()
    roomy = size[1] >= 3 * line
    tall = max(4, size[1] - line - (line + unit(4)) * roomy)
    ticks = round_ticks(low, high, max(1.0, min(5.0, tall / (1.7 * line))))
    if len(ticks) > 1 and (ticks[1] - ticks[0]) / (high - low) * tall < 1.1 * line:
        ticks = ticks[-1:]
    words = [number(tick, 0 if abs(ticks[-1] - ticks[0]) >= 10 else 2) for tick in ticks]
    left = max(pen.width(word) for word in words) + unit(8)
    inner = pygame.Rect(left, line // 2, size[0] - left - unit(6), tall)
    last = max(float(record.column("episodes")[-1]), 1.0)
    image = pygame.Surface(size)
    image.fill(theme.card)
    labels: list[tuple[str, tuple[float, float], str]] = []
    plot = Plot(image, labels, inner, low, high, last)
    x_of, y_of = plot.x, plot.y
    for tick, word in zip(ticks, words, strict=True):
        y = float(y_of(tick))
        pygame.draw.line(image, theme.grid, (inner.left, y), (inner.right, y))
        labels.append((word, (inner.left - unit(6), y), "midright"))
    image.set_clip(inner.inflate(unit(6), unit(6)))
    dot = _dot_sprite(_dot_colour(pen), max(2, unit(3.4)))
    half = dot.get_width() / 2
    dots = np.column_stack([x_of(record.returns[:, 0]), y_of(record.returns[:, 1])]) - half
    image.fblits([(dot, (x, y)) for x, y in dots.tolist()])
    _draw_line(image, theme.policy_soft, x_of(record.column("episodes")), y_of(record.column("mean")), unit(2))
    for rows in stretches(record):
        episodes, exact = record.column("episodes")[rows], record.column("objective")[rows]
        _draw_line(image, theme.policy, x_of(episodes), y_of(exact), unit(3.5))
    if optimum is not None:
        _dashes(image, theme.truth, inner.left, inner.right, round(float(y_of(optimum))), unit(2), unit(7))
    image.set_clip(None)
    if roomy:
        below, counted = inner.bottom + unit(4), f"{int(last):,}"
        room = inner.width - pen.width("0") - unit(12)
        named = f"{counted} episode{'s' * (last != 1)}"
        labels.append(("0", (inner.left, below), "topleft"))
        labels.append((named if pen.width(named) <= room else counted, (inner.right, below), "topright"))
    return plot


def _draw_line(
    surface: pygame.Surface, colour: Colour, x: NDArray[np.float64], y: NDArray[np.float64], width: int
) -> None:
    """A curve with smooth edges; of points that share a column of pixels only the last is drawn."""
    if not len(x):
        return
    kept = np.append(np.diff(x.astype(int)) != 0, True)
    points = np.column_stack([x[kept], y[kept]])
    if len(points) == 1:
        pygame.draw.aacircle(surface, colour, points[0].tolist(), width)
        return
    if width > 4:  # fine lines beside each other leave seams in a wide one
        pygame.draw.lines(surface, colour, False, points.tolist(), width - 2)
    for offset in np.linspace(-(width - 1) / 2, (width - 1) / 2, width):
        for shift in np.array([[0.0, offset], [offset, 0.0]]):
            pygame.draw.aalines(surface, colour, False, (points + shift).tolist())


def _dashes(surface: pygame.Surface, colour: Colour, left: int, right: int, y: int, width: int, dash: int) -> None:
    for x in range(left, right, round(1.6 * dash)):
        pygame.draw.line(surface, colour, (x, y), (min(x + dash, right), y), width)


def _dot_sprite(colour: Colour, size: int) -> pygame.Surface:
    dot = pygame.Surface((size * SUPER, size * SUPER), pygame.SRCALPHA)
    dot.fill((*colour, 0))
    pygame.draw.circle(dot, colour, (size * SUPER / 2, size * SUPER / 2), size * SUPER / 2)
    return pygame.transform.smoothscale(dot, (size, size))


def draw_small(surface: pygame.Surface, pen: Pen, rect: pygame.Rect, values: NDArray[np.float64]) -> None:
    """A small history without axes: a line, its last value marked."""
    theme = pen.style.theme
    pygame.draw.line(surface, theme.grid, rect.bottomleft, rect.bottomright)
    values = values[~np.isnan(values)]
    if not len(values):
        return
    low, high = min(0.0, float(values.min())), float(values.max())
    x = np.linspace(rect.left, rect.right - pen.style.px(3), len(values)) if len(values) > 1 else np.array([rect.left])
    y = rect.bottom - (values - low) / ((high - low) or 1.0) * (rect.height - pen.style.px(3))
    _draw_line(surface, theme.policy, x.astype(float), y, pen.style.px(2))
    pygame.draw.aacircle(surface, theme.policy, (float(x[-1]), float(y[-1])), pen.style.px(3))
