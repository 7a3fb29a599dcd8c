"""REINFORCE (Williams 1992): sample episodes, estimate ∇J by (17), take the step (4), and yield a snapshot.

One update:

1. one forward pass gives π as a table, and N episodes are sampled from it (``rollout.py`` or ``kernel.py``);
2. the episodes become the credit table Ŵ (``credit.py``), and one backward pass over the states that they visited makes
   of it ∇̂J = Σ Ŵ(s,a) ∇_θ ln π_θ(a|s): a mean over episodes of sums over steps, γ^t kept;
3. an entropy bonus may be added: the gradient of β σ E[Σ_t H(π(·|s_t))], with σ the standard deviation of the
   batch's returns, so that β has no unit.  While β > 0 the sum climbs this instead of J alone;
4. the optimiser takes the step θ ← θ + α · (what it makes of the gradient), and π is computed anew where it changed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agent.exact.budget import Budget, Truth, angle_and_ratio
from agent.exact.exact import Exact
from agent.fast.sampler import Sampler
from agent.ranks.ranks import Ranks
from agent.ranks.shares import Parted, leave, pooled
from agent.reinforce.batch import Batch, Summary, summarised
from agent.reinforce.credit import Baseline, centred
from agent.reinforce.optimizer import Optimizer
from agent.reinforce.policy import ALL, Policy, States
from agent.reinforce.settings import Settings
from game.errors import NumericalError, RanksError
from game.snapshots.snapshot import Snapshot
from game.world.dynamics import Dynamics

#: Returns of a batch that a snapshot carries.
RETURNS_SHOWN = 64
#: In worlds of up to so many states an update goes over all of them, and in larger ones where more than one in three
#: was visited: picking those out would save nothing.
FEW_STATES, ONE_IN = 4096, 3


class Trainer:
    """The one object with learning state: θ, the optimiser's moments, the baseline, and counters.

    ``update`` counts finished updates, ``episodes`` and ``steps`` all that was sampled; ``visits`` (S,) int64
    counts the steps taken from each state; ``seconds`` is the time spent in updates.  ``exact_due`` says whether
    the last update was one whose exact numbers belong into the history.  With several ``ranks`` each has a trainer,
    and all hold the same θ: a batch is shared out among them (``shares.py``).  ``parted`` says whether the others no
    longer wait for this one.
    """

    def __init__(
        self, dynamics: Dynamics, settings: Settings, threads: int | None = None, ranks: Ranks | None = None
    ) -> None:
        torch.set_num_threads(1)  # the threads belong to the rollouts, and a sum keeps its order
        self.dynamics, self.settings = dynamics, settings
        self.policy = Policy(dynamics, settings.hidden, settings.features, settings.seed)
        self.optimizer = Optimizer(self.policy, settings)
        self.baseline = Baseline(dynamics.n_states)
        self.visits = np.zeros(dynamics.n_states, dtype=np.int64)
        self.update = self.episodes = self.steps = 0
        self.seconds = 0.0
        self.exact = Exact(dynamics)
        self.exact_due = False
        self.budget = Budget(self.exact)
        self.ranks = ranks or Ranks()
        self.parted = self.ranks.size == 1
        self.threads = threads or self.ranks.threads
        self.sampler: Sampler | None = None
        self._probabilities: NDArray[np.float64] | None = None
        self._idle_since = time.perf_counter()

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
            self.sampler = Sampler(self.exact, self.settings, self.threads)
        return self.sampler

    def step(self) -> Snapshot:
        """One update.

        Raises :class:`~game.errors.NumericalError`, :class:`~game.errors.RanksError` where another rank has gone, or
        :class:`~agent.ranks.shares.Parted` where one leaves; and then nothing has changed.
        """
        debt = self.budget.debt
        try:
            return self._step()
        except (NumericalError, RanksError, Parted):
            self.budget.debt = debt
            self.parted = True
            raise

    def _step(self) -> Snapshot:
        waited = time.perf_counter() - self._idle_since
        sampler = self.prepare()
        began = time.perf_counter()
        if self._probabilities is None:
            self._probabilities = self._forward_pass()
        probabilities = self._probabilities
        count = min(self.settings.batch, self.settings.episodes - self.episodes)
        batch = self._batch(sampler, probabilities, count)
        steps, visits = batch.steps, batch.sums[:, 1]
        paused = time.perf_counter()
        truth = self._truth(probabilities, steps, count, waited)
        exact_gradient = None if truth is None else self._gradient(ALL, truth.credit)
        paused = time.perf_counter() - paused
        visited = np.flatnonzero(visits)
        states: States
        if self.settings.estimator == "exact":
            assert truth is not None
            states, credit, paused = ALL, truth.credit, 0.0
        else:
            states = _picked(visited, len(visits))
            credit = batch.credit
        gradient, ascent = self._gradients(states, credit, batch, count)
        after = self._ascend(ascent, states, visits)
        self._probabilities = after
        self.baseline.learn(batch.sums)
        self.visits[visited] += visits[visited].astype(np.int64)
        self.update += 1
        self.episodes += count
        self.steps += steps
        self.seconds += time.perf_counter() - began - paused
        norm = math.sqrt(sum(float((part * part).sum()) for part in gradient))
        angle, norm_ratio = None, None
        if exact_gradient is not None:
            if isinstance(states, torch.Tensor) and self.policy.by_state:
                gradient = [_placed(gradient[0], states, self.dynamics.n_states), *gradient[1:]]
            angle, norm_ratio = angle_and_ratio(gradient, exact_gradient)
        chosen = probabilities[visited]  # in a large world a small part of it
        entropy = -(chosen * np.log(np.maximum(chosen, 1e-300))).sum(axis=1)
        snapshot = Snapshot(
            update=self.update,
            episodes=self.episodes,
            steps=self.steps,
            probabilities=probabilities,
            after=after,
            credit=_centred(credit, probabilities, states),
            visits=self.visits.copy(),
            episode=sampler.episode(probabilities, self.update - 1, 0),
            returns=batch.returns[:RETURNS_SHOWN],
            mean_return=batch.mean_return,
            goal_rate=batch.goal_rate,
            mean_length=steps / count,
            entropy=float(visits[visited] @ entropy / max(steps, 1)),
            gradient_norm=norm,
            objective=None if truth is None else truth.objective,
            values=None if truth is None else truth.values,
            seconds=self.seconds,
            action_values=None if truth is None else truth.action_values,
            exact_credit=None if truth is None else centred(truth.credit, probabilities),
            angle=angle,
            norm_ratio=norm_ratio,
        )
        self._idle_since = time.perf_counter()
        return snapshot

    # -- the parts of an update ---------------------------------------------------------------------------

    def _batch(self, sampler: Sampler, probabilities: NDArray[np.float64], count: int) -> Summary:
        """``count`` episodes of the policy as it is, of which each rank walks its share."""
        first, own = self.ranks.share(count)
        batch = sampler.sample(probabilities, self.baseline.values(), self.update, own, first)
        return summarised(batch) if self.ranks.size == 1 else pooled(self.ranks, batch)

    def _gradient(self, states: States, credit: NDArray[np.float64]) -> list[Tensor]:
        """Σ credit(s,a) ∇_θ ln π_θ(a|s), one tensor per parameter: with Ŵ it is ∇̂J of (17), with W* it is ∇J."""
        return self.policy.gradients(states, _credited(credit, states))[0]

    def _gradients(
        self, states: States, credit: NDArray[np.float64], batch: Summary, count: int
    ) -> tuple[list[Tensor], list[Tensor]]:
        """∇̂J; and ∇̂J plus the gradient of β σ Σ_s (visits of s per episode) · H(π(·|s)), the visits held fixed."""
        remaining = max(0.0, 1.0 - self.update / self.settings.anneal)
        weight = self.settings.entropy * remaining**3 * batch.spread
        if weight == 0.0:
            (gradient,) = self.policy.gradients(states, _credited(credit, states))
            return gradient, gradient
        visits = torch.from_numpy(batch.sums[:, 1] / count)[states]

        def bonus(log_pi: Tensor, places: slice) -> Tensor:
            return weight * (visits[places] * -(log_pi.exp() * log_pi).sum(dim=1)).sum()

        gradient, added = self.policy.gradients(states, _credited(credit, states), bonus)
        return gradient, [part + more for part, more in zip(gradient, added, strict=True)]

    def _ascend(self, ascent: list[Tensor], states: States, visits: NDArray[np.float64]) -> NDArray[np.float64]:
        """Equation (4); returns the policy that it led to.  Nothing changes where a number is not finite.

        Adam goes on moving what was visited in earlier batches; states that none has visited have no momentum.
        """
        for part in ascent:
            self._require_finite(part.numpy(), "the gradient is")
        rows: States = ALL
        if isinstance(states, torch.Tensor) and self.policy.by_state:
            rows = _picked(np.flatnonzero((self.visits > 0) | (visits > 0.0)), len(visits))
            places, count = states, len(visits)
            if isinstance(rows, torch.Tensor):
                places, count = torch.searchsorted(rows, states), len(rows)
            ascent = [_placed(ascent[0], places, count), *ascent[1:]]
        # torch's optimisers descend: this minus is the only difference to (2).
        self.optimizer.step([-part for part in ascent], rows)
        try:
            return self._forward_pass(self._probabilities, rows if self.policy.tabular else ALL)
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

    # -- the truth beside it --------------------------------------------------------------------------------

    def _truth(self, probabilities: NDArray[np.float64], steps: int, count: int, waited: float) -> Truth | None:
        """The exact numbers of a policy: where they are due, where training needs them, and where there was time."""
        if self.ranks.rank > 0 and self.settings.estimator != "exact":  # nobody looks at them here
            return None
        compiled = self.prepare().kernel is not None
        self.budget.earn(steps // self.ranks.size, compiled)
        within = self.budget.affordable and self.budget.debt <= 0.0
        last = self.episodes + count >= self.settings.episodes
        self.exact_due = within or (last and self.budget.affordable) or self.settings.estimator == "exact"
        spare = self.budget.affordable and waited > self.budget.seconds(2 * self.dynamics.max_steps, compiled)
        if not (self.exact_due or spare):
            return None
        values, credit = self.exact.truth(probabilities)
        if within:
            self.budget.spend(compiled)
        return Truth(self.exact.objective(values), values, self.exact.action_values(probabilities), credit)


def _picked(numbers: NDArray[np.int64], n_states: int) -> States:
    """The states with these numbers, or all where these are not much fewer."""
    return torch.from_numpy(numbers) if n_states > FEW_STATES and ONE_IN * len(numbers) < n_states else ALL


def _credited(credit: NDArray[np.float64], states: States) -> Callable[[Tensor, slice], Tensor]:
    """Σ credit(s,a) ln π(a|s) over some states."""
    weights = torch.from_numpy(credit)[states]
    return lambda log_pi, places: (weights[places] * log_pi).sum()


def _placed(part: Tensor, places: Tensor, length: int) -> Tensor:
    """(length, n): the rows of a part at their places, and rows of zeros."""
    whole = part.new_zeros(length, part.shape[1])
    whole[places] = part
    return whole


def _centred(credit: NDArray[np.float64], probabilities: NDArray[np.float64], states: States) -> NDArray[np.float64]:
    """(S, A) float64: the centred table, where the credit of all but some states is zero."""
    table = np.zeros_like(credit)
    table[states] = centred(credit[states], probabilities[states])
    return table
