"""The right side of the window: three cards, each of which answers a question."""

from __future__ import annotations

import pygame

from game.snapshots.snapshot import Snapshot, Trajectory
from game.view.draw.curve import Curve
from game.view.draw.pen import Pen
from game.view.shared.episode import Sums, ending, step_values, sums_of
from game.view.shared.learning_curve import Mark
from game.view.shared.numbers import number
from game.view.shared.run import RunModel, no_curve, objective_words
from game.view.train.gradient_card import GradientCard


class Panel:
    """Draws the cards."""

    def __init__(self) -> None:
        self.curve, self._gradient = Curve(), GradientCard()
        self._sums = Sums(None, 0.0)

    def draw(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect, run: RunModel, columns: bool = False) -> None:
        """Draw the three cards into ``rect``, one below the other or in two ``columns``."""
        first, second, third = _columns(pen, rect) if columns else _split(pen, rect)
        replay = run.showing.current
        self._draw_progress(surface, pen, first, run)
        if replay is not None and replay.episode is not self._sums.episode:
            self._sums = sums_of(replay.episode, run.world.dynamics.discount)
        _draw_episode(surface, pen, second, run, self._sums)
        self._draw_gradient(surface, pen, third, run)

    def _draw_progress(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect, run: RunModel) -> None:
        mark = run.mark()
        room = _titled(
            surface,
            pen,
            rect,
            "Is it getting better?",
            ("return of each episode, and J exactly", "returns, and J exactly") if mark is None else (),
        )
        if len(run.record.rows):
            self.curve.draw(surface, pen, room, run.record, run.briefing, mark, objective_words(run))
        else:
            words = no_curve(run.briefing)
            pen.text(surface, words, room.center, "center", colour=pen.style.theme.quiet, width=room.width)

    def _draw_gradient(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect, run: RunModel) -> None:
        mark, snapshot = run.mark(), run.showing.snapshot
        if rect.height <= compact_height(pen):
            lines = self._gradient.numbers.lines(snapshot)
            if lines:
                _draw_compact(surface, pen, rect, _dated(lines, snapshot, mark), lines)
            return
        notes: tuple[str, ...] = ("this estimate against the exact ∇J", "estimate against exact")
        if mark is not None:
            when = f"measured in update {mark.measured or 0:,}"
            notes = (f"estimate against exact, {when}", when) if mark.measured else ()
        room = _titled(surface, pen, rect, "Is the gradient right?", notes)
        record = run.record if mark is None else run.record.until(mark.episodes)
        self._gradient.draw(surface, pen, room, snapshot, run.briefing, record)


def _split(pen: Pen, rect: pygame.Rect) -> tuple[pygame.Rect, pygame.Rect, pygame.Rect]:
    """The places of the cards: the third has what it needs, the others share the rest.

    Where there is little room the third loses its histories, then the second all steps but the last.
    """
    gap, line = pen.style.px(10), pen.height()
    padding = 2 * pen.style.px(10) + line + pen.style.px(6)
    fixed = padding + 3 * line + pen.style.px(14)
    least = _plot_height(pen)
    third = _full_height(pen)
    if rect.height - third - 2 * gap < least + fixed + 3 * _row(pen):
        third = compact_height(pen)
    rest = rect.height - third - 2 * gap
    rows = max(2, int((0.46 * rest - fixed) / _row(pen)))
    while rows > 1 and rest - fixed - rows * _row(pen) < least:
        rows -= 1
    second = fixed + rows * _row(pen)
    heights = (rest - second, second, third)
    tops = (rect.top, rect.top + heights[0] + gap, rect.top + heights[0] + second + 2 * gap)
    one, two, three = (
        pygame.Rect(rect.left, top, rect.width, height) for top, height in zip(tops, heights, strict=True)
    )
    return one, two, three


def smallest_columns(pen: Pen) -> int:
    """The height that the cards need in two columns, with a curve that can be read."""
    return _plot_height(pen) + 3 * pen.height() + pen.style.px(10) + compact_height(pen)


