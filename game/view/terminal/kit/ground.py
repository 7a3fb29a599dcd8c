"""What lies under the agent's way: the tiles of a board and the overlay on them, in characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Snapshot
from game.view.shared.hues import shades
from game.view.shared.made_of import MadeOf
from game.view.shared.numbers import number, short_count
from game.view.shared.overlays import EXACT, Overlays, largest_push, wrong_pushes
from game.view.terminal.kit import cells
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.look import Look
from game.view.terminal.kit.scale import Camera
from game.view.terminal.kit.scene import Scene
from game.view.terminal.kit.tiles import ground_style, mark
from game.world.catalog import World
from game.world.dynamics import Layout


class Ground:
    """Draws what a camera sees of a world."""

    def __init__(self, world: World, layout: Layout, overlays: Overlays, camera: Camera) -> None:
        self.world, self.layout, self.overlays, self.camera = world, layout, overlays, camera
        self._acting = world.dynamics.reachable & ~world.dynamics.terminal
        self._drawn_of = MadeOf()
        self._drawn: Grid | None = None

    def draw(self, size: tuple[int, int], look: Look, scene: Scene, coin_set: int) -> Grid:
        """Tiles and overlay; made anew only when something of it has changed."""
        camera, exact = self.camera, self.overlays.exact
        place = (camera.top, camera.left, camera.scale, size)
        parts = (self.overlays.chosen, scene.snapshot, scene.probabilities, exact, coin_set, look, place)
        if not self._drawn_of.changed(*parts) and self._drawn is not None:
            return self._drawn
        self._drawn = grid = Grid(*size, look)
        if camera.scale.half:
            self._draw_halves(grid, scene, coin_set)
        else:
            self._draw_tiles(grid, coin_set)
            self._draw_overlay(grid, scene, coin_set)
        return grid

    def _seen(self, coin_set: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The acting states in sight, and their places (n, 2)."""
        camera = self.camera
        part = self.layout.cell_states[coin_set][
            camera.top : camera.top + camera.rows, camera.left : camera.left + camera.columns
        ]
        states = part[part >= 0]
        states = states[self._acting[states]]
        return states, self.layout.position[states]

    def _draw_tiles(self, grid: Grid, coin_set: int) -> None:
        camera, look, taken = self.camera, grid.look, self._taken(coin_set)
        dot, faint = cells.dot(look), look.style("faint")
        for row in range(camera.top, camera.top + camera.rows):
            for column in range(camera.left, camera.left + camera.columns):
                tile = self.layout.tiles["."] if (row, column) in taken else self.layout.tile(row, column)
                found, at = mark(tile, look), camera.corner(row, column)
                assert at is not None
                style, scale = ground_style(found, look), camera.scale
                wall = tile.effect == "wall"
                wide = scale.width if wall else scale.width - (scale.width > 2)
                high = scale.height if wall else scale.height - (scale.height > 3)
                if found.ground != "paper":
                    grid.fill(*at, wide, high, style)
                if wall:
                    for y in range(high):
                        grid.put(at[0], at[1] + y, found.sign * wide, style)
                elif found.solid:
                    grid.put(at[0] + (wide - 1) // 2, at[1] + (high - 1) // 2, found.sign, style)
                elif found.sign == " ":
                    if scale.height < 3:
                        grid.put(at[0] + (scale.height == 2), at[1], dot, faint)
                    else:
                        grid.put(at[0] + (scale.width - 2) // 2, at[1] + (scale.height - 1) // 2, dot, faint)
                else:
                    grid.put(at[0] + (wide - 1 if scale.height < 3 else 0), at[1], found.sign, style)

    def _taken(self, coin_set: int) -> set[tuple[int, int]]:
        """The cells whose coins are gone."""
        if not len(self.layout.coins):
            return set()
        states = len(self.layout.position) >> len(self.layout.coins)
        gone = self.layout.coins[self.layout.taken[coin_set * states]]
        return {(int(row), int(column)) for row, column in gone}

    def _draw_overlay(self, grid: Grid, scene: Scene, coin_set: int) -> None:
        chosen, exact, snapshot = self.overlays.chosen, self.overlays.exact, scene.snapshot
        states, places = self._seen(coin_set)
        if not len(states):
            return
        if chosen == "policy":
            if scene.probabilities is not None:
                visited = np.ones(len(states), bool) if snapshot is None else snapshot.visits[states] > 0
                self._draw_policy(grid, places, scene.probabilities[states], visited)
        elif snapshot is None:
            return
        elif chosen == "credit":
            self._draw_pushes(grid, places, snapshot.credit[states], largest_push(snapshot))
        elif chosen == "visits":
            visits = snapshot.visits[states]
            words = [(short_count(int(count)), _magnitude(int(count))) for count in visits]
            self._draw_heat(grid, places, _spread(np.log1p(visits.astype(float))), words)
        elif exact is not None and chosen in EXACT:
            self._draw_exact(grid, exact, states, places)

    def _draw_exact(self, grid: Grid, exact: Snapshot, states: NDArray[np.int32], places: NDArray[np.int32]) -> None:
        assert exact.exact_credit is not None
        if self.overlays.chosen == "exact credit":
            self._draw_pushes(grid, places, exact.exact_credit[states], largest_push(exact))
        elif self.overlays.chosen == "wrong way":
            self._draw_pushes(grid, places, wrong_pushes(exact)[states], largest_push(exact))
        elif self.overlays.chosen == "values" and exact.values is not None:
            shares = _spread(exact.values[states])
            words = [
                (number(value, 2), number(value, 1), cells.percent(share))
                for value, share in zip(exact.values[states].tolist(), shares.tolist(), strict=True)
            ]
            self._draw_heat(grid, places, shares, words)
        elif exact.action_values is not None:
            values = exact.action_values[states]
            largest = values.max(axis=1, keepdims=True)
            best = values >= largest - 1e-12 * np.maximum(1.0, np.abs(largest))
            for place, shares, firsts in zip(places.tolist(), _spread(values).tolist(), best.tolist(), strict=True):
                at = self._corner(place)
                cells.action_heat_cell(grid, at, self.camera.scale, self.world.dynamics.actions, shares, firsts)

    def _corner(self, place: Sequence[int]) -> tuple[int, int]:
        at = self.camera.corner(place[0], place[1])
        assert at is not None
        return at

    def _draw_policy(
        self, grid: Grid, places: NDArray[np.int32], table: NDArray[np.float64], visited: NDArray[np.bool_]
    ) -> None:
        actions, scale = self.world.dynamics.actions, self.camera.scale
        for place, probabilities, known in zip(places.tolist(), table.tolist(), visited.tolist(), strict=True):
            ground = mark(self.layout.tile(*place), grid.look).ground
            cells.policy_cell(grid, self._corner(place), scale, actions, probabilities, known, ground)

    def _draw_pushes(self, grid: Grid, places: NDArray[np.int32], table: NDArray[np.float64], largest: float) -> None:
        shares = table / largest if largest > 0.0 else np.zeros_like(table)
        actions, scale = self.world.dynamics.actions, self.camera.scale
        for place, row in zip(places.tolist(), shares.tolist(), strict=True):
            ground = mark(self.layout.tile(*place), grid.look).ground
            cells.push_cell(grid, self._corner(place), scale, actions, row, ground)

    def _draw_heat(
        self, grid: Grid, places: NDArray[np.int32], shares: NDArray[np.float64], words: Sequence[Sequence[str]]
    ) -> None:
        for place, share, texts in zip(places.tolist(), shares.tolist(), words, strict=True):
            cells.heat_cell(grid, self._corner(place), self.camera.scale, share, texts)

    # -- cells of half a character ----------------------------------------------------------------------------

    def _draw_halves(self, grid: Grid, scene: Scene, coin_set: int) -> None:
        """Two cells a character: the policy as hues, numbers as shades."""
        look, camera = grid.look, self.camera
        theme, taken = look.theme, self._taken(coin_set)
        colours = np.empty((2 * grid.height, grid.width, 3))
        colours[:] = theme.paper
        for row in range(camera.rows):
            for column in range(camera.columns):
                cell = (camera.top + row, camera.left + column)
                tile = self.layout.tiles["."] if cell in taken else self.layout.tile(*cell)
                found = mark(tile, look)
                ink = found.ink if found.solid or tile.effect == "coin" else "floor"
                colours[row, column] = getattr(theme, ink)
        states, places = self._seen(coin_set)
        shown = self._halves(look, scene, states)
        if shown is not None:
            known = slice(None) if scene.snapshot is None else scene.snapshot.visits[states] > 0
            at = places[known] - (camera.top, camera.left)
            colours[at[:, 0], at[:, 1]] = shown[known]
        coarse = np.clip(np.rint(colours / 12) * 12, 0, 255).astype(int)
        for y in range(grid.height):
            for x in range(grid.width):
                above, below = coarse[2 * y, x].tolist(), coarse[2 * y + 1, x].tolist()
                style = look.painted(tuple(above), tuple(below))
                grid.put(x, y, "▀", style)

    def _halves(self, look: Look, scene: Scene, states: NDArray[np.int32]) -> NDArray[np.float64] | None:
        """(n, 3): the colours of the cells in sight; None where the overlay has nothing for cells so small."""
        chosen, snapshot, exact = self.overlays.chosen, scene.snapshot, self.overlays.exact
        if not len(states):
            return None
        if chosen == "policy" and scene.probabilities is not None:
            return shades(look.theme.floor, self.world.dynamics.actions, scene.probabilities[states])
        if snapshot is None:
            return None
        values: NDArray[np.float64] | None = None
        if chosen == "visits":
            values = np.log1p(snapshot.visits[states].astype(float))
        elif chosen == "credit":
            values = np.abs(snapshot.credit[states]).max(axis=1)
        elif exact is not None and exact.exact_credit is not None and exact.values is not None:
            if chosen == "exact credit":
                values = np.abs(exact.exact_credit[states]).max(axis=1)
            elif chosen == "wrong way":
                values = np.abs(wrong_pushes(exact)[states]).max(axis=1)
            elif chosen in ("values", "action values"):
                values = exact.values[states]
        return None if values is None else np.array([cells.heat(share) for share in _spread(values).tolist()])


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same from 0, the lowest, to 1, the highest."""
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    return np.asarray((values - low) / ((high - low) or 1.0))


def _magnitude(count: int) -> str:
    """A count in two characters: itself, or e and its power of ten."""
    return str(count) if count < 100 else f"e{len(str(count)) - 1}"
