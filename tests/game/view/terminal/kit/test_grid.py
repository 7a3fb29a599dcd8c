"""Characters on a grid, what of it has to be sent again, plots in dots, and the places of the parts."""

from __future__ import annotations

import numpy as np
import pytest

from game.keys import KEYS, WINDOW_ONLY, Screen
from game.snapshots.snapshot import Briefing
from game.view.shared.record import History
from game.view.shared.theme import DARK
from game.view.terminal.curve import draw_curve
from game.view.terminal.kit.dots import Plot
from game.view.terminal.kit.grid import Grid, fitted
from game.view.terminal.kit.keybar import draw_bar, draw_help
from game.view.terminal.kit.look import Look
from game.view.terminal.layout import Rect, divide
from tests.game.view.learner import Learner, world_of_text

LOOK, ASCII = Look(DARK), Look(DARK, unicode=False, braille=False)


def test_text_is_cut_at_the_edges_and_wide_characters_take_two_cells() -> None:
    grid = Grid(6, 1, LOOK)
    assert grid.put(-2, 0, "abcdefghij", LOOK.style()) == 8
    assert grid.text() == "cdefgh"
    assert grid.put(0, 0, "日本", LOOK.style()) == 4
    assert "".join(letter for letter, _ in grid.rows[0]) == "日本gh"
    assert grid.strip(0).cell_length == 6
    grid.put(5, 0, "日", LOOK.style())
    assert "".join(letter for letter, _ in grid.rows[0]) == "日本gh", "half a character is none"
    assert fitted("abcdef", 4) == "abc…"
    assert fitted("日本語", 4) == "日…"
    assert fitted("abc", 0) == ""


def test_an_ascii_terminal_gets_ascii_alone() -> None:
    grid = Grid(30, 1, ASCII)
    grid.put(0, 0, "θ → ∇J · π … ‖", ASCII.style())
    assert grid.text() == "theta > grad J * pi ... |"


def test_only_what_differs_is_sent_again() -> None:
    one, other = Grid(9, 3, LOOK), Grid(9, 3, LOOK)
    assert one.changes(other) == []
    other.put(2, 1, "abc", LOOK.style())
    assert other.changes(one) == [(1, 2, 3)]
    one.put(2, 1, "abc", LOOK.style(bold=True))
    assert other.changes(one) == [(1, 2, 3)], "another style is a change too"


def test_a_line_of_dots_goes_from_corner_to_corner() -> None:
    grid = Grid(4, 4, LOOK)
    plot = Plot(grid, (0, 0, 4, 4), (0.0, 1.0), (0.0, 1.0))
    plot.line(np.array([0.0, 1.0]), np.array([0.0, 1.0]), "ink", "*")
    assert [[letter != " " for letter, _ in row] for row in grid.rows] == np.eye(4, dtype=bool)[::-1].tolist()
    plain = Grid(4, 4, ASCII)
    Plot(plain, (0, 0, 4, 4), (0.0, 1.0), (0.0, 1.0)).line(np.array([0.0, 1.0]), np.array([0.0, 1.0]), "ink", "*")
    assert plain.text() == "   *\n  *\n *\n*"


@pytest.mark.parametrize("look", [LOOK, ASCII], ids=["braille", "ascii"])
@pytest.mark.parametrize("size", [(38, 8), (20, 4), (60, 20)])
def test_the_learning_curve_says_what_it_shows(look: Look, size: tuple[int, int]) -> None:
    learner, history = Learner(world_of_text(), total=30), History()
    briefing = Briefing("run", (), 0.96, 30)
    learner.begin()
    for snapshot in learner.updates():
        history.add(snapshot)
    text = draw_curve(*size, look, history.record(), briefing, objective="J of update 29 = 0.902").text()
    assert "return" in text
    if size[1] > 4:
        assert "240 episodes" in text
        assert "best possible 0.960" in text
        assert "J of update 29 = 0.902" in text
    assert text.isascii() == (look is ASCII)


def test_no_part_of_the_training_screen_overlaps_another_or_leaves_the_terminal() -> None:
    for width in (40, 69, 70, 80, 120, 200):
        for height in (8, 12, 16, 24, 30, 40, 60):
            for pointing in (0, 7, 12):
                places = divide(width, height, pointing)
                taken: set[tuple[int, int]] = set()
                for part in (getattr(places, name) for name in type(places).__slots__):
                    assert isinstance(part, Rect)
                    cells = {
                        (x, y) for x in range(part.x, part.x + part.width) for y in range(part.y, part.y + part.height)
                    }
                    assert not cells & taken
                    assert all(x < width and 2 <= y < height for x, y in cells)
                    taken |= cells


@pytest.mark.parametrize("screen", KEYS)
def test_the_page_of_help_has_every_key_that_a_terminal_has(screen: Screen) -> None:
    keys = [key for key in KEYS[screen] if key.action not in WINDOW_ONLY]
    for size in ((80, 24), (120, 40), (40, 12)):
        seen, first, over = "", 0, 1
        while first <= over:
            grid, over = draw_help(*size, LOOK, screen, "Keys", [("run", "cliff-1")], first)
            seen += grid.text()
            first += 1
        for key in keys:
            assert key.cap in seen
            assert key.help.split()[-1] in seen
        assert "cliff-1" in seen
        assert "F11" not in seen
    bar = Grid(60, 1, LOOK)
    draw_bar(bar, 0, screen, 60)
    assert "H help" in bar.text()
