"""What views draw of a run, whether it is learning or is looked back on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Briefing, Snapshot
from game.view.shared.learning_curve import Mark
from game.view.shared.model import Model
from game.view.shared.numbers import counted, number
from game.view.shared.overlays import Overlays
from game.view.shared.playback import Replay
from game.view.shared.record import Record
from game.world.catalog import World

#: What stands over an episode that nothing is learned from.
DEMONSTRATION = "demonstration – not learned from"


class Showing(Protocol):
    """The update on screen: a :class:`~game.view.shared.playback.Playback` while a run learns, or a finished run."""

    @property
    def snapshot(self) -> Snapshot | None:
        """The update on screen."""
        ...

    @property
    def current(self) -> Replay | None:
        """The episode on screen: a demonstration, or the one learned from."""
        ...

    @property
    def demonstration(self) -> Replay | None:
        """The episode on screen that nothing was learned from, if it is one."""
        ...

    @property
    def waiting(self) -> bool:
        """Whether what is on screen is paused."""
        ...

    def probabilities(self) -> NDArray[np.float64] | None:
        """(S, A): the policy to show now."""
        ...


class RunModel(Model, Protocol):
    """A run that is watched: ``briefing`` is what is known of it as a whole, ``record`` its learning curve.

    ``warning``: whether the message is one.
    """

    world: World
    overlays: Overlays
    briefing: Briefing | None
    record: Record

    @property
    def showing(self) -> Showing:
        """What of the run is on screen."""
        ...

    @property
    def warning(self) -> bool:
        """Whether the message is a warning."""
        ...

    def heading(self) -> str:
        """Return which update is on screen."""
        ...

    def status(self) -> str:
        """Return what is going on, in words."""
        ...

    def mark(self) -> Mark | None:
        """Return the moment of a finished run that is on screen, None while it learns."""
        ...

    def demonstrate(self, state: int | None) -> None:
        """Show an episode from ``state`` (None: from P0) that nothing is learned from."""
        ...


def objective_words(run: RunModel) -> str:
    """Return J of the update on screen; where it is that of an earlier one, of which."""
    mark, snapshot, known = run.mark(), run.showing.snapshot, run.overlays.exact
    if mark is not None:
        return "J" if mark.objective is None else f"J = {number(mark.objective, 3)}"
    if snapshot is not None and snapshot.objective is not None:
        return f"J = {number(snapshot.objective, 3)}"
    if known is None or known.objective is None:
        return "J"
    return f"J of update {known.update:,} = {number(known.objective, 3)}"


def run_facts(briefing: Briefing | None) -> Sequence[tuple[str, str]]:
    """Return the run and the settings in force, as (label, value)."""
    return [("run", briefing.run), *briefing.settings] if briefing else [("", "loading …")]


def counters(showing: Showing, briefing: Briefing | None) -> tuple[str, ...]:
    """Return how much has been sampled so far, in more words and in fewer, or what is waited for instead."""
    snapshot = showing.snapshot
    if snapshot is None:
        return ("loading …" if briefing is None else "the first update is under way …",)
    words = f"{counted(snapshot.episodes, 'episode')} · {snapshot.steps:,} steps"
    return f"{words} so far", words


def no_curve(briefing: Briefing | None) -> str:
    """Return what is waited for where there is no learning curve yet."""
    return "loading …" if briefing is None else "waiting for the first update …"


def no_board(world: World) -> str:
    """Return why a world without a grid has no board."""
    return f"This world has {world.dynamics.n_states:,} states but no grid, so there is no board to show."


def state_of(world: World, replay: Replay | None) -> int:
    """Return the state that the agent stands in, or a start state before there is an episode."""
    if replay is None:
        return int(np.argmax(world.dynamics.start))
    return int(replay.episode.states[int(replay.position)])
