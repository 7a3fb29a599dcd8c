"""Which key was pressed: by its name, with what it types only where the name does not tell that."""

from __future__ import annotations

import pygame
import pytest

from game.view.window.typed import typed


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
