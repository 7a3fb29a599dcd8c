"""A level as an array of pixels, for GridWorld's ``rgb_array``: no window, and no display."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray

from game.view.draw.board import Board
from game.view.draw.tiles import agent_sprite
from game.view.shared.theme import LIGHT
from game.world.dynamics import Layout
from game.world.level import DIRECTIONS


class BoardImage:
    """Pictures of a layout with the agent in it, ``size`` pixels along the longer side.

    The ground is drawn once as an array; each picture is a copy with the agent pasted into one cell.
    """

    def __init__(self, layout: Layout, size: int = 512) -> None:
        longest = max(layout.width, layout.height)
        size = max(size, longest)
        area = pygame.Rect(0, 0, size * layout.width // longest, size * layout.height // longest)
        self._board = Board(layout, area, LIGHT)
        self._board.rect.topleft = (0, 0)
        self._layout = layout
        surface = pygame.Surface(self._board.rect.size)
        self._board.draw(surface, None)
        self._ground = _pixels(surface)
        self._coins = {tuple(place): self._with_coin(tuple(place)) for place in layout.coins.tolist()}
        self._agents: dict[str | None, tuple[NDArray[np.uint16], NDArray[np.uint16]]] = {}

    def draw(self, state: int, action: str | None = None) -> NDArray[np.uint8]:
        """(H, W, 3) uint8: the board in ``state``, the agent looking where ``action`` leads; a fresh array."""
        picture = self._ground.copy()
        for place, taken in zip(self._coins, self._layout.taken[state], strict=True):
            if not taken:
                rows, columns = self._cell(place)
                picture[rows, columns] = self._coins[place]
        row, column = self._layout.position[state]
        colour, see_through = self._agent(action)
        size = len(colour)
        x, y = self._board.centre(row, column)
        top = min(max(int(y) - size // 2, 0), max(0, picture.shape[0] - size))
        left = min(max(int(x) - size // 2, 0), max(0, picture.shape[1] - size))
        patch = picture[top : top + size, left : left + size]
        height, width = patch.shape[:2]
        patch[:] = (patch * see_through[:height, :width] + colour[:height, :width]) // 255
        return picture

    def _cell(self, place: tuple[int, ...]) -> tuple[slice, slice]:
        rect = self._board.cell_rect(*place)
        return slice(rect.top, rect.bottom), slice(rect.left, rect.right)

    def _with_coin(self, place: tuple[int, ...]) -> NDArray[np.uint8]:
        """The cell of a coin that is still there."""
        surface = pygame.Surface(self._board.rect.size)
        self._board.draw(surface, None)
        self._board.draw_coin(surface, *place)
        return _pixels(surface)[self._cell(place)]

    def _agent(self, action: str | None) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """The agent's colours times its opacity, and how much of the ground shows through, both of 255."""
        if action not in self._agents:
            row, column = DIRECTIONS.get(action or "", (0, 0))
            sprite = agent_sprite(max(5, int(self._board.cell)), LIGHT.policy, (column, row))
            opacity = pygame.surfarray.array_alpha(sprite).T[..., None].astype(np.uint16)
            self._agents[action] = (_pixels(sprite) * opacity, 255 - opacity)
        return self._agents[action]


def _pixels(surface: pygame.Surface) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: the colours of a surface."""
    return np.ascontiguousarray(pygame.surfarray.array3d(surface).swapaxes(0, 1))
