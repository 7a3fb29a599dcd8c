"""What of training is shown when: speeds, the replay of an episode, and when to ask for the next update.

No pygame here: time comes in as seconds, and everything can be tested without a window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Snapshot, Trajectory


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast to watch: ``steps`` a second of each episode, or else whole ``updates`` a second, or else free."""

    words: str
    steps: float | None = None
    updates: float | None = None

    @property
    def free(self) -> bool:
        """Whether training waits for nothing."""
        return self.steps is None and self.updates is None


SPEEDS = (
    *(Speed(f"{steps} step{'s' * (steps > 1)} a second", steps=steps) for steps in (1, 2, 4, 8, 16, 32, 64)),
    Speed("4 updates a second", updates=4),
    Speed("16 updates a second", updates=16),
    Speed("as fast as possible"),
)
FASTEST = len(SPEEDS) - 1
#: The speed for what is shown step by step while training is watched in whole updates.
REPLAY_SPEED = 16.0
#: Within an episode the speed doubles after so many steps, so that no random walk takes long to watch.
STEPS_PER_DOUBLING = 20
#: Until a person chooses a speed, watching goes through SPEEDS: (speed, how many episodes at it).
TOUR = ((3, 2), (4, 4), (5, 8), (6, 16), (7, 10**9))


