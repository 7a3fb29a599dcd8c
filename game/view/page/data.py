"""What an exported page is told of a run: the world, the frames that fit, and the learning curve, as plain values.

Every number is rounded here, once: probabilities to thousandths, pushes to three digits of the largest of their
frame, values to six.  ``assets/export/data.js`` reads it.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Frame
from game.snapshots.sources import Watched
from game.view.page.numbers import BASE, decimals_for, packed, packed_wide, rounded
from game.view.shared.hues import HUES
from game.view.shared.numbers import number
from game.view.shared.text_board import ARROWS
from game.view.shared.theme import DARK, LIGHT, Colour
from game.view.shared.world_words import cell_words, deeds, rules, signed
from game.world.dynamics import Layout
from game.world.level import DIRECTIONS, Tile

if TYPE_CHECKING:
    import pygame


#: Steps of a shown episode that a page keeps.
STEPS = 200
#: Points of a curve, about as many as a page has pixels for it.
POINTS = 500
#: Side of a tile's picture in pixels.
SPRITE = 128
#: Most decimals of a value, and digits of the largest one.
VALUE_DECIMALS, VALUE_DIGITS = 4, 6


class PageData:
    """A watched run as a page is told it; frames are taken one by one, so that as many are taken as fit.

    ``full``: all actions' probabilities and pushes, and V where it is known; else only the most probable action of
    each state and its probability.
    """

    def __init__(self, watched: Watched, full: bool) -> None:
        self.watched, self.full = watched, full
        dynamics = watched.world.dynamics
        self.shown = np.flatnonzero(dynamics.reachable & ~dynamics.terminal)
        self._rows = {int(update): row for row, update in enumerate(watched.metrics["update"])}
        self.rewards: list[float] = np.unique(dynamics.reward[dynamics.probability > 0.0]).tolist()
        #: J by update: where training computed it, and of every frame whose exact numbers are quick.
        self._objective = {
            int(update): float(value)
            for update, value in zip(watched.metrics["update"], watched.metrics["objective"], strict=True)
            if not np.isnan(value)
        }

    @property
    def frame_size(self) -> int:
        """Characters of a frame's tables."""
        return 2 * len(self.shown) * (2 * self.watched.world.dynamics.n_actions + 2 if self.full else 2)

    def run(self) -> dict[str, Any]:
        """Everything but the frames; asked for after them, it knows their exact numbers."""
        watched, world = self.watched, self.watched.world
        layout, dynamics = world.dynamics.layout, world.dynamics
        assert layout is not None, "only a world on a grid has a page"
        briefing = watched.briefing
        return {
            "run": briefing.run,
            "settings": briefing.settings,
            "optimum": briefing.optimum,
            "best": None if briefing.optimum is None else number(briefing.optimum, 4),
            "found": None
            if briefing.best_found is None
            else number(max([briefing.best_found, *self._objective.values()]), 4),
            "last": int(watched.updates[-1]) - 1,
            "actions": dynamics.actions,
            "signs": [ARROWS.get(action, "") for action in dynamics.actions],
            "ways": [DIRECTIONS.get(action, (0, 0) if action == "stay" else None) for action in dynamics.actions],
            "hues": [HUES.get(action, ("", LIGHT.floor)) for action in dynamics.actions],
            "discount": dynamics.discount,
            "rules": " · ".join(rules(dynamics)),
            "rows": layout.rows,
            "tiles": {letter: _tile(layout.tiles[letter], layout) for letter in sorted(set("".join(layout.rows)))},
            "everyCell": bool((layout.cell_states[0] >= 0).all()),
            "shown": _stretches(self.shown),
            "coins": layout.coins.tolist(),
            "coin": _coin() if len(layout.coins) else None,
            "rewards": self.rewards,
            "full": self.full,
            "curve": self._curve(),
        }

    def frame(self, index: int) -> dict[str, Any]:
        """The frame at an index of the watched run's ``updates``."""
        frame = self.watched.frame(index)
        ended = index == len(self.watched.updates) - 1
        exact = self.watched.snapshot(index, exact=self.watched.quick or ended)
        policy = frame.probabilities[self.shown]
        if exact.objective is not None:
            self._objective[frame.update] = exact.objective
        told = {"update": frame.update, "episodes": f"{exact.episodes:,}"} | self._numbers(frame.update)
        if not self.full:
            best = policy.argmax(axis=1)
            chosen = np.take_along_axis(policy, best[:, None], axis=1)[:, 0]
            told["best"] = packed(np.stack([best, rounded(chosen, 3)], axis=-1))
        else:
            told["policy"] = packed(rounded(policy, 3))
            if frame.credit is not None:
                told |= _push(frame.credit[self.shown])
            if exact.values is not None:
                told |= _values(exact.values[self.shown])
        if frame.episode is not None:
            told["episode"] = self._episode(frame)
        return told

    def _numbers(self, update: int) -> dict[str, Any]:
        """The numbers beside the board, as they are shown; what is not known is left out."""
        told: dict[str, Any] = {}
        if (row := self._rows.get(update)) is not None:
            told["mean"] = number(float(self.watched.metrics["mean_return"][row]), 4)
            told["goal"] = f"{self.watched.metrics['goal_rate'][row]:.1%}".replace("%", " %")
        if (objective := self._objective.get(update)) is not None:
            told["objective"] = number(objective, 4)
        return told

    def _episode(self, frame: Frame) -> dict[str, Any]:
        assert frame.episode is not None
        kept = frame.episode.until(STEPS)
        rewards = np.searchsorted(self.rewards, kept.rewards)
        both = kept.actions * len(self.rewards) + rewards
        narrow = len(self.rewards) * self.watched.world.dynamics.n_actions <= BASE
        end = "goal" if kept.goal else "ended" if kept.terminated else "cap" if kept.truncated else ""
        return {
            "states": packed_wide(kept.states),
            "steps": packed(both) if narrow else packed_wide(both),
            "kept": len(kept),
            "length": frame.length,
            "return": number(frame.total_return, 4),
            "end": end,
        }

    def _curve(self) -> dict[str, Any]:
        """The mean return over stretches of updates, the exact J where it is known, and the range to draw."""
        metrics = self.watched.metrics
        stretches = np.array_split(np.arange(len(metrics["update"])), min(POINTS, len(metrics["update"])) or 1)
        mean = np.array([metrics["mean_return"][part].mean() for part in stretches if len(part)])
        known = np.array(sorted(self._objective.items())).reshape(-1, 2)
        known = known[chosen(len(known), min(POINTS, len(known)))]
        low, high = _range(np.append(mean, known[:, 1]), self.watched.briefing.optimum)
        return {
            "at": [int(metrics["update"][part[-1]]) for part in stretches if len(part)],
            "mean": _short(mean),
            "exactAt": known[:, 0].astype(int).tolist(),
            "exact": _short(known[:, 1]),
            "low": low,
            "high": high,
            "averaged": max(map(len, stretches)),
        }


