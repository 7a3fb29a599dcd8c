"""Keys that come quickly: each is taken by one view, a view is left once, and the app never falls over.

What a terminal sends in one write reaches the app as messages that wait together; here they are posted so.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.geometry import Size

from game.keys import Screen as Table
from game.keys import terminal_keys
from game.snapshots.snapshot import Briefing
from game.view.play.rules import Rules
from game.view.shared.overlays import OVERLAYS
from game.view.terminal import programs
from game.view.terminal.kit.shell import Script, Shell
from game.view.terminal.kit.view import HelpView, View
from game.view.terminal.lesson import LessonView
from game.view.terminal.play import PlayView
from game.view.terminal.train import TrainView
from game.view.terminal.watch import WatchView
from tests.game.view.kept import Kept
from tests.game.view.learner import Learner, world_of_text
from tests.game.view.lesson.test_lesson import Made
from tests.game.view.play.table import Given
from tests.game.view.terminal.driven import Driven, drive, key
from tests.waiting import PATIENCE


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def at_once(app: Driven, *names: str) -> None:
    """Send keys in one write."""
    for name in names:
        app.shell.post_message(key(name))


async def alive(app: Driven) -> None:
    """Whatever is shown, the key of the theme changes it within two presses: the first may only close the help."""
    await app.settled()
    look = app.shell.look
    for _ in range(2):
        if app.shell.look is look and not app.shell.over:  # a training that was left may only now have been saved
            await app.tap("t")
            await app.settled()
    assert app.shell.look is not look or app.shell.over
    size = Size(80, 24)
    app.shell.post_message(events.Resize(size, size))
    await app.until(lambda: app.shell.over or (len(app.lines) == 24 and any(line.strip() for line in app.lines)))


def match(given: Given) -> Script:
    return programs.match(given, "room", Rules(3, True, 1))


def ready(app: Driven, view: type[View]) -> bool:
    """Whether a view of this kind lies uppermost, and of a match the match itself."""
    shown = app.shell.uppermost
    return isinstance(shown, view) and (not isinstance(shown, PlayView) or not shown.model.over)


def choosing(app: Driven) -> bool:
    """Whether the levels to choose from lie uppermost."""
    shown = app.shell.uppermost
    return isinstance(shown, PlayView) and shown.model.choice is not None and shown.model.loading is None


def seated(scenario: Callable[[Driven], Coroutine[Any, Any, None]], given: Given | None = None) -> Shell:
    """Drive a match from its first round on, its levels read."""

    async def first(app: Driven) -> None:
        view = app.view
        assert isinstance(view, PlayView)
        await app.until(lambda: ready(app, PlayView) and bool(view.model.levels()))
        await scenario(app)

    return drive(match(given or Given()), first)


def test_two_tabs_lead_to_the_training_once_and_the_second_one_is_the_trainings() -> None:
    given = Given()

    async def scenario(app: Driven) -> None:
        at_once(app, "tab", "tab")
        await app.until(lambda: ready(app, TrainView))
        await alive(app)
        assert len(given.trained) == 1

    assert seated(scenario, given).error is None


@pytest.mark.parametrize("names", [("enter", "enter"), ("enter", "l"), ("escape", "enter"), ("l", "l")])
def test_a_key_behind_the_one_that_closes_the_chooser_is_the_matchs(names: tuple[str, str]) -> None:
    async def scenario(app: Driven) -> None:
        await app.press("l")
        assert choosing(app)
        at_once(app, *names)
        await app.until(lambda: ready(app, PlayView) or (names[1] == "l" and choosing(app)))
        await alive(app)

    assert seated(scenario).error is None


def test_choosing_levels_over_and_over_faster_than_they_load_ends_well() -> None:
    async def scenario(app: Driven) -> None:
        for _ in range(20):
            at_once(app, "l", "enter", "up", "down")
            await asyncio.sleep(0)
        await app.until(lambda: ready(app, PlayView) or choosing(app))
        await alive(app)

    assert seated(scenario).error is None


@pytest.mark.parametrize("names", [("x", "x"), ("h", "h"), ("escape", "l"), ("up", "down"), ("h", "tab")])
def test_two_keys_over_the_help_close_it_once_and_the_second_one_is_for_what_lies_below(names: tuple[str, str]) -> None:
    async def scenario(app: Driven) -> None:
        await app.press("h")
        assert isinstance(app.view, HelpView)
        at_once(app, *names)
        after = {"h": HelpView, "down": HelpView, "tab": TrainView}.get(names[1], PlayView)
        await app.until(lambda: choosing(app) if names[1] == "l" else ready(app, after))
        await alive(app)

    assert seated(scenario).error is None


def test_esc_behind_the_key_that_closes_the_help_leaves_the_match() -> None:
    async def scenario(app: Driven) -> None:
        at_once(app, "h", "h", "escape")
        await app.until(lambda: app.shell.over)

    assert seated(scenario).farewell.startswith("Room: left in round 1 of 3")


def test_esc_and_space_at_once_save_the_training_and_end() -> None:
    learner = Learner(world_of_text())

    async def scenario(app: Driven) -> None:
        await app.until(lambda: learner.update > 0)
        at_once(app, "escape", "space")
        await app.until(lambda: app.shell.over)

    assert "saved in runs/small" in drive(programs.training(learner), scenario).farewell
    assert learner.saved


def test_tab_leads_from_a_training_to_its_match_whatever_follows_it() -> None:
    given = Given()
    learner = Learner(given.levels()[0])

    async def scenario(app: Driven) -> None:
        await app.until(lambda: learner.update > 0)
        at_once(app, "tab", "tab", "space", "tab")
        await app.until(lambda: ready(app, PlayView))
        assert learner.saved
        await alive(app)

    assert drive(programs.training(learner, lambda: given, Rules()), scenario).error is None


def test_what_is_typed_while_a_training_is_made_ready_does_no_harm() -> None:
    class Slow(Learner):
        compiled = threading.Event()

        def begin(self) -> Briefing:
            assert self.compiled.wait(PATIENCE)
            return super().begin()

    learner = Slow(world_of_text())

    async def scenario(app: Driven) -> None:
        at_once(app, *"the quick brown fox jumps over the lazy dog".replace(" ", "").replace("q", ""))
        await alive(app)
        learner.compiled.set()
        await app.until(lambda: learner.update > 0)
        await alive(app)

    assert drive(programs.training(learner), scenario).error is None


def test_keys_that_come_while_the_script_waits_are_kept_for_the_next_view() -> None:
    given, waits, entered = Given(), threading.Event(), threading.Event()
    training = given.training

    def slow(argument: str) -> Learner:
        entered.set()
        assert waits.wait(PATIENCE)
        return training(argument)

    given.training = slow  # type: ignore[method-assign]

    async def scenario(app: Driven) -> None:
        at_once(app, "tab", "o")
        while not entered.is_set():
            await asyncio.sleep(0.001)
        at_once(app, "o")
        assert not app.shell.begun
        waits.set()
        await app.until(lambda: ready(app, TrainView))
        view = app.view
        assert isinstance(view, TrainView)
        await app.until(lambda: view.overlays.chosen == OVERLAYS[2])

    assert seated(scenario, given).error is None


def test_a_signal_ends_the_app_while_the_script_waits() -> None:
    given, waits, entered, signals = Given(), threading.Event(), threading.Event(), list[int]()
    training = given.training

    def slow(argument: str) -> Learner:
        entered.set()
        assert waits.wait(PATIENCE)
        return training(argument)

    given.training = slow  # type: ignore[method-assign]

    async def scenario(app: Driven) -> None:
        await app.until(lambda: ready(app, PlayView))
        at_once(app, "tab")
        while not entered.is_set():
            await asyncio.sleep(0.001)
        signals.append(15)
        while not app.shell.over:
            await asyncio.sleep(0.001)
        waits.set()

    shell = drive(match(given), scenario, signals=lambda: len(signals))
    assert shell.error is None


@pytest.mark.parametrize("where", ["act", "advance", "draw"])
def test_an_error_of_a_view_ends_the_app_and_is_the_one_that_is_raised(where: str) -> None:
    class Broken(LessonView):
        broken = False

    def fails(_view: Broken, *_given: object) -> Any:
        if _view.broken:
            raise ZeroDivisionError("an error of its own")
        return getattr(LessonView, where)(_view, *_given)

    setattr(Broken, where, fails)
    view = Broken(Made(), 1)

    async def scenario(app: Driven) -> None:
        view.broken = True
        at_once(app, "right", "right")
        while not app.shell.over:
            await asyncio.sleep(0.001)

    def script() -> Any:
        yield view
        return ""

    assert isinstance(drive(script(), scenario).error, ZeroDivisionError)


def test_two_sizes_at_once_are_laid_out_once() -> None:
    async def scenario(app: Driven) -> None:
        drawn: list[tuple[int, int]] = []
        view = app.view
        draw = view.draw

        def counted(width: int, height: int) -> Any:
            drawn.append((width, height))
            return draw(width, height)

        view.draw = counted  # type: ignore[method-assign]
        for size in ((100, 30), (60, 20), (90, 25)):
            app.shell.post_message(events.Resize(Size(*size), Size(*size)))
        await app.until(lambda: len(app.lines) == 25)
        for _ in range(50):
            await asyncio.sleep(0)
        assert set(drawn) == {(90, 25)} | set(drawn[:3])
        count = len(drawn)
        for _ in range(200):
            await asyncio.sleep(0)
        assert len(drawn) <= count + 20, "they follow each other for ever"

    assert drive(programs.lesson(Made(), 1), scenario).error is None


#: Every key of every table, those of no table, and those that Textual makes of torn or unusual input.
NAMES = sorted(
    {"ctrl+q", "f1", "shift+tab", "alt+x", "delete", "é", "ß", "0", "5", "enter", "pagedown", "pageup", "home", "end"}
    | {"up", "down", "left", "right", "tab", "space", "plus", "minus", "escape", *"abcdefghijklmnorstuvwxyz"}
)
SIZES = [(20, 5), (30, 8), (60, 20), (80, 24), (120, 40), (200, 50), (1, 1)]


async def handled(app: Driven) -> None:
    """Once all that was sent has been handled, and whatever follows is shown."""
    await app._emptied(app.shell)
    await app._emptied(app.shell.screen)
    await app.settled()


def storm(seed: int, count: int, start: Callable[[], tuple[Script, type[View]]]) -> int:
    """Send ``count`` random events, to one app after the other where a key ends one; returns how many there were."""
    dice, sent = random.Random(seed), 0
    while sent < count:
        sent += _storm_over_one(dice, count - sent, *start())
    return sent


def _storm_over_one(dice: random.Random, most: int, script: Script, first: type[View]) -> int:
    """Send events, then ask for a sign of life, and end by a signal."""
    signals: list[int] = []
    sent = 0

    async def scenario(app: Driven) -> None:
        nonlocal sent
        await app.until(lambda: ready(app, first))
        while sent < most and not app.shell.over:
            for _ in range(dice.choice((1, 2, 2, 5, 30))):
                sent += 1
                _send(app.shell, dice)
            for _ in range(dice.choice((0, 1, 3, 20))):
                await asyncio.sleep(0)
            if dice.random() < 0.1:
                await handled(app)
        await handled(app)
        if not app.shell.over:
            await alive(app)
            signals.append(15)
            await app.until(lambda: app.shell.over)

    shell = drive(script, scenario, signals=lambda: len(signals))
    assert shell.error is None
    assert not shell.return_code
    return sent


def _send(shell: Shell, dice: random.Random) -> None:
    kind = dice.random()
    if kind < 0.85:
        name = dice.choice(NAMES)
        if name != "escape" or dice.random() < 0.3:
            shell.post_message(key(name))
    elif kind < 0.93:
        size = Size(*dice.choice(SIZES))
        shell.post_message(events.Resize(size, size))
    else:
        x, y = dice.randrange(shell.size.width), dice.randrange(shell.size.height)
        for event in (events.MouseMove, events.MouseDown, events.MouseUp, events.MouseScrollDown):
            shell.post_message(event(None, x, y, 0, 0, 1, False, False, False, x, y))


def _match() -> tuple[Script, type[View]]:
    given = Given()
    given.past = (0, 10, 20)
    return match(given), PlayView


def _train() -> tuple[Script, type[View]]:
    given = Given()
    return programs.training(Learner(given.levels()[0], total=300), lambda: given, Rules()), TrainView


def _watch() -> tuple[Script, type[View]]:
    given = Given()
    given.past = (0, 1, 2, 3, 4, 5, 6)
    return programs.looking_back(Kept(Learner(given.levels()[0]), 6), lambda: given, Rules()), WatchView


def _lesson() -> tuple[Script, type[View]]:
    return programs.lesson(Made(), 1), LessonView


STARTS: dict[Table, Callable[[], tuple[Script, type[View]]]] = {
    "play": _match,
    "train": _train,
    "watch": _watch,
    "lesson": _lesson,
}


@pytest.mark.parametrize("start", STARTS)
def test_a_storm_of_events_leaves_the_app_alive(start: Table) -> None:
    assert storm(1, 1_000, STARTS[start]) >= 1_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize("start", STARTS)
def test_a_long_storm_of_events_leaves_the_app_alive(start: Table, seed: int) -> None:
    assert storm(seed, 10_000, STARTS[start]) >= 10_000


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
def test_every_two_keys_of_a_screen_in_one_write_leave_the_app_alive(start: Table) -> None:
    named = {"return": "enter", "page down": "pagedown", "page up": "pageup", "+": "plus", "-": "minus"}
    names = [named.get(key.keys[0], key.keys[0]) for key in terminal_keys(start) if key.keys]
    pairs = [(helped, one, two) for helped in (False, True) for one in names for two in names]
    while pairs:
        _pairs_in_one(pairs, *STARTS[start]())


def _pairs_in_one(pairs: list[tuple[bool, str, str]], script: Script, first: type[View]) -> None:
    """Press pairs, on the screen itself and over its help, until one ends the app."""

    async def scenario(app: Driven) -> None:
        await app.until(lambda: ready(app, first))
        while pairs and not app.shell.over:
            helped, one, two = pairs.pop()
            at_once(app, *(["h"] if helped else []), one, two)
            await handled(app)
            for _ in range(3):
                if not app.shell.over and not isinstance(app.view, first):
                    await alive(app)
                    await app.tap("escape")
                    await app.settled()

    assert drive(script, scenario).error is None
