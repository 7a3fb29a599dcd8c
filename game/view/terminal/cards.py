"""The panel's numbers in characters: the episode, the gradient, and the cell under the cursor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from game.snapshots.snapshot import Briefing, Snapshot, Trajectory
from game.view.shared.episode import Sums, ending, step_values
from game.view.shared.gradient import GradientNumbers, sample_size_words
from game.view.shared.numbers import number
from game.view.shared.overlays import cell_numbers
from game.view.shared.record import Record
from game.view.terminal.kit.grid import Grid, first_fitting
from game.view.terminal.kit.look import Ink, Look
from game.world.dynamics import Dynamics

#: The columns of the table of steps and their widths.
_COLUMNS = (("t", 5), ("action", 7), ("π(a|s)", 7), ("ln π", 7), ("Pt", 5), ("reward", 7))


def heading(grid: Grid, title: str, notes: tuple[str, ...] = (), ink: Ink = "ink") -> None:
    """The question of a card in its first row, and at the right the first of ``notes`` that fits."""
    end = grid.put(0, 0, title, grid.look.style(ink, bold=True), grid.width)
    for note in notes:
        if end + 2 + cell_len(grid.written(note)) <= grid.width:
            grid.right(grid.width, 0, note, grid.look.style("quiet"))
            return


def draw_episode(
    width: int,
    height: int,
    look: Look,
    part: Trajectory | None,
    whole: bool,
    sums: Sums,
    dynamics: Dynamics,
    demonstration: bool,
) -> Grid:
    """The last steps of an episode, its return by (6) and the terms of (13)."""
    grid = Grid(width, height, look)
    value, terms = sums.after(len(part)) if part is not None else (0.0, None)
    total = f"R(τ){'' if whole else ' so far'} = {number(value, 3)}"
    notes = (f"{ending(part)}{total} (6)", f"{total} (6)", total) if part is not None else ()
    title, ink = ("Demonstration", "person") if demonstration else ("This episode", "ink")
    heading(grid, title, notes, ink)  # type: ignore[arg-type]
    lines = 2 if height >= 7 else 1
    _draw_steps(grid, part, dynamics.actions, height - 1 - lines)
    if terms is not None:
        _draw_terms(grid, terms, height - lines, lines)
    return grid


def _draw_steps(grid: Grid, part: Trajectory | None, actions: tuple[str, ...], room: int) -> None:
    look = grid.look
    if room < 2 or part is None:
        return
    stretch = min(2, max(0, (grid.width - sum(width for _, width in _COLUMNS)) // (len(_COLUMNS) - 1)))
    edges: list[int] = []
    edge = 0
    for _, width in _COLUMNS:
        edge += width + stretch * bool(edges)
        edges.append(edge)
    for (name, _), edge in zip(_COLUMNS, edges, strict=True):
        grid.right(edge, 1, name, look.style("quiet"))
    for line, t in enumerate(range(max(0, len(part) - room + 1), len(part)), start=2):
        ground = "policy_pale" if t == len(part) - 1 and look.colour else "paper"
        grid.fill(0, line, edges[-1], 1, look.style("ink", ground))  # type: ignore[arg-type]
        last = t == len(part) - 1
        for k, (edge, text) in enumerate(zip(edges, step_values(part, t, actions), strict=True)):
            style = look.style("policy" if k == 1 else "ink", ground, bold=last or k == 1)  # type: ignore[arg-type]
            grid.right(edge - 3 * (k == 1), line, text, style)


def _draw_terms(grid: Grid, terms: tuple[float, float, float], y: int, lines: int) -> None:
    """ln P(τ|θ) as the three terms of (13): with their names where there are two lines for them."""
    look, values = grid.look, [number(value, 2) for value in (sum(terms), *terms)]
    if lines == 1:
        words = (f"ln P = {values[0]} = {values[1]} + {values[2]} + {values[3]} (13)", f"ln P(τ|θ) = {values[0]} (13)")
        grid.put(0, y, first_fitting(words, grid.width), look.style("quiet"), grid.width)
        return
    room = (grid.width - 5) // 4
    for k, (name, value) in enumerate(zip(("ln P(τ|θ)", "ln P0", "Σ ln π", "Σ ln Pt"), values, strict=True)):
        grid.put(k * room + 2 * (k > 0), y, name, look.style("quiet"))
        if k:
            grid.put(k * room, y + 1, "=" if k == 1 else "+", look.style("quiet"))
        grid.put(k * room + 2 * (k > 0), y + 1, value, look.style())
    grid.right(grid.width, y + 1, "(13)", look.style("quiet"))


def draw_gradient(
    width: int,
    height: int,
    look: Look,
    numbers: GradientNumbers,
    snapshot: Snapshot | None,
    briefing: Briefing | None,
    record: Record,
    note: str,
) -> Grid:
    """The estimate of the gradient held against the exact one, in numbers; ``note`` says when."""
    grid = Grid(width, height, look)
    heading(grid, "Is the gradient right?", (note,))
    x, y = 0, 1
    for name, _, value in numbers.lines(snapshot):
        needed = cell_len(grid.written(name)) + 1 + cell_len(grid.written(value))
        if x and x + needed > width:
            x, y = 0, y + 1
        if y >= height:
            break
        x = grid.put(x, y, name, look.style("quiet"))
        x = grid.put(x + 1, y, value, look.style(bold=True)) + 2
    if height > y + 1:
        words = sample_size_words(briefing, record, snapshot)
        grid.put(0, y + 1, first_fitting(words, width), look.style("quiet"), width)
    return grid


def draw_cell(
    width: int,
    height: int,
    look: Look,
    dynamics: Dynamics,
    state: int | None,
    snapshot: Snapshot,
    probabilities: NDArray[np.float64],
    visits: bool = True,
) -> Grid:
    """The exact numbers of the cell under the cursor, the most probable action marked."""
    grid = Grid(width, height, look)
    if state is None:
        heading(grid, "wall")
        return grid
    title, lines = cell_numbers(dynamics, state, snapshot, probabilities, visits, names=width >= 50)
    heading(grid, title)
    best = 1 + int(probabilities[state].argmax())
    if len(lines) > height - 1:  # V and the visits share a line
        lines = (*lines[: 1 + dynamics.n_actions], "  ".join(lines[1 + dynamics.n_actions :]))
    for k, line in enumerate(lines):
        ink: Ink = "quiet" if k == 0 else "policy" if k == best else "ink"
        grid.put(0, 1 + k, line, look.style(ink, bold=k == best and len(lines) > 1), width)
    return grid
