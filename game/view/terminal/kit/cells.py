"""One cell of the board at each scale: arrows of a policy or of pushes, and a number as a shade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from game.view.shared.text_board import ARROWS, ASCII_ARROWS
from game.view.shared.theme import VIRIDIS, ramp, readable_on
from game.view.terminal.kit.scale import Scale
from game.world.level import DIRECTIONS

if TYPE_CHECKING:
    from rich.style import Style

    from game.view.terminal.kit.grid import Grid
    from game.view.terminal.kit.look import Ground, Look

#: Arrows below this probability, or share of the largest push, are not drawn.
LEAST = 0.08
#: Probabilities closer than this are equal.
EQUAL = 1e-6


def glyph(action: str, look: Look) -> str:
    """What an action looks like; one that is no direction by its first letter."""
    return (ARROWS if look.unicode else ASCII_ARROWS).get(action, action[:1])


def dot(look: Look) -> str:
    """The hub of a cell, and all that is shown where no action is more probable than another."""
    return "·" if look.unicode else "."


def sureness(best: float, n_actions: int) -> float:
    """From 0 where the best of ``n_actions`` is no more probable than the others, to 1 where it is certain."""
    return 1.0 if n_actions == 1 else max(0.0, (best * n_actions - 1.0) / (n_actions - 1))


def policy_cell(
    grid: Grid,
    at: tuple[int, int],
    scale: Scale,
    actions: Sequence[str],
    probabilities: Sequence[float],
    visited: bool,
    ground: Ground,
) -> None:
    """Arrows of a policy: the most probable one, in large cells all of them, each as long as it is probable."""
    look, (x, y) = grid.look, at
    best = max(probabilities)
    even = best - min(probabilities) < EQUAL and len(actions) > 1
    share = sureness(best, len(actions))
    if scale.height > 3:
        for action, probability in zip(actions, probabilities, strict=True):
            if probability < LEAST:
                continue
            style = look.style("untrained", ground)
            if visited:
                heavy = probability >= best - EQUAL and not even
                style = look.sure(max(share, 0.5), ground) if heavy else look.style("arrow", ground)
            _arrow(grid, at, scale, action, probability, style)
        _hub(grid, at, scale, ground)
        return
    name = actions[list(probabilities).index(best)]
    style = look.sure(share, ground) if visited else look.style("untrained", ground)
    sign = dot(look) if even else glyph(name, look)
    if scale.height == 1:
        grid.put(x, y, sign, look.style("quiet", ground) if even else style)
        return
    grid.put(x + 1, y, sign, look.style("quiet", ground) if even else style)
    if not even:
        grid.right(x + 3, y + 1, f"{100 * best:.0f}", look.style("quiet", ground))


def push_cell(
    grid: Grid, at: tuple[int, int], scale: Scale, actions: Sequence[str], shares: Sequence[float], ground: Ground
) -> None:
    """What a batch pushed: ``shares`` from −1 to 1 of the largest push; + is more of an action, − less of it."""
    look, (x, y) = grid.look, at
    if scale.height > 3:
        for action, share in zip(actions, shares, strict=True):
            if abs(share) >= LEAST:
                style = look.style("policy" if share > 0 else "warning", ground, bold=True)
                _arrow(grid, at, scale, action, abs(share), style, _sign(share))
        _hub(grid, at, scale, ground)
        return
    largest = max(range(len(actions)), key=lambda a: abs(shares[a]))
    share, left = shares[largest], x + (scale.height == 2)
    if abs(share) < 0.01:
        grid.put(left, y, dot(look), look.style("faint", ground))
        return
    style = look.style("policy" if share > 0 else "warning", ground, bold=abs(share) > 0.3)
    grid.put(left, y, glyph(actions[largest], look), style)
    if scale.width > 1:
        grid.put(left + 1, y, _sign(share), style)
    if scale.height == 2:
        grid.right(x + 3, y + 1, f"{100 * abs(share):.0f}", look.style("quiet", ground))


def heat_cell(grid: Grid, at: tuple[int, int], scale: Scale, share: float, words: Sequence[str]) -> None:
    """A number as a shade from 0 to 1, and the longest of its ``words`` that fits."""
    look, (x, y) = grid.look, at
    colour = heat(share)
    style = look.painted(readable_on(colour), colour)
    room = scale.width - (scale.width > 2)
    grid.fill(x, y, room, max(1, scale.height - (scale.height > 2)), style)
    text = next((text for text in words if len(text) <= room), "")
    grid.put(x + (room - len(text)) // 2, y + (scale.height - 1) // 2, text, style)


def action_heat_cell(
    grid: Grid, at: tuple[int, int], scale: Scale, actions: Sequence[str], shares: Sequence[float], best: Sequence[bool]
) -> None:
    """A number for each action, shares from 0 to 1, towards where it leads; in small cells of the best action only."""
    look, (x, y) = grid.look, at
    if scale.height <= 3:
        first = list(best).index(True)
        colour = heat(shares[first])
        style = look.painted(readable_on(colour), colour, True)
        left = x + (scale.height == 2)
        grid.put(left, y, glyph(actions[first], look), style)
        if scale.height == 2:
            grid.right(x + 3, y + 1, percent(shares[first]), look.style("quiet"))
        return
    middle = (x + (scale.width - 2) // 2, y + (scale.height - 1) // 2)
    for action, share, is_best in zip(actions, shares, best, strict=True):
        down, across = DIRECTIONS.get(action, (0, 0))
        colour = heat(share)
        style = look.painted(readable_on(colour), colour, is_best)
        left = middle[0] + across * (scale.width // 3) - 1
        grid.put(left, middle[1] + down * ((scale.height - 1) // 2), f"{percent(share):>2}", style)
        if is_best:
            grid.put(middle[0], middle[1], glyph(action, look), look.style(bold=True))


def heat(share: float) -> tuple[int, int, int]:
    """The shade of a share from 0 to 1, in steps too small to miss."""
    return ramp(VIRIDIS, 0.08 + 0.92 * round(24 * share) / 24)


def percent(share: float) -> str:
    """A share from 0 to 1 in two digits: 0 to 99."""
    return str(min(99, int(100 * share)))


def _sign(share: float) -> str:
    return "+" if share > 0 else "−"


def _hub(grid: Grid, at: tuple[int, int], scale: Scale, ground: Ground) -> None:
    x, y = at[0] + (scale.width - 2) // 2, at[1] + (scale.height - 1) // 2
    if 0 <= y < grid.height and 0 <= x < grid.width and grid.rows[y][x][0] == " ":
        grid.put(x, y, dot(grid.look), grid.look.style("faint", ground))


def _arrow(
    grid: Grid, at: tuple[int, int], scale: Scale, action: str, share: float, style: Style, sign: str = ""
) -> None:
    """An arrow from the middle of a cell, its length to scale; a ``sign`` stands beside it."""
    look = grid.look
    x, y = at[0] + (scale.width - 2) // 2, at[1] + (scale.height - 1) // 2
    down, across = DIRECTIONS.get(action, (0, 0))
    head = glyph(action, look)
    if not (down or across):
        grid.put(x, y, head, style)
        return
    longest = (scale.height - 1) // 2 if down else (scale.width - 2) // 2
    length = max(1, round(share * longest))
    shaft = ("│" if look.unicode else "|") if down else ("─" if look.unicode else "-")
    if down and across:
        shaft = ("╱" if down * across < 0 else "╲") if look.unicode else ("/" if down * across < 0 else "\\")
        across *= 2
    for k in range(1, length + 1):
        grid.put(x + k * across, y + k * down, head if k == length else shaft, style)
    if sign:
        grid.put(x + length * across + (1 if down else 0), y + length * down - (0 if down else 1), sign, style)
