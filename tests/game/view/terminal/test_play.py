"""The match, the chooser and the lesson in the terminal's app: keys, arrangements, waiting, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from game.errors import LevelError
from game.keys import KEYS, WINDOW_ONLY
from game.view.play.rules import Rules
from game.view.terminal import programs
from game.view.terminal.kit.shell import Shell
from game.view.terminal.layout import Rect
from game.view.terminal.lesson import LessonView
from game.view.terminal.play import PlayView, arrange
from game.view.terminal.train import TrainView
from game.world.catalog import load, world_from_text
from tests.game.view.lesson.test_lesson import Made
from tests.game.view.play.table import ROOM, Given
from tests.game.view.terminal.driven import COLOURS, Driven, drive


def played(
    scenario: Callable[[Driven, PlayView], Coroutine[Any, Any, None]],
    given: Given,
    rounds: int = 3,
    tempo: float | None = None,
) -> Shell:
    """Drive a match on the room, against a policy that always goes left, once it is there."""

    async def first(app: Driven) -> None:
        view = app.view
        assert isinstance(view, PlayView)
        await app.until(lambda: view.model.contest is not None)
        await scenario(app, view)

    return drive(programs.match(given, "room", Rules(3, True, 1)), first)


async def chooser(app: Driven) -> None:
    """Open the chooser, as soon as the levels have been read."""
    view = app.view
    assert isinstance(view, PlayView)
    if view.model.choice is None:
        await app.until(lambda: bool(view.model.levels()))
        await app.press("l")
    assert view.model.choice is not None


async def helped(app: Driven) -> None:
    """Show the keys and hide them again."""
    below = app.view
    await app.press("h")
    await app.until(lambda: app.view is not below)
    await app.press("h")
    await app.until(lambda: app.view is below)


def test_a_match_is_played_looked_back_on_and_left_by_keys() -> None:
    given = Given()
    given.past = (0, 10, 20)
    pressed: set[str] = set()

    async def scenario(app: Driven, view: PlayView) -> None:
        def contest() -> Any:
            assert view.model.contest is not None
            return view.model.contest

        async def key(action: str, name: str) -> None:
            pressed.add(action)
            await app.press(name)

        assert app.says("Round 1 of 3")
        assert app.says("you against the test's run")
        assert app.says("Your move: ↑ ← ↓ → or W A S D")
        await key("arrows", "v")
        assert app.says("←──·"), "the policy's arrows"
        await key("arrows", "v")
        assert not app.says("←──·")
        await key("review", "r")
        assert app.says("The round still goes on")
        pressed.add("up")
        await app.tap("up")
        assert app.says("1 step")
        await key("down", "s")
        await key("left", "left")
        assert app.says("you stayed, it counts")
        await key("up-left", "q")
        assert app.says("No up-left here")
        await app.press("j")
        assert app.says("J does nothing here")
        for _ in range(2):
            await key("right", "d")
        await key("up", "w")
        assert contest().person_has_ended
        await key("next", "enter")
        assert app.says("You win the round")
        assert app.says("goal reached")
        assert app.says("Enter: next round")
        await key("review", "r")
        assert app.says("your way")
        await app.until(lambda: app.says("too much to work out"))
        await key("next", "enter")
        assert app.says("Round 2 of 3  W · ·")
        await key("greedy", "g")
        assert not contest().is_greedy
        await key("clock", "k")
        assert app.says("clock: 2 steps a second")
        await key("faster", "plus")
        assert app.says("clock: 3 steps a second")
        await key("slower", "minus")
        await app.press("k")
        await key("handicap", "u")
        assert app.says("Race the policy after update 20 of 20")
        await app.press("left", "left")
        assert app.says("after update 0 of 20")
        await app.press("enter")
        assert app.says("after update 0 of 20")
        await key("restart", "n")
        assert app.says("A new match.")
        await key("level", "l")
        await chooser(app)
        assert app.says("Choose a level")
        assert app.says("> Room")
        await app.press("down")
        assert app.says("> King")
        await helped(app)
        await app.press("enter")
        await app.until(lambda: app.view is view)
        await app.until(lambda: app.says("King") and not view.model.loading)
        await key("up-right", "e")
        await key("down-left", "z")
        await key("down-right", "c")
        await key("stay", "x")
        assert app.says("4 steps")
        await key("learn", "tab")
        await app.until(lambda: isinstance(app.view, TrainView))
        watching = app.view
        assert isinstance(watching, TrainView)
        await app.until(lambda: watching.model.playback.snapshot is not None)
        await app.press("escape")
        await app.until(lambda: isinstance(app.view, PlayView) and app.view.model.contest is not None)
        await app.until(lambda: app.says("saved in runs/small"))
        await app.press("p", "t")
        await helped(app)
        pressed.update(("theme", "help", "screenshot", "quit"))
        await app.tap("escape")
        await app.until(lambda: app.shell.farewell != "")

    shell = played(scenario, given)
    assert shell.farewell == "King: left in round 1 of 3, you 0 : 0 policy."
    assert given.trained[0].saved
    assert pressed == {key.action for key in KEYS["play"]} - set(WINDOW_ONLY)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_an_opponent_is_waited_for_and_one_that_cannot_be_had_is_said() -> None:
    given = Given()
    given.hold.clear()

    async def scenario(app: Driven) -> None:
        view = app.view
        assert isinstance(view, PlayView)
        assert app.says("Loading the policy that learned room")
        await app.press("right", "l", "v")
        given.hold.set()
        await app.until(lambda: view.model.contest is not None)
        await chooser(app)
        await app.press("down", "down", "enter")
        await app.until(lambda: app.says("cliff has no policy"))
        assert app.says("Room"), "the match before goes on"

    drive(programs.match(given, "room", Rules()), scenario)

    async def none(app: Driven) -> None:
        await app.until(lambda: app.shell.error is not None)

    assert isinstance(drive(programs.match(given, "nosuch", Rules()), none).error, LevelError)


def test_boards_lie_side_by_side_unless_one_above_the_other_makes_larger_cells() -> None:
    field = Rect(0, 2, 80, 18)
    square = world_from_text(ROOM, "room", "room", "room").dynamics.layout
    one, two = arrange(field, square, COLOURS)
    assert one.y == two.y
    assert one.x + one.width <= two.x
    wide = load("cliff").dynamics.layout
    one, two = arrange(field, wide, COLOURS)
    assert one.x == two.x == 0
    assert one.y + one.height == two.y
    assert two.y + two.height <= 20


def test_the_lesson_is_walked_by_its_keys_and_a_long_page_is_gone_through_first() -> None:
    pressed: set[str] = set()

    async def scenario(app: Driven) -> None:
        view = app.view
        assert isinstance(view, LessonView)
        walk = view.model

        async def key(action: str, name: str) -> None:
            pressed.add(action)
            await app.press(name)
            await app.until(lambda: not walk.busy)
            app.shell.tick()

        await app.until(lambda: walk.page is not None)
        assert app.says("Title 1")
        assert app.says("20.0")
        await key("more", "plus")
        assert app.says("25.0")
        await key("less", "minus")
        assert app.says("20.0")
        await key("down", "down")
        assert app.says("two = 0.0")
        await key("up", "up")
        assert app.says("one = 2.0")
        await key("sample", "s")
        assert app.says("draw 2.0")
        await key("reset", "r")
        assert app.says("draw 1.0")
        await key("answers", "a")
        assert not app.says("20.0")
        assert app.says("answers hidden")
        await app.press("a")
        await key("next", "right")
        assert app.says("page 2 of 11")
        await key("back", "pageup")
        assert app.says("page 1 of 11")
        await key("jump", "1")
        await app.press("1")
        await app.until(lambda: app.says("page 11 of 11"))
        await key("jump", "4")
        await app.pilot.resize_terminal(60, 12)
        await app.pilot.pause()
        assert app.says("more below: →")
        await app.press("right")
        assert app.says("above: ←")
        assert app.says("page 4 of 11")
        for _ in range(9):
            if app.says("more below: →"):
                await app.press("right")
        await app.press("right")
        await app.until(lambda: app.says("page 5 of 11"))
        await app.press("left")
        await app.until(lambda: app.says("page 4 of 11"))
        app.shell.tick()
        assert app.says("above: ←"), "back to where one came from"
        await app.press("p", "t")
        await app.press("h")
        assert app.says("Next page")
        await app.press("escape")
        pressed.update(("theme", "help", "screenshot", "quit"))
        await app.until(lambda: app.view is view)
        await app.tap("escape")
        await app.until(lambda: app.shell.farewell != "")

    shell = drive(programs.lesson(Made(), 1), scenario, size=(120, 40))
    assert shell.farewell == "The lesson was left on page 4, Title 4."
    assert pressed == {key.action for key in KEYS["lesson"]} - set(WINDOW_ONLY)


def test_a_click_chooses_a_level_and_one_on_an_empty_line_below_does_nothing() -> None:
    async def scenario(app: Driven, view: PlayView) -> None:
        await chooser(app)
        levels = view.model.choice
        assert levels is not None
        await app.pilot.click(offset=(3, 2 + len(levels.worlds)))
        assert levels.selected == 0
        await app.pilot.click(offset=(3, 3))
        assert levels.choice.name == "king"
        await app.pilot.click(offset=(3, 3))
        await app.until(lambda: app.says("King") and not view.model.over)

    assert played(scenario, Given()).error is None
