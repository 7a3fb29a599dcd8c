"""What a window showed in the last ten seconds: nothing that was in sight for long is missing, and no more is kept."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pygame
import pytest
from PIL import Image

from game.view.film.last_seconds import BRIEF, EVERY, MOST_PIXELS, SECONDS, LastSeconds

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


class Screen:
    """A surface that is drawn on at times of the test's own choice."""

    def __init__(self) -> None:
        self.time = 100.0
        self.surface = pygame.Surface((64, 40))
        self.kept = LastSeconds(lambda: self.time)

    def draw(self, colour: tuple[int, int, int]) -> None:
        self.kept.before_drawing(self.surface)
        self.surface.fill(colour)
        self.kept.showing(self.surface)
        if self.kept._shown:
            self.kept._shown[-1].small.result()

    def film(self) -> list[tuple[tuple[int, ...], int]]:
        """The (colour of the first pixel, milliseconds) of a film of the last seconds."""
        make, _ = self.kept.film(self.surface)
        file = Image.open(io.BytesIO(make()))
        found = []
        for frame in range(getattr(file, "n_frames", 1)):
            file.seek(frame)
            colour = file.convert("RGB").getpixel((0, 0))
            assert isinstance(colour, tuple)
            found.append((colour, int(file.info["duration"])))
        return found


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.kept.close()


def test_each_picture_has_the_time_for_which_it_was_seen(screen: Screen) -> None:
    for colour, seconds in ((RED, 0.5), (GREEN, 4.0), (BLUE, 1.25)):
        screen.draw(colour)
        screen.time += seconds
    assert screen.film() == [(RED, 500), (GREEN, 4000), (BLUE, 1250)]


def test_only_the_last_ten_seconds_are_kept(screen: Screen) -> None:
    for colour, seconds in ((RED, 50.0), (GREEN, 6.0), (BLUE, 3.0), (WHITE, 2.0)):
        screen.draw(colour)
        screen.time += seconds
    assert screen.film() == [(GREEN, 5000), (BLUE, 3000), (WHITE, 2000)]


def test_however_often_it_is_drawn_fifty_pictures_are_kept(screen: Screen) -> None:
    for frame in range(60 * 30):
        screen.draw((frame % 256, 0, 0))
        screen.time += 1 / 60
    assert SECONDS / EVERY == 50
    assert 45 <= len(screen.kept._shown) <= 51
    assert sum(milliseconds for _, milliseconds in screen.film()) == 10_000


def test_what_was_seen_for_a_moment_may_be_missing_but_not_the_end(screen: Screen) -> None:
    for colour, seconds in ((RED, 1.0), (GREEN, 0.01), (BLUE, 0.01), (WHITE, 0.02)):
        screen.draw(colour)
        screen.time += seconds
    film = screen.film()
    assert [film[0][0], film[-1][0]] == [RED, WHITE]
    assert min(milliseconds for _, milliseconds in film) >= 1000 * BRIEF


def test_a_window_of_another_size_is_shown_on_the_paper_of_the_last(screen: Screen) -> None:
    screen.draw(RED)
    screen.time += 1.0
    screen.kept.before_drawing(screen.surface)
    screen.surface = pygame.Surface((40, 64))
    screen.draw(BLUE)
    screen.time += 1.0
    assert screen.film() == [(RED, 1000), (BLUE, 1000)]


def test_pictures_are_made_small(screen: Screen) -> None:
    screen.surface = pygame.Surface((1920, 1080))
    screen.draw(GREEN)
    screen.time += 1.0
    make, seconds = screen.kept.film(screen.surface)
    width, height = Image.open(io.BytesIO(make())).size
    assert seconds == 1.0
    assert 0.99 * MOST_PIXELS <= width * height <= MOST_PIXELS
    assert width / height == pytest.approx(16 / 9, rel=0.01)


def test_before_anything_was_shown_there_is_one_picture(screen: Screen) -> None:
    screen.surface.fill(BLUE)
    assert [colour for colour, _ in screen.film()] == [BLUE]
