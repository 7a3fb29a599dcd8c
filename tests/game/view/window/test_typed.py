"""Which key was pressed: by its name, with what it types only where the name does not tell that."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

from game.view.window.typed import typed
from tests.root import ROOT
from tests.waiting import PATIENCE, until

if TYPE_CHECKING:
    from tests.game.view.display import Display


def pressed(name: str, text: str, mod: int = pygame.KMOD_NONE) -> tuple[str, str]:
    code = pygame.K_KP4 if name == "[4]" else pygame.key.key_code(name)
    return typed(pygame.Event(pygame.KEYDOWN, key=code, unicode=text, mod=mod))


@pytest.fixture(autouse=True)
def _names(driver: None) -> None:
    pygame.display.init()


@pytest.mark.parametrize("name", ["tab", "end", "down", "f11", "escape", "return", "space"])
def test_a_key_that_types_nothing_has_no_text_of_the_key_before(name: str) -> None:
    assert pressed(name, "3") == (name, "")


@pytest.mark.parametrize("name", ["a", "z", "3", "-", "="])
def test_a_key_that_is_not_shifted_types_what_it_is_called(name: str) -> None:
    assert pressed(name, "8") == (name, name)
    assert pressed(name, "") == (name, name)


def test_a_letter_is_itself_whatever_is_held_down() -> None:
    assert pressed("a", "7", pygame.KMOD_LSHIFT) == ("a", "a")


def test_a_digit_of_the_number_pad_is_that_digit() -> None:
    assert pressed("[4]", "") == pressed("[4]", "9", pygame.KMOD_LSHIFT) == ("[4]", "4")


@pytest.mark.parametrize(
    ("name", "text", "mod"),
    [("/", "?", pygame.KMOD_LSHIFT), ("-", "6", pygame.KMOD_RSHIFT), ("=", "+", pygame.KMOD_CAPS)],
)
def test_a_shifted_sign_types_what_the_keyboard_makes_of_it(name: str, text: str, mod: int) -> None:
    assert pressed(name, text, mod) == (name, text)


@pytest.mark.parametrize("held", [pygame.KMOD_LCTRL, pygame.KMOD_RGUI, pygame.KMOD_LCTRL | pygame.KMOD_LSHIFT])
def test_a_key_with_ctrl_or_super_is_not_that_key(held: int) -> None:
    assert pressed("s", "\x13", held) == pressed("tab", "", held) == ("", "")


def test_alt_gr_which_windows_reports_as_ctrl_and_alt_still_types() -> None:
    assert pressed("=", "+", pygame.KMOD_LCTRL | pygame.KMOD_RALT) == ("=", "+")


#: What the keys at the places of A, Q, W, 2, 6, − and = are on a keyboard.
PRESSED = {"A": 38, "Q": 24, "W": 25, "2": 11, "6": 15, "-": 20, "=": 21}
LAYOUTS = {
    "ru": "aqw26-=",
    "fr": "qaz26-=",
    "gr": "aqw26-=",
    "ara": "aqw26-=",
    "il": "aqw26-=",
    "dvorak": "a',26[]",
    "de": "aqw26-=",
}
#: Says what each key is that is pressed; the first one, F12, says that it listens.
PROGRAM = """
import pygame
from game.view.window.typed import typed
pygame.display.init()
pygame.display.set_mode((200, 100))
while True:
    event = pygame.event.wait()
    if event.type == pygame.KEYDOWN:
        print(*typed(event), sep="|", flush=True)
"""


@pytest.mark.window
@pytest.mark.parametrize(
    "layout", ["ru", "fr", *(pytest.param(layout, marks=pytest.mark.slow) for layout in list(LAYOUTS)[2:])]
)
def test_keys_lie_where_they_do_on_any_keyboard(display: Display, tmp_path: Path, layout: str) -> None:
    if shutil.which("setxkbmap") is None:
        pytest.skip("a keyboard of another country needs setxkbmap")
    variant = ("us", "-variant", "dvorak") if layout == "dvorak" else (layout,)
    subprocess.run(["setxkbmap", *variant], env=display.environment, check=True, timeout=PATIENCE)
    environment = display.environment | {"PYTHONPATH": str(ROOT), "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    log = tmp_path / "log"
    with log.open("w") as output:
        shown = subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stdout=output)

    def seen() -> str:
        return "".join(line.split("|")[1] for line in log.read_text().splitlines())

    try:
        display.window()
        until(lambda: "f12" in log.read_text(), between=lambda: display.press("F12"), every=0.1)
        display.press(*map(str, PRESSED.values()))
        until(lambda: len(seen()) == len(PRESSED))
    finally:
        shown.kill()
        shown.wait(PATIENCE)
    assert seen() == LAYOUTS[layout]
