"""The time-lapse of a run, picture by picture: the board with its arrows, and the learning curve.  No window.

Update and time do not grow alike: after a share x of the time, the share x² of all updates is over, since most is
learned in the first of them; the words and the mark on the curve say how far it is.  Between two kept policies the
arrows move in a straight line.  At the end the last policy stands still for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pygame
from numpy.typing import NDArray

from game.errors import ViewError
from game.snapshots.snapshot import Frame
from game.snapshots.sources import Watched
from game.view.draw.arrows import Arrows
from game.view.draw.board import Board
from game.view.draw.curve import Plot, draw_legend, placed, plotted
from game.view.draw.pen import Pen, draw_fitting
from game.view.shared.hues import legend as hue_legend
from game.view.shared.learning_curve import best_found
from game.view.shared.numbers import number
from game.view.shared.record import record_of
from game.view.shared.theme import LIGHT, Style, mixed

#: How long the last policy stands still: a share of the whole, and at most so many seconds.
HOLD, LONGEST_HOLD = 0.15, 1.5
#: J is known at so many kept policies at least, however few are shown.
CURVE = 100
#: A wide board lies above the curve where its cells are so many times as large there.
CLEARLY_LARGER = 1.2


def moments(updates: NDArray[np.int64], pictures: int, fps: int) -> NDArray[np.float64]:
    """(pictures,) float64: the place in ``updates`` that each picture shows; fractions lie between two of them."""
    held = int(min(HOLD * pictures, LONGEST_HOLD * fps))
    time = np.minimum(np.arange(pictures) / max(1, pictures - 1 - held), 1.0)
    first, last = float(updates[0]), float(updates[-1])
    return np.interp(first + (last - first) * time**2, updates, np.arange(len(updates)))


class Film:
    """``pictures`` pictures of ``size`` pixels, to be shown ``fps`` a second."""

    def __init__(
        self,
        watched: Watched,
        size: tuple[int, int],
        pictures: int,
        fps: int,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        """Reads the run, and calls ``tick`` for each picture: J of all policies has to be known for the first one.

        Raises :class:`~game.errors.ViewError` where there is no update to show, and what reading the run raises.
        """
        if not len(watched.metrics["update"]):
            raise ViewError("the run has no update yet, so there is nothing to record; train it on")
        self.watched, self.world, self.size = watched, watched.world, size
        self.pen = Pen(Style(LIGHT, text_size(size)))
        self._moments = moments(watched.updates, pictures, fps)
        self._frames: dict[int, Frame] = {}
        self._objective = self._objectives(tick)
        self._is_exact = None not in self._objective.values()
        self._lay_out()

    def __len__(self) -> int:
        """The number of pictures."""
        return len(self._moments)

    def picture(self, place: int) -> pygame.Surface:
        """The picture at a place from 0 on, on a surface of its own."""
        moment = float(self._moments[place])
        index = int(moment)
        surface = pygame.Surface(self.size)
        surface.fill(self.pen.style.theme.paper)
        self.pen.begin()
        self._draw_words(surface, index)
        if self._board is not None:
            self._draw_board(surface, self._policy(index, moment - index))
        self._draw_curve(surface, float(np.interp(moment, np.arange(len(self._learned)), self._learned)))
        return surface

    # -- what is shown --------------------------------------------------------------------------------------

    def _objectives(self, tick: Callable[[], None]) -> dict[int, float | None]:
        """J of the policies that are shown, by their index, and of others for the curve."""
        last = len(self.watched.updates) - 1
        found: dict[int, float | None] = {}
        for moment in self._moments:
            for index in {int(moment), min(int(moment) + 1, last)}:
                if index not in found:
                    found[index] = self.watched.objective(index)
            tick()
        for index in np.linspace(0, last, CURVE).astype(int).tolist():
            if index not in found:
                found[index] = self.watched.objective(index)
        return found

    def _frame(self, index: int) -> Frame:
        """A kept frame; the last two stay in memory."""
        if index not in self._frames:
            if len(self._frames) > 1:
                del self._frames[min(self._frames)]
            self._frames[index] = self.watched.frame(index)
        return self._frames[index]

    def _policy(self, index: int, share: float) -> NDArray[np.float64]:
        """(S, A): a kept policy with a ``share`` of the next one."""
        here = self._frame(index).probabilities
        return here + share * (self._frame(index + 1).probabilities - here) if share else here

    # -- where it lies --------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Divide the picture, and draw what does not change."""
        unit, layout = self.pen.style.px, self.world.dynamics.layout
        room = pygame.Rect((0, 0), self.size).inflate(-2 * unit(14), -2 * unit(10))
        self._title = pygame.Rect(room.topleft, (room.width, self.pen.height("title")))
        room.top, room.height = self._title.bottom + unit(6), room.bottom - self._title.bottom - unit(6)
        area, self._words, card = divide(self.pen, room, layout.width / layout.height if layout else None)
        self._board: Board | None = None
        if layout is not None:
            self._board = Board(layout, area, LIGHT)
            self._arrows = Arrows(self._board, self.world.dynamics.actions)
            dynamics = self.world.dynamics
            self._state = int(np.argmax(dynamics.start))
            states = layout.cell_states[layout.coin_set(self._state)]
            states = states[states >= 0]
            self._states = states[(dynamics.reachable & ~dynamics.terminal)[states]]
            self._places = layout.position[self._states]
        self._lay_out_curve(card)

    def _lay_out_curve(self, card: pygame.Rect) -> None:
        metrics = dict(self.watched.metrics)
        metrics["objective"] = metrics["objective"].copy()
        found = {int(self.watched.updates[index]): value for index, value in self._objective.items()}
        for row, update in enumerate(metrics["update"].astype(int).tolist()):
            if found.get(update) is not None:
                metrics["objective"][row] = found[update]
        record = record_of(metrics, self._objective[len(self.watched.updates) - 1])
        record = replace(record, returns=np.empty((0, 2)))  # of which a picture this small needs no dots
        episodes = np.concatenate([[0.0], metrics["episodes"]])
        rows = np.searchsorted(metrics["update"], self.watched.updates)
        self._learned = episodes[np.minimum(rows, len(episodes) - 1)]  # before the update of each kept frame
        self._returns = metrics["mean_return"][np.minimum(rows, len(metrics["update"]) - 1)]
        optimum = self.watched.briefing.optimum
        exact = record.column("objective")
        entries = [("exact", "exact J")] if not np.isnan(exact).all() else []
        entries += [("mean", "running mean")] + ([("optimum", "best possible")] if optimum is not None else [])
        best = best_found(record, self.watched.briefing)
        entries += [("found", "best found")] if best is not None else []
        self._card = card
        inside = card.inflate(-2 * self.pen.style.px(10), -2 * self.pen.style.px(8))
        self._legend = placed(self.pen, inside, entries)
        if inside.height - (inside.bottom - self._legend[0][1].top) < 5 * self.pen.height():
            self._legend = []
        bottom = self._legend[0][1].top if self._legend else inside.bottom
        self._plot_at = pygame.Rect(inside.topleft, (inside.width, max(1, bottom - inside.top)))
        self._plot: Plot = plotted(self.pen, self._plot_at.size, record, optimum, best)
        self._pale = self._plot.image.copy()
        veil = pygame.Surface(self._pale.get_size())
        veil.fill(LIGHT.card)
        veil.set_alpha(170)
        self._pale.blit(veil, (0, 0))
        known = ~np.isnan(exact)
        mark = exact if self._is_exact and known[-1] else record.column("mean")
        self._marked = record.column("episodes")[~np.isnan(mark)], mark[~np.isnan(mark)]

    # -- drawing --------------------------------------------------------------------------------------------

    def _draw_words(self, surface: pygame.Surface, index: int) -> None:
        pen, theme = self.pen, self.pen.style.theme
        pen.text(surface, self.world.title, self._title.topleft, role="title", width=self._title.width)
        line = line_height(pen)
        for k, words in enumerate(self._lines(index)):
            place = pygame.Rect(self._words.left, self._words.top + k * line, self._words.width, line)
            if place.bottom <= self._words.bottom + 1:
                draw_fitting(surface, pen, words, place, theme.quiet if k > 1 else theme.ink)

    def _lines(self, index: int) -> list[tuple[str, ...]]:
        """What is said of a kept policy: each line in words, the longest first."""
        watched, objective = self.watched, self._objective[index]
        done = int(watched.updates[index]) - 1
        total = max(int(watched.updates[-1]) - 1, 1)
        episodes = int(self._learned[index])
        best = watched.briefing.optimum
        if objective is None or not self._is_exact:
            value = f"mean return {number(float(self._returns[index]), 3)}"
        else:
            value = f"J = {number(objective, 3)}"
        words = ("best possible", "best") if best is not None else ()
        values = [f"{value}, {word} {number(best or 0.0, 3)}" for word in words]
        counted = (f"{episodes:,} episode{'s' * (episodes != 1)}",)
        lines = [
            (f"after {done:,} of {total:,} updates", f"{done:,} of {total:,} updates", f"update {done:,}"),
            (*values, value),
        ]
        if self._board is None or not self._arrows.too_small:
            return [*lines, counted]
        entries = hue_legend(self.world.dynamics.actions)[-1].split("  ")
        named = " ".join(entry.replace(" ", "\u00a0") for entry in entries)
        colours = self.pen.wrapped(named, self._words.width, 2)
        return [*lines, *([counted] if len(colours) == 1 else []), *((words,) for words in colours)]

    def _draw_board(self, surface: pygame.Surface, probabilities: NDArray[np.float64]) -> None:
        assert self._board is not None
        self._board.draw(surface, self._state)
        chosen = probabilities[self._states]
        self._arrows.set_policy(self._places, chosen, np.ones(len(chosen), dtype=bool))
        self._arrows.draw(surface)

    def _draw_curve(self, surface: pygame.Surface, episodes: float) -> None:
        """The curve as far as it is known after so many episodes; what comes later is pale."""
        pen, plot, corner = self.pen, self._plot, self._plot_at.topleft
        pen.card(surface, self._card)
        x = int(plot.across.place(episodes))
        surface.blit(self._pale, corner)
        surface.blit(plot.image, corner, pygame.Rect(0, 0, x + 1, self._plot_at.height))
        plot.write(surface, pen, corner)
        draw_legend(surface, pen, self._legend)
        theme, unit = pen.style.theme, pen.style.px
        left = corner[0] + x
        top, bottom = corner[1] + plot.inner.top, corner[1] + plot.inner.bottom
        pygame.draw.line(surface, mixed(theme.quiet, theme.card, 0.3), (left, top), (left, bottom), unit(1))
        y = corner[1] + plot.up.place(float(np.interp(episodes, *self._marked)))
        y = min(max(y, top), bottom)
        pygame.draw.aacircle(surface, theme.card, (left, y), unit(6))
        pygame.draw.aacircle(surface, theme.policy, (left, y), unit(4.5))


