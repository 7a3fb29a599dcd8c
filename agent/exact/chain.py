"""The Markov chain that a policy makes of a world, and the sparse matrices I − zA of it.

A = γ P_π, restricted to transitions that go on.  A matrix is formed from what leaves a state rather than from what
stays, so that nothing cancels where an episode lasts for millions of steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """One policy in one world.

    ``going`` (S, M) float64 is the chance that the episode goes on in a successor, ``leaving`` (S,) float64 that it
    ends; they add up to 1.  ``reward`` (S,) is the expected one of a step, ``start`` (S,) is P0, ``discount`` γ.
    """

    going: NDArray[np.float64]
    leaving: NDArray[np.float64]
    reward: NDArray[np.float64]
    start: NDArray[np.float64]
    discount: float


class Pattern:
    """Where the matrices of a world have entries, the same for every policy, in the order that fills in least.

    ``successor`` (S, M) intp are the states that an episode may go on in, each at most once in a row; ``used``
    (S, M) bool says which of them exist.  ``place`` (S,) intp is where a state stands in the matrices.
    """

    def __init__(self, successor: NDArray[np.intp], used: NDArray[np.bool_]) -> None:
        from scipy.sparse.linalg import splu  # heavy, and only needed here

        self.size, self.width = successor.shape
        states = np.broadcast_to(np.arange(self.size)[:, None], successor.shape)
        self._loop = used & (successor == states)
        self._off = used & (successor != states)
        self._from, self._to = states[self._off], successor[self._off]
        self.place = np.arange(self.size)
        self._arrange()
        degree = np.bincount(self._from, minlength=self.size) + np.bincount(self._to, minlength=self.size)
        trial = splu(self.matrix(degree + 1.0, -np.ones(len(self._from))), permc_spec="MMD_AT_PLUS_A", **_SYMMETRIC)
        self.place = trial.perm_c.astype(np.intp)
        self._arrange()
        lower, upper = trial.L.tocsc(), trial.U.tocsr()
        below, beside = np.diff(lower.indptr).astype(np.float64), np.diff(upper.indptr).astype(np.float64)
        #: Entries of L and U together, and the multiplications that a factorisation takes.
        self.filled, self.multiplications = float(below.sum() + beside.sum()), float(below @ beside)

    def _arrange(self) -> None:
        rows = self.place[np.concatenate([np.arange(self.size), self._from])]
        columns = self.place[np.concatenate([np.arange(self.size), self._to])]
        self._order = np.lexsort((rows, columns))
        self._rows = rows[self._order].astype(np.int32)
        self._ends = np.searchsorted(columns[self._order], np.arange(self.size + 1)).astype(np.int32)

    def matrix(self, diagonal: NDArray[Any], off: NDArray[Any]) -> Any:
        """The (S, S) sparse matrix with this ``diagonal`` (S,), and ``off`` it an entry for each way to go on."""
        from scipy.sparse import csc_array

        data = np.concatenate([diagonal, off])[self._order]
        return csc_array((data, self._rows, self._ends), shape=(self.size, self.size))

    def factorised(self, matrix: Any) -> Any:
        """The LU factors of such a matrix, in its own order.  Raises :class:`RuntimeError` where it is singular."""
        from scipy.sparse.linalg import splu

        return splu(matrix, permc_spec="NATURAL", **_SYMMETRIC)

    def entries(self, chain: Chain) -> Entries:
        """The entries of A, and of I − A."""
        off = chain.discount * chain.going[self._off]
        stay = chain.discount * np.where(self._loop, chain.going, 0.0).sum(axis=1)
        away = chain.leaving + np.where(self._off, chain.going, 0.0).sum(axis=1)
        return Entries(self, off, stay, (1.0 - chain.discount) + chain.discount * away)


#: The diagonal is never small beside the rest of a row: no rows need to change places, and the order stays as it is.
_SYMMETRIC: dict[str, Any] = {"diag_pivot_thresh": 0.0, "options": {"SymmetricMode": True}}


@dataclass(frozen=True, eq=False)
class Entries:
    """A = γ P_π in the places of a pattern.

    ``off`` float64 is what stands beside the diagonal, ``stay`` (S,) on it, and ``leak`` (S,) is 1 − ``stay``
    without the cancellation.
    """

    pattern: Pattern
    off: NDArray[np.float64]
    stay: NDArray[np.float64]
    leak: NDArray[np.float64]

    @cached_property
    def step(self) -> Any:
        """A itself, (S, S) sparse."""
        return self.pattern.matrix(self.stay, self.off)

    def near_one(self, rest: complex) -> Any:
        """I − zA for z = 1 − ``rest``: (I − A) + (1 − z) A."""
        return self.pattern.matrix(self.leak + rest * self.stay, (rest - 1.0) * self.off)

    def near_minus_one(self, rest: complex) -> Any:
        """I − zA for z = −(1 − ``rest``): (I + A) − (1 + z) A, with 1 + A on the diagonal as (1 − A) + 2A."""
        return self.pattern.matrix(self.leak + (2.0 - rest) * self.stay, (1.0 - rest) * self.off)
