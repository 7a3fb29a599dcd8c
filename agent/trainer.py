"""REINFORCE (Williams 1992): sample episodes, estimate ∇J by (17), take the step (4), and yield a snapshot.

One update:

1. one forward pass gives π as a table, and N episodes are sampled from it (``rollout.py`` or ``kernel.py``);
2. the episodes become the credit table Ŵ (``credit.py``), and one backward pass over the states that they visited makes
   of it ∇̂J = Σ Ŵ(s,a) ∇_θ ln π_θ(a|s): a mean over episodes of sums over steps, γ^t kept;
3. an entropy bonus may be added: the gradient of β σ E[Σ_t H(π(·|s_t))], with σ the standard deviation of the
   batch's returns, so that β has no unit.  While β > 0 the sum climbs this instead of J alone;
4. the optimiser takes the step θ ← θ + α · (what it makes of the gradient), and π is computed anew where it changed.

``_learn`` does 2 to 4.  What is measured beside it (the exact numbers, the time, the snapshot) changes nothing in what
is learned.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agent.exact.budget import Budget, angle_and_ratio
from agent.exact.exact import Exact
from agent.exact.tables import LEARNED_FROM, LIMIT, RECURSION, Truth
from agent.fast.sampler import Sampler, recursions_for
from agent.ranks.ranks import Ranks
from agent.ranks.shares import Parted, leave, pooled
from agent.reinforce.batch import Batch, Summary, summarised
from agent.reinforce.credit import Baseline, centred
from agent.reinforce.network import Network
from agent.reinforce.optimizer import Optimizer
from agent.reinforce.policy import Policy
from agent.reinforce.settings import Settings
from agent.reinforce.states import ALL, States, centred_at, picked, widened
from agent.reinforce.tabular import Tabular
from game.errors import NumericalError, RanksError
from game.snapshots.snapshot import Snapshot
from game.world.dynamics import Dynamics

#: Returns of a batch that a snapshot carries.
RETURNS_SHOWN = 64
#: Where J by contours is no larger than this, as a share of the largest value, it is rounding.
ROUNDED = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Update:
    """What an update learned from, to look at afterwards.

    ``before`` and ``after`` (S, A) float64 are π; ``visited`` (n,) int64 are the states that the ``batch`` visited;
    ``states`` are those that ``credit`` (S, A) float64 and the ``gradient`` ∇̂J of it speak of.
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    batch: Summary
    visited: NDArray[np.int64]
    states: States
    credit: NDArray[np.float64]
    gradient: list[Tensor]


