"""The window of the lesson: what each key and the mouse do, on pages that a test makes up."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pygame
import pytest

from game.keys import KEYS, action_of
from game.snapshots.lesson_page import Card, Column, Curve, Number, Numbers, Page, Plot, Slider, Table
from game.view.lesson.window import LessonWindow
from game.view.shared.theme import DARK, LIGHT
from game.view.window.display import close_window, open_window
from tests.waiting import PATIENCE, until


class Made:
    """Eleven pages whose one number is 10 times a slider; ``hold`` keeps a page from coming until it is set."""

    titles = tuple(f"Title {number}" for number in range(1, 12))

    def __init__(self) -> None:
        self.hold = threading.Event()
        self.hold.set()
        self.parts = 1

    def page(self, number: int, controls: Mapping[str, float]) -> Page:
        assert self.hold.wait(PATIENCE)
        sliders = tuple(
            Slider(name, name, low, high, step, controls.get(name, first), decimals=1)
            for name, low, high, step, first in (
                ("one", 0, 5, 0.5, 2.0),
                ("two", -1, 1, 0.1, 0.0),
                ("draw", 1, 3, 1, 1),
            )
        )
        tenfold = Number("tenfold", "ten times", 10 * sliders[0].value, 1, answer=True)
        x = np.array([0.0, 1.0, 2.0])
        table = Table(
            "table", (Column("words", "word", ("a", "b")), Column("n", "n", x[:2], 1, answer=True, total=7.0))
        )
        plot = Plot("plot", "x", "y", (Curve("curve", "squares", x, x**2, answer=True),))
        done = self.parts if number == 11 else 1
        self.parts -= number == 11 and self.parts > 1
        cards = (Card("A question", (Numbers((tenfold, Number("dice", "dice", sliders[2].value, 0))), table)),)
        return Page(
            number,
            self.titles[number - 1],
            f"({number})",
            cards,
            (Card("A plot", (plot,)),),
            sliders if number != 3 else (),
            unfinished=done > 1,
        )


class Seat:
    """A window driven by a test."""

    def __init__(self, lesson: Made, page: int = 1) -> None:
        self.lesson = lesson
        self.window = LessonWindow(lesson, open_window("lesson", (1024, 768)), page)
        self.settle()

    def settle(self) -> None:
        """Until the page that is wanted is shown."""
        self.window.frame(0.0)
        until(lambda: not self.window.model.busy, lambda: self.written, lambda: self.window.frame(0.0))

    def press(self, *names: str) -> None:
        """Press keys by pygame's names."""
        for name in names:
            character = {"space": " ", "tab": "\t"}.get(name, name if len(name) == 1 else "")
            code = pygame.K_KP4 if name == "[4]" else pygame.key.key_code(name)
            self.window.handle(pygame.Event(pygame.KEYDOWN, key=code, unicode=character, mod=0))
            self.window.model.changed = True
        self.settle()

    @property
    def written(self) -> list[str]:
        return [written.text for written in self.window.pen.written]

    def value(self, name: str = "one") -> float:
        return next(slider.value for slider in self.window.model.sliders if slider.name == name)


@pytest.fixture
def seat(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Seat]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.chdir(tmp_path)
    sitting = Seat(Made())
    yield sitting
    sitting.lesson.hold.set()
    sitting.window.finish()
    close_window(sitting.window.window)


@pytest.mark.parametrize(("forward", "backward"), [("right", "left"), ("page down", "page up")])
def test_right_and_left_walk_the_pages_and_stop_at_the_ends(seat: Seat, forward: str, backward: str) -> None:
    seat.press(backward)
    assert seat.window.model.number == 1
    seat.press(forward, forward)
    assert seat.window.model.number == 3
    assert "Title 3" in seat.written
    seat.press(*[forward] * 12)
    assert seat.window.model.number == 11
    seat.press(backward)
    assert seat.window.model.number == 10


