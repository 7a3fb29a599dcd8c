"""What was measured over all updates, in bounded room: the more updates, the coarser the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Snapshot

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
    how many updates there were.  ``dots`` says what ``returns`` are of.
    """

    updates: int
    returns: NDArray[np.float64]
    rows: NDArray[np.float64]
    dots: str = "return"

    def column(self, name: str) -> NDArray[np.float64]:
        """(m,) float64: one column of ``rows``."""
        return self.rows[:, COLUMNS.index(name)]

    def until(self, episodes: float) -> Record:
        """The rows, at least one, of the first so many episodes."""
        rows = int(np.searchsorted(self.column("episodes"), episodes, side="right"))
        return replace(self, rows=self.rows[: max(1, rows)])


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

    def go_on(self, metrics: Mapping[str, NDArray[np.float64]]) -> None:
        """Take in what a run had measured before it was resumed: columns of its metrics by name, (rows,) each.

        Returns of single episodes are not kept there, so there are none of that time.
        """
        table = _table(metrics, metrics["episodes"])
        if len(table) == 0:
            return
        while len(table) > self._stride * MOST_ROWS // 2:
            self._stride *= 2
        whole = len(table) // self._stride * self._stride
        rows = _mean_rows(table[:whole].reshape(-1, self._stride, len(COLUMNS)).swapaxes(0, 1))
        self._rows[: len(rows)], self._n_rows = rows, len(rows)
        self._open = [tuple(row) for row in table[whole:].tolist()]
        self.updates, self._episodes = len(table), int(metrics["episodes"][-1])
        self._mean = float(table[-1, COLUMNS.index("mean")])

    def add(self, snapshot: Snapshot) -> None:
        """Take in one update."""
        self.updates += 1
        batch = snapshot.episodes - self._episodes
        weight = _weight(batch, snapshot.episodes)
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
                squared_error(snapshot.angle, snapshot.norm_ratio),
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


def record_of(metrics: Mapping[str, NDArray[np.float64]], final: float | None) -> Record:
    """The record of a finished run from the columns of its metrics, by name, (rows,) float64 each.

    A row stands at the episodes *before* its update, and one more at the end: there J is ``final``, None where it is
    not known.  The dots are the mean returns of batches; those of single episodes are not kept.
    """
    updates, after = len(metrics["update"]), metrics["episodes"]
    if updates == 0:
        return History().record()
    before = np.concatenate([[0.0], after[:-1]])
    table = _table(metrics, before)
    stride = -(-updates // MOST_ROWS)
    padded = np.full((-(-updates // stride) * stride, len(COLUMNS)), np.nan)
    padded[:updates] = table
    rows = _mean_rows(padded.reshape(-1, stride, len(COLUMNS)).swapaxes(0, 1))
    end = np.full(len(COLUMNS), np.nan)
    end[:3] = after[-1], table[-1, COLUMNS.index("mean")], np.nan if final is None else final
    every = -(-updates // MOST_RETURNS)
    dots = np.column_stack([before, metrics["mean_return"]])[::every]
    return Record(updates, dots, np.vstack([rows, end]), "mean of a batch")


def _table(metrics: Mapping[str, NDArray[np.float64]], episodes: NDArray[np.float64]) -> NDArray[np.float64]:
    """(rows, 9) float64: the columns COLUMNS of each update, which stands at so many ``episodes``."""
    after = metrics["episodes"]
    before = np.concatenate([[0.0], after[:-1]])
    mean, running = 0.0, []
    for value, start, end in zip(metrics["mean_return"].tolist(), before.tolist(), after.tolist(), strict=False):
        mean += (value - mean) * _weight(end - start, end)
        running.append(mean)
    ratio = metrics["norm_ratio"]
    cosine = np.cos(np.radians(metrics["angle"]))
    error = np.where(np.isnan(cosine) & ~np.isnan(ratio), 1.0, 1.0 + ratio**2 - 2.0 * ratio * cosine)  # squared_error
    names = ("objective", "entropy", "gradient_norm", "goal_rate", "angle", "norm_ratio")
    return np.column_stack([episodes, running, *(metrics[name] for name in names), error])


def with_objective(
    metrics: Mapping[str, NDArray[np.float64]], updates: NDArray[np.int64], objective: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """The metrics with J of some updates (n,) filled in, where ``objective`` (n,) is not NaN."""
    filled = metrics["objective"].copy()
    rows = np.searchsorted(metrics["update"], updates)
    there = (rows < len(filled)) & ~np.isnan(objective)
    filled[rows[there]] = objective[there]
    return {**metrics, "objective": filled}


def _weight(batch: float, episodes: float) -> float:
    """The weight of a batch's mean in the running mean, after so many ``episodes`` with it."""
    return min(1.0, max(batch / RUNNING, batch / episodes))


def squared_error(angle: float | None, norm_ratio: float | None) -> float:
    """‖∇̂J − ∇J‖² / ‖∇J‖² of one update, by the law of cosines; NaN where the exact gradient is not known."""
    if norm_ratio is None:
        return np.nan
    if angle is None:
        return 1.0  # an estimate of exactly zero misses all of it
    return 1.0 + norm_ratio**2 - 2.0 * norm_ratio * float(np.cos(np.radians(angle)))


def _mean_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean over the first axis of what is a number there; NaN where nothing is."""
    known = ~np.isnan(rows)
    count = known.sum(axis=0)
    total = np.where(known, rows, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
