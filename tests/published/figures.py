"""The numbers behind pictures of published experiments, as a view draws them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class CorridorCurve:
    """One line of Sutton and Barto's figures 13.1 and 13.2, in both forms of the update.

    ``step_by_step`` and ``per_episode`` are (runs, episodes) float64: the total reward of each episode.
    """

    label: str
    step_by_step: NDArray[np.float64]
    per_episode: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CorridorFigure:
    """One of the two figures; ``best`` is v*, and ``caption`` says what was assumed."""

    title: str
    caption: str
    best: float
    curves: tuple[CorridorCurve, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LineFigure:
    """P(right) at the start cell of the line world: (seeds, updates + 1) float64, from before the first update on.

    ``seconds`` and ``processor_seconds`` (seeds,) float64 are what training took, without imports and compilation.
    """

    title: str
    caption: str
    right: NDArray[np.float64]
    seconds: NDArray[np.float64]
    processor_seconds: NDArray[np.float64]


#: The updates at which P(right) is told.
TOLD = (100, 200, 500, 1000)
#: The episodes at the end of a run whose mean is told.
LAST = 100


def corridor_rows(figure: CorridorFigure) -> list[str]:
    """A Markdown table: the mean total reward of the last episodes, with the standard error over runs."""
    rows = ["| | step by step | once an episode |", "|---|---|---|"]
    for curve in figure.curves:
        ends = [totals[:, -LAST:].mean(axis=1) for totals in (curve.step_by_step, curve.per_episode)]
        cells = [f"{end.mean():.2f} ± {end.std(ddof=1) / len(end) ** 0.5:.2f}".replace("-", "−") for end in ends]
        rows.append(f"| {curve.label} | {cells[0]} | {cells[1]} |")
    return rows


def line_rows(figure: LineFigure) -> list[str]:
    """A Markdown table: P(right) after some updates, median and range over seeds."""
    rows = ["| updates | median P(right) | smallest | largest |", "|---|---|---|---|"]
    for update in TOLD:
        right = figure.right[:, update]
        rows.append(f"| {update:,} | {np.median(right):.3f} | {right.min():.3f} | {right.max():.3f} |")
    return rows


def time_row(figure: LineFigure) -> str:
    """What a run took, as a sentence."""
    times = [
        f"{np.median(times):.2f} s ({times.min():.2f} to {times.max():.2f})"
        for times in (figure.seconds, figure.processor_seconds)
    ]
    return f"One run took {times[0]} of training by the clock, {times[1]} of processor time: medians and ranges."
