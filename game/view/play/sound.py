"""Short sounds, made by numpy; nothing is opened before a person wants to hear something.

Where there is no sound device that is one sentence, and all goes on without.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np
import pygame
from numpy.typing import NDArray

from game.view.play.cues import Cue

RATE = 44_100
#: For each cue its tones one after the other, each as (hertz, seconds), and how loud they are, from 0 to 1.
TONES: dict[Cue, tuple[tuple[tuple[float, float], ...], float]] = {
    "step": (((330.0, 0.06),), 0.25),
    "policy": (((196.0, 0.05),), 0.15),
    "gain": (((659.0, 0.08), (880.0, 0.14)), 0.35),
    "hazard": (((165.0, 0.12), (123.0, 0.2)), 0.5),
    "win": (((523.0, 0.11), (659.0, 0.11), (784.0, 0.11), (1047.0, 0.3)), 0.4),
    "loss": (((392.0, 0.16), (330.0, 0.16), (262.0, 0.34)), 0.4),
    "draw": (((440.0, 0.14), (440.0, 0.2)), 0.35),
    "count": (((440.0, 0.12),), 0.35),
    "go": (((880.0, 0.3),), 0.4),
}


def wave(cue: Cue) -> NDArray[np.int16]:
    """(n,) int16: the samples of a cue, at ``RATE`` a second; each tone begins and fades softly."""
    tones, loudness = TONES[cue]
    parts = []
    for hertz, seconds in tones:
        time = np.arange(round(RATE * seconds)) / RATE
        shape = np.minimum(1.0, time / 0.004) * np.exp(-4.0 * time / seconds) * np.minimum(1.0, (seconds - time) / 0.01)
        parts.append(shape * (np.sin(2 * np.pi * hertz * time) + 0.3 * np.sin(4 * np.pi * hertz * time)) / 1.3)
    return np.asarray(np.concatenate(parts) * loudness * np.iinfo(np.int16).max, dtype=np.int16)


class Sound:
    """Off until it is switched on."""

    def __init__(self) -> None:
        self.on = False
        self._sounds: dict[Cue, pygame.mixer.Sound] = {}

    def switch(self) -> str:
        """On, or off again; returns what to say."""
        if self.on:
            self.close()
            return "Sound off."
        try:
            with _silent_libraries():
                pygame.mixer.init(RATE, size=-16, channels=1, buffer=512, allowedchanges=0)
            self._sounds = {cue: pygame.mixer.Sound(buffer=wave(cue).tobytes()) for cue in TONES}
        except (pygame.error, NotImplementedError):  # the latter where pygame was built without its mixer
            self.close()
            return "There is no sound device here, so it stays silent."
        self.on = True
        return "Sound on."

    def play(self, cue: Cue | None) -> None:
        """Play a cue, if it is on; None is no cue."""
        if self.on and cue is not None:
            self._sounds[cue].play()

    def close(self) -> None:
        """Give the device back."""
        self.on = False
        self._sounds.clear()
        with suppress(pygame.error, NotImplementedError):
            pygame.mixer.quit()


@contextmanager
def _silent_libraries() -> Iterator[None]:
    """Keep what the system's sound library prints on standard error where it finds no device."""
    try:
        sys.stderr.flush()
        kept = os.dup(2)
    except (OSError, ValueError, AttributeError):  # there is no standard error
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
