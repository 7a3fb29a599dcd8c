"""The eleven pages as they are drawn: nothing cut, nothing overlapping, on small windows and on a projector."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pygame
import pytest

from agent.lesson.course import Course
from game.snapshots.lesson_page import Equation
from game.view.draw.equation import SetEquation, colour_of
from game.view.lesson.window import LessonWindow
from game.view.shared.theme import DARK, LIGHT, Theme
from game.view.window.display import close_window, open_window
from game.world.dynamics import Dynamics
from tests.waiting import until

SIZES = [(1024, 768), (1920, 1080), (800, 600)]


@pytest.fixture(scope="module")
def window() -> Iterator[LessonWindow]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SDL_VIDEODRIVER", "dummy")
        shown = LessonWindow(Course(), open_window("lesson"), 1)
        # Two runs of each kind are enough to look at.
        shown.model.controls["seeds"] = 2.0
        yield shown
        shown.finish()
        close_window(shown.window)


def settle(window: LessonWindow) -> None:
    window.frame(0.0)
    until(lambda: not window.model.busy, between=lambda: window.frame(0.0))
    window.draw()


def check(window: LessonWindow) -> None:
    """All words within the window and apart, each part within its card, each card within the window."""
    bounds, written = window.window.get_surface().get_rect(), window.pen.written
    for one in written:
        assert bounds.contains(one.rect), one.text
    for one, other in combinations(written, 2):
        assert min(one.rect.clip(other.rect).size) <= 2, (one.text, other.text)
    assert window.screen is not None
    for one_card, other_card in combinations(window.screen._placed, 2):
        assert not one_card.rect.colliderect(other_card.rect)
    for placed in window.screen._placed:
        assert bounds.contains(placed.rect)
        for block, room in zip(placed.blocks, placed.rooms, strict=True):
            assert placed.rect.contains(room)
            assert block.width <= room.width
            assert block.height <= room.height
        for one_room, other_room in combinations(placed.rooms, 2):
            assert not one_room.colliderect(other_room)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("number", range(1, 12))
def test_nothing_is_cut_and_nothing_overlaps(window: LessonWindow, number: int, size: tuple[int, int]) -> None:
    window.window.size = size
    window.model.go_to(number)
    window.model.hidden = False
    settle(window)
    check(window)
    assert not any(written.text.endswith("…") for written in window.pen.written)
    assert window.screen is not None
    # From the last row: text of the cards is at least 1/60 of the window's height on windows that are projected.
    if size in SIZES[:2]:
        assert window.screen._pen.style.text * 60 >= size[1]
    window.model.change_answers()
    settle(window)
    check(window)
    assert any(written.text == "?" for written in window.pen.written)


@pytest.mark.parametrize("text_size", [1, 2, 3])
def test_larger_text_cuts_nothing_either(window: LessonWindow, text_size: int) -> None:
    window.window.size = (1024, 768)
    window.text_size = text_size
    for number in (2, 5, 8, 10):
        window.model.go_to(number)
        settle(window)
        check(window)
    window.text_size = 0


def test_the_help_screen_fits(window: LessonWindow) -> None:
    window.help_shown = True
    for size in SIZES:
        window.window.size = size
        settle(window)
        bounds = window.window.get_surface().get_rect()
        for one in window.pen.written:
            assert bounds.contains(one.rect), one.text
    window.help_shown = False


def test_an_arrow_of_the_policy_grows_with_its_probability(window: LessonWindow) -> None:
    """On page 7, blue right of the middle of cell 1 for π(→|1) near 1, and none for π(→|1) near 0."""
    window.window.size = (1024, 768)
    found = []
    for value in (3.0, -3.0):
        window.model.controls.update({"theta_1_right": value, "theta_1_left": 0.0})
        window.model.go_to(7)
        settle(window)
        assert window.screen is not None
        picture = window.window.get_surface()
        board = window.screen._placed[-1].rooms[1]
        strip = pygame.surfarray.array3d(picture.subsurface(board))
        cell = strip.shape[0] // 5
        found.append(int((strip[cell + cell // 2 : 2 * cell] == np.array(LIGHT.policy)).all(axis=2).sum()))
    window.model.controls.clear()
    window.model.controls["seeds"] = 2.0
    assert found[0] > 10 * max(found[1], 1)


def test_every_equation_is_set_in_the_colours_of_its_symbols() -> None:
    from agent.lesson.notation import EQUATIONS

    assert list(EQUATIONS) == list(range(1, 18))
    for number, equation in EQUATIONS.items():
        assert equation.number == f"({number})"
        for theme in (LIGHT, DARK):
            _check_colours(equation, theme)


def _check_colours(equation: Equation, theme: Theme) -> None:
    setting = SetEquation(equation.parts, 24, 10_000, theme)
    surface = pygame.Surface((setting.width + 4, setting.height + 4))
    surface.fill(theme.card)
    drawn = setting.draw(surface, 2, 2)
    assert surface.get_rect().contains(drawn)
    pixels = pygame.surfarray.array3d(surface).astype(int)
    for meaning in {meaning for _, meaning in equation.parts}:
        near = np.abs(pixels - np.array(colour_of(meaning, theme))).max(axis=2) <= 40
        assert near.any(), (equation.number, meaning)
    # The ink of the equation stays inside what it says it takes.
    ink = np.abs(pixels - np.array(theme.card)).max(axis=2) > 30
    assert not ink[[0, -1], :].any()
    assert not ink[:, [0, -1]].any()


def test_a_long_equation_is_broken_before_a_sign_and_fits() -> None:
    from agent.lesson.notation import EQUATIONS

    wide = SetEquation(EQUATIONS[13].parts, 24, 10_000, LIGHT)
    broken = SetEquation(EQUATIONS[13].parts, 24, wide.width * 2 // 3, LIGHT)
    assert broken.width <= wide.width * 2 // 3
    assert broken.height > wide.height


def test_the_boards_have_the_same_dynamics_as_the_numbers(window: LessonWindow) -> None:
    page = window.model.lesson.page(5, {"slip": 0.4})
    boards = [part.dynamics for part in page.parts() if hasattr(part, "dynamics")]
    assert all(isinstance(board, Dynamics) and board is boards[0] for board in boards)
    assert boards[0].probability[3, 1].max() == pytest.approx(0.6)
