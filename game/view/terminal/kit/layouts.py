"""Keyboards without Latin letters: a terminal tells only what a key types, so its place is told by that."""

from __future__ import annotations

#: What the keys type, row by row, and below it what lies there on a keyboard with Latin letters.
LAYOUTS = (
    ("йцукенгшщзфывапролдячсмитьі", "qwertyuiopasdfghjklzxcvbnms"),  # Russian, and the Ukrainian і
    ("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),  # Greek
    ("קראטוןםפשדגכעיחלךזסבהנמצ", "ertyuiopasdfghjklzxcvbnm"),  # Hebrew
    ("ضصثقفغعهخحشسيبلاتنمئءؤرىة", "qwertyuiopasdfghjklzxcvnm"),  # Arabic, whose B types two letters
)
_LATIN = str.maketrans({letter: own for keys, letters in LAYOUTS for letter, own in zip(keys, letters, strict=True)})


def latin(character: str) -> str:
    """Return the Latin letter at the place of the key that types ``character``; what is no such letter, as it is."""
    return character.lower().translate(_LATIN) if character and not character.isascii() else character
