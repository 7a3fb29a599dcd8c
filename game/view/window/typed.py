"""What a pressed key is: the one place that reads a key event of pygame.

On a keyboard without Latin letters a key is the letter that lies there on one that has them.
"""

from __future__ import annotations

import pygame

#: Held down, or locked, these change what a key types.
SHIFTING = pygame.KMOD_SHIFT | pygame.KMOD_CAPS | pygame.KMOD_MODE | pygame.KMOD_ALT
#: Held down, these make of a key a command to the desktop; the first also stands for AltGr, with one of the last.
COMMANDING, ALT_GR = pygame.KMOD_CTRL | pygame.KMOD_GUI, pygame.KMOD_RALT | pygame.KMOD_MODE
#: The keys by their places, from A on: what they type on the keyboards of the English-speaking world.
PLACES = dict(enumerate("abcdefghijklmnopqrstuvwxyz1234567890", start=pygame.KSCAN_A)) | {45: "-", 46: "="}
#: Signs where others have a letter or the minus: Hebrew ones and a Greek one at Q and W, a French one right of 0.
SIGNS = {(pygame.KSCAN_Q, "/"), (pygame.KSCAN_Q, ";"), (pygame.KSCAN_W, "'"), (45, ")")}


def typed(event: pygame.Event) -> tuple[str, str]:
    """Return the name of the key that a KEYDOWN event is about, and the one character that it types, "" for none.

    The text in an event cannot be trusted: of keys that follow each other quickly SDL hands one the text of another.
    So a key is its name wherever the name tells all: a letter types itself, a digit of the number pad itself, and Tab
    nothing.  Only what a shifted sign or digit types is taken from the text, since the name does not tell it.  A key
    with Ctrl or Super is neither name nor character.
    """
    if event.mod & COMMANDING and not event.mod & ALT_GR:
        return "", ""
    name = pygame.key.name(event.key)
    place = getattr(event, "scancode", 0)
    if not name or (place, name) in SIGNS:
        name = PLACES.get(place, "")
    plain = name[1:-1] if name.startswith("[") and name.endswith("]") and len(name) == 3 else name
    if len(plain) != 1:
        return name, ""
    letter = plain.isascii() and plain.isalpha()
    shifted = event.mod & SHIFTING and len(event.unicode) == 1 and event.unicode.isprintable()
    return name, event.unicode if shifted and not letter and plain == name else plain
