"""J, V, Q and W* of the capped objective by contour integrals, at the same cost for every cap.

With A = γ P_π and V_n the values with n steps left, Σ_n V_n zⁿ = z/(1−z) · y(z) with y = (I − zA)⁻¹ r; the discounted
visits γ^t d_t have the generating function x = (I − zA)⁻ᵀ P0; and a sum over t of visits times values with the steps
left is a convolution, so its generating function is a product.  The coefficient of zⁿ is an integral round the
origin.  With z = e^{−s/n} the circle bends into Talbot's contour, on which the integrand falls off like e^s
(Weideman, Optimizing Talbot's contours for the inversion of the Laplace transform, 2006): 24 nodes, of which 12 are
the conjugates of the others.  That sees what of A's spectrum is near 1, or has died out after n steps; a second
contour, z = −e^{−s/n}, sees what is near −1, as of walks that alternate between two halves of the cells.  A pair of
eigenvalues elsewhere on the unit circle, as of a policy that walks round a block for ever, is missed by both:
:func:`trusted` finds that out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.exact.chain import Chain, Entries, Pattern

#: Nodes of a contour, their conjugates included.
NODES = 24
#: Least cap: from here on the contour lies well within the strip |Im s| < πn, which z = e^{−s/n} covers once.
LEAST = 64
#: The guard takes so many steps one by one, then more where it would refuse, as long as they cost no more than this.
FIRST_GUARD, GUARD_COST = 256, 4e8
#: How far contours and steps may differ there, as a share of the largest number.
TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Integrals:
    """What n steps bring.

    ``values`` (S,) are V with n steps left and ``later`` (S,) with n − 1; ``visits`` (S,) are Σ_{t<n} γ^t d_t(s); and
    ``ahead`` (S, M) is Σ_{t<n} γ^t d_t(s) V_{n−1−t}(successor m of s).
    """

    values: NDArray[np.float64]
    later: NDArray[np.float64]
    visits: NDArray[np.float64]
    ahead: NDArray[np.float64]


def talbot() -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """The nodes s (12,) complex128 above the real axis of Weideman's modified Talbot contour, and their weights.

    Σ Im(weight · F(s)) is (1/2πi) ∫ e^s F(s) ds for an F that is real on the real axis.
    """
    theta = (2.0 * np.arange(NODES // 2) + 1.0) * np.pi / NODES
    a, b, c, d = 0.5017, 0.6407, 0.6122, 0.2645
    cotangent = 1.0 / np.tan(b * theta)
    s = NODES * (a * theta * cotangent - c + 1j * d * theta)
    slope = NODES * (a * cotangent - a * b * theta / np.sin(b * theta) ** 2 + 1j * d)
    return s, (2.0 / NODES) * np.exp(s) * slope


def integrals(entries: Entries, chain: Chain, successor: NDArray[np.intp], cap: int) -> Integrals:
    """What ``cap`` steps (at least ``LEAST``) bring, by both contours.

    Raises :class:`RuntimeError` where a matrix is singular.
    """
    pattern = entries.pattern
    place = pattern.place
    reward, start = np.empty(pattern.size, complex), np.empty(pattern.size, complex)
    reward[place], start[place] = chain.reward, chain.start
    following = place[successor]
    values, later, visits = np.zeros(pattern.size), np.zeros(pattern.size), np.zeros(pattern.size)
    ahead = np.zeros(successor.shape)
    for s, weight in zip(*talbot(), strict=True):
        rest = -np.expm1(-s / cap)
        for side in (1.0, -1.0):
            z = side * (1.0 - rest)
            factors = pattern.factorised(entries.near_one(rest) if side > 0.0 else entries.near_minus_one(rest))
            y, x = factors.solve(reward), factors.solve(start, trans="T")[place]
            # z/(1−z), with 1 − z and the sign (−1)ⁿ of the second contour
            sum_of_steps = z / (rest if side > 0.0 else 1.0 - z) * weight / cap
            if side < 0.0 and cap % 2:
                sum_of_steps = -sum_of_steps
            y = sum_of_steps * y
            values += y[place].imag
            later += (z * y[place]).imag
            visits += (sum_of_steps * x).imag
            ahead += ((z * x)[:, None] * y[following]).imag
    return Integrals(values, later, visits, ahead)


def trusted(entries: Entries, chain: Chain, successor: NDArray[np.intp], cap: int) -> tuple[bool, int, int]:
    """Whether the contours miss nothing of A's spectrum that has not died out after ``cap`` steps.

    The same contours at a small number of steps are compared with as many steps one by one: a part that is missed is
    as large there, or larger.  One that has died out at the cap may still be alive there, so that more steps are
    tried before the answer is no.  Returned with the answer: how often the contours were followed, and the steps.
    """
    steps, forward = entries.step.tocsr(), entries.step.T.tocsr()
    place = entries.pattern.place
    reward, start = np.empty(len(place)), np.empty(len(place))
    reward[place], start[place] = chain.reward, chain.start
    values, visits, done = np.zeros(len(place)), np.zeros(len(place)), 0
    tried, followed = min(FIRST_GUARD, cap), 0
    while True:
        while done < tried:
            values, visits, done = reward + steps @ values, start + forward @ visits, done + 1
        found = integrals(entries, chain, successor, tried)
        followed += 1
        pairs = ((found.values, values[place]), (found.visits, visits[place]))
        if all(np.abs(one - other).max() <= TOLERANCE * np.abs(other).max() for one, other in pairs):
            return True, followed, done
        if tried == cap or 16.0 * tried * successor.size > GUARD_COST:
            return False, followed, done
        tried = min(16 * tried, cap)


class Contours:
    """The contours of one world, for every policy of it.

    ``operations`` counts what the last call of :meth:`solve` took.
    """

    def __init__(self, successor: NDArray[np.intp], used: NDArray[np.bool_]) -> None:
        """Find the order of elimination for the successors (S, M) that are ``used`` (S, M)."""
        self.successor = successor
        self.pattern = Pattern(successor, used)
        self.operations = 0.0

    @property
    def cost(self) -> float:
        """Elementary operations of one call of :meth:`solve` where the guard is content at once."""
        return 2.0 * self._round + 2.0 * FIRST_GUARD * self.successor.size

    @property
    def _round(self) -> float:
        """Both contours once: factors (which SuperLU gets from dense blocks), two solutions, and the products."""
        pattern = self.pattern
        node = 0.5 * pattern.multiplications + 8.0 * pattern.filled + 8.0 * self.successor.size + 30.0 * pattern.size
        return float(NODES * node)

    def solve(self, chain: Chain, cap: int) -> Integrals | None:
        """What ``cap`` steps of a policy bring; None where the contours would miss a part of it, or cannot tell."""
        self.operations = 0.0
        if cap < LEAST:
            return None
        entries = self.pattern.entries(chain)
        try:
            trust, followed, steps = trusted(entries, chain, self.successor, cap)
            self.operations = (followed + trust) * self._round + 2.0 * steps * self.successor.size
            return integrals(entries, chain, self.successor, cap) if trust else None
        except RuntimeError:  # SuperLU: singular
            return None
