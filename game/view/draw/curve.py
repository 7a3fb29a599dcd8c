"""Curves: returns of episodes with their running mean, the exact J and the optimum; and small histories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshots.snapshot import Briefing
from game.view.draw.pen import Pen
from game.view.draw.plot import draw_dashes, draw_dots, draw_level, draw_line, flow
from game.view.shared.axis import Axis, round_ticks
from game.view.shared.learning_curve import Mark, best_found, bounds, entries, stretches
from game.view.shared.made_of import MadeOf
from game.view.shared.numbers import number
from game.view.shared.record import Record
from game.view.shared.theme import Colour

#: So many lines of text the curves are high at least: rather than less the legend says less.
LEAST = 3


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """The curves without words, and the words with their places and anchors.

    ``inner`` is the part of ``image`` inside the axes; ``episodes`` lie along ``across``, returns along ``up``, both
    in pixels from the image's top left corner.
    """

    image: pygame.Surface
    labels: list[tuple[str, tuple[float, float], str]]
    inner: pygame.Rect
    across: Axis
    up: Axis

    def points(self, episodes: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (n, 2): the pixels of ``values`` after so many ``episodes``, not far outside the axes."""
        span = self.up.high - self.up.low
        near = np.clip(values, self.up.low - 2 * span, self.up.high + 2 * span)
        return np.column_stack([self.across.places(episodes), self.up.places(near)])

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
        objective: str = "J",
    ) -> None:
        """Draw plot and legend into ``rect``, with a moment of a finished run marked; ``objective`` is said of J."""
        optimum = briefing.optimum if briefing else None
        said = entries(record, briefing, objective)
        while len(said) > 1 and placed(pen, rect, said)[0][1].top - rect.top < LEAST * pen.height():
            said = said[1:] if len(said) > 2 else said[:1]
        legend = placed(pen, rect, said)
        plot = pygame.Rect(rect.left, rect.top, rect.width, max(1, legend[0][1].top - rect.top))
        if len(record.rows):
            self._draw_plot(surface, pen, plot, record, optimum, best_found(record, briefing))
            self._draw_mark(surface, pen, mark)
        draw_legend(surface, pen, legend)

    def _draw_plot(
        self,
        surface: pygame.Surface,
        pen: Pen,
        plot: pygame.Rect,
        record: Record,
        optimum: float | None,
        found: float | None,
    ) -> None:
        if self._plot_of.changed(record.updates, record.rows, tuple(plot), pen.style) or self._plot is None:
            self._plot = plotted(pen, plot.size, record, optimum, found)
        self._place = plot
        surface.blit(self._plot.image, plot)
        self._plot.write(surface, pen, plot.topleft)

    def _draw_mark(self, surface: pygame.Surface, pen: Pen, mark: Mark | None) -> None:
        if mark is None or self._plot is None:
            return
        theme, unit = pen.style.theme, pen.style.px
        inner = self._plot.inner.move(self._place.topleft)
        x = self._place.left + self._plot.across.place(mark.episodes)
        pygame.draw.line(surface, theme.person, (x, inner.top), (x, inner.bottom), unit(2))
        if mark.objective is not None:
            y = min(max(self._place.top + self._plot.up.place(mark.objective), inner.top), inner.bottom)
            pygame.draw.aacircle(surface, theme.person, (x, y), unit(6))
            pygame.draw.aacircle(surface, theme.card, (x, y), unit(3))

    def episodes_at(self, point: tuple[int, int]) -> float | None:
        """After how many episodes the moment at a pixel of the plot lies; None beside the plot."""
        if self._plot is None or not self._plot.inner.move(self._place.topleft).collidepoint(point):
            return None
        inner = self._plot.inner
        return (point[0] - self._place.left - inner.left) / inner.width * self._plot.across.high


def placed(pen: Pen, rect: pygame.Rect, entries: list[tuple[str, str]]) -> list[tuple[tuple[str, str], pygame.Rect]]:
    """A legend's entries (kind of sample, words) with their places, in as many lines as they need at the bottom."""
    line, lead = pen.height() + pen.style.px(4), pen.style.px(26)
    places = flow([lead + pen.width(words) for _, words in entries], rect.width, pen.style.px(16))
    top = rect.bottom - (places[-1][0] + 1) * line
    return [
        (entry, pygame.Rect(rect.left + left, top + row * line, lead, line))
        for entry, (row, left) in zip(entries, places, strict=True)
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
        ends = np.array([[left, middle], [left + unit(20), middle]], dtype=float)
        draw_dashes(surface, theme.truth, ends, unit(2), unit(6))
    elif kind == "found":
        ends = np.array([[left, middle], [left + unit(20), middle]], dtype=float)
        draw_dashes(surface, theme.truth, ends, unit(2), unit(3))
    elif kind in ("mean", "exact"):
        colour, width = (theme.policy_soft, unit(2)) if kind == "mean" else (theme.policy, unit(3.5))
        draw_level(surface, colour, left, left + unit(20), middle, width)


def _dot_colour(pen: Pen) -> Colour:
    return pen.style.theme.policy_trail


def plotted(pen: Pen, size: tuple[int, int], record: Record, optimum: float | None, found: float | None = None) -> Plot:
    """The plot of a record that has rows; ``found`` is the best found where the policy sees less than the state."""
    theme, unit = pen.style.theme, pen.style.px
    low, high = bounds(record, [level for level in (optimum, found) if level is not None])
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
    across, up = Axis(0.0, last, False, inner.left, inner.right), Axis(low, high, False, inner.bottom, inner.top, ticks)
    plot = Plot(image, labels, inner, across, up)
    for tick, word in zip(ticks, words, strict=True):
        y = up.place(tick)
        pygame.draw.line(image, theme.grid, (inner.left, y), (inner.right, y))
        labels.append((word, (inner.left - unit(6), y), "midright"))
    image.set_clip(inner.inflate(unit(6), unit(6)))
    draw_dots(image, _dot_colour(pen), plot.points(*record.returns.T), max(2, unit(3.4)))
    episodes, exact = record.column("episodes"), record.column("objective")
    draw_line(image, theme.policy_soft, _thinned(plot.points(episodes, record.column("mean"))), unit(2))
    for rows in stretches(record):
        draw_line(image, theme.policy, _thinned(plot.points(episodes[rows], exact[rows])), unit(3.5))
    for level, dash in ((optimum, unit(7)), (found, unit(3))):
        if level is not None:
            y = round(up.place(level))
            ends = np.array([[inner.left, y], [inner.right, y]], dtype=float)
            draw_dashes(image, theme.truth, ends, unit(2), dash)
    image.set_clip(None)
    if roomy:
        below, counted = inner.bottom + unit(4), f"{int(last):,}"
        room = inner.width - pen.width("0") - unit(12)
        named = f"{counted} episode{'s' * (last != 1)}"
        labels.append(("0", (inner.left, below), "topleft"))
        labels.append((named if pen.width(named) <= room else counted, (inner.right, below), "topright"))
    return plot


def _thinned(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return of the points (n, 2) that share a column of pixels only the last."""
    kept = np.append(np.diff(points[:, 0].astype(int)) != 0, True)[: len(points)]
    return np.asarray(points[kept])


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
    draw_line(surface, theme.policy, _thinned(np.column_stack([x, y])), pen.style.px(2))
    pygame.draw.aacircle(surface, theme.policy, (float(x[-1]), float(y[-1])), pen.style.px(3))
