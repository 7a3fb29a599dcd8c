"""The learning curve in characters: returns as dots, J as a line, the best possible as dashes, and what they are."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len

from game.snapshots.snapshot import Briefing
from game.view.shared.axis import round_ticks
from game.view.shared.learning_curve import Mark, best_found, bounds, entries, stretches
from game.view.shared.numbers import number
from game.view.shared.record import Record
from game.view.terminal.kit.dots import Plot
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.look import Look

#: What stands before each kind of entry in the legend, with braille and without.
_SAMPLES = {
    "dot": ("⠂⠐", "."),
    "mean": ("──", "o"),
    "exact": ("━━", "*"),
    "optimum": ("╌╌", "--"),
    "found": ("┈┈", ".."),
    "none": ("", ""),
}
_INKS = {"dot": "quiet", "mean": "arrow", "exact": "policy", "optimum": "truth", "found": "truth", "none": "quiet"}


def draw_curve(
    width: int,
    height: int,
    look: Look,
    record: Record,
    briefing: Briefing | None,
    mark: Mark | None = None,
    objective: str = "J",
) -> Grid:
    """The plot with its legend below, and a moment of a finished run marked; ``record`` has rows.

    ``objective`` is what is said of J.
    """
    grid = Grid(width, height, look)
    optimum = briefing.optimum if briefing else None
    legend = _legend_lines(entries(record, briefing, objective), width, look)
    foot = height - len(legend)
    if foot < 4:
        legend, foot = legend[:1], height - 1
    for k, line in enumerate(legend):
        _draw_legend(grid, line, foot + k)
    tall = foot - 1 if foot > 3 else foot
    levels = [level for level in (optimum, best_found(record, briefing)) if level is not None]
    low, high = bounds(record, levels)
    marks = round_ticks(low, high, max(1.0, min(4.0, tall / 2)))
    decimals = 0 if abs(marks[-1] - marks[0]) >= 10 else 2
    label = max(cell_len(grid.written(number(tick, decimals))) for tick in marks) + 1
    last = max(float(record.column("episodes")[-1]), 1.0)
    plot = Plot(grid, (label, 0, max(1, width - label), tall), (0.0, last), (low, high))
    quiet = look.style("quiet")
    for tick in marks:
        row = plot.row(tick)
        if row is not None:
            grid.right(label - 1, row, number(tick, decimals), quiet)
    plot.points(record.returns[:, 0], record.returns[:, 1], "quiet", ".")
    for level in levels:
        plot.level(level, "truth")
    plot.line(record.column("episodes"), record.column("mean"), "arrow", "o")
    for rows in stretches(record):
        plot.line(record.column("episodes")[rows], record.column("objective")[rows], "policy", "*", bold=True)
    if mark is not None:
        mean = float(np.interp(mark.episodes, record.column("episodes"), record.column("mean")))
        value = mean if mark.objective is None else mark.objective
        plot.marks(np.array([mark.episodes]), np.clip([value], low, high), "person", "◉" if look.unicode else "@")
    if tall < foot:
        grid.put(label, tall, "0", quiet)
        grid.right(width, tall, f"{int(last):,} episode{'s' * (last != 1)}", quiet)
    return grid


def _legend_lines(found: list[tuple[str, str]], width: int, look: Look) -> list[list[tuple[str, str]]]:
    """The entries in as many lines as they need."""
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0
    for kind, words in found:
        needed = cell_len(_SAMPLES[kind][not look.braille]) + 1 + len(words) + 2
        if lines[-1] and used + needed - 2 > width:
            lines.append([])
            used = 0
        lines[-1].append((kind, words))
        used += needed
    return lines


def _draw_legend(grid: Grid, line: list[tuple[str, str]], y: int) -> None:
    x = 0
    for kind, words in line:
        sample = _SAMPLES[kind][not grid.look.braille]
        x = grid.put(x, y, sample, grid.look.style(_INKS[kind], bold=kind == "exact"))  # type: ignore[arg-type]
        x = grid.put(x + bool(sample), y, words, grid.look.style("ink")) + 2
