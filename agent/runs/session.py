"""A training run as a view is handed it; heavy libraries are imported when it begins."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.ranks.ranks import Ranks
from agent.reinforce.rollout import rollout
from agent.reinforce.settings import Settings
from agent.runs.folder import SavedRun, claim
from agent.runs.metrics import FILE, read_columns
from game.errors import RanksError, RunError
from game.snapshots.snapshot import Briefing, Snapshot, Trajectory
from game.world.catalog import World

if TYPE_CHECKING:
    from agent.runs.run import Run

#: Updates that no training reaches: the streams of demonstrations and of final evaluations.
DEMONSTRATIONS = 2**62
EVALUATION = 2**61


class Session:
    """One run, new or resumed, and what follows when it is restarted.

    ``saved`` is the run to resume, None for a new one; ``out`` its folder where a person named one.  Of several
    ``ranks`` this one is rank 0, and the others train what it tells them to.  With ``tensorboard`` it keeps events too.
    A new run begins from the policy of ``source``, where that is given, and so does one that follows it.
    """

    def __init__(
        self,
        world: World,
        settings: Settings,
        saved: SavedRun | None,
        out: Path | None,
        ranks: Ranks | None = None,
        tensorboard: bool = False,
        source: SavedRun | None = None,
    ) -> None:
        self.world, self.settings, self.saved, self.out, self.tensorboard = world, settings, saved, out, tensorboard
        self.source = source
        self.ranks = ranks or Ranks()
        self.run: Run | None = None
        self.note = ""
        self.demonstrations = 0

    def begin(self) -> Briefing:
        """Make or load the run."""
        from agent.runs.run import resume

        self.ranks.join()
        if self.saved is not None:
            self.run, self.note = resume(self.saved, self.settings, self.ranks, self.tensorboard)
        else:
            self.run = self._created(self.out)
        return self._briefing(self.run)

    def _created(self, out: Path | None) -> Run:
        from agent.runs.run import create

        return create(claim(self.world, out), self.world, self.settings, self.ranks, self.tensorboard, self.source)

    def _briefing(self, run: Run) -> Briefing:
        if self.ranks.size > 1:
            from agent.runs.follower import beginning

            self.ranks.broadcast(beginning(run.trainer))
        run.trainer.prepare()
        exact = run.trainer.exact
        optimum = exact.optimum().objective if exact.affordable else None
        total = run.trainer.update + -(-(self.settings.episodes - run.trainer.episodes) // self.settings.batch)
        past = None
        if run.trainer.update > 0:
            with suppress(RunError):  # learning goes on without them, and so does watching it
                past = read_columns(run.folder / FILE)
        return Briefing(
            run.folder.name,
            self.settings.shown(),
            optimum,
            max(total, run.trainer.update),
            exact.best_for_observer(),
            past,
        )

    @property
    def running(self) -> Run:
        """The run, once it has begun."""
        assert self.run is not None, "begin() comes first"
        return self.run

    def updates(self) -> Generator[Snapshot]:
        """One snapshot per update, to the end of the run."""
        return self.running.updates()

    def exactly(self, snapshot: Snapshot, seconds: float) -> Snapshot:
        """The snapshot of the last update with its exact numbers, where they take about ``seconds`` at most."""
        return self.running.trainer.exactly(snapshot, seconds)

    def ended(self) -> Snapshot:
        """The policy as it is now."""
        from agent.runs.last_policy import last_policy

        return last_policy(self.running.trainer)

    def train(self, stopped: Callable[[], bool]) -> None:
        """Make ready and train without a view, to the end or until ``stopped`` says so between two updates."""
        self.begin()
        with closing(self.updates()) as updates:
            for _ in updates:
                if stopped():
                    break

    def save(self) -> str:
        """Save now; says where."""
        self.running.save()
        return f"saved in {self.running.folder}"

    def restart(self) -> Briefing:
        """Save, and begin again from the first update in a folder of its own."""
        self.running.save()
        self.running.trainer.part()
        out = None
        if self.out is not None:
            out = self.out.with_name(f"{self.out.name}-again")
            while out.exists():
                out = out.with_name(f"{out.name}-again")
        self.run = self._created(out)
        return self._briefing(self.run)

    def close(self) -> None:
        """Let the other ranks end.  (Where this one ends by an error instead, they notice that it has gone.)"""
        with suppress(RanksError):
            if self.run is not None:
                self.run.trainer.part()
            self.ranks.dismiss()

    def demonstrate(self, probabilities: NDArray[np.float64], start: int | None) -> Trajectory:
        """An episode of a policy (S, A) on dice of its own, never learned from."""
        self.demonstrations += 1
        sampler = self.running.trainer.sampler
        if sampler is None:  # before the first update; a worker may be making one
            dynamics = self.world.dynamics
            return rollout(dynamics, probabilities, self.settings.seed, DEMONSTRATIONS, self.demonstrations, start)
        return sampler.episode(probabilities, DEMONSTRATIONS, self.demonstrations, start)
