"""Pictures of published experiments (matplotlib, into memory)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.view.figures.comparison import INK, QUIET, STYLES, remark, sheet, tidy, written
from tests.published.figures import TOLD, CorridorFigure, LineFigure

#: Inches: 1600 by 900 pixels.
WIDE = (16.0, 9.0)
LOWEST = -90.0


def corridor_picture(figure: CorridorFigure) -> bytes:
    """Total reward against episodes, both forms of the update side by side, as a PNG's bytes."""
    with sheet(WIDE) as page:
        left, right = page.subplots(1, 2, sharey=True)
        _corridor_panel(left, figure, [curve.step_by_step for curve in figure.curves])
        _corridor_panel(right, figure, [curve.per_episode for curve in figure.curves])
        left.set_title("θ changed step by step, as in the book", loc="left", pad=14)
        right.set_title("θ changed once an episode, as in (17)", loc="left", pad=14)
        left.set_ylabel("total reward of an episode")
        left.set_ylim(LOWEST, 0.0)
        handles, labels = left.get_legend_handles_labels()
        _frame(page, figure.title, figure.caption)
        right.legend(handles, labels, loc="lower right", frameon=False, handlelength=3.2)
        return written(page, ".png")


def _corridor_panel(axes: Any, figure: CorridorFigure, curves: list[NDArray[np.float64]]) -> None:
    for number, (curve, totals) in enumerate(zip(figure.curves, curves, strict=True)):
        colour, _, mark = STYLES[number]
        axes.plot(
            np.arange(1, totals.shape[1] + 1),
            totals.mean(axis=0),
            color=colour,
            linewidth=1.6,
            marker=mark,
            markersize=11.0,
            markeredgecolor="white",
            markevery=(30 + 40 * number, 150),
            label=curve.label,
        )
    axes.axhline(figure.best, color=INK, linewidth=1.5, linestyle=(0, (2, 3)))
    remark(axes, figure.best, f"v* = {figure.best:.2f}".replace("-", "−"), (0.0, 24.0), "left")
    axes.set_xlim(0, 1000)
    axes.set_xlabel("episode")
    tidy(axes)


def line_picture(figure: LineFigure) -> bytes:
    """P(right) at the start cell against updates, as a PNG's bytes."""
    with sheet(WIDE) as page:
        axes = page.subplots()
        colour = STYLES[1][0]
        updates = np.arange(figure.right.shape[1])
        middle = np.median(figure.right, axis=0)
        axes.plot(updates, figure.right.T, color=colour, linewidth=0.8, alpha=0.4)
        axes.plot(updates, middle, color=colour, linewidth=3.4)
        for update in TOLD:
            axes.plot(update, middle[update], marker="o", markersize=11.0, color=INK)
            axes.annotate(
                f"{middle[update]:.3f}",
                (update, middle[update]),
                xytext=(0.0, -40.0) if update == TOLD[-1] else (16.0, -30.0),
                textcoords="offset points",
                ha="right" if update == TOLD[-1] else "left",
            )
        axes.set_ylim(0.4, 1.02)
        axes.set_xlim(0, updates[-1] * 1.01)
        axes.set_ylabel("P(right) at the start cell")
        axes.set_xlabel("updates")
        tidy(axes)
        _frame(page, figure.title, figure.caption)
        return written(page, ".png")


def _frame(page: Any, title: str, caption: str) -> None:
    """The title above, the caption below."""
    page.suptitle(title, fontsize=22.0, fontweight="bold")
    page.supxlabel(caption, fontsize=15.0, color=QUIET)
