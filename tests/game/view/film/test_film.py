"""The time-lapse of a run: what each picture shows, that its words have room, and what is read back from its files."""

from __future__ import annotations

import sys
import weakref
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray
from PIL import Image

from game.errors import ViewError
from game.view.film.reel import RATES, Reel, even, film_pictures, film_size, image_of, refuse_film, write_film
from game.view.film.time_lapse import Film, moments
from game.view.shared.theme import LIGHT
from game.world.catalog import load
from tests.game.view.kept import Kept
from tests.game.view.learner import SMALL, Learner, world_of_text

SIZE, FPS, SECONDS = (320, 180), 10, 2.0
PICTURES = 20


@pytest.fixture(scope="module")
def kept() -> Kept:
    return Kept(Learner(world_of_text(SMALL)), 40)


@pytest.fixture(scope="module")
def film(kept: Kept) -> Film:
    return Film(kept, SIZE, PICTURES, FPS)


def pixels(image: Image.Image) -> NDArray[np.int64]:
    return np.asarray(image.convert("RGB")).astype(np.int64)


def drawn(film: Film, place: int) -> NDArray[np.int64]:
    return pixels(image_of(film.picture(place)))


def words(film: Film, place: int) -> list[str]:
    film.picture(place)
    return [written.text for written in film.pen.written]


# -- what is shown ------------------------------------------------------------------------------------------


def test_it_begins_with_the_first_policy_and_stands_still_at_the_last() -> None:
    places = moments(np.arange(1, 302), pictures=200, fps=20)
    assert len(places) == 200
    assert (np.diff(places) >= 0).all()
    assert (places[0], places[-1]) == (0.0, 300.0)
    assert (places == 300.0).sum() == 31, "one and a half seconds beside the moment of arrival"


