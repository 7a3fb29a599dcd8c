"""A run that is over, in the terminal's app: the window's keys, the slider in characters, and the mouse on it."""

from __future__ import annotations

import pytest

from game.errors import RunError
from game.keys import terminal_keys
from game.snapshots.snapshot import Briefing
from game.view.terminal.kit.look import Look
from game.view.terminal.programs import looking_back
from game.view.terminal.watch import WatchView
from tests.game.view.terminal.driven import COLOURS, Driven, drive
from tests.game.view.watch.test_watch_window import Given

#: What a key is called by Textual where the table says otherwise.
NAMES = {"page down": "pagedown", "page up": "pageup", "+": "plus", "-": "minus", "return": "enter"}


def view_of(driven: Driven) -> WatchView:
    assert isinstance(driven.view, WatchView)
    return driven.view


async def begun(driven: Driven) -> WatchView:
    """The view, paused at the first update, when all is known."""
    view = view_of(driven)
    await driven.until(lambda: view.model.reckoner.done)
    await driven.press("space", "home")
    await at_rest(driven, 1)
    return view


async def at_rest(driven: Driven, update: int) -> None:
    back = view_of(driven).model
    await driven.until(lambda: back.timeline.share == 0.0 and back.watched.updates[back.shown] == update)


def test_the_keys_are_those_of_the_window() -> None:
    async def scenario(driven: Driven) -> None:
        view = await begun(driven)
        own = {"point", "zoom", "theme", "help", "screenshot"}
        assert {key.action for key in terminal_keys("watch") if key.keys} <= set(view.model._controls) | own
        for name, update in (("right", 2), ("pagedown", 3), ("end", 13), ("left", 12)):
            await driven.press(name)
            await at_rest(driven, update)
        assert driven.says("update 12 of 12")
        await driven.press("r")
        await at_rest(driven, 4)
        assert driven.says("J rose by 0.400 here, update 4 → 5 (largest rise)")
        await driven.press("f")
        await at_rest(driven, 7)
        assert driven.says("J fell by 0.300 here, update 7 → 8 (largest fall)")
        await driven.press("d")
        assert driven.says("not learned from")
        await driven.press("e", "o")
        assert view.model.replaying
        assert view.overlays.chosen == "credit"

    drive(looking_back(Given()), scenario)


def test_the_slider_shows_where_one_is_and_where_j_rose_and_fell() -> None:
    async def scenario(driven: Driven) -> None:
        await begun(driven)
        await driven.press("r")
        await at_rest(driven, 4)
        track = driven.lines[-4]
        assert track[round(3 / 12 * 79)] == "●", "the fourth of thirteen"
        assert track[round(8 / 12 * 79)] == "▲"
        assert track[round(6 / 12 * 79)] == "▽"
        assert "every update was kept" in driven.lines[-5]

    drive(looking_back(Given()), scenario)


def test_without_unicode_the_slider_is_plain() -> None:
    async def scenario(driven: Driven) -> None:
        await begun(driven)
        assert driven.lines[-4].startswith("O")
        assert "".join(driven.lines).isascii()

    drive(looking_back(Given()), scenario, look=Look(COLOURS.theme, unicode=False, braille=False))


def test_the_slider_is_dragged() -> None:
    async def scenario(driven: Driven) -> None:
        view = await begun(driven)
        row = driven.shell.size.height - 4
        await driven.pilot.mouse_down(offset=(40, row))
        await at_rest_or_between(driven, 7)
        await driven.pilot.hover(offset=(79, row))
        assert view.model.timeline.position == 12.0
        await driven.pilot.mouse_up(offset=(79, row))
        await driven.pilot.hover(offset=(10, row))
        assert view.model.timeline.position == 12.0, "the button is up"

    async def at_rest_or_between(driven: Driven, update: int) -> None:
        back = view_of(driven).model
        await driven.until(lambda: back.watched.updates[back.shown] == update)

    drive(looking_back(Given()), scenario)


def test_nothing_is_said_of_visits() -> None:
    async def scenario(driven: Driven) -> None:
        await begun(driven)
        await driven.press("6")
        assert driven.says("π(a|s)")
        assert not driven.says("visit")

    drive(looking_back(Given()), scenario, size=(120, 40))


def test_esc_ends_and_what_goes_wrong_is_raised() -> None:
    class Damaged(Given):
        @property
        def briefing(self) -> Briefing:
            raise RunError("frames.bin is damaged")

        @briefing.setter
        def briefing(self, _: Briefing) -> None:
            pass

    async def leave(driven: Driven) -> None:
        await begun(driven)
        await driven.press("escape")

    assert drive(looking_back(Given()), leave).error is None

    async def wait(driven: Driven) -> None:
        await driven.until(lambda: driven.shell.error is not None)

    error = drive(looking_back(Damaged()), wait).error
    with pytest.raises(RunError, match="damaged"):
        raise error or AssertionError
