"""The picture of a comparison (matplotlib, into memory): curves left, estimates at fixed policies right."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.errors import ViewError
from game.files import write_whole
from game.snapshots.comparison import Comparison, FixedPolicy, LearningCurve, Quality
from game.view.figures.tables import curves_csv, gradients_csv

FORMATS = (".png", ".svg")
#: Inches, and pixels per inch: 1600 by 1000 pixels.
SIZE, DENSITY = (16.0, 10.0), 100
#: Room around and between the panels: inches, and shares of a panel.
ROOM: Any = {"w_pad": 0.15, "h_pad": 0.12, "wspace": 0.03, "hspace": 0.04}
#: Colour (Okabe and Ito 2008), line and mark of the estimators, in their order; the exact one has the truth's green.
STYLES = (
    ("#D55E00", (0, (1, 1.2)), "o"),
    ("#0072B2", (0, (5, 1.5)), "s"),
    ("#CC79A7", "solid", "^"),
    ("#E69F00", (0, (5, 1.5, 1, 1.5)), "v"),
    ("#56B4E9", (0, (8, 2)), "P"),
    ("#000000", (0, (3, 1, 1, 1, 1, 1)), "X"),
)
EXACT_STYLE = ("#009E73", "solid", "D")
INK, QUIET, GRID, PAPER = "#1C202E", "#5C6373", "#DEE1E8", "#F7F7F3"
#: Where the uniform policy's |J| is this many times the best |J|, the axis of J is logarithmic.
LOGARITHMIC = 20.0
FONT: Any = {
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "dejavusans",
    "font.size": 17.0,
    "axes.titlesize": 19.0,
    "axes.edgecolor": QUIET,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.hashsalt": "arrowgrad",
    "svg.fonttype": "path",
}


def refuse_path(path: Path) -> None:
    """Raise :class:`~game.errors.ViewError` where a picture could not be written, before any work is done for it."""
    if path.suffix.lower() not in FORMATS:
        ending = f"ends in '{path.suffix}'" if path.suffix else "has no ending"
        raise ViewError(f"the picture '{path}' {ending}; expected {' or '.join(FORMATS)}")
    if not path.parent.is_dir():
        raise ViewError(f"the picture '{path}' cannot be written: there is no folder '{path.parent}'")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise ViewError(f"the picture '{path}' cannot be written there; expected a file in a folder of yours")


def save(comparison: Comparison, path: Path) -> list[Path]:
    """Write the picture and two CSV files beside it, each whole, all drawn first; returns their paths.

    Raises :class:`~game.errors.ViewError` where that fails.
    """
    files = {
        path: picture(comparison, path.suffix),
        path.with_name(f"{path.stem}-curves.csv"): curves_csv(comparison),
        path.with_name(f"{path.stem}-gradients.csv"): gradients_csv(comparison),
    }
    write_all(path, files)
    return list(files)


def write_all(path: Path, files: dict[Path, bytes]) -> None:
    """Write the files of the picture at ``path``, each whole.  Raises :class:`~game.errors.ViewError`."""
    try:
        for place, data in files.items():
            write_whole(place, data)
    except OSError as error:
        raise ViewError(f"the picture '{path}' cannot be written: {error.strerror or error}") from error


def style_of(estimator: str, comparison: Comparison) -> tuple[str, Any, str]:
    """Colour, line and mark of an estimator: the same wherever it is drawn in this picture."""
    if estimator == "exact":
        return EXACT_STYLE
    sampled = [curve.estimator for curve in comparison.curves if curve.estimator != "exact"]
    return STYLES[sampled.index(estimator) % len(STYLES)]


def picture(comparison: Comparison, ending: str) -> bytes:
    """The picture as the bytes of a PNG or SVG file, by its ``ending``; the same bytes for the same numbers."""
    with sheet(SIZE) as figure:
        rows = 2 if comparison.qualities else 1
        grid = figure.add_gridspec(rows, 3 if comparison.qualities else 1, width_ratios=(1.55, 1, 1)[: 2 * rows - 1])
        _curves(figure.add_subplot(grid[:, 0]), comparison)
        if comparison.qualities:
            _fixed(figure, grid, comparison)
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False, handlelength=3.2)
        figure.suptitle(f"{comparison.title}: {comparison.steps}", fontsize=22.0, fontweight="bold")
        return written(figure, ending)


@contextmanager
def sheet(size: tuple[float, float]) -> Iterator[Any]:
    """An empty figure of a size in inches, in the program's own type and colours; draw and write it within."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with mpl.rc_context():
        mpl.rcdefaults()  # a person's own matplotlibrc would give other pictures
        mpl.rcParams.update(FONT)
        figure = Figure(figsize=size, dpi=DENSITY, facecolor=PAPER, layout=ConstrainedLayoutEngine(**ROOM))
        FigureCanvasAgg(figure)
        yield figure


