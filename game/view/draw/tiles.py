"""How each kind of tile looks: a shape first, a colour second."""

from __future__ import annotations

import math

import pygame
from pygame.typing import Point

from game.view.shared.theme import Colour, Theme
from game.world.level import DIRECTIONS, Tile

#: Sprites are drawn this many times larger and then shrunk, which smooths their edges.
SUPER = 4


def tile_colour(tile: Tile, theme: Theme) -> Colour:
    """The colour of a tile's area; all that is left of it where cells are only a few pixels wide."""
    if tile.effect == "wall":
        return theme.wall
    if tile.goal:
        return theme.truth_soft
    if tile.effect == "restart" or _is_pit(tile):
        return theme.warning_soft
    if tile.ends:
        return theme.grid
    if tile.slip:
        return theme.ice
    return theme.floor


def _is_pit(tile: Tile) -> bool:
    """Whether a tile ends the episode without a goal and without a reward worth having."""
    return tile.ends and not tile.goal and (tile.reward or 0.0) <= 0


def tile_sprite(tile: Tile, size: int, theme: Theme) -> pygame.Surface:
    """A tile of ``size`` pixels, without its coin."""
    n = size * SUPER
    surface = pygame.Surface((n, n))
    surface.fill(tile_colour(tile, theme))
    if tile.effect != "wall":
        if tile.slip:
            _hatching(surface, theme.ice_hatch)
        if tile.push is not None:
            _chevrons(surface, tile.push, min(tile.push_cells, 3), theme.wind)
        _sign(surface, tile, theme)
        if tile.start > 0:
            pygame.draw.circle(surface, (230, 159, 0), (n / 2, n / 2), 0.40 * n, max(SUPER, round(0.045 * n)))
    return pygame.transform.smoothscale(surface, (size, size))


def _sign(surface: pygame.Surface, tile: Tile, theme: Theme) -> None:
    if tile.goal:
        _flag(surface, theme.truth)
    elif tile.effect == "restart":
        _back_arrow(surface, theme.warning)
    elif tile.effect == "swap":
        _swap(surface, (204, 121, 167))
    elif _is_pit(tile):
        _cross(surface, theme.warning)
    elif tile.ends:
        n = surface.get_width()
        pygame.draw.rect(surface, theme.quiet, (0.3 * n, 0.3 * n, 0.4 * n, 0.4 * n), border_radius=round(0.06 * n))
    elif tile.reward and tile.effect == "none":
        _gem(surface, tile.reward, theme)


def coin_sprite(size: int) -> pygame.Surface:
    """A coin on a transparent tile of ``size`` pixels."""
    n = size * SUPER
    surface = pygame.Surface((n, n), pygame.SRCALPHA)
    surface.fill((230, 159, 0, 0))
    pygame.draw.circle(surface, (230, 159, 0), (n / 2, n / 2), 0.30 * n)
    pygame.draw.circle(surface, (255, 246, 214), (n / 2, n / 2), 0.22 * n, max(1, round(0.03 * n)))
    pygame.draw.rect(surface, (255, 246, 214), (0.47 * n, 0.38 * n, 0.06 * n, 0.24 * n))
    return pygame.transform.smoothscale(surface, (size, size))


def agent_sprite(size: int, colour: Colour, facing: tuple[float, float]) -> pygame.Surface:
    """The agent on a transparent tile of ``size`` pixels; its eyes look in the direction ``facing`` (x, y)."""
    n = size * SUPER
    surface = pygame.Surface((n, n), pygame.SRCALPHA)
    surface.fill((255, 255, 255, 0))
    centre = pygame.Vector2(n / 2, n / 2)
    pygame.draw.circle(surface, (255, 255, 255), centre, 0.27 * n)
    pygame.draw.circle(surface, colour, centre, 0.24 * n)
    look = pygame.Vector2(facing) * 0.09 * n
    for side in (-1, 1):
        eye = centre + look + (side * 0.085 * n, 0 if look.y else -0.03 * n)
        pygame.draw.circle(surface, (255, 255, 255), eye, 0.06 * n)
        pygame.draw.circle(surface, (20, 22, 28), eye + pygame.Vector2(facing) * 0.022 * n, 0.028 * n)
    return pygame.transform.smoothscale(surface, (size, size))


