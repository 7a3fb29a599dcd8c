"""Estimators side by side: how J grows with each, and how good each is at fixed policies.

All train a table of logits with the same settings, on the same seeds and without an entropy bonus, so that nothing
but the estimator differs.  Everything is a function of its arguments: the same numbers for any number of jobs.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.exact.budget import Budget
from agent.exact.exact import Exact
from agent.exact.policy_values import policy_objective
from agent.fast.recursions import MACHINE_CODE
from agent.fast.sampler import KERNEL_STEPS, LONG_EPISODE
from agent.reinforce.credit import ESTIMATORS, SAMPLED
from agent.reinforce.settings import Settings, settings_for
from game.errors import NumericalError, SettingsError, nearest
from game.snapshots.comparison import Comparison, FixedPolicy, LearningCurve, Quality
from game.world.catalog import World
from game.world.dynamics import Dynamics

#: About how many points a learning curve has.
POINTS = 50
#: Share cut off at either end before a mean is an interquartile mean.
TRIM = 0.25
#: Resamples of the seeds for a band, and what their generator starts from.
RESAMPLES, BAND_SEED = 2000, 20170
#: Updates with the exact gradient within which the midway policy is looked for.
MIDWAY_UPDATES = 1000
#: Adam's learning rate on the way there: small, so that one update does not leap far past half-way.
MIDWAY_RATE = 0.02
#: The seed of the episodes at fixed policies.
FIXED_SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is to be compared.

    ``settings`` are those of every run but for estimator and seed; ``points`` (P,) int64 are the numbers of updates
    after which J is computed, the first 0 and the last the run's end.
    """

    world: World
    estimators: tuple[str, ...]
    n_seeds: int
    settings: Settings
    points: NDArray[np.int64]


def plan(
    world: World, estimators: Sequence[str], n_seeds: int, batch: int | None = None, updates: int | None = None
) -> Plan:
    """A comparison in a world; without ``batch`` and ``updates`` both are those of training.

    Raises :class:`~game.errors.SettingsError` for options that make no sense, and for a world too large.
    """
    for name in estimators:
        if name not in ESTIMATORS:
            raise SettingsError(f"--estimators names '{name}'; {nearest(name, ESTIMATORS)}")
    if len(set(estimators)) < len(estimators) or not estimators:
        raise SettingsError(f"--estimators is '{','.join(estimators)}'; expected different names, such as baseline")
    if updates is not None and updates < 1:
        raise SettingsError(f"--updates is {updates}; expected a whole number of at least 1")
    settings = settings_for(world.dynamics, batch=batch, entropy=0.0)
    if updates is not None:
        settings = settings_for(world.dynamics, batch=batch, entropy=0.0, episodes=updates * settings.batch)
    if not Budget(Exact(world.dynamics)).affordable:
        raise SettingsError(
            f"'{world.argument}' has {world.dynamics.n_states:,} states and a cap of {world.dynamics.max_steps:,} "
            "steps, too large for the exact numbers that a comparison rests on; expected a smaller level"
        )
    points = np.unique(np.linspace(0, settings.updates, POINTS).round().astype(np.int64))
    return Plan(world, tuple(estimators), n_seeds, settings, points)


# -- learning ---------------------------------------------------------------------------------------------------


def learning(dynamics: Dynamics, settings: Settings, points: NDArray[np.int64]) -> NDArray[np.float64]:
    """(P,) float64: train once, in one thread; the exact J of (5) after each of ``points`` updates."""
    from agent.trainer import Trainer  # imports torch

    trainer = Trainer(dynamics, settings, threads=1)
    objective = np.empty(len(points))
    for place, updates in enumerate(points):
        while trainer.update < updates:
            trainer.step()
        objective[place] = known(policy_objective(trainer.exact, trainer.probabilities()))
    return objective


def known(objective: float | None) -> float:
    """Return J.  Raises :class:`~game.errors.NumericalError` where it cannot be told within reach."""
    if objective is None:
        raise NumericalError("the exact J of a policy cannot be told within reach here; expected a smaller level")
    return objective


def interquartile_mean(values: NDArray[np.float64], axis: int = 0) -> NDArray[np.float64]:
    """The mean of what is left when a quarter is cut off at either end along ``axis`` (rounded down)."""
    from scipy.stats import trim_mean

    return np.asarray(trim_mean(values, TRIM, axis=axis))