def written(figure: Any, ending: str) -> bytes:
    """A figure as the bytes of a PNG or SVG file; the same bytes for the same figure."""
    data = io.BytesIO()
    metadata = {"Date": None} if ending.lower() == ".svg" else {"Software": None}
    figure.savefig(data, format=ending.lower().lstrip("."), metadata=metadata, facecolor=PAPER)
    return data.getvalue()


# -- learning -----------------------------------------------------------------------------------------------------


def _curves(axes: Any, comparison: Comparison) -> None:
    """J against episodes: all seeds thin, their interquartile mean thick, its band pale."""
    for curve in comparison.curves:
        _curve(axes, curve, comparison)
    axes.axhline(comparison.best, color=INK, linewidth=1.5, linestyle=(0, (2, 3)))
    axis_of_objective(axes, min(float(curve.objective.min()) for curve in comparison.curves), comparison.best)
    remark(axes, comparison.best, f"best possible {short(comparison.best)}", (0.0, 6.0), "left")
    axes.set_xlim(0, comparison.episodes[-1])
    axes.set_xlabel("episodes")
    axes.set_ylabel("objective J, exactly")
    seeds = "1 seed" if comparison.n_seeds == 1 else f"{comparison.n_seeds} seeds"
    axes.set_title(f"Who learns faster?  ({seeds})", loc="left", pad=14)
    axes.xaxis.set_major_formatter(lambda value, _place: f"{value:,.0f}")
    axes.locator_params(axis="x", nbins=5)
    tidy(axes)


def banded(
    axes: Any,
    episodes: NDArray[Any],
    runs: NDArray[np.float64],
    over_runs: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    look: tuple[str, Any, str],
    **more: Any,
) -> None:
    """A curve (middle, low, high of ``over_runs``) with its band and, thin, the ``runs`` (seeds, points) under it."""
    colour, line, mark = look
    middle, low, high = over_runs
    if len(runs) > 1:
        axes.plot(episodes, runs.T, color=colour, linewidth=0.8, alpha=0.35)
        axes.fill_between(episodes, low, high, color=colour, alpha=0.22, linewidth=0)
    axes.plot(episodes, middle, color=colour, linestyle=line, marker=mark, **more)


