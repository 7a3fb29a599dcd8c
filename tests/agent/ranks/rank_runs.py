"""Runs of several kinds, trained by the processes that torchrun starts; ``test_ranks.py`` compares what they learned.

torchrun --standalone --nproc-per-node 2 -m tests.agent.ranks.rank_runs FOLDER
"""

from __future__ import annotations

import itertools
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np

from agent.ranks.ranks import Ranks, ranks_here
from agent.runs.follower import follow
from agent.runs.session import Session
from agent.trainer import Trainer
from tests.agent.worlds import EVERYTHING, LEVELS, settings_of, world_of

#: Level and settings.  Batches of 21, 1 and 3 do not divide by two; those of 1 and 3 are walked readably.
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("everything", {"estimator": "total-return", "learning_rate": 0.1}),
    "adam with a bonus": ("restarts", {"optimizer": "adam", "learning_rate": 0.05, "entropy": 0.3, "anneal": 10}),
    "network": ("everything", {"optimizer": "adam", "hidden": (5, 4), "features": "position", "learning_rate": 0.01}),
    "readable": ("corridor", {"batch": 3, "episodes": 34, "learning_rate": 0.01}),
    "single episodes": ("truncated", {"batch": 1, "episodes": 9, "estimator": "reward-to-go"}),
    "exact": ("restarts", {"estimator": "exact", "learning_rate": 0.1}),
}


def trained(kind: str, ranks: Ranks | None) -> dict[str, Any]:
    """What a run of one kind ends with, and what it showed on the way."""
    level, given = KINDS[kind]
    dynamics = world_of(LEVELS[level]).dynamics
    settings = settings_of(dynamics, **({"batch": 21, "episodes": 230, "seed": 4} | given))
    trainer = Trainer(dynamics, settings, ranks=ranks)
    shown = [(one.mean_return, one.goal_rate, one.mean_length, one.gradient_norm) for one in trainer.run()]
    return {
        "parameters": [parameter.detach().numpy().copy() for parameter in trainer.policy.parameters()],
        "baseline": trainer.baseline.sums,
        "visits": trainer.visits,
        "counters": np.array([trainer.update, trainer.episodes, trainer.steps]),
        "shown": np.array(shown),
    }


def stopped(ranks: Ranks) -> tuple[int, int]:
    """The update at which every rank is when the last one is asked to end after its third update; and how many more."""
    dynamics = world_of(EVERYTHING).dynamics
    trainer = Trainer(dynamics, settings_of(dynamics, batch=20, episodes=10**6), ranks=ranks)
    for snapshot in trainer.run():
        ranks.stopping = snapshot.update == 3 and ranks.rank == ranks.size - 1
    ranks.stopping = False
    reached = trainer.update
    for _ in range(2):
        trainer.step()
    if ranks.rank == 0:
        trainer.parted = False
        trainer.part()
    else:
        assert not list(trainer.run())
    return reached, trainer.update - reached


def restarted(ranks: Ranks, folder: Path) -> list[int]:
    """A run left after two updates, one left before its first, and a whole one: how many updates each had.

    Rank 0 alone has a session; the others meet it in ``follow``.
    """
    if ranks.rank > 0:
        follow(ranks)
        return []
    world = world_of(EVERYTHING)
    settings = settings_of(world.dynamics, batch=20, episodes=100)
    session = Session(world, settings, None, folder / "run", ranks)
    counts = []
    for updates in (2, 0, 99):
        if session.run is None:
            session.begin()
        else:
            session.restart()
        shown = session.updates()
        counts.append(sum(1 for _ in itertools.islice(shown, updates)))
        shown.close()
    session.close()
    return counts


def main() -> None:
    """Train, and write what this rank has."""
    ranks = ranks_here()
    counts = restarted(ranks, Path(sys.argv[1]))  # a session and ``follow`` make the ranks meet
    results: dict[str, Any] = {"restarted": counts}
    results |= {kind: trained(kind, ranks) for kind in KINDS}
    results["stopped"] = stopped(ranks)
    results["threads"] = ranks.threads
    Path(sys.argv[1], f"{ranks.rank}.pickle").write_bytes(pickle.dumps(results))


if __name__ == "__main__":
    main()
