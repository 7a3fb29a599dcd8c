"""The text of a level file from a level: what a file's own text says already stays as it is, comments and order too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from game.world.level import DEFAULT_ACTIONS, DEFAULT_DISCOUNT, DEFAULT_MAX_STEPS, STANDARD_TILES, Level, Tile

#: What a level is where its file does not say it.
_UNSAID = {
    "title": "",
    "source": "",
    "teaches": "",
    "discount": DEFAULT_DISCOUNT,
    "max_steps": DEFAULT_MAX_STEPS,
    "slip": 0.0,
    "step_reward": 0.0,
    "actions": DEFAULT_ACTIONS,
    "observe": "cell",
}
_TILE_KEYS = "name reward ends goal start slip push push_cells effect".split()


def with_values(text: str, values: Mapping[str, Any]) -> str:
    """Return a level file's text with other values of its first keys, such as ``slip``, ``step_reward``, ``discount``.

    A key that is not there yet stands before the first table.  ``text`` must be a level that was read.
    """
    import tomlkit  # takes a while, and is only needed where a level is changed

    document = tomlkit.parse(text)
    for key, value in values.items():
        document[key] = value
    return tomlkit.dumps(document)


def written(level: Level) -> str:
    """Return a text that reads back to ``level``: its own text where it has one, with what differs changed."""
    import tomlkit

    from game.world.level_file import parse_level

    document = tomlkit.parse(level.text)
    before = parse_level(level.text, level.name, level.name) if level.text else None
    for key, unsaid in _UNSAID.items():
        value, said = getattr(level, key), unsaid if before is None else getattr(before, key)
        if value != said:
            document[key] = list(value) if key == "actions" else value
    if before is None or before.rows != level.rows:
        document["map"] = tomlkit.string("\n" + "\n".join(level.rows) + "\n", multiline=True)
    for letter, tile in level.tiles.items():
        old = (STANDARD_TILES if before is None else before.tiles).get(letter)
        if tile != old:
            _write_tile(document, tile, old)
    return tomlkit.dumps(document)


def _write_tile(document: Any, tile: Tile, old: Tile | None) -> None:
    """Set the keys of a tile's table that differ from what the text says of it, or from a plain tile."""
    import tomlkit

    if "tiles" not in document:
        document["tiles"] = tomlkit.table(is_super_table=True)
    tables = document["tiles"]
    if tile.letter not in tables:
        tables[tile.letter] = tomlkit.table()
    table, base = tables[tile.letter], old or Tile(tile.letter, tile.letter)
    for key in _TILE_KEYS:
        value = getattr(tile, key)
        if value == getattr(base, key):
            continue
        if value is None and key == "push":
            table[key] = "none"
        elif value is None:  # a reward or a slip as the level has it: nothing says so but leaving the key out
            table.pop(key, None)
        else:
            table[key] = value
