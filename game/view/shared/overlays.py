"""What the board can show: the overlays in words, which of them is chosen, and the exact numbers of a cell.

No pygame here: window and terminal have the same overlays.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Snapshot
from game.view.shared.numbers import number
from game.view.shared.text_board import ARROWS
from game.view.shared.world_words import cell_words
from game.world.dynamics import Dynamics

Overlay = Literal["policy", "credit", "exact credit", "wrong way", "visits", "values", "action values", "none"]
OVERLAYS: tuple[Overlay, ...] = get_args(Overlay)

#: The end of the policy's legend where the visits are known.
NEVER_VISITED = " · dotted: never visited"
#: What the overlay shows, in words, the longest first.
LEGENDS: dict[Overlay, tuple[str, ...]] = {
    "policy": (
        "arrow length = probability of the action, at the cell's edge 1 · blue: most probable · dotted: never visited",
        "length = probability, at the edge 1 · blue: most probable · dotted: never visited",
        "length = probability, at the edge 1 · dotted: never visited",
        "length = probability, at the edge 1",
    ),
    "credit": (
        "what the last batch pushed, ∂Ĵ/∂logit · filled: more of it · hollow: less of it",
        "pushes of the last batch · filled: more · hollow: less",
        "filled: more of it · hollow: less",
        "pushes: filled more",
    ),
    "exact credit": (
        "what an endless batch would push, ∂J/∂logit, exact{of} · to hold against the credit",
        "the exact push, ∂J/∂logit{of} · filled: more · hollow: less",
        "exact push · filled: more · hollow: less",
        "exact push",
    ),
    "wrong way": (
        "where the batch pushed the wrong way{of}: {share} of all its pushing",
        "pushed the wrong way{of}: {share}",
        "wrong way: {share}",
    ),
    "visits": (
        "steps taken from each cell since training began · colours on a logarithmic scale",
        "steps taken from each cell so far (log scale)",
        "visits so far (log scale)",
        "visits so far",
    ),
    "values": (
        "V(s), exact: the expected return from each cell{of}",
        "V(s), exact{of}",
        "V(s), exact",
    ),
    "action values": (
        "Q(s, a), exact: the expected return after each action, which lies in its direction{of}",
        "Q(s, a), exact, in the action's direction{of}",
        "Q(s, a), exact",
    ),
    "none": ("the level alone (O: overlays)", "the level alone"),
}
#: Overlays that need exact numbers, and what is said where there are none.
EXACT = ("exact credit", "wrong way", "values", "action values")
NO_VALUES = ("no exact numbers yet, or too costly to compute on this level", "no exact numbers yet")


class Overlays:
    """Which of ``choice`` is chosen, and the newest snapshot with exact numbers.

    Between two updates with exact numbers the last ones stay, and it is said whose they are.
    """

    def __init__(self, choice: tuple[Overlay, ...] = OVERLAYS) -> None:
        self.choice = choice
        self.chosen: Overlay = choice[0]
        self.exact: Snapshot | None = None
        self._update = 0

    def next(self) -> None:
        """Choose the overlay after this one."""
        self.chosen = self.choice[(self.choice.index(self.chosen) + 1) % len(self.choice)]

    def forget(self) -> None:
        """A new run begins: the exact numbers of the old one are no longer true."""
        self.exact = None

    def see(self, snapshot: Snapshot) -> None:
        """Take in what is shown now."""
        self._update = snapshot.update
        if snapshot.exact_credit is not None:
            self.exact = snapshot

    def legend(self) -> tuple[str, ...]:
        """What the overlay shows, in words, the longest first."""
        if self.chosen == "policy" and "visits" not in self.choice:
            return tuple(words.removesuffix(NEVER_VISITED) for words in LEGENDS["policy"])
        if self.chosen not in EXACT:
            return LEGENDS[self.chosen]
        if self.exact is None:
            return NO_VALUES
        of = "" if self.exact.update == self._update else f" (update {self.exact.update:,})"
        share = f"{100 * wrong_share(self.exact):.0f} %"
        return tuple(words.format(of=of, share=share) for words in LEGENDS[self.chosen])


def cell_numbers(
    dynamics: Dynamics,
    state: int,
    snapshot: Snapshot,
    probabilities: NDArray[np.float64],
    visits: bool = True,
    names: bool = True,
) -> tuple[str, tuple[str, ...]]:
    """What there is to know about the cell of ``state``: a title, and lines of equal columns.

    Without ``visits`` nothing is said of them; without ``names`` an action that has an arrow is only that.
    """
    layout = dynamics.layout
    assert layout is not None
    row, column = layout.position[state].tolist()
    title = f"row {row}, column {column} · {cell_words(layout.tile(row, column), layout)}"
    if dynamics.terminal[state]:
        return title, ("the episode ends here",)
    columns: list[tuple[str, NDArray[np.float64], int]] = [
        ("π(a|s)", probabilities, 7),
        ("push", snapshot.credit, 9),
    ]
    if snapshot.exact_credit is not None and snapshot.action_values is not None:
        columns += [("exact", snapshot.exact_credit, 9), ("Q(s,a)", snapshot.action_values, 8)]
    signs = [(ARROWS.get(name, name), name) for name in dynamics.actions]
    labels = [f"{sign} {name}" if names else f"{sign:.8}" for sign, name in signs]
    wide = max(10 * names, *map(len, labels))
    lines = [f"{'':{wide}}" + "".join(f" {title:>{width}}" for title, _, width in columns)]
    for action, label in enumerate(labels):
        values = [f" {number(float(table[state, action]), 4, True):>{width}}" for _, table, width in columns]
        lines.append(f"{label:{wide}}" + "".join(values))
    if visits:
        lines.append(f"visits {int(snapshot.visits[state]):,}")
    if snapshot.values is not None:
        lines.append(f"V(s) = {number(float(snapshot.values[state]), 4, True)}")
    return title, tuple(lines)


def largest_push(snapshot: Snapshot) -> float:
    """The largest push of the batch or of the exact gradient: both are drawn to this scale, so they compare."""
    tables = [snapshot.credit] if snapshot.exact_credit is None else [snapshot.credit, snapshot.exact_credit]
    return max(float(np.abs(table).max()) for table in tables)


def wrong_pushes(snapshot: Snapshot) -> NDArray[np.float64]:
    """(S, A) float64: the pushes of the batch whose sign is not that of the exact ones, 0 elsewhere."""
    assert snapshot.exact_credit is not None
    return np.where(snapshot.credit * np.sign(snapshot.exact_credit) < 0.0, snapshot.credit, 0.0)


def wrong_share(snapshot: Snapshot) -> float:
    """The share of all pushing, in absolute value, that went the wrong way."""
    total = float(np.abs(snapshot.credit).sum())
    return float(np.abs(wrong_pushes(snapshot)).sum()) / total if total > 0.0 else 0.0
