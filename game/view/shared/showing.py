"""What views draw of a run, whether it is learning or is looked back on."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Snapshot
from game.view.shared.playback import Replay


class Showing(Protocol):
    """What of a run is shown: a :class:`~game.view.shared.playback.Playback` while it learns, or a finished run."""

    @property
    def snapshot(self) -> Snapshot | None:
        """The update on screen."""
        ...

    @property
    def current(self) -> Replay | None:
        """The episode on screen: a demonstration, or the one learned from."""
        ...

    @property
    def demonstration(self) -> Replay | None:
        """The episode on screen that nothing was learned from, if it is one."""
        ...

    @property
    def waiting(self) -> bool:
        """Whether what is on screen is paused."""
        ...

    def probabilities(self) -> NDArray[np.float64] | None:
        """(S, A): the policy to show now."""
        ...