def _push(credit: NDArray[np.float64]) -> dict[str, Any]:
    """A centred credit table to three digits of its largest entry."""
    decimals = decimals_for(float(np.abs(credit).max(initial=0.0)), 3)
    return {"push": packed(rounded(credit, decimals) + BASE // 2), "pushDecimals": decimals}


def _values(values: NDArray[np.float64]) -> dict[str, Any]:
    decimals = min(VALUE_DECIMALS, decimals_for(float(np.abs(values).max(initial=0.0)), VALUE_DIGITS))
    return {"values": packed_wide(rounded(values, decimals) + BASE * BASE // 2), "valueDecimals": decimals}


def _range(values: NDArray[np.float64], optimum: float | None) -> tuple[float, float]:
    """The range of a curve with the best possible, without what an untrained policy gets where that dwarfs the rest."""
    values = values if optimum is None else np.append(values, optimum)
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    bulk = float(np.percentile(values, 10))
    if high - low > 10.0 * (high - bulk) > 0.0:
        low = bulk - (high - bulk)
    margin = 0.06 * (high - low) or 0.5
    return low - margin, high + margin


def _short(values: NDArray[np.float64]) -> list[float]:
    return [float(f"{value:.5g}") for value in values]


def chosen(count: int, kept: int) -> NDArray[np.intp]:
    """``kept`` of ``count`` indices, the first and the last among them, evenly spread; ascending."""
    return np.unique(np.linspace(0, count - 1, kept).round().astype(np.intp))


def _stretches(numbers: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Ascending whole numbers as (first, how many) of each stretch without a gap."""
    parts: Sequence[NDArray[np.intp]] = np.split(numbers, np.flatnonzero(np.diff(numbers) != 1) + 1)
    return [(int(part[0]), len(part)) for part in parts if len(part)]


def _tile(tile: Tile, layout: Layout) -> dict[str, Any]:
    from game.view.draw.tiles import tile_sprite

    pictures = {theme.name: _picture(tile_sprite(tile, SPRITE, theme)) for theme in (LIGHT, DARK)}
    return {
        "name": tile.name,
        "wall": tile.effect == "wall",
        "coin": tile.effect == "coin",
        "does": deeds(tile, layout),
        "pays": "" if tile.reward is None or tile.effect == "wall" else signed(tile.reward),
        "words": cell_words(tile, layout),
    } | pictures


def _coin() -> dict[str, str]:
    from game.view.draw.tiles import coin_sprite

    picture = _picture(coin_sprite(SPRITE))
    return {LIGHT.name: picture, DARK.name: picture}


def _picture(surface: pygame.Surface) -> str:
    """A surface as the address of a PNG that carries its own data."""
    import pygame

    file = io.BytesIO()
    pygame.image.save(surface, file, "tile.png")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def css_colour(colour: Colour) -> str:
    """A colour as a style sheet writes it."""
    return "#" + bytes(colour).hex()