def bootstrap_band(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(P,), (P,): the pointwise 95 % percentile interval of the interquartile mean of (seeds, P) over the seeds."""
    generator = np.random.default_rng(BAND_SEED)
    chosen = generator.integers(len(values), size=(RESAMPLES, len(values)))
    parts = np.array_split(chosen, 20)  # all resamples at once would not fit into memory for many seeds
    means = np.concatenate([interquartile_mean(values[rows], axis=1) for rows in parts])
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return low, high


def learning_curve(estimator: str, objective: NDArray[np.float64]) -> LearningCurve:
    """The curve of one estimator from J (seeds, P)."""
    low, high = bootstrap_band(objective)
    return LearningCurve(estimator, objective, interquartile_mean(objective), low, high)


# -- fixed policies -----------------------------------------------------------------------------------------------


def fixed_policies(dynamics: Dynamics, settings: Settings, best: float) -> tuple[FixedPolicy, ...]:
    """The uniform policy, and one midway to the best.

    The second is what training with the exact gradient has when J passes half-way from uniform to ``best``; where
    it does not get there, half-way to the highest J that it had.  At the optimum itself ∇J is zero, and nothing
    can be divided by it.
    """
    from agent.studies.quality import fixed_policy
    from agent.trainer import Trainer

    # Enough for the sampler to bring in the machine code.
    batch = 1 if dynamics.max_steps >= LONG_EPISODE else max(2, -(-KERNEL_STEPS // dynamics.max_steps))
    settings = replace(
        settings, estimator="exact", batch=batch, episodes=batch * MIDWAY_UPDATES, learning_rate=MIDWAY_RATE
    )
    trainer = Trainer(dynamics, settings, threads=1)
    uniform = trainer.probabilities()
    first = known(policy_objective(trainer.exact, uniform))
    half = (first + best) / 2
    passed: list[tuple[float, NDArray[np.float64]]] = []
    for snapshot in trainer.run():
        assert snapshot.objective is not None
        passed.append((snapshot.objective, snapshot.probabilities))
        if snapshot.objective >= half:
            break
    highest = max(objective for objective, _ in passed)
    half = half if highest >= half else (first + highest) / 2
    midway = next(table for objective, table in passed if objective >= half)
    return (
        fixed_policy(trainer.exact, "uniform", uniform),
        fixed_policy(trainer.exact, "midway", midway),
    )


def measured(dynamics: Dynamics, policy: FixedPolicy, estimator: str, count: int) -> Quality:
    """One estimator at one policy, in one thread."""
    from agent.fast.kernel import Kernel
    from agent.studies.quality import quality

    return quality(Kernel(dynamics, threads=1), policy, estimator, count, FIXED_SEED)


# -- all of it ------------------------------------------------------------------------------------------------------


def count_tasks(plan: Plan) -> int:
    """How often :func:`compare` will call ``tick``: its runs, and its measurements at the two fixed policies."""
    sampled = sum(name in SAMPLED for name in plan.estimators)
    return sampled * (plan.n_seeds + 2) + (len(plan.estimators) - sampled)


def _undisturbed(work: Callable[..., Any], *arguments: Any) -> Any:
    """A part of the work; a process that does parts for another is deaf to Ctrl-C, which a terminal sends there too.

    The other one ends it, and between two parts it would write a traceback.
    """
    if multiprocessing.current_process().name != "MainProcess":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return work(*arguments)


def settings_of(settings: Settings, estimator: str, seed: int) -> Settings:
    """Return the settings of one run: with the exact gradient as many updates, without batches that nobody needs."""
    if estimator == "exact":
        settings = replace(settings, batch=1, episodes=settings.updates)
    return replace(settings, estimator=estimator, seed=seed)


def compare(plan: Plan, jobs: int, tick: Callable[[], None]) -> Comparison:
    """Run all of a plan in ``jobs`` processes; ``tick`` is called after each part."""
    from joblib import Parallel, delayed

    from agent.studies.quality import SIZES, replicates

    dynamics, settings = plan.world.dynamics, plan.settings
    exact = Exact(dynamics, MACHINE_CODE)
    best = exact.best_for_policy()
    policies = fixed_policies(dynamics, settings, best)
    counts = [replicates(exact, policy.probabilities) for policy in policies]
    runs = [(name, seed) for name in plan.estimators for seed in range(plan.n_seeds if name in SAMPLED else 1)]
    checks = [(place, name) for place in range(len(policies)) for name in plan.estimators if name in SAMPLED]
    part = delayed(_undisturbed)
    tasks: list[Any] = [part(measured, dynamics, policies[place], name, counts[place]) for place, name in checks]
    tasks += [part(learning, dynamics, settings_of(settings, name, seed), plan.points) for name, seed in runs]
    results = []
    for result in Parallel(n_jobs=jobs, return_as="generator")(tasks):
        results.append(result)
        tick()
    curves = results[len(checks) :]
    tables = {
        name: np.stack([c for c, run in zip(curves, runs, strict=True) if run[0] == name]) for name in plan.estimators
    }
    episodes = np.minimum(plan.points * settings.batch, settings.episodes)
    return Comparison(
        title=plan.world.title,
        steps=f"N = {settings.batch:,}, {settings.optimizer.capitalize()}, α = {settings.learning_rate:g}",
        n_seeds=plan.n_seeds,
        episodes=episodes,
        updates=plan.points,
        best=best,
        curves=tuple(learning_curve(name, table) for name, table in tables.items()),
        policies=policies,
        qualities=tuple(results[: len(checks)]),
        checked=tuple(count * sum(size for size in SIZES if size < 1000) for count in counts),
    )