def _hatching(surface: pygame.Surface, colour: Colour) -> None:
    n = surface.get_width()
    for k in range(3):
        x = n * (0.12 + 0.3 * k)
        pygame.draw.line(surface, colour, (x, 0.82 * n), (x + 0.26 * n, 0.34 * n), max(2, round(0.025 * n)))


def _chevrons(surface: pygame.Surface, push: str, count: int, colour: Colour) -> None:
    n = surface.get_width()
    row, column = DIRECTIONS[push]
    along = pygame.Vector2(column, row).normalize()
    across = pygame.Vector2(-along.y, along.x)
    middle = pygame.Vector2(n / 2, n / 2)
    places = (-0.32, 0.36) if count == 1 else (-0.36, -0.22, 0.36) if count == 2 else (-0.40, -0.27, 0.27, 0.40)
    for place in places:
        tip = middle + along * place * n
        tails = [tip - along * 0.12 * n + across * side * 0.24 * n for side in (-1, 1)]
        pygame.draw.lines(surface, colour, False, [tails[0], tip, tails[1]], max(2, round(0.035 * n)))


def _flag(surface: pygame.Surface, colour: Colour) -> None:
    n = surface.get_width()
    pygame.draw.rect(surface, colour, (0.34 * n, 0.2 * n, 0.06 * n, 0.6 * n), border_radius=round(0.02 * n))
    pygame.draw.polygon(surface, colour, [(0.38 * n, 0.2 * n), (0.74 * n, 0.34 * n), (0.38 * n, 0.49 * n)])


def _cross(surface: pygame.Surface, colour: Colour) -> None:
    n = surface.get_width()
    width = 0.055 * n
    for one, other in (((0.28, 0.28), (0.72, 0.72)), ((0.28, 0.72), (0.72, 0.28))):
        thick_line(surface, colour, (one[0] * n, one[1] * n), (other[0] * n, other[1] * n), width)


def _back_arrow(surface: pygame.Surface, colour: Colour) -> None:
    """An arrow that turns back on itself: from here one begins again."""
    n = surface.get_width()
    box = pygame.Rect(0, 0, round(0.44 * n), round(0.44 * n))
    box.center = (n // 2, n // 2)
    pygame.draw.arc(surface, colour, box, math.radians(-60), math.radians(200), max(3, round(0.055 * n)))
    pygame.draw.polygon(surface, colour, [(0.17 * n, 0.52 * n), (0.43 * n, 0.52 * n), (0.30 * n, 0.70 * n)])


def _swap(surface: pygame.Surface, colour: Colour) -> None:
    n = surface.get_width()
    for y, way in ((0.14, 1), (0.86, -1)):
        tip, tail = 0.5 + way * 0.3, 0.5 - way * 0.3
        thick_line(surface, colour, (tail * n, y * n), ((tip - way * 0.1) * n, y * n), 0.045 * n)
        head = [(tip, y), (tip - way * 0.14, y - 0.09), (tip - way * 0.14, y + 0.09)]
        pygame.draw.polygon(surface, colour, [(x * n, z * n) for x, z in head])


def _gem(surface: pygame.Surface, reward: float, theme: Theme) -> None:
    """A diamond in the corner with a plus or a minus, for a tile that only pays."""
    n = surface.get_width()
    colour = theme.truth if reward > 0 else theme.warning
    x, y, r = 0.80 * n, 0.20 * n, 0.15 * n
    pygame.draw.polygon(surface, colour, [(x, y - r), (x + r, y), (x, y + r), (x - r, y)])
    thick_line(surface, theme.floor, (x - 0.4 * r, y), (x + 0.4 * r, y), 0.22 * r)
    if reward > 0:
        thick_line(surface, theme.floor, (x, y - 0.4 * r), (x, y + 0.4 * r), 0.22 * r)


def thick_line(surface: pygame.Surface, colour: Colour, one: Point, other: Point, width: float) -> None:
    """A line with square ends at right angles to it, which ``pygame.draw.line`` gives only to upright ones."""
    start, end = pygame.Vector2(one), pygame.Vector2(other)
    along = (end - start).normalize()
    across = pygame.Vector2(-along.y, along.x) * width / 2
    pygame.draw.polygon(surface, colour, [start + across, end + across, end - across, start - across])
