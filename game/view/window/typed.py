"""What a pressed key is: the one place that reads a key event of pygame."""

from __future__ import annotations

import pygame

#: Held down, or locked, these change what a key types.
SHIFTING = pygame.KMOD_SHIFT | pygame.KMOD_CAPS | pygame.KMOD_MODE | pygame.KMOD_ALT


def typed(event: pygame.Event) -> tuple[str, str]:
    """Return the name of the key that a KEYDOWN event is about, and the one character that it types, "" for none.

    The text in an event cannot be trusted: of keys that follow each other quickly SDL hands one the text of another.
    So a key is its name wherever the name tells all: a letter types itself, a digit of the number pad itself, and Tab
    nothing.  Only what a shifted sign or digit types is taken from the text, since the name does not tell it.
    """
    name = pygame.key.name(event.key)
    plain = name[1:-1] if name.startswith("[") and name.endswith("]") and len(name) == 3 else name
    if len(plain) != 1:
        return name, ""
    letter = plain.isascii() and plain.isalpha()
    shifted = event.mod & SHIFTING and len(event.unicode) == 1 and event.unicode.isprintable()
    return name, event.unicode if shifted and not letter and plain == name else plain
