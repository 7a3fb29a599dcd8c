"""Arrows and boards by their pixels: directions, lengths to scale, and what tells kinds apart without colour."""

from __future__ import annotations

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from game.view.draw.arrows import Arrows
from game.view.draw.board import Board
from game.view.shared.theme import DARK, LIGHT, Theme
from game.world.dynamics import Layout
from game.world.level import DIRECTIONS
from tests.game.view.learner import COINS, world_of_text

FLOOR = 'title = "Floor"\nmap = """\nS"""'
ACTIONS = (*DIRECTIONS, "stay")


def layout_of(text: str) -> Layout:
    layout = world_of_text(text).dynamics.layout
    assert layout is not None
    return layout


class Cell:
    """One cell of 101 pixels with arrows, as the mask of what was drawn over the floor."""

    def __init__(self, size: int = 101) -> None:
        self.board = Board(layout_of(FLOOR), pygame.Rect(0, 0, size, size), LIGHT)
        self.arrows = Arrows(self.board, ACTIONS)
        self.place = np.zeros((1, 2), dtype=np.int32)

    def policy(self, chances: dict[str, float], visited: bool = True) -> NDArray[np.bool_]:
        self.arrows.set_policy(self.place, self._row(chances), np.array([visited]))
        return self._mask()

    def credit(self, largest: float, pushes: dict[str, float]) -> NDArray[np.bool_]:
        self.arrows.set_credit(self.place, self._row(pushes), largest)
        return self._mask()

    def _row(self, values: dict[str, float]) -> NDArray[np.float64]:
        return np.array([[values.get(action, 0.0) for action in ACTIONS]])

    def _mask(self) -> NDArray[np.bool_]:
        """(height, width) bool: where the arrows left more than a trace."""
        surface = pygame.Surface(self.board.rect.size)
        surface.fill((255, 255, 255))
        self.arrows.draw(surface)
        return np.asarray(pygame.surfarray.array3d(surface).min(axis=2).T < 200)


def reach(mask: NDArray[np.bool_], row: int, column: int) -> float:
    """How far the drawn pixels reach from the middle in a direction, in pixels."""
    rows, columns = np.nonzero(mask)
    unit = np.array([row, column]) / np.hypot(row, column)
    middle = (mask.shape[0] - 1) / 2
    return float(((rows - middle) * unit[0] + (columns - middle) * unit[1]).max())


@pytest.mark.parametrize("action", list(DIRECTIONS))
def test_an_arrow_points_where_its_action_moves(action: str) -> None:
    mask = Cell().policy({action: 1.0})
    row, column = DIRECTIONS[action]
    assert reach(mask, row, column) > 40
    assert reach(mask, -row, -column) < 8, "behind the hub there is nothing"
    assert reach(mask, -column, row) < 16, "only the head is broad"


@pytest.mark.parametrize("chance", [0.1, 0.25, 0.5, 0.75, 1.0])
def test_the_length_of_an_arrow_is_its_probability_to_scale(chance: float) -> None:
    cell = Cell()
    length = reach(cell.policy({"up": chance, "right": 0.05}), -1, 0) - cell.arrows.hub
    assert length == pytest.approx(chance * cell.arrows.reach, abs=1.6)


def test_the_most_probable_arrow_is_heavier_and_equal_ones_are_alike() -> None:
    cell = Cell()
    mask = cell.policy({"up": 0.6, "down": 0.4})
    assert mask[:48].sum() > 1.3 * mask[53:].sum() * 0.6 / 0.4
    equal = cell.policy(dict.fromkeys(ACTIONS, 1 / 9))
    assert abs(int(equal[:50].sum()) - int(equal[51:].sum())) <= 12


def test_an_arrow_of_a_cell_never_visited_is_dotted() -> None:
    cell = Cell()
    solid, dotted = cell.policy({"up": 1.0})[:, 50], cell.policy({"up": 1.0}, visited=False)[:, 50]
    gaps = np.count_nonzero(np.diff(dotted[5:48].astype(int)))
    assert np.count_nonzero(np.diff(solid[5:48].astype(int))) <= 1
    assert gaps >= 6