def test_digits_jump_to_a_page_and_two_in_a_row_are_one_number(seat: Seat) -> None:
    for keys, page in ((("7",), 7), (("0",), 10), (("1", "1"), 11), (("1", "0"), 10), (("2", "5"), 5), (("[4]",), 4)):
        seat.window.model._digit_left = 0.0
        seat.press(*keys)
        assert seat.window.model.number == page, keys
        assert f"Title {page}" in seat.written


@pytest.mark.parametrize("key", ["down", "tab"])
def test_down_and_up_choose_a_slider_round_and_round(seat: Seat, key: str) -> None:
    seat.press(key)
    assert seat.window.model.slider == 1
    seat.press(key, key)
    assert seat.window.model.slider == 0
    seat.press("up")
    assert seat.window.model.slider == 2
    seat.press("right", "left")
    assert seat.window.model.slider == 2


@pytest.mark.parametrize(("more", "less"), [("+", "-"), ("=", "-")])
def test_plus_and_minus_change_the_chosen_slider_and_with_it_the_numbers(seat: Seat, more: str, less: str) -> None:
    assert "20.0" in seat.written
    seat.press(more)
    assert seat.value() == 2.5
    assert "25.0" in seat.written
    seat.press(less, less)
    assert seat.value() == 1.5
    assert "15.0" in seat.written
    seat.press("down", more)
    assert (seat.value(), seat.value("two")) == (1.5, 0.1)
    seat.press("up", *[more] * 20)
    assert seat.value() == 5.0


def test_a_page_without_sliders_bears_their_keys(seat: Seat) -> None:
    seat.press("3", "down", "+", "-", "s", "r")
    assert seat.window.model.number == 3


@pytest.mark.parametrize("key", ["a", "space"])
def test_a_hides_the_answers_and_shows_them_again(seat: Seat, key: str) -> None:
    seat.press(key)
    assert "20.0" not in seat.written
    assert "7.0" not in seat.written
    assert seat.written.count("?") == 4
    assert "squares (hidden)" in seat.written
    assert "answers hidden" in seat.written
    seat.press("right")
    assert "20.0" not in seat.written
    seat.press(key)
    assert {"20.0", "7.0", "squares"} <= set(seat.written)


def test_a_hidden_curve_is_not_drawn(seat: Seat) -> None:
    def picture() -> bytes:
        return pygame.image.tobytes(seat.window.window.get_surface().subsurface((560, 100, 400, 480)), "RGB")

    shown = picture()
    seat.press("a")
    assert picture() != shown
    seat.press("a")
    assert picture() == shown


def test_s_takes_other_dice_and_begins_again_after_the_last(seat: Seat) -> None:
    seat.press("s")
    assert seat.value("draw") == 2.0
    seat.press("s", "s")
    assert seat.value("draw") == 1.0


def test_r_puts_all_sliders_back(seat: Seat) -> None:
    seat.press("+", "s", "down", "-", "r")
    assert [slider.value for slider in seat.window.model.sliders] == [2.0, 0.0, 1.0]


def test_values_stay_from_page_to_page(seat: Seat) -> None:
    seat.press("+", "right")
    assert seat.value() == 2.5
    assert "25.0" in seat.written


def test_t_changes_the_theme_b_the_text_and_p_saves_a_picture(seat: Seat) -> None:
    seat.press("t")
    assert seat.window.theme is DARK
    assert seat.window.window.get_surface().get_at((2, 2))[:3] == DARK.paper
    seat.press("t")
    assert seat.window.theme is LIGHT
    before = seat.window.pen.style.text
    seat.press("b")
    assert seat.window.pen.style.text > before
    seat.press("b", "b", "b")
    assert seat.window.pen.style.text == before
    seat.press("p")
    (picture,) = Path("screenshots").glob("lesson-1-*.png")
    assert pygame.image.load(picture).get_size() == (1024, 768)
    assert f"saved as {picture}" in seat.written


