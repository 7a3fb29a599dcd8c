"""The clock of a round: a countdown, the tempo of the policy, and the time that is left once it has ended.

Time comes in as seconds; nothing here looks at a watch, so a round can be replayed and tested.
"""

from __future__ import annotations

#: The tempos that can be chosen, in steps of the policy a second.
TEMPOS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
FIRST_TEMPO = 2.0
#: Seconds until a round begins.
COUNTDOWN = 3.0
#: Once the policy has ended a person has as long again as that took, and at least so many seconds.
LEAST_GRACE = 5.0


class Clock:
    """The time of one round after the other.

    ``tempo`` is how many steps a second the policy takes.  ``countdown`` are the seconds until the round begins,
    ``elapsed`` those since; ``left`` are the seconds that a person still has, None while the policy is on its way.
    """

    def __init__(self, tempo: float) -> None:
        self.tempo = tempo
        self.begin()

    def begin(self) -> None:
        """Count down to a new round."""
        self.countdown = COUNTDOWN
        self.elapsed = self.granted = 0.0
        self.left: float | None = None
        self.paused = False
        self._due = 0.0

    @property
    def running(self) -> bool:
        """Whether a person may move."""
        return self.countdown == 0.0 and not self.paused

    def change_tempo(self, by: int) -> None:
        """The next tempo above (1) or below (−1), as far as there is one."""
        further = [tempo for tempo in TEMPOS if (tempo > self.tempo if by > 0 else tempo < self.tempo)]
        if further:
            self.tempo = min(further) if by > 0 else max(further)

    def pass_time(self, seconds: float) -> int:
        """Let time pass; returns how many steps are due to the policy."""
        if self.paused:
            return 0
        before = min(seconds, self.countdown)
        self.countdown -= before
        seconds -= before
        self.elapsed += seconds
        if self.left is not None:
            self.left = max(0.0, self.left - seconds)
            return 0
        self._due += seconds * self.tempo
        steps = int(self._due)
        self._due -= steps
        return steps

    def grant(self) -> None:
        """The policy has ended: from now on the person's time runs out."""
        self.left = self.granted = max(LEAST_GRACE, self.elapsed)
