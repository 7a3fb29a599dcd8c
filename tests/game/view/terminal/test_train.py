"""Training in the terminal's app: what each key does, the mouse, other sizes, errors, signals and the end."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from game.errors import NumericalError
from game.keys import KEYS, WINDOW_ONLY
from game.view.shared.overlays import OVERLAYS
from game.view.shared.playback import FASTEST
from game.view.shared.theme import LIGHT
from game.view.terminal import programs, train
from game.view.terminal.kit.look import Look
from game.view.terminal.kit.shell import Shell
from game.view.terminal.train import TrainView
from game.world.catalog import load
from tests.game.view.learner import Learner, world_of_text
from tests.game.view.terminal.driven import COLOURS, Driven, drive


def trained(
    learner: Learner,
    scenario: Callable[[Driven, TrainView], Coroutine[Any, Any, None]],
    size: tuple[int, int] = (80, 24),
    look: Look = COLOURS,
    signals: Callable[[], int] = lambda: 0,
) -> Shell:
    """Drive a training from its first update on."""

    async def first(app: Driven) -> None:
        view = app.view
        assert isinstance(view, TrainView)
        await app.until(lambda: view.model.playback.snapshot is not None)
        await scenario(app, view)

    return drive(programs.training(learner), first, size, look, signals)


def test_the_keys_of_the_table_do_in_the_terminal_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    learner = Learner(world_of_text(), total=100_000)
    pressed: set[str] = set()

    async def scenario(app: Driven, view: TrainView) -> None:
        playback, watching = view.model.playback, view.model

        async def key(action: str, name: str) -> None:
            pressed.add(action)
            await app.press(name)

        def shown_update() -> int:
            return playback.snapshot.update if playback.snapshot is not None else 0

        assert playback.speed_index == FASTEST, "nobody asked to follow each step"
        await app.until(lambda: watching.record.updates > 20)
        pressed.add("pause")
        await app.tap("space")
        assert playback.paused
        assert app.says("paused")
        # The update that was under way comes to an end and is shown, else it would be the one that U shows.
        await app.until(lambda: watching.feed.working()[0] is None and shown_update() == learner.update)
        reached = learner.update
        await key("update", "u")
        await app.until(lambda: learner.update > reached and playback.paused)
        assert learner.update == reached + 1
        await key("slower", "minus")
        assert playback.speed_index == FASTEST - 1
        await key("faster", "plus")
        assert playback.speed.free
        await key("fast", "f")
        assert not playback.speed.free
        playback.speed_index = FASTEST - 3  # the quickest that replays episodes
        await key("step", "right")
        await app.until(lambda: playback.paused)
        shown = playback.current.steps if playback.current else -1
        await key("step", "right")
        assert playback.current is not None
        assert playback.current.steps == shown + 1
        await key("episode", "e")
        await app.until(lambda: playback.paused)
        assert playback.current.done
        for overlay in OVERLAYS[1:]:
            await key("overlay", "o")
            assert view.overlays.chosen == overlay
        await app.press("o")
        await key("point", "8")
        assert app.says("row ")
        await app.press("6", "2")
        assert view.cursor is not None
        assert app.says(f"row {view.cursor[0]}, column {view.cursor[1]} ·")
        assert app.says("π(a|s)") or app.says("the episode ends here") or app.says("wall")
        view.cursor = (2, 0)
        await key("demonstrate", "d")
        assert app.says("not learned from")
        layout = learner.world.dynamics.layout
        assert layout is not None
        assert learner.demonstrated == [int(layout.cell_states[0][2, 0])]
        await app.press("5")
        assert view.cursor is None
        assert view.board is not None
        await app.pilot.resize_terminal(72, 14)
        await app.pilot.pause()
        before = view.board.camera.scale.width
        await key("zoom", "z")
        assert view.board.camera.scale.width > before
        await app.press("x")
        assert view.board.camera.scale.width == before
        await app.pilot.resize_terminal(80, 24)
        await app.pilot.pause()
        pressed.add("mouse")
        place = view._board_at
        assert place is not None
        left, top = place.x, place.y
        corner = view.board.camera.corner(0, 1)
        assert corner is not None
        at = (left + view.board.origin[0] + corner[0], top + corner[1])
        await app.pilot.click(offset=at)
        assert view.cursor == (0, 1)
        assert learner.demonstrated[-1] == int(layout.cell_states[0][0, 1])
        await key("save", "s")
        await app.until(lambda: app.says("saved in runs/small"))
        await key("screenshot", "p")
        await app.until(lambda: app.says("picture saved as screenshots"))
        (picture,) = (tmp_path / "screenshots").iterdir()
        assert picture.suffix == ".svg"
        assert "Small" in picture.read_text()
        await key("theme", "t")
        assert view.look.theme is LIGHT
        await key("help", "h")
        assert app.says("Play one episode to its end")
        await app.press("pagedown")
        assert app.says("run-0")
        await app.tap("escape")
        assert app.view is view
        await key("match", "tab")
        assert not watching.wants_match, "there is nobody to play against here"
        await app.press("f")
        await key("restart", "r")
        await app.until(lambda: app.says("a new run has begun"))
        await app.until(lambda: playback.snapshot is not None)
        pressed.add("quit")
        await app.tap("escape")
        await app.until(lambda: app.shell.farewell != "")

    shell = trained(learner, scenario)
    assert shell.farewell.endswith("saved in runs/small")
    assert "The most probable action in each cell" in shell.farewell
    assert pressed == {key.action for key in KEYS["train"]} - set(WINDOW_ONLY)


def test_the_first_frame_comes_before_the_training_begins_and_a_resize_lays_all_out_anew() -> None:
    class Late(Learner):
        begun = False

        def begin(self) -> Any:
            self.begun = True
            return super().begin()

    learner = Late(world_of_text())
    shown = []

    async def scenario(app: Driven) -> None:
        shown.append(app.lines[0])
        view = app.view
        assert isinstance(view, TrainView)
        await app.until(lambda: view.model.playback.snapshot is not None)
        learner.hold.clear()
        for size in ((120, 40), (60, 30), (40, 12), (30, 8), (200, 60), (80, 24)):
            await app.pilot.resize_terminal(*size)
            await app.pilot.pause()
            lines = app.lines
            assert (len(lines[0]), len(lines)) == size
            assert lines[0].startswith("Small room")
            assert "H help" in lines[-1]
            assert any("@" in line for line in lines)
        for size in ((5, 3), (1, 1), (300, 2), (80, 24)):
            await app.pilot.resize_terminal(*size)
            await app.press("o", "8")
        learner.hold.set()
        assert not app.shell.return_code, "the smallest terminal is no error"

    class Watched(TrainView):
        def draw(self, width: int, height: int) -> Any:
            painted.append(learner.begun)
            return super().draw(width, height)

    painted: list[bool] = []
    drive((view for view in [Watched(learner)]), scenario)  # type: ignore[arg-type]
    assert painted[0] is False
    assert "Small room" in shown[0]


def test_what_goes_wrong_is_shown_and_raised_at_the_end_and_a_signal_ends_with_saving() -> None:
    error = NumericalError("the gradient is not finite at update 2; try a smaller --learning-rate")
    learner = Learner(world_of_text(), fails={2: error})

    async def scenario(app: Driven, view: TrainView) -> None:
        await app.until(lambda: view.model.error is error)
        await app.until(lambda: app.says("! the gradient is not finite at update 2"))
        await app.press("escape")
        await app.until(lambda: app.shell.error is not None)

    assert trained(learner, scenario).error is error
    assert learner.saved
    signals: list[int] = []
    other = Learner(world_of_text())

    async def signalled(app: Driven, _view: TrainView) -> None:
        signals.append(15)
        await app.until(lambda: app.shell.farewell != "")

    shell = trained(other, signalled, signals=lambda: len(signals))
    assert other.saved
    assert "saved in" in shell.farewell


def test_what_was_said_at_the_end_stays_said_however_often_the_last_screen_ticks() -> None:
    learner = Learner(world_of_text())

    async def scenario(app: Driven, view: TrainView) -> None:
        await app.press("escape")
        await app.until(lambda: app.shell.farewell != "")
        for _ in range(3):
            app.shell.tick()

    assert trained(learner, scenario).farewell.endswith("saved in runs/small")


def test_a_second_signal_does_not_wait_for_the_update_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "HURRY", 0.05)
    learner, signals = Learner(world_of_text()), [2]
    learner.hold.clear()

    async def scenario(app: Driven) -> None:
        view = app.view
        assert isinstance(view, TrainView)
        await app.until(lambda: view.model.closing)
        assert not app.shell.farewell
        signals.append(2)
        await app.until(lambda: app.shell.farewell != "")
        assert view.model.feed.working()[0] == "update"

    def signal_count() -> int:
        return len(signals) if learner.update else 0

    shell = drive(programs.training(learner), scenario, signals=signal_count)
    assert shell.farewell == "the run was closed before it was saved to its end"
    assert not learner.saved
    learner.hold.set()


@pytest.mark.parametrize("look", [Look(LIGHT, colour=False), Look(LIGHT, False, False, False)], ids=["plain", "ascii"])
def test_without_colours_or_unicode_nothing_of_them_is_sent(look: Look) -> None:
    learner = Learner(load("ice_bridge"), total=3)

    async def scenario(app: Driven, view: TrainView) -> None:
        await app.until(lambda: view.model.feed.finished)
        await app.press("8", "o")
        for row in app.grid.rows:
            for letter, style in row:
                assert style.color is None
                assert style.bgcolor is None
                assert letter.isascii() or look.unicode
        assert app.says("episodes")

    trained(learner, scenario, look=look)


def test_a_world_without_a_grid_has_words_instead_of_a_board() -> None:
    world = load("first_steps")
    world = replace(world, dynamics=replace(world.dynamics, layout=None))

    async def scenario(app: Driven, view: TrainView) -> None:
        assert view.board is None
        assert app.says("no grid")
        await app.press("8", "z", "d")
        assert app.says("Demonstration")

    trained(Learner(world, total=2), scenario)
