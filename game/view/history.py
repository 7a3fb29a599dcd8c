"""What was measured over all updates, in bounded room: the more updates, the coarser the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from game.snapshot import Snapshot

MOST_ROWS = 1024
MOST_RETURNS = 2048
#: The running mean is over about so many episodes, or one batch where that is more.
RUNNING = 100

COLUMNS = ("episodes", "mean", "objective", "entropy", "gradient", "goal", "angle", "ratio", "error")


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A copy of a history that nobody changes.

    ``returns`` (n, 2) float64 are (episode, R(τ)) of evenly spread episodes; ``rows`` (m, 9) float64 has the
    columns COLUMNS: the number of episodes so far, the running mean return, the exact J, the entropy, the gradient's
    norm, the share of episodes that reached a goal, the angle to ∇J in degrees, ‖∇̂J‖ / ‖∇J‖, and the square of
    ‖∇̂J − ∇J‖ / ‖∇J‖; each is the mean over the updates of a row that have it, NaN where none has.  ``updates`` is
    how many updates there were.
    """

    updates: int
    returns: NDArray[np.float64]
    rows: NDArray[np.float64]

    def column(self, name: str) -> NDArray[np.float64]:
        """(m,) float64: one column of ``rows``."""
        return self.rows[:, COLUMNS.index(name)]


class History:
    """Takes each snapshot once; keeps at most MOST_ROWS rows and MOST_RETURNS returns."""

    def __init__(self) -> None:
        self.updates = self._episodes = 0
        self._mean = 0.0
        self._returns = np.empty((MOST_RETURNS, 2))
        self._n_returns, self._every, self._seen = 0, 1, 0
        self._rows = np.empty((MOST_ROWS, len(COLUMNS)))
        self._n_rows, self._stride = 0, 1
        self._open: list[tuple[float, ...]] = []

    def add(self, snapshot: Snapshot) -> None:
        """Take in one update."""
        self.updates += 1
        batch = snapshot.episodes - self._episodes
        weight = min(1.0, max(batch / RUNNING, batch / snapshot.episodes))
        self._mean += (snapshot.mean_return - self._mean) * weight
        # The order within a batch means nothing, so the returns handed over are spread over all of it.
        for i, value in enumerate(snapshot.returns):
            self._add_return(self._episodes + i * batch / len(snapshot.returns), float(value))
        self._episodes = snapshot.episodes
        objective = np.nan if snapshot.objective is None else snapshot.objective
        self._open.append(
            (
                snapshot.episodes,
                self._mean,
                objective,
                snapshot.entropy,
                snapshot.gradient_norm,
                snapshot.goal_rate,
                np.nan if snapshot.angle is None else snapshot.angle,
                np.nan if snapshot.norm_ratio is None else snapshot.norm_ratio,
                squared_error(snapshot),
            )
        )
        if len(self._open) >= self._stride:
            self._add_row(_mean_rows(np.array(self._open)))
            self._open.clear()

    def record(self) -> Record:
        """A copy of what is kept."""
        rows = self._rows[: self._n_rows]
        if self._open:
            rows = np.vstack([rows, _mean_rows(np.array(self._open))])
        return Record(self.updates, self._returns[: self._n_returns].copy(), rows.copy())

    def _add_return(self, episode: float, value: float) -> None:
        self._seen += 1
        if self._n_returns == MOST_RETURNS:
            self._n_returns //= 2
            self._returns[: self._n_returns] = self._returns[1::2].copy()
            self._every *= 2
        if self._seen % self._every:
            return
        self._returns[self._n_returns] = episode, value
        self._n_returns += 1

    def _add_row(self, row: NDArray[np.float64]) -> None:
        if self._n_rows == MOST_ROWS:
            self._n_rows //= 2
            pairs = self._rows.reshape(self._n_rows, 2, -1)
            self._rows[: self._n_rows] = [_mean_rows(pair) for pair in pairs]
            self._stride *= 2
        self._rows[self._n_rows] = row
        self._n_rows += 1


def squared_error(snapshot: Snapshot) -> float:
    """‖∇̂J − ∇J‖² / ‖∇J‖² of one update, by the law of cosines; NaN where the exact gradient is not known."""
    if snapshot.norm_ratio is None:
        return np.nan
    if snapshot.angle is None:
        return 1.0  # an estimate of exactly zero misses all of it
    return 1.0 + snapshot.norm_ratio**2 - 2.0 * snapshot.norm_ratio * float(np.cos(np.radians(snapshot.angle)))


def _mean_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each column over the rows that have a number there; NaN where none has."""
    known = ~np.isnan(rows)
    count = known.sum(axis=0)
    total = np.where(known, rows, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
