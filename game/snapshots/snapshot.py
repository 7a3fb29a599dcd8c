"""The frozen values that cross the border between learning and looking (numpy only).

A trainer yields one :class:`Snapshot` per update; a view draws it and never reaches back.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from game.world.catalog import World


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """τ of equation (11) with what was paid and how probable each part was.

    ``states`` (T+1,) int32, ``actions`` (T,) int32, ``rewards`` (T,) float64 with r_t paid for a_t in s_t;
    ``policy_probability`` (T,) float64 is π(a_t|s_t) when the action was sampled; ``transition_probability`` (T,)
    float64 is Pt(s_{t+1}|s_t, a_t), equal outcomes merged; ``start_probability`` is P0(s_0).  ``terminated`` and
    ``truncated`` are never both true, and both false while the episode goes on; ``goal``: a goal was reached.
    """

    states: NDArray[np.int32]
    actions: NDArray[np.int32]
    rewards: NDArray[np.float64]
    policy_probability: NDArray[np.float64]
    transition_probability: NDArray[np.float64]
    start_probability: float
    terminated: bool
    truncated: bool
    goal: bool

    def __len__(self) -> int:
        """T, the number of steps."""
        return len(self.actions)

    def returns_so_far(self, discount: float) -> NDArray[np.float64]:
        """(T,) float64: the partial sums Σ_{u≤t} γ^u r_u of equation (6); the last one is R(τ)."""
        return np.cumsum(self.rewards * discount ** np.arange(len(self)))

    @property
    def paid(self) -> NDArray[np.intp]:
        """The steps t with r_t ≠ 0: in a maze one of a million."""
        return np.flatnonzero(self.rewards != 0.0)  # of booleans it is quick, and holds Python's lock for a moment only

    def total_return(self, discount: float) -> float:
        """R(τ) = Σ_{t<T} γ^t r_t, equation (6)."""
        paid = self.paid
        return float(np.cumsum(self.rewards[paid] * discount**paid)[-1]) if len(paid) else 0.0

    def log_probability_terms(self) -> tuple[float, float, float]:
        """The three terms of ln P(τ|θ) in equation (13): ln P0, Σ ln π, Σ ln Pt."""
        with np.errstate(divide="ignore"):
            return (
                float(np.log(self.start_probability)),
                float(np.log(self.policy_probability).sum()),
                float(np.log(self.transition_probability).sum()),
            )

    def until(self, steps: int) -> Trajectory:
        """The first ``steps`` steps, as an episode that still goes on unless all are kept."""
        if steps >= len(self):
            return self
        return Trajectory(
            states=self.states[: steps + 1],
            actions=self.actions[:steps],
            rewards=self.rewards[:steps],
            policy_probability=self.policy_probability[:steps],
            transition_probability=self.transition_probability[:steps],
            start_probability=self.start_probability,
            terminated=False,
            truncated=False,
            goal=False,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One update of training: the policy π_θ, the batch sampled from it, and what the batch taught.

    All of it belongs to the θ from *before* the update, so that the episode shown, the mean return, J and the
    gradient speak of one policy; ``after`` is the policy that the update led to.

    ``update`` counts updates from 1; ``episodes`` and ``steps`` count all of training up to and including this
    batch.  ``probabilities``, ``after`` (S, A) float64; ``credit`` (S, A) float64 is the centred table
    Ŵ(s,a) − π(a|s) Σ_b Ŵ(s,b); ``visits`` (S,) int64 counts the steps taken from each state since training began.
    ``episode`` is the first of the batch; ``returns`` (≤ 64,) float64 are R(τ_i) of the batch's first episodes.
    ``mean_return`` is Ĵ over the batch, ``goal_rate`` in [0, 1] its share of episodes that reached a goal,
    ``mean_length`` its mean number of steps.  ``entropy`` is the mean over the steps of the batch of
    −Σ_a π ln π, in nats; ``gradient_norm`` is ‖∇̂J‖ in θ, before entropy bonus and optimiser.
    ``objective`` is the exact J(θ) and ``values`` (S,) the exact V_0 of the policy, None where not computed in
    this update.  ``seconds`` is the time spent in updates so far.  ``action_values`` (S, A) float64 is the exact
    Q_0, ``exact_credit`` (S, A) float64 is the centred
    exact credit table, to hold against ``credit``; ``angle`` in degrees from 0 to 180 and ``norm_ratio`` compare
    the estimate with ∇J in θ.  All four are None where the exact numbers were not computed; the angle also where
    the estimate or ∇J is exactly zero, the ratio where ∇J is.  ``untold``: they were asked for, and cannot be told.

    What the last update led to is a snapshot of its own (``sampled`` is false): its ``update`` is the one that would
    follow, ``after`` is the same policy, ``credit`` is 0, ``episode`` has no steps, and what is measured in a batch is
    NaN.
    """

    update: int
    episodes: int
    steps: int
    probabilities: NDArray[np.float64]
    after: NDArray[np.float64]
    credit: NDArray[np.float64]
    visits: NDArray[np.int64]
    episode: Trajectory
    returns: NDArray[np.float64]
    mean_return: float
    goal_rate: float
    mean_length: float
    entropy: float
    gradient_norm: float
    seconds: float
    objective: float | None = None
    values: NDArray[np.float64] | None = None
    action_values: NDArray[np.float64] | None = None
    exact_credit: NDArray[np.float64] | None = None
    angle: float | None = None
    norm_ratio: float | None = None
    untold: bool = False

    @property
    def sampled(self) -> bool:
        """Whether a batch was sampled from this policy: none was from the one that the last update led to."""
        return not math.isnan(self.mean_return)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A moment of a run that its folder keeps: the policy that an update started from, and what that update did.

    ``update`` counts from 1; the policy at the end of a run of U updates is kept as update U + 1, which has no
    ``credit`` and no ``episode``.  ``probabilities`` (S, A) float64 is π, ``credit`` (S, A) float64 the centred table
    as in :class:`Snapshot`, ``episode`` the first of the batch, perhaps only its first steps; ``length`` is the number
    of steps that it had, and ``total_return`` its R(τ).
    """

    update: int
    probabilities: NDArray[np.float64]
    credit: NDArray[np.float64] | None
    episode: Trajectory | None
    length: int
    total_return: float


@dataclass(frozen=True, slots=True)
class Briefing:
    """What a view is told once, before the first snapshot: the settings in force and what can be attained.

    ``settings`` are (label, value) pairs to show; ``optimum`` is the best J of a policy of state and time, None
    where it was too costly; ``best_found`` is the best J found of policies that see no more than this one, None where
    it sees the state; ``total_updates`` is how many updates the run will have at its end, None for one
    without end.  ``past`` are the columns of the metrics of a run that is resumed, by name, (rows,) float64 each, NaN
    where a cell is empty; none of a new one.
    """

    run: str
    settings: tuple[tuple[str, str], ...]
    optimum: float | None
    total_updates: int | None
    best_found: float | None = None
    past: Mapping[str, NDArray[np.float64]] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """What each choice of an episode cost, held against the best that a policy of state and time can attain.

    ``costs`` (T,) float64, none negative, are γ^t (V*_t(s_t) − Q*_t(s_t, a_t)): by how much the choice lowered what
    can be expected; ``best`` (T,) int32 is the best action there, the one taken where that is as good.
    ``attainable`` is V*_0(s_0), and ``luck`` what R(τ) has beside it and the costs: Σ_t γ^t (r_t + γ V*_{t+1}(s_{t+1})
    − Q*_t(s_t, a_t)), 0 on average whatever is chosen.  ``forgone`` is γ^T V*_T(s_T) where the episode was broken off
    at s_T before its end, else 0.  So R(τ) = attainable − Σ costs − forgone + luck.
    """

    costs: NDArray[np.float64]
    best: NDArray[np.int32]
    attainable: float
    luck: float
    forgone: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Opponent:
    """A learned policy to play against, and the world that it was learned in.

    ``probabilities`` (S, A) float64 is its policy; ``label`` says which run it is; ``optimum`` is the best possible
    expected return, None where it was too costly to compute; ``objective`` is the policy's own J.
    ``review`` says what the choices of an episode in this world cost, None where that is too costly; it may take
    seconds, and may be called from any thread.

    ``updates`` (n,) int64, ascending, counts the updates after which the policy was kept, the last of them as it is
    now; ``after`` gives the policy as it was after one of them by its index, in milliseconds, from any thread; None
    where none were kept.  ``update`` is that number in such a one, None in the policy as it is now.
    """

    world: World
    probabilities: NDArray[np.float64]
    label: str
    optimum: float | None
    objective: float | None
    review: Callable[[Trajectory], Review | None] | None = None
    updates: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    after: Callable[[int], Opponent] | None = None
    update: int | None = None
