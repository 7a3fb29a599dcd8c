"""Where a game against a learned policy finds its levels and opponents, and where these learn on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.exact.policy_values import policy_objective
from agent.reinforce.settings import with_episodes
from agent.runs.folder import SHIPPED, SavedRun, copied, find, newest, open_run, shipped_run
from agent.runs.learned_policy import learned_policy
from agent.runs.metrics import FILE, read_columns
from agent.runs.session import Session
from game.errors import RunError, SettingsError
from game.snapshots.snapshot import Opponent
from game.world.catalog import DEFAULT_LEVEL, World, load, shipped

#: The J of an earlier policy is worked out where that takes at most so many operations, some ten milliseconds; else it
#: is looked up in the metrics, where it is kept now and then.
QUICK = 2e6


class Opponents:
    """The shipped levels and, first, the one that was asked for; ``chosen`` is a run that a person named, or None.

    ``physics`` are numbers of the level that was asked for that are changed, by the names of
    :meth:`~game.world.catalog.World.with_options`; ``warnings`` are sentences about that.  ``session`` is the training
    that was asked for last.
    """

    def __init__(self, argument: str, chosen: SavedRun | None, physics: Mapping[str, Any] | None = None) -> None:
        self.argument, self.chosen = argument, chosen
        self.physics = {name: value for name, value in (physics or {}).items() if value is not None}
        self.warnings = self._changed(chosen.world if chosen is not None else load(argument)).warnings
        self._faced: dict[str, tuple[SavedRun, int]] = {}
        self.session: Session | None = None

    def levels(self) -> Sequence[World]:
        """The worlds that can be chosen."""
        names = list(shipped())
        first = [] if self.argument in names else [self.chosen.world if self.chosen else load(self.argument)]
        return [*first, *map(load, names)]

    def _changed(self, world: World) -> World:
        """The world with the physics that were asked for, where it is the level that was asked for."""
        asked = self.argument in (world.argument, world.name)
        return world.with_options(**self.physics) if asked else world

    def opponent(self, argument: str) -> Opponent:
        """The run that was named, if it is of this level; else the level's newest run, else its shipped policy."""
        if self.chosen is not None and self.chosen.world.argument == argument:
            saved = self.chosen
        else:
            world = load(argument)
            saved = newest(world) or shipped_run(world)
        from agent.exact.hindsight import Hindsight

        probabilities, episodes, note = learned_policy(saved)
        self._faced[saved.world.argument] = (saved, episodes)
        world = self._changed(saved.world)
        exact = Exact(world.dynamics)
        damaged = " (the newest are damaged)" if note else ""
        name = "shipped policy" if saved.folder.parent == SHIPPED else f"run {saved.name}"
        opponent = Opponent(
            world=world,
            probabilities=probabilities,
            label=f"{name} after {episodes:,} episodes{damaged}{said(self.physics, world, saved.world)}",
            optimum=exact.optimum().objective if exact.affordable else None,
            objective=policy_objective(exact, probabilities),
            review=Hindsight(exact),
        )
        return with_updates(opponent, saved, exact, name)

    def training(self, argument: str) -> Session:
        """The run of the opponent that was had last, to go on with, for as many episodes again where it is finished.

        A shipped policy is copied into ``runs/`` first, and is then the level's newest run.
        """
        saved, episodes = self._faced[argument]
        if saved.folder.parent == SHIPPED:
            saved = copied(saved)
        settings = saved.settings
        if episodes >= settings.episodes:
            settings = with_episodes(settings, 2 * settings.episodes)
        if self.chosen is not None and self.chosen.world.argument == argument:
            self.chosen = replace(saved, settings=settings)
        world = self._changed(saved.world)
        if world is saved.world:
            self.session = Session(world, settings, saved, None)
        else:  # another world is another run
            dynamics = world.dynamics
            settings = replace(settings, discount=dynamics.discount, max_steps=dynamics.max_steps)
            self.session = Session(world, settings, None, None, source=saved)
        return self.session


def said(physics: Mapping[str, Any], world: World, learned_in: World) -> str:
    """Return that a policy plays in another world than it was learned in, "" where it does not."""
    if world is learned_in:
        return ""
    changes = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in physics.items())
    return f", learned before the world changed ({changes})"


def opponents_for(level: str | None, name: str | None, physics: Mapping[str, Any] | None = None) -> Opponents:
    """Return the opponents on ``level`` (None: the run's, else the first), beginning with the run ``name`` if given.

    Raises :class:`~game.errors.ArrowgradError`, also where the level cannot be played or the run is of another one.
    """
    if name is None:
        argument = level or DEFAULT_LEVEL
        load(argument).require_playable()
        return Opponents(argument, None, physics)
    chosen = find(name)
    argument = level or chosen.world.argument
    if argument not in (chosen.world.argument, chosen.world.name):
        raise SettingsError(f"{name} is a run of '{chosen.world.argument}', not of '{argument}'; leave that out")
    chosen.world.require_playable()
    return Opponents(argument, chosen, physics)


class TrainingByTurns:
    """A training, and what follows where a person plays against what was learned and then lets it learn on."""

    def __init__(self, first: Session) -> None:
        self.first = first
        self._opponents: Opponents | None = None

    @property
    def playable(self) -> bool:
        """Whether one can play against what is learned: several processes are never left for a match."""
        return self.first.world.playable and self.first.ranks.size == 1

    def opponents(self) -> Opponents:
        """Return the run as it was saved, and the shipped levels, to play against."""
        self._opponents = Opponents(self.first.world.argument, open_run(self.first.running.folder))
        return self._opponents

    @property
    def last(self) -> Session:
        """The training that was shown last."""
        return (self._opponents.session if self._opponents else None) or self.first


def with_updates(opponent: Opponent, saved: SavedRun, exact: Exact, name: str) -> Opponent:
    """The opponent, with the policies of the updates whose frames its run has kept; without them where it has none."""
    from agent.runs.frames import Frames

    with suppress(RunError):
        frames = Frames(saved.folder, saved.world.dynamics)
        updates = frames.updates - 1  # a frame is the policy that an update started from
        measured = read_columns(saved.folder / FILE)["objective"]
        if opponent.world is not saved.world:
            measured = np.full_like(measured, np.nan)  # it was measured in another world

        def objective(update: int, probabilities: NDArray[np.float64]) -> float | None:
            if exact.cost <= QUICK:
                return exact.objective(exact.values(probabilities))
            # a row is of the policy that its update started from
            return float(measured[update]) if update < len(measured) and not np.isnan(measured[update]) else None

        def after(index: int) -> Opponent:
            probabilities, update = frames.frame(index).probabilities, int(updates[index])
            return replace(
                opponent,
                probabilities=probabilities,
                label=f"{name} after update {update:,} of {int(updates[-1]):,}",
                objective=objective(update, probabilities),
                update=update,
            )

        return replace(opponent, updates=updates, after=after)
    return opponent
