"""A kept run to look at again: its frames, with the metrics beside them and the exact numbers of each policy."""

from __future__ import annotations

import math
from functools import cached_property
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from agent.exact.budget import Budget
from agent.exact.exact import Exact
from agent.exact.policy_values import policy_objective
from agent.exact.tables import LIMIT, Truth
from agent.reinforce.credit import centred
from agent.reinforce.rollout import rollout
from agent.runs.folder import SavedRun
from agent.runs.frames import Frames
from agent.runs.last_policy import standing
from agent.runs.metrics import FILE, read_columns
from game.snapshots.snapshot import Briefing, Frame, Snapshot, Trajectory

#: Exact numbers are computed for every frame where that takes at most so many seconds.
QUICK = 0.02
#: The stream of demonstrations: updates that no training reaches.
DEMONSTRATIONS = 2**62 + 1


class Watched:
    """A saved run as a view looks at it again; see :class:`game.snapshots.sources.Watched`.

    Raises :class:`~game.errors.RunError` where it has no frames, or they or its metrics are damaged.
    """

    def __init__(self, saved: SavedRun) -> None:
        self.saved, self.world = saved, saved.world
        self._frames = Frames(saved.folder, saved.world.dynamics)
        self.updates = self._frames.updates
        self.metrics = read_columns(saved.folder / FILE)
        self._exact = Exact(saved.world.dynamics)
        budget = Budget(self._exact)
        self._affordable = budget.affordable
        self.quick = budget.longest(compiled=True) <= QUICK
        self._demonstrations = 0
        self._lock = Lock()
        self._found: tuple[int, Snapshot] | None = None

    @cached_property
    def briefing(self) -> Briefing:
        """The run's name, its settings and what can be attained; the optimum may take seconds where it is large."""
        optimum = self._exact.optimum().objective if self._exact.affordable else None
        found = self._exact.best_for_observer()
        return Briefing(self.saved.name, self.saved.settings.shown(), optimum, len(self.metrics["update"]), found)

    def frame(self, index: int) -> Frame:
        """The kept frame at an index of ``updates``."""
        return self._frames.frame(index)

    def objective(self, index: int) -> float | None:
        """The exact J of the kept policy at an index: anew where that is quick, and at the end; else what was kept."""
        frame = self.frame(index)
        if self.quick or (self._affordable and frame.update > len(self.metrics["update"])):
            return policy_objective(self._exact, frame.probabilities)
        return _known(self._metric(frame.update)["objective"])

    def snapshot(self, index: int, exact: bool = True) -> Snapshot:
        """The same frame as the snapshot that it was, as far as it is kept, and as far as is quick if not ``exact``."""
        if not exact:
            return self._snapshot(index, False)
        with self._lock:
            if self._found is None or self._found[0] != index:
                self._found = (index, self._snapshot(index, True))
            return self._found[1]

    def _snapshot(self, index: int, exact: bool) -> Snapshot:
        frame = self.frame(index)
        after = self.frame(min(index + 1, len(self.updates) - 1)).probabilities
        S = self.world.dynamics.n_states
        truth = self._truth(frame.probabilities) if exact else None
        untold = exact and self._affordable and truth is None
        number = self._metric(frame.update)
        objective, angle, norm_ratio = (_known(number[name]) for name in ("objective", "angle", "norm_ratio"))
        return Snapshot(
            update=frame.update,
            episodes=int(number["episodes"]),
            steps=int(number["steps"]),
            probabilities=frame.probabilities,
            after=after,
            credit=np.zeros_like(frame.probabilities) if frame.credit is None else frame.credit,
            visits=np.ones(S, np.int64),
            episode=frame.episode or standing(self.world.dynamics),
            returns=np.array([] if frame.episode is None else [frame.total_return]),
            mean_return=number["mean_return"],
            goal_rate=number["goal_rate"],
            mean_length=number["mean_length"],
            entropy=number["entropy"],
            gradient_norm=number["gradient_norm"],
            objective=objective if truth is None else truth.objective,
            values=None if truth is None else truth.values,
            seconds=number["seconds"],
            action_values=None if truth is None else truth.action_values,
            exact_credit=None if truth is None else centred(truth.credit, frame.probabilities),
            angle=angle,
            norm_ratio=norm_ratio,
            untold=untold,
        )

    def demonstrate(self, probabilities: NDArray[np.float64], start: int | None) -> Trajectory:
        """An episode of a policy (S, A) on dice of its own."""
        self._demonstrations += 1
        seed = self.saved.settings.seed
        return rollout(self.world.dynamics, probabilities, seed, DEMONSTRATIONS, self._demonstrations, start)

    def _metric(self, update: int) -> dict[str, float]:
        """An update's row; for the policy at the end the last row's counters, and NaN where nothing was measured."""
        rows = len(self.metrics["update"])
        if update <= rows:
            return {name: float(column[update - 1]) for name, column in self.metrics.items()}
        counters = ("episodes", "steps", "seconds")
        return {
            name: (float(column[-1]) if rows else 0.0) if name in counters else math.nan
            for name, column in self.metrics.items()
        }

    def _truth(self, probabilities: NDArray[np.float64]) -> Truth | None:
        """The exact numbers of a policy, where they take seconds."""
        return self._exact.everything(probabilities, LIMIT) if self._affordable else None


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number
