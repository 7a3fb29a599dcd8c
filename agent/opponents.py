"""Where a game against a learned policy finds its levels and opponents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.exact import PATIENCE
from agent.folder import SHIPPED, SavedRun, newest, shipped_run
from game.catalog import World, load, shipped
from game.snapshot import Opponent

if TYPE_CHECKING:
    from collections.abc import Sequence


class Opponents:
    """The shipped levels and, first, the one that was asked for; ``chosen`` is a run that a person named, or None."""

    def __init__(self, argument: str, chosen: SavedRun | None) -> None:
        self.argument, self.chosen = argument, chosen

    def levels(self) -> Sequence[World]:
        """The worlds that can be chosen."""
        names = list(shipped())
        first = [] if self.argument in names else [self.chosen.world if self.chosen else load(self.argument)]
        return [*first, *map(load, names)]

    def opponent(self, argument: str) -> Opponent:
        """The run that was named, if it is of this level; else the level's newest run, else its shipped policy."""
        if self.chosen is not None and self.chosen.world.argument == argument:
            saved = self.chosen
        else:
            world = load(argument)
            saved = newest(world) or shipped_run(world)
        from agent.hindsight import Hindsight
        from agent.runs import trained  # imports torch

        trainer, note = trained(saved)
        probabilities = trainer.probabilities()
        exact = trainer.exact
        label = "shipped policy" if saved.folder.parent == SHIPPED else f"run {saved.name}"
        return Opponent(
            world=saved.world,
            probabilities=probabilities,
            label=f"{label} after {trainer.episodes:,} episodes" + (" (the newest are damaged)" if note else ""),
            optimum=exact.optimum().objective if exact.affordable else None,
            objective=exact.objective(exact.values(probabilities)) if exact.cost <= PATIENCE else None,
            review=Hindsight(exact),
        )
