"""What a page of the lesson shows, as frozen values: made from live numbers, drawn by a window or printed as text.

A page says nothing of pixels or characters.  Every number on it has a name, so that a test can work it out again,
and both views show the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from game.errors import LessonError
from game.snapshots.snapshot import Trajectory
from game.world.dynamics import Dynamics

#: The lesson has pages 1 to this.
PAGES = 11
#: What a colour stands for: the policy π, the environment's P0 and Pt, rewards, what is exactly known.
Meaning = Literal["ink", "quiet", "policy", "environment", "reward", "truth"]


def in_digits(value: float, decimals: int) -> str:
    """``value`` as both views write it: a true minus sign, never "−0"."""
    if not np.isfinite(value):
        return "?" if np.isnan(value) else "∞" if value > 0 else "−∞"
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace("-", "−")


@dataclass(frozen=True, slots=True)
class Equation:
    """One equation of the tutorial: its ``number`` there, and its ``parts``, each mathtext with a meaning.

    ``plain`` is the same equation in characters.  Where the tutorial has a slip, the parts are the corrected form
    and ``correction`` says what was put right; ``note`` says where the equation holds.
    """

    number: str
    parts: tuple[tuple[str, Meaning], ...]
    plain: str
    correction: str = ""
    note: str = ""

    @property
    def remark(self) -> tuple[str, str]:
        """What stands below the equation: a word to begin with, and the sentence; both "" where there is none."""
        if self.correction:
            return "corrected:", self.correction
        return ("note:", self.note) if self.note else ("", "")


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    meaning: Meaning = "ink"


@dataclass(frozen=True, slots=True)
class Number:
    """One labelled number; an ``answer`` is hidden while a class votes."""

    name: str
    label: str
    value: float
    decimals: int = 4
    meaning: Meaning = "ink"
    answer: bool = False

    @property
    def text(self) -> str:
        """The value as it is shown."""
        return in_digits(self.value, self.decimals)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Labelled numbers, one below the other; ``columns`` side by side where there is room."""

    items: tuple[Number, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of a table: words, or numbers (n,) float64 with a name, and their ``total`` where it means something.

    NaN leaves a place empty.  ``meanings`` are the rows' own, where they differ.
    """

    name: str
    label: str
    values: tuple[str, ...] | NDArray[np.float64]
    decimals: int = 4
    meaning: Meaning = "ink"
    answer: bool = False
    total: float | None = None
    meanings: tuple[Meaning, ...] = ()

    @property
    def is_words(self) -> bool:
        """Whether the column holds words."""
        return isinstance(self.values, tuple)

    @property
    def texts(self) -> tuple[str, ...]:
        """The entries as they are shown."""
        if isinstance(self.values, tuple):
            return self.values
        return tuple("" if np.isnan(value) else in_digits(float(value), self.decimals) for value in self.values)

    @property
    def total_text(self) -> str:
        """The total as it is shown, "" where there is none."""
        return "" if self.total is None else in_digits(self.total, self.decimals)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of equal length; ``marked`` is the row that the person chose, None for none."""

    name: str
    columns: tuple[Column, ...]
    marked: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One series of a plot: ``x``, ``y`` (n,) float64.

    ``kind``: a line, dashes, dots, bars from zero around each x, or a path with its steps as dots.  ``bold`` marks
    the one to look at.
    """

    name: str
    label: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    kind: Literal["line", "dashes", "dots", "bars", "path", "rings"] = "line"
    meaning: Meaning = "ink"
    answer: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A function of two variables: ``z`` (len(y), len(x)) float64, drawn as bands between its level lines."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """Curves over common axes; ``field`` lies behind them.  ``y_span`` (low, high) is given where it does not follow
    from the curves."""

    name: str
    x_label: str
    y_label: str
    curves: tuple[Curve, ...]
    log_x: bool = False
    log_y: bool = False
    field: Field | None = None
    y_span: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BoardPart:
    """A board with a policy's arrows or, with ``credit`` (S, A) float64, the arrows of a credit table.

    ``labels`` are (state, words) written below a cell in the environment's colour.
    """

    name: str
    dynamics: Dynamics
    probabilities: NDArray[np.float64] | None = None
    credit: NDArray[np.float64] | None = None
    labels: tuple[tuple[int, str], ...] = ()
    answer: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A trajectory cell by cell: one small board for each state on the way, beside it the columns of ``table``.

    The table has one row per state of the trajectory.
    """

    name: str
    dynamics: Dynamics
    trajectory: Trajectory
    table: Table


Part = Equation | Words | Numbers | Table | Plot | BoardPart | Film


@dataclass(frozen=True, slots=True)
class Card:
    """Parts under one question; ``aside`` is a quiet remark beside the title."""

    title: str
    parts: tuple[Part, ...]
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Slider:
    """A number that the person changes: from ``low`` to ``high`` in steps of ``step``.

    ``power`` marks one whose value is the exponent of 2 of what is shown.
    """

    name: str
    label: str
    low: float
    high: float
    step: float
    value: float
    meaning: Meaning = "policy"
    decimals: int = 2
    power: bool = False

    @property
    def text(self) -> str:
        """The value as it is shown."""
        return in_digits(2.0**self.value if self.power else self.value, self.decimals)

    def at(self, value: float) -> float:
        """The nearest value that the slider can take."""
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        return min(self.high, round(self.low + steps * self.step, 9))


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page: cards in two columns, and the sliders below.

    ``share`` is the part of the width that the left column takes.  ``unfinished`` says that asking again with the
    same controls gives a page with more on it.
    """

    number: int
    title: str
    equations: str
    left: tuple[Card, ...]
    right: tuple[Card, ...]
    sliders: tuple[Slider, ...]
    share: float = 0.45
    unfinished: bool = False
    _index: dict[str, float | NDArray[np.float64]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def parts(self) -> tuple[Part, ...]:
        """All parts in reading order."""
        return tuple(part for card in (*self.left, *self.right) for part in card.parts)

    def numbers(self) -> dict[str, float | NDArray[np.float64]]:
        """Every number on the page by its name: "name" of a number; "table.column" and "table.column.total";
        "plot.curve.x", "plot.curve.y" and "plot.field.z"; "board.probabilities" and "board.credit"."""
        if not self._index:
            for part in self.parts():
                _collect(part, self._index)
        return self._index


def _collect(part: Part, into: dict[str, float | NDArray[np.float64]]) -> None:
    """Enter the numbers of ``part``; a name stands once on a page."""
    found: list[tuple[str, float | NDArray[np.float64] | None]] = []
    if isinstance(part, Numbers):
        found = [(item.name, item.value) for item in part.items]
    elif isinstance(part, Table | Film):
        table = part.table if isinstance(part, Film) else part
        for column in table.columns:
            if not isinstance(column.values, tuple):
                found.append((f"{table.name}.{column.name}", column.values))
                found.append((f"{table.name}.{column.name}.total", column.total))
    elif isinstance(part, Plot):
        for curve in part.curves:
            found += [(f"{part.name}.{curve.name}.x", curve.x), (f"{part.name}.{curve.name}.y", curve.y)]
        if part.field is not None:
            found.append((f"{part.name}.{part.field.name}.z", part.field.z))
    elif isinstance(part, BoardPart):
        found = [(f"{part.name}.probabilities", part.probabilities), (f"{part.name}.credit", part.credit)]
    for name, value in found:
        if value is not None:
            assert name not in into, f"two numbers are called {name}"
            into[name] = value


def check_page(number: int) -> None:
    """Raise :class:`~game.errors.LessonError` where the lesson has no page ``number``."""
    if not 1 <= number <= PAGES:
        raise LessonError(f"--page is {number}; the lesson has pages 1 to {PAGES}")


class Lesson(Protocol):
    """What ``main.py`` hands to the views of the lesson."""

    @property
    def titles(self) -> Sequence[str]:
        """The titles of all pages."""
        ...

    def page(self, number: int, controls: Mapping[str, float]) -> Page:
        """Page ``number``, from 1, for the values of sliders by name (those left out keep their first value).

        Called from one worker thread at a time; may take a second.
        """
        ...