def test_a_push_towards_an_action_is_filled_and_one_away_from_it_hollow() -> None:
    cell = Cell()
    more, less = cell.credit(1.0, {"up": 1.0}), cell.credit(1.0, {"up": -1.0})
    assert reach(more, -1, 0) == pytest.approx(reach(less, -1, 0), abs=1.5)
    inside = (slice(14, 17), slice(49, 52))
    assert more[inside].all()
    assert not less[inside].any()


def test_pushes_are_drawn_against_the_largest() -> None:
    cell = Cell()
    length = reach(cell.credit(4.0, {"right": 1.0}), 0, 1) - cell.arrows.hub
    assert length == pytest.approx(cell.arrows.reach / 4, abs=1.6)


def test_pushes_in_tiny_cells_point_the_right_way_too() -> None:
    board = Board(
        layout_of('title = "T"\nmap = """\n' + "\n".join(["." * 50] * 50) + '"""'), pygame.Rect(0, 0, 450, 450), LIGHT
    )
    arrows = Arrows(board, ACTIONS)
    arrows.set_credit(np.array([[20, 30]]), np.array([[0.0] * 2 + [1.0] + [0.0] * 6]), 1.0)
    surface = pygame.Surface((450, 450))
    arrows.draw(surface)
    x, y = np.nonzero(pygame.surfarray.array3d(surface).any(axis=2))
    assert set(y) == {20 * 9 + 4}
    assert (x.min(), x.max()) == (30 * 9 + 5, 30 * 9 + 8)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("size", [3, 5, 9, 40])
def test_a_board_of_any_size_of_cells_is_drawn_inside_its_area(theme: Theme, size: int) -> None:
    layout = layout_of('title = "T"\nmap = """\nS.G\n#X~\n^?*"""')
    surface = pygame.Surface((3 * size + 20, 3 * size + 20))
    surface.fill((1, 2, 3))
    board = Board(layout, pygame.Rect(10, 10, 3 * size, 3 * size), theme)
    board.draw(surface)
    pixels = pygame.surfarray.array3d(surface)
    assert (pixels[:7] == (1, 2, 3)).all()
    assert not (pixels[10:-10, 10:-10] == (1, 2, 3)).all(axis=2).any()


def test_a_map_of_more_cells_than_pixels_is_still_drawn() -> None:
    layout = layout_of('title = "T"\nmap = """\n' + "\n".join(["." * 300] * 300) + '"""')
    board = Board(layout, pygame.Rect(0, 0, 150, 150), LIGHT)
    board.draw(pygame.Surface((150, 150)))
    assert board.rect.size == (150, 150)
    assert board.cell_at((149, 149)) == (298, 298)


def test_a_cell_is_found_from_a_pixel_and_back() -> None:
    board = Board(layout_of(COINS), pygame.Rect(13, 17, 300, 240), LIGHT)
    for row in range(3):
        for column in range(3):
            x, y = board.centre(row, column)
            assert board.cell_at((x, y)) == (row, column)
            assert board.cell_rect(row, column).collidepoint(x, y)
    assert board.cell_at((0, 0)) is None


def test_coins_are_drawn_until_they_are_taken() -> None:
    layout = layout_of(COINS)
    board = Board(layout, pygame.Rect(0, 0, 90, 90), LIGHT)
    before, after = pygame.Surface((90, 90)), pygame.Surface((90, 90))
    board.draw(before, 0)
    taken = int(np.flatnonzero(layout.taken[:, 0] & ~layout.taken[:, 1])[0])
    board.draw(after, taken)
    first, second = (board.cell_rect(*place).center for place in layout.coins.tolist())
    assert before.get_at(first) != after.get_at(first)
    assert before.get_at(second) == after.get_at(second)
