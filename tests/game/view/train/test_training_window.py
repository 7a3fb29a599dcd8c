"""The training window: what each key does, what a long update or an error does to it, and that nothing overlaps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from threading import Event

import pygame
import pytest
from PIL import Image

from game.errors import NumericalError, RunError, SettingsError
from game.keys import KEYS
from game.snapshots.snapshot import Briefing
from game.view.draw.arrows import SMALLEST_SPRITE
from game.view.draw.pen import Written
from game.view.shared.episode import Sums, sums_of
from game.view.shared.overlays import OVERLAYS
from game.view.shared.playback import FASTEST
from game.view.shared.run import state_of
from game.view.shared.theme import DARK, LIGHT, TEXT_SIZES
from game.view.train import model as watching
from game.view.train.window import TrainingWindow
from game.view.train.worker import Feed
from game.view.window.display import open_window
from game.view.windows import watch
from game.world.catalog import load, shipped
from tests.game.view.learner import COINS, SMALL, Learner, world_of_text
from tests.waiting import PATIENCE, until


class Watched:
    """A window on a small learner, whose clock and events the test gives."""

    def __init__(self, learner: Learner, size: tuple[int, int] = (1280, 800), close_when_done: bool = False) -> None:
        self.learner = learner
        self.view = TrainingWindow(learner, open_window("test", size), close_when_done)
        self.view.model.feed.start()

    def frame(self, seconds: float = 0.0) -> None:
        self.view.frame(seconds)
        self.view.draw()

    def until(self, happened: Callable[[], bool], seconds: float = 0.02) -> Watched:
        """Let frames of ``seconds`` pass until it happened."""
        until(happened, lambda: self.written, lambda: self.frame(seconds))
        return self

    def at_first_update(self) -> Watched:
        return self.until(lambda: self.view.model.playback.snapshot is not None, seconds=0.0)

    def press(self, action: str) -> None:
        """Press the first key of an action as the window system would report it."""
        name = next(key for key in KEYS["train"] if key.action == action).keys[0]
        character = " " if name == "space" else name if len(name) == 1 else ""
        pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.key.key_code(name), unicode=character, mod=0))
        self.frame()

    def click(self, row: int, column: int) -> None:
        assert self.view.board.board is not None
        x, y = self.view.board.board.centre(row, column)
        pygame.event.post(pygame.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(round(x), round(y))))
        self.frame()

    def hover(self, row: int, column: int) -> None:
        assert self.view.board.board is not None
        x, y = self.view.board.board.centre(row, column)
        pygame.event.post(pygame.Event(pygame.MOUSEMOTION, pos=(round(x), round(y)), rel=(0, 0), buttons=(0, 0, 0)))
        self.frame()

    @property
    def written(self) -> list[str]:
        return [written.text for written in self.view.pen.written]

    def says(self, words: str) -> bool:
        return any(words in text.replace("\u00a0", " ") for text in self.written)

    def pixels(self) -> bytes:
        return pygame.image.tobytes(self.view.window.get_surface(), "RGB")

    @property
    def steps(self) -> int:
        assert self.view.model.playback.current is not None
        return self.view.model.playback.current.steps

    @property
    def update(self) -> int:
        snapshot = self.view.model.playback.snapshot
        return snapshot.update if snapshot else 0

    def end(self) -> None:
        self.view.model.feed.close()
        assert self.view.model.feed.join(PATIENCE)
        self.view.window.destroy()


@pytest.fixture(autouse=True)
def _in_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def watched() -> Iterator[Watched]:
    watched = Watched(Learner(world_of_text(), total=500)).at_first_update()
    yield watched
    watched.end()


# -- keys ---------------------------------------------------------------------------------------------------


def test_every_key_of_the_table_has_an_effect_tested_here() -> None:
    tested = {name.removeprefix("test_key_") for name in globals() if name.startswith("test_key_")}
    assert tested == {key.action for key in KEYS["train"]}


def test_key_match(watched: Watched) -> None:
    watched.press("match")
    assert watched.says("cannot be played from here")
    assert not watched.view.model.wants_match
    watched.view.model.can_play = True
    watched.press("match")
    watched.until(lambda: watched.view.model.closed)
    assert watched.view.model.wants_match
    assert watched.learner.saved


def test_key_pause(watched: Watched) -> None:
    watched.press("pause")
    shown = watched.steps
    for _ in range(50):
        watched.frame(0.1)
    assert watched.steps == shown
    assert watched.says("paused")
    watched.press("pause")
    watched.until(lambda: watched.steps > shown or watched.update > 1)


def test_key_step(watched: Watched) -> None:
    watched.press("pause")
    while watched.steps < len(watched.view.model.playback.replay.episode):  # type: ignore[union-attr]
        before = watched.steps
        watched.press("step")
        assert watched.steps == before + 1
        watched.frame(5.0)
        assert watched.steps == before + 1, "it pauses after the step"
    watched.press("step")
    assert watched.view.model.playback.learned == 1.0, "then the arrows show what the episode taught"
    watched.press("step")
    watched.until(lambda: watched.update == 2)
    assert (watched.steps, watched.view.model.playback.paused) == (0, True)


def test_key_episode(watched: Watched) -> None:
    watched.press("episode")
    watched.until(lambda: watched.view.model.playback.paused)
    assert (watched.update, watched.view.model.playback.current.done) == (1, True)  # type: ignore[union-attr]
    watched.press("episode")
    watched.until(lambda: watched.view.model.playback.paused)
    assert (watched.update, watched.view.model.playback.current.done) == (2, True)  # type: ignore[union-attr]
    assert watched.learner.update == 2


def test_key_update(watched: Watched) -> None:
    watched.press("update")
    watched.until(lambda: watched.update == 2)
    assert watched.view.model.playback.paused
    assert watched.view.model.playback.current.done  # type: ignore[union-attr]
    assert watched.view.model.playback.probabilities() is watched.view.model.playback.snapshot.after  # type: ignore[union-attr]
    for _ in range(20):
        watched.frame(0.5)
    assert watched.learner.update == 2


def test_key_faster(watched: Watched) -> None:
    before = watched.view.model.playback.speed_index
    watched.press("faster")
    assert watched.view.model.playback.speed_index == before + 1
    assert watched.says(watched.view.model.playback.speed.words)


def test_key_slower(watched: Watched) -> None:
    before = watched.view.model.playback.speed_index
    watched.press("slower")
    assert watched.view.model.playback.speed_index == before - 1
    for _ in range(10):
        watched.press("slower")
    assert watched.says("1 step a second")


def test_key_fast(watched: Watched) -> None:
    before = watched.view.model.playback.speed_index
    watched.press("fast")
    assert watched.view.model.playback.speed_index == FASTEST
    watched.until(lambda: watched.learner.update >= 50, seconds=0.0)
    watched.press("fast")
    assert watched.view.model.playback.speed_index == before
    watched.until(lambda: watched.view.model.feed.working()[0] is None, seconds=0.0)
    reached = watched.learner.update
    for _ in range(20):
        watched.frame(0.0)
    watched.press("save")  # the worker's next piece of work, before which it would make an update that was asked for
    watched.until(lambda: watched.learner.saved != [] and watched.view.model.feed.working()[0] is None, seconds=0.0)
    assert watched.learner.update == reached


def test_key_overlay(watched: Watched) -> None:
    watched.press("pause")
    pictures, legends = set(), set()
    for overlay in OVERLAYS:
        assert watched.view.board.overlay == overlay
        assert any(watched.says(words) for words in watched.view.board.legend())
        board = watched.view.board.board
        assert board is not None
        part = watched.view.window.get_surface().subsurface(board.rect)
        pictures.add(pygame.image.tobytes(part, "RGB"))
        legends.add(watched.view.board.legend()[0])
        watched.press("overlay")
    assert len(pictures) == len(legends) == len(OVERLAYS)
    assert watched.view.board.overlay == OVERLAYS[0]


def test_key_restart(watched: Watched) -> None:
    watched.press("update")
    watched.until(lambda: watched.update == 2)
    watched.press("restart")
    watched.until(lambda: watched.learner.restarts == 1 and watched.update == 1)
    assert watched.learner.saved == [2]
    assert watched.view.model.briefing is not None
    assert watched.view.model.briefing.run == "run-1"
    assert watched.view.model.record.updates == 1
    assert not watched.view.model.playback.paused


def test_key_save(watched: Watched) -> None:
    watched.press("save")
    watched.until(lambda: watched.says("saved in runs/small"))
    assert watched.learner.saved == [1]


def test_key_screenshot(watched: Watched, tmp_path: Path) -> None:
    watched.press("screenshot")
    watched.press("screenshot")
    files = sorted((tmp_path / "screenshots").iterdir())
    assert [file.suffix for file in files] == [".png", ".png"], "two pictures and no part of one"
    assert pygame.image.load(files[0]).get_size() == (1280, 800)
    assert watched.says("saved as screenshots")


def test_key_film(watched: Watched, tmp_path: Path) -> None:
    watched.press("film")
    watched.until(lambda: watched.says("saved as screenshots"))
    (file,) = (tmp_path / "screenshots").iterdir()
    with Image.open(file) as film:
        assert (film.format, film.size) == ("GIF", (960, 600))
        colour = film.convert("RGB").getpixel((2, 2))
    assert colour == pytest.approx(LIGHT.paper, abs=8), "five bits of blue"


def test_key_theme(watched: Watched) -> None:
    surface = watched.view.window.get_surface()
    assert surface.get_at((2, 2))[:3] == LIGHT.paper
    watched.press("theme")
    assert surface.get_at((2, 2))[:3] == DARK.paper
    watched.press("theme")
    assert surface.get_at((2, 2))[:3] == LIGHT.paper


def test_key_text_size(watched: Watched) -> None:
    sizes = [watched.view.pen.style.text]
    for _ in TEXT_SIZES:
        watched.press("text_size")
        sizes.append(watched.view.pen.style.text)
    assert sizes[:4] == sorted(set(sizes))
    assert sizes[4] == sizes[0]


def test_key_full_screen(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    before = watched.view.window.size
    desktop = pygame.display.get_desktop_sizes()[0]
    watched.press("full_screen")
    assert watched.view.window.size == desktop
    watched.press("full_screen")
    assert watched.view.window.size == before


def test_key_help(watched: Watched) -> None:
    watched.press("help")
    for key in KEYS["train"]:
        assert key.help in watched.written
    assert watched.says("estimator reward-to-go")
    watched.press("help")
    assert KEYS["train"][0].help not in watched.written


def test_key_quit(watched: Watched) -> None:
    watched.press("quit")
    watched.until(lambda: watched.view.model.closed)
    assert watched.learner.saved == [1]
    assert watched.view.model.farewell == "saved in runs/small"


# -- mouse --------------------------------------------------------------------------------------------------


def test_key_demonstrate(watched: Watched) -> None:
    layout = watched.learner.world.dynamics.layout
    assert layout is not None
    watched.click(2, 1)
    state = int(layout.cell_states[0][2, 1])
    assert watched.learner.demonstrated == [state]
    assert watched.view.model.playback.current.episode.states[0] == state  # type: ignore[union-attr]
    assert watched.says("not learned from")
    watched.until(lambda: watched.view.model.playback.demonstration is None, seconds=0.05)
    assert watched.learner.update == 1
    assert not watched.says("not learned from")
    watched.press("demonstrate")
    assert watched.learner.demonstrated == [state, state], "from the cell pointed at"
    watched.hover(0, 0)
    watched.view.screen.mouse = None
    watched.press("demonstrate")
    assert watched.learner.demonstrated[-1] is None, "from P0 where none is"


def test_a_click_on_a_wall_or_a_goal_does_nothing(watched: Watched) -> None:
    watched.click(1, 1)
    watched.click(2, 2)
    assert watched.learner.demonstrated == []


def test_key_point(watched: Watched) -> None:
    watched.press("pause")
    layout = watched.learner.world.dynamics.layout
    assert layout is not None
    row, column = layout.position[state_of(watched.learner.world, watched.view.model.playback.current)].tolist()
    watched.press("point")
    assert watched.says(f"row {row}, column {column} · "), "at first the cell of the agent"
    pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.K_KP_6, unicode="", mod=0))
    watched.frame()
    assert watched.says(f"row {row}, column {min(column + 1, 2)} · ")
    pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.K_5, unicode="5", mod=0))
    watched.frame()
    assert not watched.says(", column ")


def test_key_mouse(watched: Watched) -> None:
    watched.press("pause")
    watched.hover(0, 1)
    assert watched.says("row 0, column 1 · floor")
    for action in ("↑ up", "→ right", "↓ down", "← left"):
        assert any(text.startswith(action) and "0.2500" in text for text in watched.written)


def test_key_zoom() -> None:
    watched = Watched(Learner(load("maze:101").with_options(max_steps=50))).at_first_update()
    stage = watched.view.board
    assert stage.board is not None
    whole, point = stage.board, stage.board.centre(40, 60)
    assert whole.cell < SMALLEST_SPRITE
    watched.hover(40, 60)
    for _ in range(5):
        pygame.event.post(pygame.Event(pygame.MOUSEWHEEL, x=0, y=1))
    watched.frame()
    assert stage.board.cell > SMALLEST_SPRITE
    assert stage.board.cell_at(point) == (40, 60)  # what is pointed at stays where it is
    beside = (whole.rect.right + 100, whole.rect.centery)
    assert stage.state_at(beside, 0) is None  # the board goes on there, but it is not in sight
    for _ in range(9):
        pygame.event.post(pygame.Event(pygame.MOUSEWHEEL, x=0, y=-1))
    watched.frame()
    assert stage.board.rect == whole.rect
    watched.press("zoom")
    assert stage.board.cell > whole.cell
    watched.end()


def test_pointing_shows_the_state_for_the_coins_now_left() -> None:
    watched = Watched(Learner(world_of_text(COINS))).at_first_update()
    layout = watched.learner.world.dynamics.layout
    assert layout is not None
    after = int(layout.cell_states[3][0, 1])
    here = watched.view.board
    assert here.board is not None
    assert here.state_at(here.board.centre(0, 1), after) == after
    assert here.state_at(here.board.centre(0, 1), 0) == int(layout.cell_states[0][0, 1])
    watched.end()


# -- the life of a window -----------------------------------------------------------------------------------


def test_the_first_frame_shows_the_board_before_the_training_is_ready() -> None:
    learner = Learner(world_of_text())
    view = TrainingWindow(learner, open_window("test"))
    view.draw()
    texts = [written.text for written in view.pen.written]
    assert "Small room" in texts
    assert "loading …" in texts
    assert view.board.board is not None
    view.window.destroy()


def test_closing_during_a_long_update_saves_after_it_and_says_so_meanwhile() -> None:
    learner = Learner(world_of_text())
    learner.hold.clear()
    watched = Watched(learner)
    watched.until(lambda: watched.view.model.feed.working()[0] == "update", seconds=0.0)
    pygame.event.post(pygame.Event(pygame.QUIT))
    watched.frame()
    assert watched.says("saving …")
    assert not watched.view.model.closed
    learner.hold.set()
    watched.until(lambda: watched.view.model.closed)
    assert watched.learner.saved == [1]
    watched.end()


def test_events_are_handled_during_a_long_update() -> None:
    learner = Learner(world_of_text())
    learner.hold.clear()
    watched = Watched(learner)
    watched.until(lambda: watched.view.model.feed.working()[0] == "update", seconds=0.0)
    watched.press("theme")
    watched.press("overlay")
    assert watched.view.theme is DARK
    assert watched.view.board.overlay == "credit"
    assert watched.view.model.playback.snapshot is None, "the update is still under way"
    learner.hold.set()
    watched.end()


def test_an_error_of_training_is_shown_and_saving_still_works_and_it_is_raised_after_closing() -> None:
    error = NumericalError("the gradient is not finite at update 2; try a smaller --learning-rate")
    watched = Watched(Learner(world_of_text(), fails={2: error})).at_first_update()
    watched.press("update")
    watched.until(lambda: watched.view.model.error is error)
    assert watched.says("not finite")
    watched.press("save")
    watched.until(lambda: watched.learner.saved != [])
    watched.press("help")
    watched.press("quit")
    assert not watched.view.model.closing, "the help lay uppermost"
    watched.press("quit")
    watched.until(lambda: watched.view.model.closed)
    assert watched.learner.saved == [2, 2]
    watched.view.window.destroy()
    with pytest.raises(NumericalError, match="not finite"):
        watch(Learner(world_of_text(), fails={2: error}), close_when_done=True)


def test_a_save_that_fails_can_be_tried_again_while_learning_goes_on() -> None:
    class Full(Learner):
        full = True

        def save(self) -> str:
            if self.full:
                raise RunError("the disk is full")
            return super().save()

    learner = Full(world_of_text())
    watched = Watched(learner).at_first_update()
    watched.press("save")
    watched.until(lambda: watched.says("the disk is full"))
    watched.until(lambda: watched.update > 2, seconds=0.5)
    learner.full = False
    watched.press("save")
    watched.until(lambda: watched.says("saved in runs/small"))
    assert watched.view.model.error is None
    watched.end()


def test_an_error_before_the_first_update_is_shown_too() -> None:
    class Refuses(Learner):
        def begin(self) -> None:  # type: ignore[override]
            raise SettingsError("no such estimator")

    watched = Watched(Refuses(world_of_text()))
    watched.until(lambda: watched.says("no such estimator"))
    watched.end()


def test_a_slow_start_says_what_it_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Compiles(Learner):
        def begin(self) -> Briefing:
            assert ready.wait(PATIENCE)
            return super().begin()

    ready = Event()
    monkeypatch.setattr(watching, "SLOW_START", 0.05)
    watched = Watched(Compiles(world_of_text()))
    watched.until(lambda: watched.says("compiled to machine code"))
    ready.set()
    watched.at_first_update()
    assert not watched.says("compiled")
    watched.end()


def test_a_restart_after_an_error_goes_on() -> None:
    learner = Learner(world_of_text(), fails={2: NumericalError("not finite")})
    watched = Watched(learner).at_first_update()
    watched.press("update")
    watched.until(lambda: watched.view.model.error is not None)
    learner.fails.clear()
    watched.press("restart")
    watched.until(lambda: watched.view.model.error is None and watched.update == 1)
    watched.end()


def test_after_the_last_update_the_window_stays_and_shows_demonstrations() -> None:
    watched = Watched(Learner(world_of_text(), total=3)).at_first_update()
    watched.press("fast")
    watched.until(lambda: len(watched.learner.demonstrated) >= 2, seconds=0.1)
    assert watched.learner.demonstrated[0] is None, "from the start, under P0"
    assert not watched.view.model.closed
    assert watched.says("all updates done")
    watched.end()


def test_an_interrupt_from_the_keyboard_saves_before_it_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    learner = Learner(world_of_text())

    def interrupted(window: TrainingWindow, _seconds: float) -> None:
        window.update(0.0)
        if window.model.playback.snapshot is not None:
            raise KeyboardInterrupt

    monkeypatch.setattr(TrainingWindow, "frame", interrupted)
    with pytest.raises(KeyboardInterrupt):
        watch(learner, close_when_done=False)
    assert learner.saved == [learner.update]


def test_watch_closes_when_done_and_says_where_the_run_was_saved() -> None:
    learner = Learner(world_of_text(), total=30)
    assert watch(learner, close_when_done=True) == "saved in runs/small"
    assert learner.update == 30
    assert learner.saved == [30]


def test_the_window_changes_nothing_in_what_is_learned() -> None:
    alone, seen = Learner(world_of_text(), total=40), Learner(world_of_text(), total=40)
    alone.begin()
    for _ in alone.updates():
        pass
    watch(seen, close_when_done=True)
    assert (alone.logits == seen.logits).all()


# -- the picture --------------------------------------------------------------------------------------------


def faults(written: list[Written], size: tuple[int, int]) -> list[str]:
    """Texts that leave the window, or that overlap another one which nothing covers."""
    window = pygame.Rect((0, 0), size)
    found = [f"{one.text!r} leaves the window: {one.rect}" for one in written if not window.contains(one.rect)]
    for one, other in combinations(written, 2):
        # Lines of one paragraph may touch: a line's height has room for accents.
        if one.layer == other.layer and one.rect.inflate(0, -4).colliderect(other.rect.inflate(0, -4)):
            found.append(f"{one.text!r} overlaps {other.text!r}")
    return found


LONG = SMALL.replace("Small room", "A level whose title is so long that it can fit into no window whatever its size")
SIZES = [(640, 480), (800, 600), (1280, 800), (1920, 1080)]


@pytest.mark.parametrize("text", [LONG, 'title = "W"\nmap = """\n' + "." * 30 + 'G"""'], ids=["square", "wide"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_text_leaves_the_window_or_overlaps_at_any_text_size(size: tuple[int, int], text: str) -> None:
    watched = Watched(Learner(world_of_text(text), total=10_000, rate=50.0), size).at_first_update()
    watched.press("fast")
    watched.until(lambda: watched.update >= 20)
    watched.press("pause")
    for text_size in range(len(TEXT_SIZES)):
        for overlay in OVERLAYS:
            assert watched.view.board.overlay == overlay
            watched.view.draw()
            assert faults(watched.view.pen.written, size) == [], (text_size, overlay)
            watched.press("overlay")
        for row, column in ((0, 0), (2, 2)) if text is LONG else ((0, 0), (0, 29)):
            watched.hover(row, column)
            assert watched.view.pen.layer == 1, "the tooltip is there"
            assert faults(watched.view.pen.written, size) == [], (text_size, "tooltip")
        watched.press("help")
        assert faults(watched.view.pen.written, size) == [], (text_size, "help")
        watched.press("help")
        watched.view.model.error = NumericalError("a long sentence about what went wrong " * 6)
        watched.view.draw()
        assert faults(watched.view.pen.written, size) == [], (text_size, "error")
        watched.view.model.error = None
        watched.press("text_size")
    watched.end()


def test_help_is_in_the_bar_at_every_size() -> None:
    for size in SIZES:
        watched = Watched(Learner(world_of_text()), size).at_first_update()
        for _ in TEXT_SIZES:
            watched.press("text_size")
            assert {"H", "Space"} <= set(watched.written)
        watched.end()


def test_a_wide_board_lies_above_the_cards_where_that_makes_it_larger() -> None:
    line = world_of_text('title = "Line"\nmap = """\n.....S....G"""')
    watched = Watched(Learner(line), (1280, 800)).at_first_update()
    assert watched.view.screen.places is not None
    assert watched.view.board.board is not None
    assert watched.view.screen.places.stacked
    assert watched.view.board.board.cell > 100
    watched.end()


def test_a_resized_window_is_laid_out_anew(watched: Watched) -> None:
    watched.view.window.size = (900, 700)
    watched.frame()
    assert watched.view.screen.places is not None
    assert watched.view.screen.places.bar.bottom <= 700
    assert watched.view.screen.places.panel.right <= 900
    assert faults(watched.view.pen.written, (900, 700)) == []


def test_a_world_without_a_grid_has_a_message_instead_of_a_board() -> None:
    from dataclasses import replace

    world = world_of_text()
    bare = replace(world, dynamics=replace(world.dynamics, layout=None))
    watched = Watched(Learner(bare)).at_first_update()
    assert watched.says("no grid")
    assert faults(watched.view.pen.written, (1280, 800)) == []
    watched.press("overlay")
    watched.end()


def test_every_shipped_level_can_be_watched() -> None:
    from game.world.catalog import load

    for name in shipped():
        watched = Watched(Learner(load(name), batch=1), (800, 600)).at_first_update()
        assert faults(watched.view.pen.written, (800, 600)) == [], name
        watched.end()


@pytest.mark.parametrize("block", [4, 4096])
def test_the_sums_of_the_second_card_are_those_of_the_episode(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.view.shared.episode.BLOCK", block)
    learner = Learner(world_of_text())
    learner.begin()
    episode = next(iter(learner.updates())).episode
    sums = Sums(episode, 0.9)
    assert len(episode) > 8
    for steps in (0, 1, 4, len(episode) // 2, len(episode) - 1, len(episode)):
        part = episode.until(steps)
        total, terms = sums.after(steps)
        assert total == pytest.approx(part.total_return(0.9))
        assert terms == pytest.approx(part.log_probability_terms())


def test_the_worker_adds_up_a_long_episode_before_a_frame_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("game.view.train.worker.LONG", 3)
    learner = Learner(world_of_text())
    feed = Feed(learner)
    feed.start()
    feed.ask()
    snapshot = until(feed.take)
    feed.close()
    feed.join(PATIENCE)
    assert snapshot is not None
    assert len(snapshot.episode) > 3
    known = sums_of.cache_info().hits
    sums_of(snapshot.episode, learner.world.dynamics.discount)
    assert sums_of.cache_info().hits == known + 1
