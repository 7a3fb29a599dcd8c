"""The list of levels, for ``python main.py levels``."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from game.view.shared.text_board import board_text
from game.view.shared.world_words import rules
from game.world.catalog import World

_INDENT = "  "
#: Pictures beside the words leave the words at least this many columns.
_LEAST_WORDS = 36


def levels_text(worlds: Iterable[World], width: int, unicode: bool = True) -> str:
    """Each world with its picture on the left and, beside it, name, title, lesson and source, ``width`` wide."""
    entries = [(world, board_text(world.dynamics, unicode=unicode).split("\n")) for world in worlds]
    widest = max((len(line) for _, picture in entries for line in picture), default=0)
    beside = width - len(_INDENT) - widest - 3
    blocks = []
    for world, picture in entries:
        if beside >= _LEAST_WORDS:
            words = _words(world, beside, unicode)
            rows = max(len(picture), len(words))
            left = [line.ljust(widest + 3) for line in picture + [""] * (rows - len(picture))]
            lines = [one + other for one, other in zip(left, words + [""] * (rows - len(words)), strict=True)]
        else:
            lines = [*_words(world, max(width - len(_INDENT), 20), unicode), *picture]
        blocks.append("\n".join((_INDENT + line).rstrip() for line in lines))
    return "\n\n".join(blocks)


def _words(world: World, width: int, unicode: bool) -> list[str]:
    dynamics = world.dynamics
    facts = f"{dynamics.n_states} states, {dynamics.n_actions} actions"
    paragraphs = [world.name, world.title, world.teaches, facts, " · ".join(rules(dynamics))]
    if world.source:
        paragraphs.append(f"From: {world.source}")
    lines = [line for paragraph in paragraphs for line in textwrap.wrap(paragraph, width)]
    return lines if unicode else [line.encode("ascii", "replace").decode("ascii") for line in lines]


def levels_json(worlds: Iterable[World]) -> list[dict[str, Any]]:
    """The same for programs, with the map as a list of lines."""
    return [
        {
            "name": world.name,
            "title": world.title,
            "source": world.source,
            "teaches": world.teaches,
            "map": list(world.dynamics.layout.rows) if world.dynamics.layout else None,
            "actions": list(world.dynamics.actions),
            "observe": world.dynamics.observe,
            "states": world.dynamics.n_states,
            "discount": world.dynamics.discount,
            "max_steps": world.dynamics.max_steps,
        }
        for world in worlds
    ]