def _plot_height(pen: Pen) -> int:
    """The least height of the first card."""
    return 2 * pen.style.px(10) + pen.style.px(6) + 8 * pen.height()


def _columns(pen: Pen, rect: pygame.Rect) -> tuple[pygame.Rect, pygame.Rect, pygame.Rect]:
    """The places of the cards in two columns: the episode has one to itself."""
    gap = pen.style.px(10)
    width = (rect.width - gap) // 2
    third = _full_height(pen)
    if rect.height - gap - third < _plot_height(pen):
        third = compact_height(pen)
    return (
        pygame.Rect(rect.left, rect.top, width, rect.height - gap - third),
        pygame.Rect(rect.right - width, rect.top, width, rect.height),
        pygame.Rect(rect.left, rect.bottom - third, width, third),
    )


def _full_height(pen: Pen) -> int:
    """The height of the third card with its histories."""
    return 2 * pen.style.px(10) + 2 * pen.style.px(6) + 2 * pen.height() + 4 * _small_line(pen)


def compact_height(pen: Pen) -> int:
    """The height of the third card without its histories."""
    return 2 * pen.style.px(10) + 2 * pen.height()


def _row(pen: Pen) -> int:
    return pen.height() + pen.style.px(4)


def _small_line(pen: Pen) -> int:
    return pen.height() + pen.style.px(9)


def _titled(
    surface: pygame.Surface, pen: Pen, rect: pygame.Rect, title: str, notes: tuple[str, ...], accent: bool = False
) -> pygame.Rect:
    """A card with its question and, where it fits, the first of ``notes`` that does; returns the room below."""
    theme = pen.style.theme
    inside = pen.card(surface, rect)
    colour = theme.person if accent else theme.ink
    written = pen.text(surface, title, inside.topleft, role="strong", colour=colour, width=inside.width)
    left = inside.width - written.width - pen.style.px(16)
    note = next((note for note in notes if pen.width(note) <= left), "")
    pen.text(surface, note, inside.topright, "topright", colour=theme.quiet)
    used = written.height + pen.style.px(6)
    return pygame.Rect(inside.left, inside.top + used, inside.width, inside.height - used)


#: The columns of the table of steps with the widest number that each has to hold.
_COLUMNS = (
    ("t", "8,888"),
    ("action", ""),
    ("π(a|s)", "0.888"),
    ("ln π", "−8.888"),
    ("Pt", "0.88"),
    ("reward", "−88.88"),
)


def _edges(pen: Pen, rect: pygame.Rect) -> list[float]:
    """The right edges of the columns, with equal gaps between them."""
    widths = [max(pen.width(name), pen.width(widest, "mono")) for name, widest in _COLUMNS]
    gap = (rect.width - sum(widths)) / (len(widths) - 1)
    return [rect.left + sum(widths[: k + 1]) + k * gap for k in range(len(widths))]


def _draw_episode(surface: pygame.Surface, pen: Pen, rect: pygame.Rect, run: RunModel, sums: Sums) -> None:
    replay, demonstration = run.showing.current, run.showing.demonstration is not None
    part = replay.episode.until(replay.steps) if replay is not None else None
    whole = replay is not None and replay.steps >= len(replay.episode)
    value, terms = sums.after(len(part)) if part is not None else (0.0, None)
    total = f"R(τ){'' if whole else ' so far'} = {number(value, 3)}" if part else ""
    title = "Demonstration" if demonstration else "This episode"
    notes = (f"{ending(part)}{total}   (6)", f"{total}  (6)", total) if part else ()
    if demonstration and part:
        title = "Demonstration – not learned from"
    room = _titled(surface, pen, rect, title, notes, accent=demonstration)
    foot = 2 * pen.height() + pen.style.px(6)
    table = pygame.Rect(room.left, room.top, room.width, room.height - foot)
    _draw_steps(surface, pen, table, part, run.world.dynamics.actions)
    _draw_terms(surface, pen, pygame.Rect(room.left, room.bottom - foot, room.width, foot), terms)


