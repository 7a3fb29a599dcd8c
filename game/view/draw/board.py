"""The board: the cells of a layout in a rectangle, with coins, a trail and an agent on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame

from game.view.draw.rewards import reward_sign
from game.view.draw.tiles import agent_sprite, coin_sprite, tile_colour, tile_sprite
from game.view.shared.theme import Colour, Theme, mixed
from game.world.dynamics import Layout
from game.world.level import DIRECTIONS

#: Below this many pixels a cell shows its colour only.
SMALLEST_SIGN = 6
#: The agent's tile is never smaller, so that it is found in a large maze.
SMALLEST_AGENT = 22


class Board:
    """A layout drawn as large as it fits into ``area``, at its top and in the middle across.

    ``rect`` is where the board lies; ``cell`` is the side of a cell in pixels, a whole number unless cells are
    tiny.  Everything that does not change is drawn once.
    """

    def __init__(self, layout: Layout, area: pygame.Rect, theme: Theme) -> None:
        self.layout, self.theme = layout, theme
        cell = min(area.width / layout.width, area.height / layout.height)
        self.cell = float(int(cell)) if cell >= 4 else max(cell, 0.25)
        size = (round(self.cell * layout.width), round(self.cell * layout.height))
        self.rect = pygame.Rect((0, 0), size)
        self.rect.midtop = area.midtop
        self._signs = {
            letter: sign
            for letter in set("".join(layout.rows))
            if (sign := reward_sign(layout.tiles[letter], int(self.cell), theme)) is not None
        }
        self._ground = self._draw_ground()
        self._coin = coin_sprite(max(1, int(self.cell)))
        self._agents: dict[tuple[Colour, str | None, int], pygame.Surface] = {}

    def centre(self, row: float, column: float) -> tuple[float, float]:
        """The middle of a cell in pixels, (x, y); fractions lie between cells."""
        return self.rect.left + (column + 0.5) * self.cell, self.rect.top + (row + 0.5) * self.cell

    def cell_rect(self, row: int, column: int) -> pygame.Rect:
        """The rectangle of a cell."""
        left, top = round(column * self.cell), round(row * self.cell)
        right, bottom = round((column + 1) * self.cell), round((row + 1) * self.cell)
        return pygame.Rect(self.rect.left + left, self.rect.top + top, max(1, right - left), max(1, bottom - top))

    def cell_at(self, point: tuple[float, float]) -> tuple[int, int] | None:
        """The (row, column) at a pixel (x, y), None beside the board."""
        if not self.rect.collidepoint(point):
            return None
        row = int((point[1] - self.rect.top) / self.cell)
        column = int((point[0] - self.rect.left) / self.cell)
        return min(row, self.layout.height - 1), min(column, self.layout.width - 1)

    def draw(self, surface: pygame.Surface, state: int | None = 0) -> None:
        """Draw the cells and the coins that are left in ``state`` (None: none at all)."""
        frame = min(2, max(1, round(self.cell / 32)))
        pygame.draw.rect(
            surface, mixed(self.theme.edge, self.theme.quiet, 0.4), self.rect.inflate(2 * frame, 2 * frame)
        )
        surface.blit(self._ground, self.rect)
        if state is not None and len(self.layout.coins):
            for row, column in self.layout.coins[~self.layout.taken[state]]:
                self.draw_coin(surface, int(row), int(column))

    def draw_coin(self, surface: pygame.Surface, row: int, column: int) -> None:
        """Draw a coin in a cell, with what it pays."""
        surface.blit(self._coin, self.cell_rect(row, column))
        self._draw_sign(surface, row, column, self.cell_rect(row, column))

    def _draw_sign(self, surface: pygame.Surface, row: int, column: int, cell: pygame.Rect) -> None:
        """Write what a cell pays into its corner."""
        sign = self._signs.get(self.layout.rows[row][column])
        if sign is not None:
            surface.blit(sign, sign.get_rect(bottomright=(cell.right - 2, cell.bottom - 2)))

    def draw_trail(self, surface: pygame.Surface, places: Sequence[tuple[float, float]], colour: Colour) -> None:
        """Draw the way through ``places``, (row, column) in the order walked."""
        if len(places) < 2:
            return
        points = [self.centre(row, column) for row, column in places]
        width = max(2, round(self.cell * 0.09))
        pygame.draw.lines(surface, colour, False, points, width)
        if width > 2:
            for point in points[:: max(1, len(points) // 400)]:
                pygame.draw.circle(surface, colour, point, (width - 1) // 2)  # not beyond the line

    def draw_agent(
        self, surface: pygame.Surface, place: tuple[float, float], colour: Colour, action: str | None = None
    ) -> None:
        """Draw the agent at ``place`` (row, column), looking where ``action`` leads; at a goal, beside the flag."""
        x, y = self.centre(*place)
        size = max(SMALLEST_AGENT, int(self.cell))
        row, column = round(place[0]), round(place[1])
        beside = size > SMALLEST_AGENT and (row, column) == tuple(place) and self.layout.tile(row, column).goal
        if beside:
            size = max(SMALLEST_AGENT, round(0.55 * size))
            x, y = x - 0.24 * self.cell, y + 0.22 * self.cell
        sprite = self._agents.get((colour, action, size))
        if sprite is None:
            down, right = DIRECTIONS.get(action or "", (0, 0))
            sprite = self._agents[colour, action, size] = agent_sprite(size, colour, (right, down))
        surface.blit(sprite, sprite.get_rect(center=(x, y)))

    def _draw_ground(self) -> pygame.Surface:
        layout, theme = self.layout, self.theme
        colours = {letter: tile_colour(layout.tiles[letter], theme) for letter in set("".join(layout.rows))}
        letters = np.array([[colours[letter] for letter in row] for row in layout.rows], dtype=np.uint8)
        image = pygame.surfarray.make_surface(letters.swapaxes(0, 1))
        if self.cell < SMALLEST_SIGN:
            smaller = self.cell < 1
            ground = (pygame.transform.smoothscale if smaller else pygame.transform.scale)(image, self.rect.size)
        else:
            ground = pygame.Surface(self.rect.size)
            size = int(self.cell)
            sprites = {letter: tile_sprite(layout.tiles[letter], size, theme) for letter in colours}
            for row, line in enumerate(layout.rows):
                ground.blits([(sprites[letter], (column * size, row * size)) for column, letter in enumerate(line)])
            for row in range(1, layout.height):
                pygame.draw.line(ground, theme.grid, (0, row * size), (self.rect.width, row * size))
            for column in range(1, layout.width):
                pygame.draw.line(ground, theme.grid, (column * size, 0), (column * size, self.rect.height))
            for row, column in np.argwhere(np.isin([list(line) for line in layout.rows], list(self._signs))).tolist():
                if layout.tile(row, column).effect != "coin":
                    self._draw_sign(ground, row, column, pygame.Rect(column * size, row * size, size, size))
        return ground
