"""The ground truth by dynamic programming: J, V, Q and ∇J's credit table of any policy, without sampling.

An episode is truncated after ``max_steps`` steps, so all of these are finite sums: backward recursions from
V = 0 at the cap.  A recursion stops early once all that is left to come cannot change a value by 1e-15 of its
size.  J needs O(S) memory, the credit table O(S · max_steps).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from agent.exact.chain import Chain
from agent.exact.contours import LEAST, Contours
from game.world.dynamics import Dynamics

TOLERANCE = 1e-15
#: Of all episodes, the share (times the steps left) that is too small to follow further.
FADED = 1e-17
#: Most elementary operations of a recursion that is done step by step to the cap: about five seconds.
PATIENCE = 4e8
#: Up to so many elementary operations a policy is evaluated by recursion, whatever contours would cost: most settle
#: early.  Up to the second number where a run from before there were contours learns from it.
RECURSION, LEARNED_FROM = 1e8, 2e9
#: Most operations of an evaluation during training.
LIMIT = 2e9
#: Most operations of a recursion that stands in where contours cannot be trusted.
LONGEST = 1e10
#: Most ways to go on, beyond one a state, of a world whose order of elimination is looked for.
MOST_WAYS = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a policy attains, exactly.

    ``objective`` is J of (5); ``values`` (S,) float64 is V_0; ``goal_probability`` is the chance that an episode
    reaches a goal, ``expected_steps`` the mean of T, both from P0 and within the cap.
    """

    objective: float
    values: NDArray[np.float64]
    goal_probability: float
    expected_steps: float


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The exact numbers of one policy: J, V_0 (S,), Q_0 (S, A), and W* (S, A)."""

    objective: float
    values: NDArray[np.float64]
    action_values: NDArray[np.float64]
    credit: NDArray[np.float64]


def sweeps(
    step: NDArray[np.float64], successor: NDArray[np.intp], constant: NDArray[np.float64], cap: int
) -> tuple[NDArray[np.float64], int]:
    """(S,) float64: value ← constant + Σ_m step · value(successor) from 0, ``cap`` times; and how often it took."""
    value = np.zeros(len(constant))
    done = 0
    while done < cap:
        following = constant + (step * value[successor]).sum(axis=1)
        change, value = np.abs(following - value).max(), following
        done += 1
        if settled(change, value, cap - done):
            break
    return value, done


def both_ways(
    step: NDArray[np.float64],
    successor: NDArray[np.intp],
    constant: NDArray[np.float64],
    start: NDArray[np.float64],
    discount: float,
    cap: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], int]:
    """Values backward in time, then the running episodes forward, and the two together.

    Returns V_0 (S,); Σ_t γ^t d_t(s) (S,); Σ_t γ^t d_t(s) V_{t+1}(successor m of s) (S, M); and the number of sweeps.
    ``step`` (S, M) is the chance to go on to a successor, without the discount.  Values with many steps left are
    all the same once they have settled, so only those before are kept.
    """
    tables = [np.zeros(len(constant))]  # values with 0, 1, 2 … steps left
    while len(tables) <= cap:
        value = constant + discount * (step * tables[-1][successor]).sum(axis=1)
        change = np.abs(value - tables[-1]).max()
        tables.append(value)
        if settled(change, value, cap + 1 - len(tables)):
            break
    occupancy = np.zeros(len(constant))
    ahead = np.zeros(step.shape)
    running = np.array(start)  # γ^t d_t
    sweeps_done = len(tables) - 1
    for t in range(cap):
        occupancy += running
        ahead += running[:, None] * tables[min(cap - t - 1, len(tables) - 1)][successor]
        flow = (running[:, None] * step).ravel()
        running = np.asarray(discount * np.bincount(successor.ravel(), flow, minlength=len(running)))
        sweeps_done += 1
        if running.sum() * (cap - t) <= FADED:
            break
    return tables[-1], occupancy, ahead, sweeps_done


@dataclass(frozen=True, slots=True)
class Recursions:
    """What does the sweeps of :class:`Tables`: :func:`sweeps` and :func:`both_ways`, or two that compute the same."""

    sweeps: Callable[[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64], int], tuple[NDArray[np.float64], int]]
    both_ways: Callable[
        [NDArray[np.float64], NDArray[np.intp], NDArray[np.float64], NDArray[np.float64], float, int],
        tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], int],
    ]


#: The recursions of this file.
READABLE = Recursions(sweeps, both_ways)


class Tables:
    """Exact quantities of the policies of one world, by the ``recursions`` of this file or by the same in machine code.

    The outcomes of all actions of a state are gathered into at most M successors, since the recursions need no
    more: ``successor`` (S, M), ``weight`` (S, A, M) the chance that the episode goes on there, and
    ``expected_reward`` (S, A).  A recursion of more than ``recursion_up_to`` elementary operations gives way to
    contours.
    """

    def __init__(
        self, dynamics: Dynamics, recursions: Recursions = READABLE, recursion_up_to: float = RECURSION
    ) -> None:
        self.dynamics, self.recursion_up_to = dynamics, recursion_up_to
        self.sweeps, self.both_ways = recursions.sweeps, recursions.both_ways
        #: How many sweeps the last recursion took.
        self.swept = 0
        self.expected_reward = (dynamics.probability * dynamics.reward).sum(axis=2)
        chance = np.where(dynamics.ends, 0.0, dynamics.probability)
        self.successor, self.slot = _successors(dynamics, chance)
        self.weight = self._gathered(chance)
        reaches_goal = np.where(dynamics.goal, dynamics.probability, 0.0)
        self.goal_chance = reaches_goal.sum(axis=2)
        before_goal = np.where(dynamics.goal, 0.0, chance)
        # Where goals end the episode, as they nearly always do, the two tables are the same.
        lasting = bool((dynamics.goal & ~dynamics.ends & (dynamics.probability > 0.0)).any())
        self.weight_before_goal = self._gathered(before_goal) if lasting else self.weight
        #: Elementary operations of one sweep over all states.
        self.sweep_cost = float(self.weight.size)

    def _gathered(self, chance: NDArray[np.float64]) -> NDArray[np.float64]:
        """(S, A, M) float64: chances (S, A, K) added up by successor."""
        S, A, K = chance.shape
        weight = np.zeros((S, A, self.successor.shape[1]))
        state, action = np.ogrid[:S, :A]
        for k in range(K):
            weight[state, action, self.slot[:, :, k]] += chance[:, :, k]
        return weight

    @property
    def cost(self) -> float:
        """Elementary operations of a recursion over all steps up to the cap; most settle earlier."""
        return self.sweep_cost * self.dynamics.max_steps

    @cached_property
    def contours(self) -> Contours | None:
        """What evaluates a policy at the same cost for every cap; None where the cap is low or the world too large."""
        used = np.asarray((self.weight > 0.0).any(axis=1))
        if self.dynamics.max_steps < LEAST or used.sum() - self.dynamics.n_states > MOST_WAYS:
            return None
        return Contours(self.successor, used)

    @cached_property
    def by_contours(self) -> bool:
        """Whether contours evaluate a policy with fewer operations than a recursion that takes many."""
        return self.cost > self.recursion_up_to and self.contours is not None and self.contours.cost < self.cost

    @property
    def truth_cost(self) -> float:
        """Elementary operations of :meth:`everything`, by the cheaper of the two ways."""
        return self.contours.cost if self.by_contours and self.contours is not None else self.cost

    def chain(
        self,
        probabilities: NDArray[np.float64],
        immediate: NDArray[np.float64] | None = None,
        discount: float | None = None,
        before_goal: bool = False,
    ) -> Chain:
        """The Markov chain of a policy (S, A), for :meth:`Contours.solve`.

        ``immediate`` (S, A) is what a step brings where it is not the expected reward, ``discount`` what replaces γ;
        with ``before_goal`` reaching a goal ends the episode.
        """
        dynamics = self.dynamics
        over = dynamics.ends | dynamics.goal if before_goal else dynamics.ends
        ending = np.where(over, dynamics.probability, 0.0).sum(axis=2)
        ending[~(dynamics.probability > 0.0).any(axis=2)] = 1.0
        weight = self.weight_before_goal if before_goal else self.weight
        return Chain(
            going=np.einsum("sa,sam->sm", probabilities, weight),
            leaving=(probabilities * ending).sum(axis=1),
            reward=(probabilities * (self.expected_reward if immediate is None else immediate)).sum(axis=1),
            start=np.array(dynamics.start),
            discount=dynamics.discount if discount is None else discount,
        )

    # -- a given policy -----------------------------------------------------------------------------------

    def values(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """(S,) float64: V_0 of a policy (S, A)."""
        return self._recursion(probabilities, self.weight, self.expected_reward, self.dynamics.discount)

    def action_values(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """(S, A) float64: Q_0 of a policy (S, A), the value of an action at the first step; Σ_a π Q_0 = V_0."""
        later = self._recursion(
            probabilities, self.weight, self.expected_reward, self.dynamics.discount, self.dynamics.max_steps - 1
        )
        following = np.einsum("sam,sm->sa", self.weight, later[self.successor])
        return np.asarray(self.expected_reward + self.dynamics.discount * following)

    def objective(self, values: NDArray[np.float64]) -> float:
        """J(θ) = Σ_s P0(s) V_0(s), equation (5)."""
        return float(self.dynamics.start @ values)

    def evaluate(self, probabilities: NDArray[np.float64]) -> Evaluation:
        """All that a policy (S, A) attains."""
        values = self.values(probabilities)
        goals = self._recursion(probabilities, self.weight_before_goal, self.goal_chance, 1.0)
        one = np.where(self.dynamics.terminal, 0.0, 1.0)[:, None]
        steps = self._recursion(probabilities, self.weight, np.broadcast_to(one, probabilities.shape), 1.0)
        start = self.dynamics.start
        return Evaluation(self.objective(values), values, float(start @ goals), float(start @ steps))

    def _recursion(
        self,
        probabilities: NDArray[np.float64],
        weight: NDArray[np.float64],
        immediate: NDArray[np.float64],
        discount: float,
        cap: int | None = None,
    ) -> NDArray[np.float64]:
        """(S,): Σ_a π(a|s) [immediate + discount · Σ_m weight · value(successor)], ``cap`` (max_steps) times over."""
        step = np.einsum("sa,sam->sm", probabilities, weight) * discount
        constant = (probabilities * immediate).sum(axis=1)
        value, self.swept = self.sweeps(step, self.successor, constant, self.dynamics.max_steps if cap is None else cap)
        return value

    # -- the gradient -------------------------------------------------------------------------------------

    def truth(self, probabilities: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """V_0 (S,) float64 of a policy (S, A), and its exact credit table W* (S, A) float64.

        W*(s,a) = π(a|s) Σ_t γ^t d_t(s) Q_t(s,a), where d_t is the distribution over running episodes after t steps,
        and Q_t the value of an action with the steps that are left then.  Σ W* ∇ ln π is ∇J: equation (16), summed
        over all trajectories.
        """
        step = np.einsum("sa,sam->sm", probabilities, self.weight)
        constant = (probabilities * self.expected_reward).sum(axis=1)
        discount, cap = self.dynamics.discount, self.dynamics.max_steps
        values, occupancy, ahead, self.swept = self.both_ways(
            step, self.successor, constant, np.array(self.dynamics.start), discount, cap
        )
        following = discount * np.einsum("sam,sm->sa", self.weight, ahead)
        return values, probabilities * (occupancy[:, None] * self.expected_reward + following)

    def everything(self, probabilities: NDArray[np.float64], limit: float = LONGEST) -> Truth | None:
        """Return J, V_0, Q_0 and W* of a policy (S, A), by the cheaper of recursion and contours.

        None where neither will do: contours that would miss a part of the spectrum, and a recursion of more than
        ``limit`` operations.
        """
        if self.by_contours and self.contours is not None:
            self.swept = 0
            found = self.contours.solve(self.chain(probabilities), self.dynamics.max_steps)
            if found is not None:
                gamma = self.dynamics.discount
                later, ahead = (
                    np.einsum("sam,sm->sa", self.weight, table) for table in (found.later[self.successor], found.ahead)
                )
                credit = probabilities * (found.visits[:, None] * self.expected_reward + gamma * ahead)
                action_values = self.expected_reward + gamma * later
                return Truth(self.objective(found.values), found.values, action_values, credit)
        if self.cost > limit:
            return None
        action_values = self.action_values(probabilities)
        values, credit = self.truth(probabilities)  # the longest comes last: ``swept`` is what it took
        return Truth(self.objective(values), values, action_values, credit)

    def credit(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """(S, A) float64: the exact credit table W* of a policy."""
        return self.truth(probabilities)[1]


def _successors(dynamics: Dynamics, chance: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """(S, M) the states that the episode may go on in, each once; (S, A, K) which of them an outcome leads to.

    ``chance`` (S, A, K) is 0 where the episode does not go on.
    """
    S, A, K = chance.shape
    target = np.where(chance > 0.0, dynamics.next_state, np.int32(-1)).reshape(S, A * K)
    order = np.argsort(-target, axis=1, kind="stable")
    sorted_target = np.take_along_axis(target, order, axis=1)
    place = np.zeros((S, A * K), dtype=np.int32)
    place[:, 1:] = np.cumsum(sorted_target[:, 1:] != sorted_target[:, :-1], axis=1, dtype=np.int32)
    going = sorted_target >= 0
    M = int(place[going].max(initial=0)) + 1
    successor = np.zeros((S, M), dtype=np.intp)
    successor[np.nonzero(going)[0], place[going]] = sorted_target[going]
    slot = np.empty_like(place)
    np.put_along_axis(slot, order, place, axis=1)
    return successor, np.minimum(slot, M - 1).reshape(S, A, K)


def settled(change: float, value: NDArray[np.float64], remaining: int) -> bool:
    """Whether ``remaining`` further sweeps, each changing no value by more than ``change``, alter nothing."""
    return bool(change * remaining <= TOLERANCE * max(np.abs(value).max(), 1e-300))


def greedy(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """(S, A) float64: the policy that takes the most probable action, the first of equals."""
    return np.asarray(np.eye(probabilities.shape[1])[probabilities.argmax(axis=1)])


def ratio(objective: float, optimum: float) -> float | None:
    """1 − (optimum − objective)/|optimum|, which is 1 at the best; None where the optimum is 0."""
    return None if optimum == 0.0 else 1.0 - (optimum - objective) / abs(optimum)
