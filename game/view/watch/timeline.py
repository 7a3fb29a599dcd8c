"""A place in a run that was kept: an index of its frames, with fractions between two of them.

No pygame here: time comes in as seconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Kept frames a second of a time-lapse.
SPEEDS = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
#: At first the whole run takes about so many seconds, or less.
WHOLE = 20.0
#: Seconds that a move to another frame takes, in which the arrows turn.
GLIDE = 0.25


class Timeline:
    """Where in a run one is: ``position`` goes from 0 to ``last``.  ``updates`` (n,) int64 are those kept."""

    def __init__(self, updates: NDArray[np.int64]) -> None:
        self.updates, self.last = updates, len(updates) - 1
        self.position = 0.0
        self.playing = self.last > 0
        self.speed_index = next((k for k, speed in enumerate(SPEEDS) if speed * WHOLE >= self.last), len(SPEEDS) - 1)
        self._target: float | None = None
        self._left = 0.0

    @property
    def index(self) -> int:
        """The frame that is shown, or left for the next one."""
        return min(int(self.position + 1e-6), self.last)

    @property
    def share(self) -> float:
        """How far it is on the way to the next one, in [0, 1)."""
        return max(0.0, self.position - self.index)

    @property
    def speed(self) -> float:
        """Frames a second of the time-lapse."""
        return SPEEDS[self.speed_index]

    @property
    def update(self) -> float:
        """The update at ``position``, in proportion between two that were kept."""
        return float(np.interp(self.position, np.arange(self.last + 1), self.updates))

    def index_of(self, update: float) -> float:
        """The position of an update, in proportion between two that were kept."""
        return float(np.interp(update, self.updates, np.arange(self.last + 1)))

    def go(self, position: float, at_once: bool = False) -> None:
        """Move to a position, and stay there."""
        self.playing = False
        self._target, self._left = min(max(position, 0.0), float(self.last)), GLIDE
        if at_once:
            self.position, self._target = self._target, None

    def step(self, frames: int) -> None:
        """So many frames on from where one is going, or back; from between two frames, to the next one."""
        here = self.position if self._target is None else self._target
        self.go(np.floor(here + 1e-6) + frames if frames > 0 else np.ceil(here - 1e-6) + frames)

    def turn(self, tenths: int) -> None:
        """So many tenths of the run on, or back."""
        self.step(tenths * max(1, round(self.last / 10)))

    def settle(self) -> None:
        """Move to the nearest frame."""
        self.go(round(self.position if self._target is None else self._target))

    def play(self) -> None:
        """Begin the time-lapse, from the start where the end is reached; or stop it."""
        if self.playing:
            self.settle()
            return
        if self.position >= self.last:
            self.position = 0.0
        self.playing, self._target = self.last > 0, None

    def change_speed(self, by: int) -> None:
        """Faster or slower."""
        self.speed_index = min(max(self.speed_index + by, 0), len(SPEEDS) - 1)

    def advance(self, seconds: float) -> bool:
        """Let time pass; returns whether the position changed."""
        before = self.position
        if self.playing:
            self.position = min(self.position + seconds * self.speed, float(self.last))
            self.playing = self.position < self.last
        elif self._target is not None and seconds >= self._left:
            self.position, self._target = self._target, None
        elif self._target is not None:
            self.position += (self._target - self.position) * seconds / self._left
            self._left -= seconds
        return self.position != before


def kept_words(updates: NDArray[np.int64]) -> str:
    """Which updates were kept, in words; the last of ``updates`` is the policy at the end."""
    done, steps = int(updates[-1]) - 1, np.diff(updates[:-1])
    if len(updates) == done + 1:
        return "every update was kept"
    if len(steps) and updates[0] == 1 and (steps == steps[0]).all() and done - updates[-2] < steps[0]:
        return f"every {ordinal(int(steps[0]))} update was kept"
    return f"{len(updates) - 1:,} of {done:,} updates were kept"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th … 11th … 21st."""
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number:,}{'th' if number % 100 in (11, 12, 13) else ends.get(number % 10, 'th')}"
