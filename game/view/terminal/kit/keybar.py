"""The keys in characters: a bar that is always in sight, and a page with all of them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.cells import cell_len

from game.keys import Screen, terminal_keys
from game.view.shared.world_words import tile_words, tiles_on
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.look import Look
from game.view.terminal.kit.tiles import mark
from game.world.dynamics import Layout


def draw_bar(grid: Grid, y: int, screen: Screen, right: int) -> None:
    """The keys of ``screen`` in row ``y`` up to column ``right``, as many as fit, help always among them."""
    keys = [key for key in terminal_keys(screen) if key.bar]
    help_key = next(key for key in keys if key.action == "help")

    def width(cap: str, word: str) -> int:
        return cell_len(grid.written(cap)) + 1 + len(word) + 2

    room = right - width(help_key.cap, help_key.short) + 2
    chosen = []
    for key in keys:
        if key is help_key:
            continue
        if width(key.cap, key.short) > room:
            break
        chosen.append(key)
        room -= width(key.cap, key.short)
    x = 0
    for key in [*chosen, help_key]:
        x = grid.put(x, y, key.cap, grid.look.style("policy", bold=True))
        x = grid.put(x + 1, y, key.short, grid.look.style("quiet")) + 2


def draw_help(
    width: int,
    height: int,
    look: Look,
    screen: Screen,
    title: str,
    facts: Sequence[tuple[str, str]],
    first: int = 0,
    layout: Layout | None = None,
) -> tuple[Grid, int]:
    """All keys of ``screen``, the tiles and facts below, from line ``first`` on; also how many lines are too many."""
    lines: list[tuple[str, str]] = []
    keys = terminal_keys(screen)
    indent = max(len(key.cap) for key in keys) + 2
    for key in keys:
        for k, words in enumerate(textwrap.wrap(key.help, max(10, width - indent - 4))):
            lines.append((key.cap if k == 0 else "", words))
    listed = " · ".join(f"{label} {value}".strip() for label, value in facts)
    lines += [("", "")] * bool(listed)
    text = [("*", words) for words in textwrap.wrap(listed, max(10, width - 4))]
    legend = "   ".join(legend_words(layout, look)) if layout is not None else ""
    text = [("*", words) for words in textwrap.wrap(legend, max(10, width - 4))] + [("", "")] * bool(legend) + text
    room = height - 3
    columns = 2 if len(lines) > room and width >= 2 * (indent + 46) else 1
    grid = Grid(width, height, look)
    grid.put(2, 0, title, look.style(bold=True), width - 4)
    wide = (width - 4) // columns
    if columns == 2:
        half = -(-len(lines) // 2)
        pairs = [(lines[k], lines[k + half] if k + half < len(lines) else ("", "")) for k in range(half)]
        rows: list[tuple[tuple[str, str], ...]] = [*pairs, *((entry,) for entry in text)]
    else:
        rows = [(entry,) for entry in [*lines, *text]]
    over = max(0, len(rows) - room)
    first = min(first, over)
    for y, row in enumerate(rows[first : first + room], start=2):
        for column, (cap, words) in enumerate(row):
            x = 2 + column * wide
            if cap == "*":
                grid.put(x, y, words, look.style("quiet"), width - 4)
                continue
            grid.put(x, y, cap, look.style("policy", bold=True))
            grid.put(x + indent, y, words, look.style(), wide - indent)
    return grid, over


def legend_words(layout: Layout, look: Look) -> list[str]:
    """Return for each tile of a board its character and what it does and pays; nothing where a board has no rules."""
    if layout.slip is None:
        return []
    found = [(mark(tile, look).sign, tile_words(tile, layout)) for tile in tiles_on(layout)]
    return [f"{sign} {words}".replace(" ", "\u00a0") for sign, words in found if sign.strip()]
