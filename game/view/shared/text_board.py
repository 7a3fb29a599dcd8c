"""The board as text: for ``render_mode="ansi"``, the list of levels and the terminal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from game.world.dynamics import Dynamics, Layout
from game.world.level import ACTIONS

#: What an action looks like in text.
ARROWS = dict(zip(ACTIONS, "↑↗→↘↓↙←↖○", strict=True))
#: Without arrows, a diagonal is the slash or backslash that runs along it.
ASCII_ARROWS = dict(zip(ACTIONS, "^/>\\v/<\\o", strict=True))


def has_arrows(encoding: str | None) -> bool:
    """Whether text in ``encoding`` can hold arrows and blocks."""
    try:
        "→█·".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def board_text(
    dynamics: Dynamics,
    state: int | None = None,
    probabilities: NDArray[np.float64] | None = None,
    unicode: bool = True,
) -> str:
    """The board, two characters a cell: letters of the map, ``@`` for the agent in ``state``.

    With ``probabilities`` (S, A) float64 each cell shows the most probable action of that policy, for the coins
    left in ``state`` (None: all of them).  A world without a grid is one line that names the state.
    """
    layout = dynamics.layout
    if layout is None:
        return "" if state is None else f"state {state} of {dynamics.n_states}"
    marks = _marks(layout, state, unicode)
    if probabilities is not None:
        arrows = ARROWS if unicode else ASCII_ARROWS
        states = layout.cell_states[0 if state is None else layout.coin_set(state)]
        for row, line in enumerate(marks):
            for column, here in enumerate(states[row]):
                if here >= 0 and not dynamics.terminal[here]:
                    name = dynamics.actions[int(probabilities[here].argmax())]
                    line[column] = arrows.get(name, name[:1]) + " "
    if state is not None:
        row, column = layout.position[state]
        marks[row][column] = "@ "
    return "\n".join("".join(line).rstrip() for line in marks)


def _marks(layout: Layout, state: int | None, unicode: bool) -> list[list[str]]:
    """What stands in each cell, coins taken in ``state`` left out."""
    wall, floor = ("██", "· ") if unicode else ("##", ". ")
    signs = {letter: wall if tile.effect == "wall" else letter + " " for letter, tile in layout.tiles.items()}
    signs["."] = floor if layout.tiles["."].effect != "wall" else wall
    marks = [[signs[letter] for letter in row] for row in layout.rows]
    if state is not None:
        for row, column in layout.coins[layout.taken[state]]:
            marks[row][column] = floor
    return marks