class Replay:
    """An episode shown step by step; ``position`` runs from 0 to T, fractions lie between two steps."""

    def __init__(self, episode: Trajectory, at_end: bool = False) -> None:
        self.episode = episode
        self.position = self.held = 0.0
        if at_end:
            self.finish()

    @property
    def done(self) -> bool:
        """Whether the last step was shown."""
        return self.position >= len(self.episode)

    @property
    def steps(self) -> int:
        """How many steps have been begun: those that the numbers on screen are about."""
        return min(len(self.episode), int(np.ceil(self.position)))

    def haste(self) -> int:
        """By what factor the replay runs faster than at its first steps."""
        return int(2 ** min(30, int(self.position) // STEPS_PER_DOUBLING))

    def advance(self, seconds: float, speed: float) -> None:
        """Let time pass at ``speed`` steps a second."""
        while seconds > 0 and not self.done:
            rate = speed * self.haste()
            bound = min(len(self.episode), (int(self.position) // STEPS_PER_DOUBLING + 1) * STEPS_PER_DOUBLING)
            spent = min(seconds, (bound - self.position) / rate)
            reached = self.position + spent * rate
            self.position = float(bound) if spent < seconds or reached >= bound else reached
            seconds -= spent
        self.held += max(seconds, 0.0)

    def finish(self) -> None:
        """All steps at once."""
        self.position = float(len(self.episode))

    def step(self) -> None:
        """One step on."""
        self.position = min(float(len(self.episode)), float(int(self.position) + 1))

    def place(self, position: NDArray[np.int32]) -> tuple[float, float]:
        """(row, column) of the agent, between two cells while it moves; ``position`` (S, 2) is of the layout."""
        k = min(int(self.position), len(self.episode))
        here = position[self.episode.states[k]]
        if k >= len(self.episode):
            return float(here[0]), float(here[1])
        share = min(1.0, 1.4 * (self.position - k))
        share = share * share * (3.0 - 2.0 * share)
        there = position[self.episode.states[k + 1]]
        return float(here[0] + (there[0] - here[0]) * share), float(here[1] + (there[1] - here[1]) * share)


class Playback:
    """Which snapshot is shown, how far its episode is, and whether training should go on.

    An episode is replayed under the policy that it was sampled from; then the arrows move to the policy that the
    update led to (``learned`` goes from 0 to 1); then the next update is asked for.
    """

    def __init__(self, speed: int | None = None) -> None:
        self.speed_index = TOUR[0][0] if speed is None else speed
        self.touring = speed is None
        self._toured = 0
        self._speed_before = 5
        self.clear()

    def clear(self) -> None:
        """Forget what was shown: a new run begins."""
        self.paused = False
        self.snapshot: Snapshot | None = None
        self.replay: Replay | None = None
        self.demonstration: Replay | None = None
        self.demonstration_paused = False
        self.learned = 0.0
        self._shown_for = 0.0
        self._until: Literal["episode", "update", "step"] | None = None
        self._asked = False

    @property
    def speed(self) -> Speed:
        """The speed chosen."""
        return SPEEDS[self.speed_index]

    @property
    def free(self) -> bool:
        """Whether training may run on without being asked."""
        return self.speed.free and not self.paused and self._until is None and self.demonstration is None

    @property
    def waiting(self) -> bool:
        """Whether what is on screen is paused."""
        return self.paused if self.demonstration is None else self.demonstration_paused

    @property
    def current(self) -> Replay | None:
        """The episode on screen: a demonstration, or the one learned from."""
        return self.demonstration or self.replay

    def probabilities(self) -> NDArray[np.float64] | None:
        """(S, A): the policy to show now."""
        if self.snapshot is None:
            return None
        if self.learned in (0.0, 1.0):
            return self.snapshot.after if self.learned else self.snapshot.probabilities
        return (1.0 - self.learned) * self.snapshot.probabilities + self.learned * self.snapshot.after

    def wants_update(self) -> bool:
        """Whether to ask for one more update now; true once for each."""
        if self._asked or self.free or self.demonstration is not None:
            return False
        ready = self.snapshot is None or self._finished() or self._until in ("update", "step")
        if ready and (not self.paused or self.snapshot is None):
            self._asked = True
        return self._asked

    def take(self, snapshot: Snapshot) -> None:
        """Show a new snapshot; one of the update on screen only brings what has been measured of it meanwhile."""
        if self.snapshot is not None and snapshot.update == self.snapshot.update:
            self.snapshot = snapshot
            return
        stepwise = self._stepwise()
        self._asked = False
        self.snapshot, self._shown_for = snapshot, 0.0
        self.replay = Replay(snapshot.episode, at_end=not stepwise)
        self.learned = 0.0 if stepwise else 1.0
        if self._until in ("update", "step"):
            self._stop()
        self._tour()

    def update(self, seconds: float) -> bool:
        """Let time pass; returns whether anything on screen moves."""
        if self.demonstration is not None:
            return self._demonstrate(seconds)
        if self.replay is None or self.paused:
            return False
        self._shown_for += seconds
        if self.replay.done and self._until == "episode" and self.learned == 0.0:
            self._stop()
        if not self._stepwise():
            moved = not self.replay.done or self.learned < 1.0
            self.replay.finish()
            self.learned = 1.0
            return moved
        was_done, held = self.replay.done, self.replay.held
        self.replay.advance(seconds, self._steps_per_second())
        if was_done and held >= self._pause_at_end():
            self.learned = min(1.0, self.learned + seconds / self._morph())
        return True

    # -- controls -----------------------------------------------------------------------------------------

    def pause(self) -> None:
        """Pause, or go on."""
        if self.demonstration is not None:
            self.demonstration_paused = not self.demonstration_paused
            return
        self.paused = not self.paused
        self._until = None

    def step(self) -> None:
        """One step of the episode, then the policy it led to, then the next episode."""
        if self.demonstration is not None:
            self.demonstration_paused = True
            self.demonstration.step()
            return
        self._stop()
        if self.replay is not None and not self.replay.done:
            self.replay.step()
        elif self.learned < 1.0:
            self.learned = 1.0
        else:
            self.paused, self._until = False, "step"

    def episode(self) -> None:
        """Play one episode to its end, then pause."""
        self.demonstration = None
        self.paused, self._until = False, "episode"
        if self.replay is not None and self.replay.done:
            self.learned = 1.0

    def one_update(self) -> None:
        """One update, its episode not replayed, then pause."""
        self.demonstration = None
        self.paused, self._until = False, "update"

    def change_speed(self, by: int) -> None:
        """Faster or slower."""
        self._choose(min(max(self.speed_index + by, 0), FASTEST))

    def fast(self) -> None:
        """As fast as possible, and back to the speed before."""
        self._choose(self._speed_before if self.speed.free else FASTEST)

    def demonstrate(self, episode: Trajectory) -> None:
        """Show an episode that nothing is learned from; afterwards watching goes on."""
        self.demonstration, self.demonstration_paused = Replay(episode), False

    # -- inside -------------------------------------------------------------------------------------------

    def _choose(self, index: int) -> None:
        if self.speed.free and index != FASTEST and self.snapshot is not None:
            self.replay = Replay(self.snapshot.episode, at_end=SPEEDS[index].steps is None)
            self.learned = 0.0 if SPEEDS[index].steps else 1.0
        if not self.speed.free:
            self._speed_before = self.speed_index
        self.speed_index, self.touring = index, False

    def _tour(self) -> None:
        if not self.touring:
            return
        self._toured += 1
        left = self._toured
        for index, episodes in TOUR:
            if left <= episodes:
                self.speed_index = index
                return
            left -= episodes

    def _stop(self) -> None:
        self.paused, self._until = True, None

    def _stepwise(self) -> bool:
        if self._until is not None:
            return self._until != "update"
        return self.speed.steps is not None

    def _steps_per_second(self) -> float:
        return self.speed.steps or REPLAY_SPEED

    def _pause_at_end(self) -> float:
        return min(0.7, 4.0 / self._steps_per_second())

    def _morph(self) -> float:
        return min(0.5, 6.0 / self._steps_per_second())

    def _finished(self) -> bool:
        """Whether the snapshot was shown for as long as it should be."""
        if self.speed.updates is not None and not self._stepwise():
            return self._shown_for >= 1.0 / self.speed.updates
        return self.learned >= 1.0

    def _demonstrate(self, seconds: float) -> bool:
        assert self.demonstration is not None
        if self.demonstration_paused:
            return False
        self.demonstration.advance(seconds, min(self._steps_per_second(), REPLAY_SPEED))
        if self.demonstration.done and self.demonstration.held > 1.2:
            self.demonstration = None
        return True