def text_size(size: tuple[int, int]) -> int:
    """The height of text for a picture of ``size``: larger than in a window, since a film is shown small."""
    return max(9, round(min(size[0] / 42, size[1] / 28)))


def line_height(pen: Pen) -> int:
    """The height of a line of words, with the room to the next one."""
    return pen.height() + pen.style.px(2)


def divide(pen: Pen, room: pygame.Rect, aspect: float | None) -> tuple[pygame.Rect, pygame.Rect, pygame.Rect]:
    """Board, words and curve in ``room``, for a board of ``aspect`` (width to height; None: no board)."""
    gap, words = pen.style.px(14), 4 * line_height(pen)
    if aspect is None:
        upper = pygame.Rect(room.topleft, (room.width, words))
        return pygame.Rect(0, 0, 0, 0), upper, pygame.Rect(room.left, upper.bottom, room.width, room.height - words)
    width = min(round(room.height * aspect), round(0.6 * room.width))
    height = min(round(room.width / aspect), round(0.6 * room.height))
    if min(room.width, height * aspect) > CLEARLY_LARGER * min(width, room.height * aspect):
        board = pygame.Rect(room.topleft, (room.width, height))
        lower = pygame.Rect(room.left, board.bottom + gap, room.width, room.bottom - board.bottom - gap)
        split = round(0.36 * lower.width)
        return (
            board,
            pygame.Rect(lower.topleft, (split - gap, lower.height)),
            pygame.Rect(lower.left + split, lower.top, lower.width - split, lower.height),
        )
    board = pygame.Rect(room.topleft, (width, room.height))
    beside = pygame.Rect(board.right + gap, room.top, room.right - board.right - gap, room.height)
    return (
        board,
        pygame.Rect(beside.topleft, (beside.width, words)),
        pygame.Rect(beside.left, beside.top + words + gap // 2, beside.width, beside.height - words - gap // 2),
    )
