"""Training in the terminal, with the window's keys."""

from __future__ import annotations

from typing import ClassVar

from game.keys import Screen as Table
from game.snapshots.sources import Training
from game.view.lines.train import learned_text
from game.view.shared.overlays import Overlays
from game.view.shared.playback import FASTEST
from game.view.terminal.run import RunView
from game.view.train.model import TrainModel

#: Seconds between two snapshots drawn while training runs freely.
FREE_INTERVAL = 1 / 3
#: Seconds to wait for the worker where a person did not want to wait: leaving within torch can crash Python.
HURRY = 2.0


class TrainView(RunView[TrainModel]):
    """Watches a training; until a person asks to follow it more slowly, it runs as fast as possible."""

    table: ClassVar[Table] = "train"

    def __init__(self, training: Training, can_play: bool = False) -> None:
        super().__init__(
            TrainModel(training, Overlays(), free_interval=FREE_INTERVAL, speed=FASTEST, can_play=can_play)
        )
        self._hurried = False

    def begin(self) -> None:
        """Have the worker begin, now that there is something to see: it imports torch, which takes a while."""
        self.model.feed.start()

    def interrupted(self, signals: int) -> None:
        """Save after the update under way; asked for again, end at once."""
        if not self.model.closing:
            self.model.close()
        elif signals > 1 and not self._hurried:
            self._hurried = True
            self.model.hurry()

    def finish(self) -> None:
        """Wait a little for the worker."""
        super().finish()
        self.model.feed.join(HURRY)

    @property
    def learned(self) -> str:
        """The policy in characters, which stay when the app has gone."""
        snapshot = self.model.playback.snapshot
        return learned_text(self.world, snapshot, self.look.unicode) if snapshot is not None else ""
