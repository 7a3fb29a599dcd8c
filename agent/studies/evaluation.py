"""What a policy attains: exactly, and in fresh episodes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.exact.policy_values import evaluated, policy_objective
from agent.exact.tables import PATIENCE, greedy, ratio
from agent.fast.recursions import MACHINE_CODE
from agent.runs.folder import find, shipped_run
from agent.runs.session import EVALUATION
from game.errors import SettingsError
from game.world.catalog import World

if TYPE_CHECKING:
    from agent.runs.run import Run

FRESH_EPISODES = 1000
#: Parts of the work of :func:`evaluate`.
PARTS = 5
NO_OPTIMUM = (
    "The best possible is not known: within the cap it is no policy's that looks at the state alone, or that could not "
    "be shown, and the recursion over all steps is too long."
)
NO_VALUE = "What the policy attains is not known: the recursion over all steps up to the cap is too long."


def evaluate(
    world: World, policy: str, take_most_probable: bool, advance: Callable[[], None] = lambda: None
) -> tuple[dict[str, Any], str]:
    """The numbers of ``python main.py evaluate`` (see ``docs/metrics.md``), and a sentence for a person or "".

    ``policy`` is ``uniform``, ``optimal``, ``shipped``, ``p=0.6``, or a run.  ``advance`` is called after each of
    ``PARTS`` parts of the work.  Raises :class:`~game.errors.ArrowgradError`.
    """
    exact = Exact(world.dynamics)
    if exact.cost > PATIENCE:
        exact = Exact(world.dynamics, MACHINE_CODE)  # long recursions are worth the import of numba
    best = exact.optimum() if exact.affordable else None
    advance()
    attained, notes = best, []
    if policy == "optimal":
        for _ in range(PARTS - 2):
            advance()
    else:
        table, note = policy_table(world, policy)
        notes.append(note)
        attained = evaluated(exact, greedy(table) if take_most_probable else table, advance)
    optimum = None if best is None else best.objective
    found = None if world.dynamics.fully_observed else exact.optimum_observed()
    if found is not None and attained is not None and policy != "optimal":
        found = max(found, attained.objective)  # what was attained has been found
    advance()
    measure, ratio_of = (optimum, "optimum") if optimum is not None or found is None else (found, "best_found")
    share = None if attained is None or measure is None else ratio(attained.objective, measure)
    numbers: dict[str, Any] = {
        "level": world.argument,
        "policy": policy,
        "objective": None if attained is None else attained.objective,
        "optimum": optimum,
        "ratio": share,
        "ratio_of": None if share is None else ratio_of,
        "goal_probability": None if attained is None else attained.goal_probability,
        "expected_steps": None if attained is None else attained.expected_steps,
    }
    if found is not None:
        numbers["optimum_observed"] = found
    if optimum is None:
        notes.append(NO_OPTIMUM)
    if attained is None and policy != "optimal":
        notes.append(NO_VALUE)
    return numbers, " ".join(filter(None, notes))


def policy_table(world: World, policy: str) -> tuple[NDArray[np.float64], str]:
    """(S, A) float64: the policy that an argument of ``evaluate`` names; and a sentence for a person or ""."""
    dynamics = world.dynamics
    shape = (dynamics.n_states, dynamics.n_actions)
    if policy == "uniform":
        return np.full(shape, 1.0 / dynamics.n_actions), ""
    if constant := re.fullmatch(r"p=(.*)", policy):
        try:
            p = float(constant[1])
        except ValueError:
            p = float("nan")
        if not 0.0 <= p <= 1.0:
            raise SettingsError(f"--policy is '{policy}'; expected p=NUMBER with a number from 0 to 1, such as p=0.6")
        if dynamics.n_actions != 2:
            count = dynamics.n_actions
            raise SettingsError(f"--policy {policy} needs a level with two actions; '{world.argument}' has {count}")
        return np.tile([1.0 - p, p], (dynamics.n_states, 1)), ""
    saved = shipped_run(world) if policy == "shipped" else find(policy)
    if saved.world.dynamics.probability.shape[:2] != shape or saved.world.name != world.name:
        raise SettingsError(f"--policy {policy} was learned on '{saved.world.argument}'; expected '{world.argument}'")
    from agent.runs.run import trained  # imports torch

    trainer, note = trained(saved)
    return trainer.probabilities(), note


def summary(run: Run) -> dict[str, Any]:
    """The numbers of ``train --json``: counters, what the final policy attains exactly, and in 1,000 fresh episodes."""
    trainer, world = run.trainer, run.world
    probabilities = trainer.probabilities()
    fresh = trainer.fresh(EVALUATION, FRESH_EPISODES)
    exact = trainer.exact
    optimum = exact.optimum().objective if exact.affordable else None
    objective = policy_objective(exact, probabilities)
    return {
        "level": world.argument,
        "run": str(run.folder),
        "seed": run.settings.seed,
        "episodes": trainer.episodes,
        "updates": trainer.update,
        "steps": trainer.steps,
        "seconds": trainer.seconds,
        "mean_return": float(fresh.returns.mean()),
        "goal_rate": float(fresh.goals.mean()),
        "objective": objective,
        "optimum": optimum,
        "ratio": None if objective is None or optimum is None else ratio(objective, optimum),
    }
