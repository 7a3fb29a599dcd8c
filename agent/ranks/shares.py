"""One batch in several processes: each rank walks its share, and one sum over ranks makes all of them the same.

The buffer of an update holds, one after the other:

- how many ranks leave instead of taking part; Σ T_i; how many episodes reached a goal;
- for each rank its number of episodes n_r, the mean m_r of their returns, and Σ (R − m_r)², zero in the others'
  places, so that the sum over ranks hands each rank's numbers to all;
- Σ of credit (S, A), and the baseline's sums and counts (S, 2).

The spread of all returns follows from Σ (R − m)² = Σ_r [Σ (R − m_r)² + n_r (m_r − m)²] (Chan, Golub and LeVeque
1983): unlike Σ R² − N m² it loses nothing where returns are large and nearly alike.
"""

from __future__ import annotations

import math

import numpy as np

from agent.ranks.ranks import Ranks
from agent.reinforce.batch import Batch, Summary

_HEAD = 3
_PER_RANK = 3


class Parted(Exception):  # noqa: N818 (no error: a rank was asked to end)
    """A rank leaves, so this update is not made, on any rank."""


def pooled(ranks: Ranks, batch: Batch) -> Summary:
    """The summary of the shares of all ranks, of which ``batch`` is this one's; equal on every rank.

    Raises :class:`Parted` where a rank leaves, and :class:`~game.errors.RanksError` where one has gone.
    """
    (n_states, n_actions), count = batch.credit.shape, len(batch.returns)
    own = np.zeros((ranks.size, _PER_RANK))
    if count:
        with np.errstate(invalid="ignore", over="ignore"):  # returns that are not finite are told by the trainer
            own[ranks.rank] = count, batch.returns.mean(), count * batch.returns.var()
    head = (float(ranks.stopping), float(batch.lengths.sum(dtype=np.int64)), float(batch.goals.sum()))
    parts = (head, own.ravel(), (batch.credit * count).ravel(), batch.sums.ravel())
    total = ranks.reduce(np.concatenate(parts))
    leaving, steps, goals = total[:_HEAD]
    if leaving:
        raise Parted
    edges = _HEAD + np.cumsum((own.size, n_states * n_actions))
    counts, means, squares = total[_HEAD : edges[0]].reshape(own.shape).T
    n_episodes = counts.sum()
    with np.errstate(invalid="ignore", over="ignore"):
        mean = (counts @ means) / n_episodes
        variance = (squares.sum() + counts @ (means - mean) ** 2) / n_episodes
    return Summary(
        credit=total[edges[0] : edges[1]].reshape(n_states, n_actions) / n_episodes,
        sums=total[edges[1] :].reshape(n_states, 2),
        episodes=int(n_episodes),
        steps=int(steps),
        mean_return=float(mean),
        spread=math.sqrt(variance) if math.isfinite(variance) else math.nan,
        goal_rate=float(goals / n_episodes),
        returns=batch.returns,
    )


def leave(ranks: Ranks, n_states: int, n_actions: int) -> None:
    """Take leave of the other ranks, which wait for this one's share of an update."""
    farewell = np.zeros(_HEAD + _PER_RANK * ranks.size + n_states * (n_actions + 2))
    farewell[0] = 1.0
    ranks.reduce(farewell)