def test_half_of_the_time_is_for_the_first_quarter_of_the_updates() -> None:
    updates = np.array([1, 2, 3, 50, 100, 401])  # as few as were kept
    places = moments(updates, pictures=115, fps=1000)
    moving = int((places < 5).sum())
    half = float(np.interp(places[moving // 2], np.arange(6), updates))
    assert half == pytest.approx(1 + 400 / 4, rel=0.03)


def test_the_words_are_those_of_the_kept_policy(film: Film, kept: Kept) -> None:
    assert "0 of 40 updates" in " ".join(words(film, 0))
    assert "0 episodes" in words(film, 0)
    assert "40 of 40 updates" in " ".join(words(film, PICTURES - 1))
    assert f"{int(kept.metrics['episodes'][-1]):,} episodes" in words(film, PICTURES - 1)


def test_the_arrows_are_those_of_the_policy() -> None:
    """One cell and two ways: at the end, blue lies to the right of the hub, at the beginning grey on both sides."""
    world = world_of_text('max_steps = 9\nactions = ["left", "right"]\nmap = """\nX.SG\n"""')
    film = Film(Kept(Learner(world, rate=40.0), 30), (640, 360), 20, 10)
    board = film._board
    assert board is not None
    x, y = (round(part) for part in board.centre(0, 2))
    reach = round(0.2 * board.cell)
    first, last = film.picture(0), film.picture(19)
    assert first.get_at((x + reach // 2, y))[:3] == first.get_at((x - reach // 2, y))[:3] == LIGHT.arrow
    assert last.get_at((x + reach, y))[:3] == LIGHT.policy
    assert last.get_at((x - reach, y))[:3] == LIGHT.floor


def test_between_two_kept_policies_the_arrows_move_in_a_straight_line() -> None:
    kept = Kept(Learner(world_of_text(SMALL)), 40, kept=[1, 21])
    film = Film(kept, SIZE, PICTURES, FPS)
    half = film._policy(0, 0.5)
    assert half == pytest.approx((kept.frame(0).probabilities + kept.frame(1).probabilities) / 2)
    assert half.sum(axis=1) == pytest.approx(1.0)


def test_what_is_still_to_come_is_pale(film: Film) -> None:
    plot, (left, top) = film._plot, film._plot_at.topleft
    line = [
        (left + x, top + y)
        for x in range(plot.inner.left, plot.inner.right)
        for y in range(plot.inner.top, plot.inner.bottom)
    ]
    first, last = film.picture(0), film.picture(PICTURES - 1)
    strong = [place for place in line if last.get_at(place)[:3] == LIGHT.policy]
    assert len(strong) > 20
    assert not any(first.get_at(place)[:3] == LIGHT.policy for place in strong[20:])


BOARDS = {
    "square": "four_rooms",
    "wide": "cliff",
    "long": "line_world",
    "coins": "coins",
    "large": "maze:31",
}


@pytest.mark.parametrize("level", BOARDS.values(), ids=list(BOARDS))
def test_no_word_leaves_the_picture_or_lies_on_another(level: str) -> None:
    kept = Kept(Learner(load(level).with_options(None, 50), batch=1), 3)
    for size in ((320, 180), (400, 225), (800, 450), (1920, 1080), (600, 600), (450, 800)):
        film = Film(kept, size, 2, 10)
        film.picture(1)
        whole = pygame.Rect((0, 0), size)
        assert film._board is None or whole.contains(film._board.rect), size
        assert len(film.pen.written) > 5
        for written in film.pen.written:
            assert whole.contains(written.rect), (size, written)
            assert film._board is None or not film._board.rect.colliderect(written.rect), (size, written)
        for one, other in combinations(film.pen.written, 2):
            assert not one.rect.colliderect(other.rect), (size, one, other)


def test_a_world_without_a_grid_has_its_curve() -> None:
    kept = Kept(Learner(world_of_text(SMALL)), 3)
    kept.world = replace(kept.world, dynamics=replace(kept.world.dynamics, layout=None))
    film = Film(kept, SIZE, 4, FPS)
    assert film._board is None
    assert "3 of 3 updates" in " ".join(words(film, 3))


# -- files --------------------------------------------------------------------------------------------------


def test_a_gif_has_its_size_and_length_and_shows_the_pictures(film: Film, tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    size = write_film(path, even(film.picture, PICTURES, FPS))
    assert path.stat().st_size == size
    with Image.open(path) as read:
        assert read.size == SIZE
        assert read.info["loop"] == 0, "for ever"
        assert abs(drawn(film, 0) - pixels(read)).max() <= 40
        assert abs(drawn(film, 0) - pixels(read)).mean() < 0.5
        milliseconds = 0
        for frame in range(read.n_frames):  # type: ignore[attr-defined]
            read.seek(frame)
            milliseconds += int(read.info["duration"])
        assert milliseconds == 1000 * SECONDS
        assert abs(drawn(film, PICTURES - 1) - pixels(read)).mean() < 0.5


def test_a_webp_is_without_loss(film: Film, tmp_path: Path) -> None:
    path = tmp_path / "film.webp"
    write_film(path, even(film.picture, PICTURES, FPS))
    with Image.open(path) as read:
        assert read.size == SIZE
        assert (pixels(read) == drawn(film, 0)).all()
        milliseconds = 0
        for frame in range(read.n_frames):  # type: ignore[attr-defined]
            read.seek(frame)
            read.load()
            milliseconds += int(read.info["duration"])
        assert milliseconds == 1000 * SECONDS
        assert (pixels(read) == drawn(film, PICTURES - 1)).all()


def test_a_webp_is_written_with_two_of_its_pictures_in_memory(tmp_path: Path) -> None:
    drawn: list[weakref.ref[Image.Image]] = []
    most = 0

    def draw(k: int) -> Image.Image:
        nonlocal most
        most = max(most, sum(picture() is not None for picture in drawn))
        image = Image.new("RGB", SIZE, (5 * k, 0, 0))
        drawn.append(weakref.ref(image))
        return image

    path = tmp_path / "film.webp"
    write_film(path, Reel(draw, [100.0 * (k + 1) for k in range(PICTURES)]))
    assert most == 2, "the first one and the one before"
    with Image.open(path) as film:
        for k in range(PICTURES):
            film.seek(k)
            assert film.convert("RGB").getpixel((0, 0)) == (5 * k, 0, 0)


def test_a_folder_holds_all_pictures_by_number(film: Film, tmp_path: Path) -> None:
    size = write_film(tmp_path / "film", even(film.picture, PICTURES, FPS))
    files = sorted((tmp_path / "film").iterdir())
    assert [file.name for file in files] == [f"{k:04}.png" for k in range(1, PICTURES + 1)]
    assert sum(file.stat().st_size for file in files) == size
    for place in (0, 7, PICTURES - 1):
        with Image.open(files[place]) as read:
            assert (pixels(read) == drawn(film, place)).all()


def test_an_mp4_has_its_length(film: Film, tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    path = tmp_path / "film.mp4"
    write_film(path, even(film.picture, PICTURES, FPS))
    with av.open(path) as read:
        frames = [frame.to_ndarray(format="rgb24").astype(int) for frame in read.decode(video=0)]
        assert read.duration / 1e6 == pytest.approx(SECONDS, abs=1 / FPS)
    assert len(frames) == PICTURES
    assert abs(frames[-1] - drawn(film, PICTURES - 1)).mean() < 4


@pytest.mark.parametrize("name", ["film.gif", "film.webp", "film"])
def test_where_drawing_stops_no_file_is_left(name: str, film: Film, tmp_path: Path) -> None:
    def draw(place: int) -> pygame.Surface:
        if place == 9:
            raise KeyboardInterrupt
        return film.picture(place)

    with pytest.raises(KeyboardInterrupt):
        write_film(tmp_path / name, even(draw, PICTURES, FPS))
    assert not list(tmp_path.iterdir())


def test_each_picture_is_counted_once(film: Film, kept: Kept, tmp_path: Path) -> None:
    counted: list[int] = []
    Film(kept, SIZE, PICTURES, FPS, lambda: counted.append(1))
    assert len(counted) == PICTURES
    write_film(tmp_path / "film.gif", even(film.picture, PICTURES, FPS), lambda: counted.append(1))
    assert len(counted) == 2 * PICTURES


# -- what a person can mend ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("film.avi", "there is no film '.avi'; expected .gif, .webp, .mp4, or a name without an ending"),
        ("film.png", "a folder for a sequence of PNGs has no ending"),
        ("nowhere/film.gif", "there is no folder"),
        ("there", "is there already; expected the name of a new folder"),
        ("there.gif", "expected a file in a folder of yours"),
    ],
)
def test_a_wrong_name_is_refused_before_any_work(name: str, words: str, tmp_path: Path) -> None:
    for folder in ("there", "there.gif"):
        (tmp_path / folder).mkdir()
    with pytest.raises(ViewError, match=words.replace(".", r"\.")):
        refuse_film(tmp_path / name, SIZE)


def test_an_mp4_needs_pyav_and_even_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ViewError, match="needs PyAV"):
        refuse_film(tmp_path / "film.mp4", SIZE)
    monkeypatch.setitem(sys.modules, "av", pytest)  # any module
    refuse_film(tmp_path / "film.mp4", SIZE)
    with pytest.raises(ViewError, match="the nearest is 640x360"):
        refuse_film(tmp_path / "film.mp4", (641, 361))


def test_sizes_lengths_and_rates_are_checked() -> None:
    assert film_size("800x450") == film_size("800X450") == film_size("800×450") == (800, 450)
    assert [film_pictures(10.0, rate) for rate in RATES] == [50, 100, 200, 250, 500]
    for size, said in (("800", "is no size"), ("axb", "is no size"), ("9x9", "nearest is 320x180")):
        with pytest.raises(ViewError, match=said):
            film_size(size)
    with pytest.raises(ViewError, match="expected 5, 10, 20, 25 or 50; the nearest is 25"):
        film_pictures(10.0, 30)
    for seconds, near in ((0.0, "1"), (1e9, "120"), (float("nan"), "120")):
        with pytest.raises(ViewError, match=f"the nearest is {near}$"):
            film_pictures(seconds, 20)


def test_a_run_without_an_update_cannot_be_shown() -> None:
    kept = Kept(Learner(world_of_text(SMALL)), 1)
    kept.metrics = {name: column[:0] for name, column in kept.metrics.items()}
    with pytest.raises(ViewError, match="no update yet"):
        Film(kept, SIZE, PICTURES, FPS)
