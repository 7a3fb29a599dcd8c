"""A board whose cells are too small for arrows, in the colours of a policy."""

from __future__ import annotations

import numpy as np
import pygame

from game.view.draw.arrows import Arrows
from game.view.draw.board import Board
from game.view.draw.hues import hues
from game.view.shared.hues import HUES
from game.view.shared.theme import LIGHT
from game.world.catalog import load


def board_of(size: int, side: int) -> Board:
    layout = load(f"maze:{size}").dynamics.layout
    assert layout is not None
    return Board(layout, pygame.Rect(0, 0, side, side), LIGHT)


def test_a_certain_policy_has_the_colour_of_its_direction_and_a_uniform_one_is_pale() -> None:
    board = board_of(31, 310)
    places = np.array([[1, 1], [1, 2], [1, 3], [3, 1], [5, 5]])
    table = np.vstack([np.eye(4), np.full(4, 0.25)])
    layer = hues(board, ("up", "right", "down", "left"), places, table, np.ones(5, dtype=bool))
    for (row, column), name in zip(places[:4].tolist(), ("up", "right", "down", "left"), strict=True):
        x, y = board.centre(row, column)
        assert layer.get_at((int(x), int(y)))[:3] == HUES[name][1]
    pale = layer.get_at(tuple(map(int, board.centre(5, 5))))
    assert min(pale[:3]) > 200
    assert layer.get_at(tuple(map(int, board.centre(0, 0))))[3] == 0  # walls stay as they are


def test_cells_never_visited_stay_blank() -> None:
    board = board_of(31, 310)
    layer = hues(board, ("up",), np.array([[1, 1]]), np.ones((1, 1)), np.array([False]))
    assert layer.get_at(tuple(map(int, board.centre(1, 1))))[3] == 0


def test_arrows_give_way_to_colours_where_cells_are_small() -> None:
    actions = ("up", "right", "down", "left")
    assert Arrows(board_of(63, 630), actions).too_small
    assert not Arrows(board_of(15, 630), actions).too_small
    board = board_of(63, 630)
    arrows = Arrows(board, actions)
    arrows.set_policy(np.array([[1, 1]]), np.eye(4)[:1], np.ones(1, dtype=bool))
    surface = pygame.Surface((630, 630))
    arrows.draw(surface)
    x, y = board.centre(1, 1)
    assert surface.get_at((int(x), int(y)))[:3] == HUES["up"][1]
