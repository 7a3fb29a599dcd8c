"""Drives the terminal's app without a terminal: keys by Textual's pilot, and what is then on the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from textual import events
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from game.view.shared.theme import DARK
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.look import Look
from game.view.terminal.kit.shell import Paper, Script, Shell
from game.view.terminal.kit.view import View
from tests.waiting import PATIENCE, never

COLOURS = Look(DARK)


class Driven:
    """The app under a test's hands."""

    def __init__(self, shell: Shell, pilot: Pilot[None]) -> None:
        self.shell, self.pilot = shell, pilot

    @property
    def view(self) -> View:
        view = self.shell.uppermost
        assert view is not None
        return view

    @property
    def grid(self) -> Grid:
        """What is on the screen."""
        paper = self.shell.screen
        assert isinstance(paper, Paper)
        assert paper.area.grid is not None
        return paper.area.grid

    @property
    def lines(self) -> list[str]:
        """The screen, row by row."""
        width, height = self.shell.screen.size
        return ["".join(letter for letter, _ in row[:width]) for row in self.grid.rows[:height]]

    def says(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    async def press(self, *names: str) -> None:
        """Hand keys to the app, which is much quicker than to have Textual wait after each."""
        for name in names:
            self.shell.press(key(name))
            await self.settled()

    async def settled(self) -> None:
        """Until a view is shown and takes keys, or the app is over."""
        await self._wait(lambda: self.shell.begun or self.shell.over)

    async def tap(self, *names: str) -> None:
        """Press keys as a person does, each once the one before has been handled."""
        for name in names:
            self.shell.post_message(key(name))
            await self._emptied(self.shell)  # it hands the key on to the screen …
            await self._emptied(self.shell.screen)  # … whose own messages wait behind it

    async def _emptied(self, pump: MessagePump) -> None:
        """Once all that was sent to it before has been handled, or it has gone."""
        handled = asyncio.Event()
        pump.call_later(handled.set)
        await self._wait(lambda: handled.is_set() or not pump.is_running or not self.shell.is_running)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Let the app's clock tick until it happened on a view."""
        await self._wait(lambda: (self.shell.begun or self.shell.over) and happened(), self.shell.tick)

    async def _wait(self, happened: Callable[[], bool], between: Callable[[], object] = lambda: None) -> None:
        end = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > end:
                never("\n".join(self.lines))
            await asyncio.sleep(0.002)
            between()


def key(name: str) -> events.Key:
    return events.Key(name, {"space": " ", "minus": "-", "plus": "+"}.get(name, name if len(name) == 1 else None))


def drive(
    script: Script,
    scenario: Callable[[Driven], Coroutine[Any, Any, None]],
    size: tuple[int, int] = (80, 24),
    look: Look = COLOURS,
    signals: Callable[[], int] = lambda: 0,
) -> Shell:
    """Run a script and, on its first screen, a scenario; then leave.  What the app raised is raised."""

    async def run() -> Shell:
        shell = Shell(script, look, signals=signals)
        async with shell.run_test(size=size) as pilot:
            app = Driven(shell, pilot)
            await app.settled()
            await scenario(app)
            shell.end()
        return shell

    shell = asyncio.run(run())
    shell.close()
    return shell