class Trainer:
    """The one object with learning state: θ, the optimiser's moments, the baseline, and counters.

    ``update`` counts finished updates, ``episodes`` and ``steps`` all that was sampled; ``visits`` (S,) int64
    counts the steps taken from each state; ``seconds`` is the time spent in updates.  With several ``ranks``
    each has a trainer, and all hold the same θ: a batch is shared out among them (``shares.py``).  ``parted`` says
    whether the others no longer wait for this one.
    """

    def __init__(
        self, dynamics: Dynamics, settings: Settings, threads: int | None = None, ranks: Ranks | None = None
    ) -> None:
        torch.set_num_threads(1)  # the threads belong to the rollouts, and a sum keeps its order
        self.dynamics, self.settings = dynamics, settings
        self.policy = policy_for(dynamics, settings)
        self.optimizer = Optimizer(self.policy, settings)
        self.baseline = Baseline(dynamics.n_states)
        self.visits = np.zeros(dynamics.n_states, dtype=np.int64)
        self.update = self.episodes = self.steps = 0
        self.seconds = 0.0
        # Runs from before there were contours sampled batches that they did not learn from; they go on as they began.
        as_before = settings.estimator == "exact" and settings.batch > 1
        self.exact = Exact(dynamics, recursions_for(dynamics, settings), LEARNED_FROM if as_before else RECURSION)
        self.budget = Budget(self.exact)
        self.ranks = ranks or Ranks()
        self.parted = self.ranks.size == 1
        self.threads = threads or self.ranks.threads
        self.sampler: Sampler | None = None
        self._probabilities: NDArray[np.float64] | None = None
        self._last: Update | None = None

    def run(self) -> Iterator[Snapshot]:
        """One snapshot per update until the run has its episodes, or a rank leaves.

        Raises :class:`~game.errors.NumericalError` when a number is no longer finite; θ is then the last good one.
        """
        with suppress(Parted):
            while self.episodes < self.settings.episodes:
                yield self.step()

    def part(self) -> None:
        """Tell the other ranks that no more updates come from this one, where they still wait for it."""
        if not self.parted and self.episodes < self.settings.episodes:
            self.parted = True
            leave(self.ranks, self.dynamics.n_states, self.dynamics.n_actions)

    def probabilities(self) -> NDArray[np.float64]:
        """(S, A) float64: the policy as it is now."""
        return self.policy.probabilities()

    def fresh(self, update: int, count: int) -> Batch:
        """``count`` episodes of the policy as it is, from the stream of an update that training does not reach."""
        return self.prepare().sample(self.probabilities(), self.baseline.values(), update, count)

    def prepare(self) -> Sampler:
        """Make ready what samples: with large batches this compiles, or loads what was compiled."""
        if self.sampler is None:
            self.sampler = Sampler(self.dynamics, self.settings, self.threads)
        return self.sampler

    def step(self) -> Snapshot:
        """One update.

        Raises :class:`~game.errors.NumericalError`, :class:`~game.errors.RanksError` where another rank has gone, or
        :class:`~agent.ranks.shares.Parted` where one leaves; and then nothing has changed.
        """
        debt = self.budget.debt
        try:
            return self._update()
        except (NumericalError, RanksError, Parted):
            self.budget.debt = debt
            self._last = None
            self.parted = True
            raise

    def _update(self) -> Snapshot:
        """One update with all that is measured beside it."""
        self.prepare()
        began = time.perf_counter()
        if self._probabilities is None:
            self._probabilities = self._forward_pass()
        before = self._probabilities
        batch = self._batch(before)
        looking = time.perf_counter()
        truth = self._truth(before, batch)
        exact_gradient = None if truth is None else self._gradient(ALL, truth.credit)
        looking = time.perf_counter() - looking
        update = self._learn(before, batch, truth)
        spent = time.perf_counter() - began
        self.seconds += spent if self.settings.estimator == "exact" else spent - looking
        self._last = update
        return self._snapshot(update, truth, exact_gradient)

    def exactly(self, snapshot: Snapshot, seconds: float) -> Snapshot:
        """The snapshot of the last update with the exact numbers of its policy, where they take about ``seconds``.

        For a screen that has the time: neither what is learned nor what is due changes.
        """
        last = self._last
        if last is None or snapshot.update != self.update or snapshot.objective is not None:
            return snapshot
        if not self.budget.affordable or self.budget.longest(self.prepare().kernel is not None) > seconds:
            return snapshot
        truth = self.exact.everything(last.before, LIMIT)
        if truth is None:
            return replace(snapshot, untold=True)
        with self.optimizer.step_taken_back():
            exact_gradient = self._gradient(ALL, truth.credit)
        return replace(snapshot, **self._measured(last, truth, exact_gradient))

    # -- what is learned ----------------------------------------------------------------------------------

    def _batch(self, probabilities: NDArray[np.float64]) -> Summary:
        """The next episodes of the policy as it is, of which each rank walks its share."""
        count = min(self.settings.batch, self.settings.episodes - self.episodes)
        first, own = self.ranks.share(count)
        batch = self.prepare().sample(probabilities, self.baseline.values(), self.update, own, first)
        return summarised(batch) if self.ranks.size == 1 else pooled(self.ranks, batch)

    def _learn(self, before: NDArray[np.float64], batch: Summary, truth: Truth | None) -> Update:
        """Credit, gradient and step; the baseline learns last, from what it was no part of.

        Nothing changes where a number is not finite.
        """
        visited = np.flatnonzero(batch.visits)
        states, credit = picked(visited, self.dynamics.n_states), batch.credit
        if self.settings.estimator == "exact":
            states, credit = ALL, self._told(truth)
        gradient, ascent = self._gradients(states, credit, batch)
        self._probabilities = after = self._ascend(ascent, states, before, batch.visits)
        self.baseline.learn(batch.sums)
        self.visits[visited] += batch.visits[visited].astype(np.int64)
        self.update += 1
        self.episodes += batch.episodes
        self.steps += batch.steps
        return Update(before, after, batch, visited, states, credit, gradient)

    def _told(self, truth: Truth | None) -> NDArray[np.float64]:
        """(S, A) float64: the exact credit table.

        Raises :class:`~game.errors.NumericalError` where it is not known, or no more than rounding.
        """
        if truth is None:
            raise NumericalError(
                f"update {self.update + 1}: the exact gradient of this policy cannot be told within reach, so training "
                "stopped with the last good parameters; try --estimator baseline"
            )
        largest = float(np.abs(truth.values).max())
        if self.exact.by_contours and abs(truth.objective) <= ROUNDED * largest:
            raise NumericalError(
                f"update {self.update + 1}: J is {truth.objective:.1e}, no more than what rounding leaves beside "
                f"values of up to {largest:.3g}, so its gradient would be noise and training stopped; "
                "try a larger --max-steps, or begin from a run that reaches the goal (--from)"
            )
        return truth.credit

    def _gradient(self, states: States, credit: NDArray[np.float64]) -> list[Tensor]:
        """Σ credit(s,a) ∇_θ ln π_θ(a|s), one tensor per parameter: with Ŵ it is ∇̂J of (17), with W* it is ∇J."""
        return self.policy.gradients(states, _credited(credit, states))[0]

    def _gradients(
        self, states: States, credit: NDArray[np.float64], batch: Summary
    ) -> tuple[list[Tensor], list[Tensor]]:
        """∇̂J; and ∇̂J plus the gradient of β σ Σ_s (visits of s per episode) · H(π(·|s)), the visits held fixed."""
        remaining = max(0.0, 1.0 - self.update / self.settings.anneal)
        weight = self.settings.entropy * remaining**3 * batch.spread
        if weight == 0.0:
            (gradient,) = self.policy.gradients(states, _credited(credit, states))
            return gradient, gradient
        visits = torch.from_numpy(batch.visits / batch.episodes)[states]

        def bonus(log_pi: Tensor, places: slice) -> Tensor:
            return weight * (visits[places] * -(log_pi.exp() * log_pi).sum(dim=1)).sum()

        gradient, added = self.policy.gradients(states, _credited(credit, states), bonus)
        return gradient, [part + more for part, more in zip(gradient, added, strict=True)]

    def _ascend(
        self, ascent: list[Tensor], states: States, before: NDArray[np.float64], visits: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Equation (4); returns the policy that it led to.  Nothing changes where a number is not finite.

        Adam goes on moving what was visited in earlier batches; states that none has visited have no momentum.
        """
        for part in ascent:
            self._require_finite(part.numpy(), "the gradient is")
        rows: States = ALL
        held = self.policy.rows(states)
        if isinstance(held, Tensor):
            rows = picked(np.flatnonzero((self.visits > 0) | (visits > 0.0)), self.dynamics.n_states)
            ascent = widened(ascent, held, rows, self.dynamics.n_states)
        # torch's optimisers descend: this minus is the only difference to (2).
        self.optimizer.step([-part for part in ascent], rows)
        try:
            return self._forward_pass(before, self.policy.reached(rows))
        except NumericalError:
            self.optimizer.undo()
            raise

    def _forward_pass(self, before: NDArray[np.float64] | None = None, changed: States = ALL) -> NDArray[np.float64]:
        """π (S, A), equal to ``before`` except where it ``changed``; the one after an update is before the next."""
        probabilities = self.policy.probabilities(before, changed)
        self._require_finite(probabilities[changed], "the policy's probabilities are")
        return probabilities

    def _require_finite(self, numbers: NDArray[np.float64], what: str) -> None:
        if not np.isfinite(numbers).all():
            bonus = f", a smaller --entropy than {self.settings.entropy:g}" if self.settings.entropy else ""
            raise NumericalError(
                f"update {self.update + 1}: {what} not finite, so training stopped with the last good parameters; "
                f"try a smaller --learning-rate than {self.settings.learning_rate:g}{bonus}, "
                "or smaller rewards in the level"
            )

    # -- what is measured ---------------------------------------------------------------------------------

    def _truth(self, probabilities: NDArray[np.float64], batch: Summary) -> Truth | None:
        """The exact numbers of a policy, where training or the history needs them."""
        exactly = self.settings.estimator == "exact"
        if self.ranks.rank > 0 and not exactly:  # nobody looks at them here
            return None
        compiled = self.prepare().kernel is not None
        self.budget.earn(batch.steps // self.ranks.size, compiled)
        last = self.episodes + batch.episodes >= self.settings.episodes
        needed = exactly or (last and self.budget.affordable)
        return self.budget.truth(probabilities, compiled, needed)

    def _snapshot(self, update: Update, truth: Truth | None, exact_gradient: list[Tensor] | None) -> Snapshot:
        """The update just made, as a view is handed it."""
        batch, before, gradient = update.batch, update.before, update.gradient
        chosen = before[update.visited]  # in a large world a small part of it
        entropy = -(chosen * np.log(np.maximum(chosen, 1e-300))).sum(axis=1)
        return Snapshot(
            update=self.update,
            episodes=self.episodes,
            steps=self.steps,
            probabilities=before,
            after=update.after,
            credit=centred_at(update.states, update.credit, before),
            visits=self.visits.copy(),
            episode=self.prepare().episode(before, self.update - 1, 0),
            returns=batch.returns[:RETURNS_SHOWN],
            mean_return=batch.mean_return,
            goal_rate=batch.goal_rate,
            mean_length=batch.steps / batch.episodes,
            entropy=float(batch.visits[update.visited] @ entropy / max(batch.steps, 1)),
            gradient_norm=math.sqrt(sum(float((part * part).sum()) for part in gradient)),
            seconds=self.seconds,
            **self._measured(update, truth, exact_gradient),
        )

    def _measured(self, update: Update, truth: Truth | None, exact_gradient: list[Tensor] | None) -> dict[str, Any]:
        """The exact numbers of a snapshot, by their names there: none where the truth is not known."""
        if truth is None or exact_gradient is None:
            return {}
        whole = widened(update.gradient, self.policy.rows(update.states), ALL, self.dynamics.n_states)
        angle, norm_ratio = angle_and_ratio(whole, exact_gradient)
        return {
            "objective": truth.objective,
            "values": truth.values,
            "action_values": truth.action_values,
            "exact_credit": centred(truth.credit, update.before),
            "angle": angle,
            "norm_ratio": norm_ratio,
        }


def policy_for(dynamics: Dynamics, settings: Settings) -> Policy:
    """Return a policy as it is before the first update: a network where there are hidden layers, else a table."""
    if settings.hidden:
        return Network(dynamics, settings.hidden, settings.features, settings.seed)
    return Tabular(dynamics)


def _credited(credit: NDArray[np.float64], states: States) -> Callable[[Tensor, slice], Tensor]:
    """Σ credit(s,a) ln π(a|s) over some states."""
    weights = torch.from_numpy(credit)[states]
    return lambda log_pi, places: (weights[places] * log_pi).sum()