def _draw_steps(
    surface: pygame.Surface, pen: Pen, rect: pygame.Rect, part: Trajectory | None, actions: tuple[str, ...]
) -> None:
    theme, row = pen.style.theme, _row(pen)
    edges = _edges(pen, rect)
    for (name, _), edge in zip(_COLUMNS, edges, strict=True):
        pen.text(surface, name, (edge, rect.top + row / 2), "midright", colour=theme.quiet)
    if part is None:
        return
    count = max(1, rect.height // row - 1)
    first = max(0, len(part) - count)
    for line, t in enumerate(range(first, len(part)), start=1):
        middle = rect.top + (line + 0.5) * row
        if t == len(part) - 1:
            band = pygame.Rect(rect.left - pen.style.px(6), 0, rect.width + pen.style.px(12), row)
            band.centery = round(middle)
            pygame.draw.rect(surface, theme.policy_pale, band, border_radius=pen.style.px(4))
        values = step_values(part, t, actions)
        for (name, _), edge, value in zip(_COLUMNS, edges, values, strict=True):
            if name == "action":
                place = (edge - pen.width(name) / 2, middle)
                pen.text(surface, value, place, "center", "strong", theme.policy)
            else:
                pen.text(surface, value, (edge, middle), "midright", "mono")


def _draw_terms(surface: pygame.Surface, pen: Pen, rect: pygame.Rect, terms: tuple[float, float, float] | None) -> None:
    """ln P(τ|θ) as the three terms of (13): what each is called, and below it its value."""
    theme = pen.style.theme
    pygame.draw.line(surface, theme.grid, (rect.left, rect.top), (rect.right, rect.top))
    names = ("ln P(τ|θ)", "ln P0", "Σ ln π", "Σ ln Pt")
    values = (sum(terms), *terms) if terms else (None,) * 4
    last = pen.width("(13)") + pen.style.px(8)
    wide = (rect.width - last) / 4
    top, below = rect.top + pen.style.px(4), rect.bottom - pen.height()
    for k, (name, value) in enumerate(zip(names, values, strict=True)):
        middle = rect.left + (k + 0.5) * wide
        pen.text(surface, name, (middle, top), "midtop", colour=theme.quiet)
        if value is not None:
            pen.text(surface, number(value, 2), (middle, below), "midtop", "mono")
        if k < 3:
            pen.text(surface, "=" if k == 0 else "+", (rect.left + (k + 1) * wide, below), "midtop", colour=theme.quiet)
    pen.text(surface, "(13)", (rect.right, below), "topright", colour=theme.quiet)


def _dated(
    lines: tuple[tuple[str, str, str], ...], snapshot: Snapshot | None, mark: Mark | None
) -> tuple[tuple[str, str, str], ...]:
    """The numbers of the third card, with the update in which those that were not measured in this one were."""
    update = mark.measured if mark else None
    if update is None or (snapshot and snapshot.update == update):
        return lines
    return tuple(
        (f"{name} in {update:,}" if column in ("angle", "ratio") else name, column, value)
        for name, column, value in lines
    )


def _draw_compact(
    surface: pygame.Surface, pen: Pen, rect: pygame.Rect, *choices: tuple[tuple[str, str, str], ...]
) -> None:
    """The numbers of the third card side by side: the first of ``choices`` that fits, or the last."""
    inside = pen.card(surface, rect)
    for lines in choices:
        needed = [max(pen.width(name), pen.width(value, "strong")) for name, _, value in lines]
        gap = (inside.width - sum(needed)) / (len(lines) - 1)
        if gap >= pen.style.px(12):
            break
    left = float(inside.left)
    for (name, _, value), width in zip(lines, needed, strict=True):
        pen.text(surface, name, (left, inside.top), colour=pen.style.theme.quiet)
        pen.text(surface, value, (left, inside.top + pen.height()), role="strong")
        left += width + gap
