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
from game.view.terminal.kit.look import Look
from game.view.terminal.kit.shell import Script, Shell
from game.view.terminal.kit.view import SMALLEST, View
from tests.waiting import PATIENCE, never

COLOURS = Look(DARK)


class Driven:
    """The app under a test's hands."""

    def __init__(self, shell: Shell, pilot: Pilot[None]) -> None:
        self.shell, self.pilot = shell, pilot

    @property
    def view(self) -> View:
        view = self.shell.screen
        assert isinstance(view, View)
        return view

    @property
    def lines(self) -> list[str]:
        """The screen, row by row, as the areas in sight make it up."""
        width, height = self.view.size
        cells = [[" "] * width for _ in range(height)]
        for area in self.view.areas.values():
            if area.grid is None or area.place is None or not area.display:
                continue
            left, top, _, _ = area.place
            if width >= SMALLEST[0] and height >= SMALLEST[1]:
                assert left + area.grid.width <= width, area.id
                assert top + area.grid.height <= height, area.id
            for line, row in zip(cells[top:], area.grid.rows, strict=False):
                line[left : left + area.grid.width] = [letter for letter, _ in row]
        return ["".join(row) for row in cells]

    def says(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    async def press(self, *names: str) -> None:
        """Hand keys to the screen, which is much quicker than to have Textual wait after each."""
        for name in names:
            self.view.on_key(_key(name))
            await asyncio.sleep(0)
            await self._wait(lambda: not self.shell.is_running or any(line.strip() for line in self.lines))

    async def tap(self, *names: str) -> None:
        """Press keys as a person does, each once the one before has been handled."""
        for name in names:
            self.shell.post_message(_key(name))
            await self._emptied(self.shell)  # it hands the key on to the screen …
            await self._emptied(self.shell.screen)  # … whose own messages wait behind it

    async def _emptied(self, pump: MessagePump) -> None:
        """Once all that was sent to it before has been handled, or it has gone."""
        handled = asyncio.Event()
        pump.call_later(handled.set)
        await self._wait(lambda: handled.is_set() or not pump.is_running or not self.shell.is_running)

    async def until(self, happened: Callable[[], bool]) -> None:
        """Let the screen's clock tick until it happened."""
        await self._wait(happened, lambda: self.view.tick() if isinstance(self.shell.screen, View) else None)

    async def _wait(self, happened: Callable[[], bool], between: Callable[[], object] = lambda: None) -> None:
        end = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > end:
                never("\n".join(self.lines))
            await asyncio.sleep(0.005)
            between()


def _key(name: str) -> events.Key:
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
            await pilot.pause()
            await scenario(Driven(shell, pilot))
            shell.exit()
        return shell

    try:
        shell = asyncio.run(run())
    finally:
        script.close()
    return shell
