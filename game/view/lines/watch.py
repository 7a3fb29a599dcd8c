"""A run that was kept, as text: ten of its updates, and the board at first and at the end."""

from __future__ import annotations

import numpy as np

from game.snapshots.sources import Watched
from game.view.shared.numbers import number
from game.view.shared.text_board import board_text
from game.view.watch.timeline import kept_words

#: So many updates have a row.
ROWS = 10
#: A board wider than this many cells is left out.
WIDEST = 100
#: Probabilities nearer to each other than this are the same.
EQUAL = 1e-4
HEADS = ("update", "episodes", "J", "mean return", "goal rate")


def watch_text(watched: Watched, unicode: bool) -> str:
    """The table, and the most probable action in each cell before the first update and after the last."""
    last = len(watched.updates) - 1
    rows = [_row(watched, index) for index in np.unique(np.linspace(0, last, ROWS).round().astype(int)).tolist()]
    widths = [max(len(row[column]) for row in [HEADS, *rows]) for column in range(len(HEADS))]
    lines = ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in [HEADS, *rows]]
    done = int(watched.updates[-1]) - 1
    run = f"{watched.world.title}, run {watched.briefing.run}: {done:,} update{'s' * (done != 1)}"
    if watched.briefing.optimum is not None:
        run += f", best possible J {number(watched.briefing.optimum, 4)}"
    note = "(J and the returns are of the policy before the update, the episodes with it; "
    note += f"{kept_words(watched.updates)}.)"
    return "\n".join([run, "", *lines, "", note, *_boards(watched, last, unicode)])


def _row(watched: Watched, index: int) -> tuple[str, ...]:
    snapshot, value = watched.snapshot(index, exact=False), watched.objective(index)
    ended = index == len(watched.updates) - 1
    objective = "–" if value is None else number(value, 4)
    counted = ("end" if ended else f"{snapshot.update:,}", f"{snapshot.episodes:,}", objective)
    if ended:
        return *counted, "–", "–"
    return *counted, number(snapshot.mean_return, 4), f"{100 * snapshot.goal_rate:.1f} %"


def _boards(watched: Watched, last: int, unicode: bool) -> list[str]:
    layout = watched.world.dynamics.layout
    if layout is None or layout.width > WIDEST:
        return []
    lines = []
    for words, index in (("before the first update", 0), ("at the end", last)):
        policy = watched.frame(index).probabilities
        if float(np.ptp(policy, axis=1).max()) < EQUAL:
            lines += ["", f"All actions are equally probable {words}."]
            continue
        board = board_text(watched.world.dynamics, probabilities=policy, unicode=unicode)
        lines += ["", f"The most probable action in each cell {words}:", "", board]
    return lines