def test_f11_is_full_screen_and_back(seat: Seat) -> None:
    seat.press("f11")
    assert seat.window.full_screen
    seat.press("f11")
    assert not seat.window.full_screen


def test_h_shows_all_keys_and_escape_closes_them_before_the_window(seat: Seat) -> None:
    seat.press("h")
    assert {key.help for key in KEYS["lesson"]} <= set(seat.written)
    seat.press("escape")
    assert not seat.window.model.closed
    assert "Title 1" in seat.written
    seat.press("escape")
    assert seat.window.model.closed


def test_closing_the_window_ends_the_lesson(seat: Seat) -> None:
    seat.window.handle(pygame.Event(pygame.WINDOWCLOSE))
    assert seat.window.model.closed


def test_every_action_of_the_table_has_its_handler(seat: Seat) -> None:
    actions = {key.action for key in KEYS["lesson"]}
    assert actions == {*seat.window.model._controls, *seat.window.shared_actions, "jump"}
    for key in KEYS["lesson"]:
        assert all(action_of("lesson", name) == key.action for name in key.keys)


def drag(seat: Seat, slider: int, *shares: float) -> None:
    """Press the mouse on a slider, move it to each share of the track, and let go."""
    assert seat.window.screen is not None
    assert seat.window.screen.sliders is not None
    place = seat.window.screen.sliders._places[slider]
    low, high = seat.window.screen.sliders._track(place)
    for k, share in enumerate(shares):
        point = (round(low + share * (high - low)), place.centery)
        if k == 0:
            seat.window.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=point))
        seat.window.handle(pygame.Event(pygame.MOUSEMOTION, pos=point, rel=(0, 0), buttons=(1, 0, 0)))
    seat.window.handle(pygame.Event(pygame.MOUSEBUTTONUP, button=1, pos=(0, 0)))
    seat.settle()


def test_the_mouse_drags_a_slider_beyond_its_end_and_lets_go(seat: Seat) -> None:
    drag(seat, 1, 0.5, 0.75)
    assert seat.value("two") == 0.5
    assert seat.window.model.slider == 1
    drag(seat, 0, 0.2, 1.4)
    assert seat.value() == 5.0
    assert "50.0" in seat.written
    seat.window.handle(pygame.Event(pygame.MOUSEMOTION, pos=(300, 300), rel=(0, 0), buttons=(0, 0, 0)))
    seat.settle()
    assert seat.value() == 5.0


def test_a_click_beside_the_sliders_changes_nothing(seat: Seat) -> None:
    seat.window.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(500, 300)))
    seat.settle()
    assert seat.window.model.controls == {}


def test_the_window_answers_while_a_page_is_computed_and_shows_the_last_one_wanted(seat: Seat) -> None:
    seat.lesson.hold.clear()
    for name in ("right", "right", "+"):
        pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.key.key_code(name), unicode="", mod=0))
        seat.window.frame(0.0)
    assert seat.window.model.busy
    assert "page 3 …" in seat.written
    seat.lesson.hold.set()
    seat.settle()
    assert seat.window.model.number == 3
    assert "Title 3" in seat.written


def test_a_page_that_is_unfinished_is_asked_for_until_it_is_there(seat: Seat) -> None:
    seat.lesson.parts = 4
    seat.press("1", "1")
    assert seat.lesson.parts == 1


def test_a_frame_in_which_nothing_changes_draws_nothing(seat: Seat) -> None:
    seat.window.pen.begin()
    seat.window.frame(0.0)
    assert seat.written == []


def test_a_key_with_the_text_of_the_digit_before_is_that_key(seat: Seat) -> None:
    for name in ("3", "tab"):  # as SDL hands them over in quick turns
        pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.key.key_code(name), unicode="3", mod=0))
    seat.settle()
    assert seat.window.model.number == 3
    pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.K_QUOTEDBL, unicode="5", mod=pygame.KMOD_LSHIFT))
    seat.settle()
    assert seat.window.model.number == 5, "French keyboards type digits with Shift"
