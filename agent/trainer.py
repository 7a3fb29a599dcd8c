"""REINFORCE (Williams 1992): sample episodes, estimate ∇J by (17), take the step (4), and yield a snapshot.

One update:

1. one forward pass gives π as a table, and N episodes are sampled from it (``rollout.py`` or ``kernel.py``);
2. the episodes become the credit table Ŵ (``credit.py``), and one backward pass makes of it
   ∇̂J = Σ Ŵ(s,a) ∇_θ ln π_θ(a|s): a mean over episodes of sums over steps, γ^t kept;
3. an entropy bonus may be added: the gradient of β σ E[Σ_t H(π(·|s_t))], with σ the standard deviation of the
   batch's returns, so that β has no unit.  While β > 0 the sum climbs this instead of J alone;
4. the optimiser takes the step θ ← θ + α · (what it makes of the gradient).
"""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import torch

from agent.batch import summarised
from agent.credit import Baseline, centred
from agent.exact import Exact
from agent.policy import Policy
from agent.ranks import Ranks
from agent.sampler import Sampler
from agent.shares import Parted, leave, pooled
from agent.truth import Budget, Truth, angle_and_ratio
from game.errors import NumericalError, RanksError
from game.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from torch import Tensor

    from agent.batch import Batch, Summary
    from agent.settings import Settings
    from game.dynamics import Dynamics

#: Returns of a batch that a snapshot carries.
RETURNS_SHOWN = 64


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
        self.optimizer = _optimizer(self.policy, settings)
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
        self._forward: tuple[Tensor, NDArray[np.float64]] | None = None
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
        :class:`~agent.shares.Parted` where one leaves; and then nothing has changed.
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
        log_pi, probabilities = self._forward or self._forward_pass()
        count = min(self.settings.batch, self.settings.episodes - self.episodes)
        batch = self._batch(sampler, probabilities, count)
        steps = batch.steps
        paused = time.perf_counter()
        truth = self._truth(probabilities, steps, count, waited)
        exact_gradient = None if truth is None else self._gradient(log_pi, truth.credit)
        paused = time.perf_counter() - paused
        if self.settings.estimator == "exact":
            assert truth is not None
            assert exact_gradient is not None
            credit, gradient = truth.credit, exact_gradient
            paused = 0.0
        else:
            credit, gradient = batch.credit, self._gradient(log_pi, batch.credit)
        ascent = self._with_entropy(log_pi, batch, gradient, count)
        self._forward = None
        del log_pi  # with the old graph, which a network on a large world should not hold beside the new one
        self._forward = self._ascend(ascent)
        after = self._forward[1]
        self.baseline.learn(batch.sums)
        self.visits += batch.sums[:, 1].astype(np.int64)
        self.update += 1
        self.episodes += count
        self.steps += steps
        self.seconds += time.perf_counter() - began - paused
        angle, norm_ratio = (None, None) if exact_gradient is None else angle_and_ratio(gradient, exact_gradient)
        visited = np.flatnonzero(batch.sums[:, 1])  # in a large world a small part of it
        chosen = probabilities[visited]
        entropy = -(chosen * np.log(np.maximum(chosen, 1e-300))).sum(axis=1)
        snapshot = Snapshot(
            update=self.update,
            episodes=self.episodes,
            steps=self.steps,
            probabilities=probabilities,
            after=after,
            credit=centred(credit, probabilities),
            visits=self.visits.copy(),
            episode=sampler.episode(probabilities, self.update - 1, 0),
            returns=batch.returns[:RETURNS_SHOWN],
            mean_return=batch.mean_return,
            goal_rate=batch.goal_rate,
            mean_length=steps / count,
            entropy=float(batch.sums[visited, 1] @ entropy / max(steps, 1)),
            gradient_norm=math.sqrt(sum(float((part * part).sum()) for part in gradient)),
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

    def _gradient(self, log_pi: Tensor, credit: NDArray[np.float64]) -> list[Tensor]:
        """Σ credit(s,a) ∇_θ ln π_θ(a|s), one tensor per parameter: with Ŵ it is ∇̂J of (17), with W* it is ∇J."""
        surrogate = (torch.from_numpy(credit) * log_pi).sum()
        return list(torch.autograd.grad(surrogate, list(self.policy.parameters()), retain_graph=True))

    def _with_entropy(self, log_pi: Tensor, batch: Summary, gradient: list[Tensor], count: int) -> list[Tensor]:
        """∇̂J plus the gradient of β σ Σ_s (visits of s per episode) · H(π(·|s)), the visits held fixed."""
        remaining = max(0.0, 1.0 - self.update / self.settings.anneal)
        weight = self.settings.entropy * remaining**3 * batch.spread
        if weight == 0.0:
            return gradient
        visits = torch.from_numpy(batch.sums[:, 1] / count)
        bonus = weight * (visits * -(log_pi.exp() * log_pi).sum(dim=1)).sum()
        added = torch.autograd.grad(bonus, list(self.policy.parameters()))
        return [part + more for part, more in zip(gradient, added, strict=True)]

    def _ascend(self, ascent: list[Tensor]) -> tuple[Tensor, NDArray[np.float64]]:
        """Equation (4); returns the policy that it led to.  Nothing changes where a number is not finite."""
        for part in ascent:
            self._require_finite(part.numpy(), "the gradient is")
        parameters = list(self.policy.parameters())
        moments = [value for state in self.optimizer.state.values() for value in state.values() if value is not None]
        good = [(tensor, tensor.detach().clone()) for tensor in (*parameters, *moments)]
        for parameter, part in zip(parameters, ascent, strict=True):
            parameter.grad = -part  # torch's optimisers descend: this minus is the only difference to (2)
        self.optimizer.step()
        self.optimizer.zero_grad()
        try:
            return self._forward_pass()
        except NumericalError:
            with torch.no_grad():
                for tensor, saved in good:
                    tensor.copy_(saved)
            if not moments:
                self.optimizer.state.clear()
            raise

    def _forward_pass(self) -> tuple[Tensor, NDArray[np.float64]]:
        """ln π (S, A), with its graph, and π (S, A); the pass after one update is also the one before the next."""
        log_table = self.policy.log_probabilities()
        log_pi = log_table if self.dynamics.fully_observed else log_table[self.policy.observation]
        probabilities = log_pi.detach().exp().numpy().copy()
        self._require_finite(probabilities, "the policy's probabilities are")
        return log_pi, probabilities

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
        self.budget.earn(steps, compiled)
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


def _optimizer(policy: Policy, settings: Settings) -> torch.optim.Optimizer:
    if settings.optimizer == "sgd":
        return torch.optim.SGD(policy.parameters(), lr=settings.learning_rate)
    # A short memory of squared gradients: the returns of the first, random episodes can be a hundred times those
    # that come later, and would hold the steps down for long.  eps only guards against 0/0: credit may be tiny.
    return torch.optim.Adam(policy.parameters(), lr=settings.learning_rate, betas=(0.9, 0.9), eps=1e-30, fused=True)