def _curve(axes: Any, curve: LearningCurve, comparison: Comparison) -> None:
    banded(
        axes,
        comparison.episodes,
        curve.objective,
        (curve.middle, curve.low, curve.high),
        style_of(curve.estimator, comparison),
        linewidth=3.2,
        markersize=_mark_size(curve.estimator, comparison),
        markevery=max(1, len(comparison.episodes) // 8),
        label=curve.estimator,
    )


def axis_of_objective(axes: Any, lowest: float, best: float) -> None:
    """A logarithmic axis of J where learning spans orders of magnitude; room above the best for its words."""
    if best < 0.0 and lowest < LOGARITHMIC * best:
        axes.set_yscale("symlog", linthresh=abs(best), linscale=0.4)
        axes.set_ylim(1.3 * lowest, 0.45 * best)
        nice = [-sign * 10.0**power for power in range(-3, 12) for sign in (1, 2, 5)]
        ticks = [value for value in nice if 1.3 * lowest <= value <= 1.2 * best]
        axes.set_yticks(ticks, [short(value) for value in ticks])
        axes.minorticks_off()
        return
    room = 0.09 * max(best - lowest, 1e-9)
    axes.set_ylim(lowest - room / 2, best + room)


# -- fixed policies -----------------------------------------------------------------------------------------------


def _fixed(figure: Any, grid: Any, comparison: Comparison) -> None:
    """Two columns, one a policy: above, how long the error is; below, how far the direction is off."""
    errors = [figure.add_subplot(grid[0, 1])]
    errors.append(figure.add_subplot(grid[0, 2], sharey=errors[0]))
    angles = [figure.add_subplot(grid[1, 1], sharex=errors[0])]
    angles.append(figure.add_subplot(grid[1, 2], sharex=errors[1], sharey=angles[0]))
    for column, policy in enumerate(comparison.policies):
        qualities = [quality for quality in comparison.qualities if quality.policy == policy.name]
        _errors(errors[column], policy, qualities, comparison)
        _angles(angles[column], qualities, comparison)
    errors[0].set_ylabel(r"error of $\widehat{\nabla J}$  /  $|\nabla J|$")
    remark(errors[0], 1.0, "as long as ∇J", (0.0, -20.0), "left")
    remark(angles[0], 90.0, "at a right angle", (1.0, 6.0), "right")
    angles[0].set_ylabel(r"angle to $\nabla J$")
    for axes in (errors[1], angles[1]):
        axes.tick_params(labelleft=False)


def _errors(axes: Any, policy: FixedPolicy, qualities: list[Quality], comparison: Comparison) -> None:
    for quality in qualities:
        points = [(part.episodes, part.error) for part in quality.accuracies if part.error]
        if points:
            _marked(axes, points, quality.estimator, comparison)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.axhline(1.0, color=INK, linewidth=1.2, linestyle=(0, (2, 3)))
    axes.set_title(f"{policy.name.capitalize()} policy\nJ = {short(policy.objective)}", loc="left", pad=14)
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:g}")
    axes.tick_params(labelbottom=False)
    tidy(axes)


def _angles(axes: Any, qualities: list[Quality], comparison: Comparison) -> None:
    for quality in qualities:
        points = [(part.episodes, part.angle) for part in quality.accuracies if part.angle is not None]
        if points:
            _marked(axes, points, quality.estimator, comparison)
    axes.axhline(90.0, color=INK, linewidth=1.2, linestyle=(0, (2, 3)))
    widest = max((part.angle or 0.0 for quality in qualities for part in quality.accuracies), default=0.0)
    axes.set_ylim(0, max(104.0, axes.get_ylim()[1], widest + 6.0))
    axes.set_yticks([0, 30, 60, 90], ["0°", "30°", "60°", "90°"])
    sizes = [part.episodes for part in qualities[0].accuracies]
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.set_xlabel("episodes N")
    tidy(axes)


def remark(axes: Any, level: float, words: str, place: tuple[float, float], side: str) -> None:
    """Words for a horizontal line, at a share of its width and so many points above it."""
    axes.annotate(
        words,
        (place[0], level),
        xycoords=("axes fraction", "data"),
        xytext=(6.0 - 12.0 * place[0], place[1]),
        textcoords="offset points",
        ha=side,
        fontsize=15.0,
    )


def _marked(axes: Any, points: list[tuple[int, float]], estimator: str, comparison: Comparison) -> None:
    colour, line, mark = style_of(estimator, comparison)
    size = _mark_size(estimator, comparison)
    axes.plot(*zip(*points, strict=True), color=colour, linestyle=line, linewidth=2.6, marker=mark, markersize=size)


def _mark_size(estimator: str, comparison: Comparison) -> float:
    """In points: what is drawn first has larger marks, so that it is seen where another has the same numbers."""
    place = [curve.estimator for curve in comparison.curves].index(estimator)
    return max(8.0, 14.0 - 2.5 * place)


def tidy(axes: Any) -> None:
    """White, with a quiet grid and no frame above and at the right."""
    axes.set_facecolor("white")
    axes.grid(color=GRID, linewidth=0.9)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def short(value: float) -> str:
    """A number in at most four digits, with a true minus sign."""
    if value == 0.0 or not np.isfinite(value):
        return f"{value:g}"
    decimals = max(0, 3 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(decimals, 6)}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
