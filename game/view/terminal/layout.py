"""Where the parts of the training screen lie, in characters."""

from __future__ import annotations

from dataclasses import dataclass

#: Columns that the panel needs, and that it uses at most.
LEAST_PANEL, MOST_PANEL = 38, 66
#: Below so many columns the panel lies under the board.
NARROW = 70
HEAD, FOOT = 2, 3
#: From so many lines on there is an empty line between two cards.
ROOMY = 24


@dataclass(frozen=True, slots=True)
class Rect:
    """A place: its corner, and its size in columns and rows."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Places:
    """The parts; a panel's card of height 0 has no room.  ``cell`` is where the numbers of a cell stand."""

    board: Rect
    curve: Rect
    episode: Rect
    gradient: Rect
    cell: Rect
    foot: Rect


def divide(width: int, height: int, pointing: int, rules: int = 0) -> Places:
    """Divide a terminal; so many lines below the head are ``rules``.

    ``pointing`` is the number of lines about the cell pointed at, 0 where there is none.
    """
    foot = min(FOOT, max(1, height - 8))
    head = HEAD + rules
    body = Rect(0, head, width, max(1, height - head - foot))
    if width < NARROW:
        rows = max(4, (body.height + 1) // 2)
        board = Rect(0, body.y, width, min(rows, body.height))
        panel = Rect(0, body.y + board.height, width, body.height - board.height)
    else:
        across = max(LEAST_PANEL, min(MOST_PANEL, round(0.47 * width)))
        board = Rect(0, body.y, width - across - 2, body.height)
        panel = Rect(width - across, body.y, across, body.height)
    gap = int(panel.height >= ROOMY)
    heights = _cards(panel.height, pointing, gap)
    tops, y = [], panel.y
    for part in heights:
        tops.append(y)
        y += part + gap * (part > 0)
    curve, episode, cell, gradient = (
        Rect(panel.x, top, panel.width, part) for top, part in zip(tops, heights, strict=True)
    )
    return Places(board, curve, episode, gradient, cell, Rect(0, height - foot, width, foot))


def _cards(height: int, pointing: int, gap: int) -> tuple[int, int, int, int]:
    """The heights of curve, episode, cell and gradient, with ``gap`` lines between them.

    The numbers of a cell have a card of their own where there is room, else they take that of the episode.
    """
    gradient = 4 if height >= 16 else 2 if height >= 9 else 0
    room = height - gradient - gap
    if pointing and height < ROOMY + pointing:
        cell = min(pointing, max(0, room - gap - 5))
        return room - gap - cell, 0, cell, gradient
    cell = pointing
    room -= cell + gap * (cell > 0)
    episode = max(5, min(16, round(0.42 * room))) if room >= 11 else 0
    return room - episode - gap * (episode > 0), episode, cell, gradient
