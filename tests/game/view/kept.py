"""A run that was kept in memory: it fulfils the ``Watched`` protocol, for tests of views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Briefing, Frame, Snapshot, Trajectory
from game.snapshots.sources import Training
from game.world.catalog import World

COLUMNS = "update episodes steps mean_return goal_rate mean_length entropy gradient_norm objective angle norm_ratio"


class Kept:
    """The first ``total`` updates of a training, every one of whose frames was kept, or only those listed."""

    quick = True

    def __init__(self, training: Training, total: int, kept: Sequence[int] | None = None) -> None:
        self.training = training
        self.world: World = training.world
        self.briefing: Briefing = replace(training.begin(), total_updates=total)
        updates = training.updates()
        self.snapshots: list[Snapshot] = [next(updates) for _ in range(total)]
        self.updates: NDArray[np.int64] = np.array([*(kept or range(1, total + 1)), total + 1])
        columns = {name: [getattr(snapshot, name) for snapshot in self.snapshots] for name in COLUMNS.split()}
        self.metrics = {name: np.array(values, dtype=float) for name, values in columns.items()}

    def frame(self, index: int) -> Frame:
        """The kept frame at an index of ``updates``."""
        update = int(self.updates[index])
        if update > len(self.snapshots):
            return Frame(update, self.snapshots[-1].after, None, None, 0, 0.0)
        snapshot = self.snapshots[update - 1]
        episode, discount = snapshot.episode, self.world.dynamics.discount
        return Frame(
            update, snapshot.probabilities, snapshot.credit, episode, len(episode), episode.total_return(discount)
        )

    def snapshot(self, index: int, exact: bool = True) -> Snapshot:
        """The snapshot that the frame was; that of the end has the last policy."""
        update = int(self.updates[index])
        if update > len(self.snapshots):
            return replace(self.snapshots[-1], update=update, probabilities=self.snapshots[-1].after)
        return replace(self.snapshots[update - 1], after=self.frame(index + 1).probabilities)

    def objective(self, index: int) -> float | None:
        """J of the same snapshot."""
        return self.snapshot(index).objective

    def demonstrate(self, probabilities: NDArray[np.float64], start: int | None) -> Trajectory:
        """An episode of a policy."""
        return self.training.demonstrate(probabilities, start)
