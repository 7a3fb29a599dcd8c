"""A picture of the terminal's app, drawn from the characters that it shows: no terminal and no browser is needed."""

from __future__ import annotations

import asyncio
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

    from game.view.terminal.kit.shell import Shell

#: Columns and rows of the terminal, and the pixels of a character.
SIZE = (108, 32)
CELL = (12, 24)
FONT = 20
#: Letters of braille are not in the font of equal widths.
BRAILLE = ("\u2800", "\u28ff")


def training() -> Image:
    """Four rooms after a few dozen updates, an episode half replayed, a cell pointed at."""
    from agent.reinforce.settings import settings_for
    from agent.runs.session import Session
    from game.view.shared.playback import FASTEST
    from game.view.shared.theme import DARK
    from game.view.terminal import programs
    from game.view.terminal.kit.look import Look
    from game.view.terminal.kit.shell import Shell
    from game.view.terminal.train import TrainView
    from game.world.catalog import load

    async def shown(folder: Path) -> Image:
        world = load("four_rooms")
        session = Session(world, settings_for(world.dynamics, batch=200), None, folder)
        script = programs.training(session)
        shell = Shell(script, Look(DARK))
        async with shell.run_test(size=SIZE) as pilot:
            await pilot.pause()
            while not shell.begun:
                await asyncio.sleep(0.01)
            view = shell.uppermost
            assert isinstance(view, TrainView)
            playback = view.model.playback
            playback.change_speed(-1)  # whole updates, with time for the exact numbers of each …
            while playback.snapshot is None or playback.snapshot.update < 64:
                await asyncio.sleep(0.01)
                shell.tick()
            playback.speed_index = FASTEST - 4  # … then step by step
            while not (playback.snapshot.angle and playback.replay and 6 < playback.replay.position < 7):
                await asyncio.sleep(0.01)
                shell.tick()
            view.cursor = (3, 3)
            shell.paint()
            picture = drawn(shell)
            await pilot.press("escape")
            while not shell.farewell:
                await asyncio.sleep(0.02)
        shell.close()
        return picture

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(shown(Path(folder) / "four_rooms-1"))


def drawn(shell: Shell) -> Image:
    """What a screen of the app shows, as pixels."""
    from PIL import Image, ImageDraw

    from game.view.terminal.kit.shell import Paper

    paper, ink = shell.look.theme.paper, shell.look.theme.ink
    wide, high = CELL
    picture = Image.new("RGB", ((SIZE[0] + 2) * wide, (SIZE[1] + 1) * high), paper)
    draw = ImageDraw.Draw(picture)
    screen = shell.screen
    assert isinstance(screen, Paper)
    assert screen.area.grid is not None
    for y, row in enumerate(screen.area.grid.rows):
        for x, (letter, style) in enumerate(row):
            left, top = (x + 1) * wide, y * high + high // 2
            front, back = _rgb(style.color, ink), _rgb(style.bgcolor, paper)
            if style.reverse:
                front, back = back, front
            draw.rectangle((left, top, left + wide - 1, top + high - 1), back)
            _draw_letter(draw, letter, (left, top), front, bool(style.bold))
    return picture


def _draw_letter(draw: Any, letter: str, at: tuple[int, int], colour: tuple[int, int, int], bold: bool) -> None:
    left, top = at
    wide, high = CELL
    if BRAILLE[0] <= letter <= BRAILLE[1]:
        mask = ord(letter) - ord(BRAILLE[0])
        for bit, (column, row) in enumerate(((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))):
            if mask >> bit & 1:
                x, y = left + wide * (1 + 2 * column) / 4, top + high * (1 + 2 * row) / 8
                size = 2.4 if bold else 1.8
                draw.ellipse((x - size, y - size, x + size, y + size), colour)
    elif letter == "█":
        draw.rectangle((left, top, left + wide - 1, top + high - 1), colour)
    elif letter not in ("", " "):
        draw.text((left, top + high * 0.8), letter, colour, font=_font(bold), anchor="ls")


def _rgb(colour: Any, otherwise: tuple[int, int, int]) -> tuple[int, int, int]:
    return tuple(colour.triplet) if colour is not None and colour.triplet is not None else otherwise


@cache
def _font(bold: bool) -> FreeTypeFont:
    import matplotlib
    from PIL import ImageFont

    name = "DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf"
    return ImageFont.truetype(Path(matplotlib.__file__).parent / "mpl-data" / "fonts" / "ttf" / name, FONT)
