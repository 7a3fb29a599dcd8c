"""Looking back on a run that was kept, without a picture: where one is, what is replayed, and what is said of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from game.errors import ArrowgradError
from game.snapshots.snapshot import Briefing, Snapshot
from game.snapshots.sources import Watched
from game.view.shared.learning_curve import Mark
from game.view.shared.model import Note
from game.view.shared.numbers import number
from game.view.shared.overlays import Overlay, Overlays
from game.view.shared.playback import REPLAY_SPEED, Replay
from game.view.shared.record import Record, record_of, with_objective
from game.view.shared.run import run_facts
from game.view.watch.changes import Changes, changes
from game.view.watch.exact_numbers import Reckoner
from game.view.watch.timeline import Timeline, kept_words, ordinal
from game.world.dynamics import Layout

#: What the board can show: how often a cell was visited is not kept.
CHOICE: tuple[Overlay, ...] = ("policy", "credit", "exact credit", "wrong way", "values", "action values", "none")
#: Seconds between two drawings of the curve while J of more and more policies becomes known.
CURVE_EVERY = 0.5
#: Seconds that the end of a replay stays.
HELD = 1.2


class WatchModel:
    """A kept run, the place in it that is shown, and the episode replayed.

    A frame is shown at once, and with its exact numbers as soon as they are known.

    ``changed``: what is on the screen is no longer true; ``closed``: the person has seen enough, or, where one
    ``can_play`` and ``wants_match``, would like to play against the policy shown.
    """

    def __init__(self, watched: Watched, overlays: Overlays, can_play: bool = False) -> None:
        self.watched, self.world, self.overlays = watched, watched.world, overlays
        self.timeline = Timeline(watched.updates)
        self.kept = kept_words(watched.updates)
        self.can_play, self.wants_match = can_play, False
        self.reckoner = Reckoner(watched)
        self.briefing: Briefing | None = None
        self.demonstration: Replay | None = None
        self.replaying = self.replay_paused = self.closed = False
        self.changed = True
        self._note = Note()
        self.jumped: tuple[int, str] | None = None
        self._ranks = {"rise": -1, "fall": -1}
        self._snapshot: Snapshot | None = None
        self._taken: Snapshot | None = None
        self.shown = -1
        self._replay: Replay | None = None
        self._measured = _last_measured(watched.updates, watched.metrics)
        self._counted, self._since_counted = 0, 0.0
        self.record: Record
        self.changes: Changes
        self._take_objectives()
        self._go_to(0)
        timeline = self.timeline
        self._controls: dict[str, Callable[[], None]] = {
            "play": self.play,
            "next": lambda: self.moved(lambda: timeline.step(1)),
            "back": lambda: self.moved(lambda: timeline.step(-1)),
            "ahead": lambda: self.moved(lambda: timeline.turn(1)),
            "behind": lambda: self.moved(lambda: timeline.turn(-1)),
            "first": lambda: self.moved(lambda: timeline.go(0)),
            "last": lambda: self.moved(lambda: timeline.go(timeline.last)),
            "rise": lambda: self.jump("rise"),
            "fall": lambda: self.jump("fall"),
            "episode": self.replay_episode,
            "demonstrate": lambda: self.demonstrate(None),
            "overlay": overlays.next,
            "match": self.match,
            "faster": lambda: self._change_speed(1),
            "slower": lambda: self._change_speed(-1),
            "quit": self.close,
        }

    def begin(self) -> None:
        """Begin with what takes time to compute."""
        self.reckoner.begin()

    def close(self) -> None:
        """Leave it."""
        self.closed = True

    def finish(self) -> None:
        """Stop what is computed."""
        self.reckoner.close()

    @property
    def showing(self) -> WatchModel:
        """What of the run is on screen: this knows it itself."""
        return self

    # -- what a person does --------------------------------------------------------------------------------

    def act(self, action: str, _key: str = "") -> None:
        """Do what a control says."""
        self.changed = True
        self._controls[action]()

    def moved(self, move: Callable[[], None]) -> None:
        """Go elsewhere; whatever was replayed ends."""
        self._end_replays()
        self.jumped = None
        move()

    def play(self) -> None:
        """Begin the time-lapse or stop it; while an episode is replayed, pause that and go on."""
        if self.demonstration is not None or self.replaying:
            self.replay_paused = not self.replay_paused
        else:
            self.moved(self.timeline.play)

    def _change_speed(self, by: int) -> None:
        self.timeline.change_speed(by)
        self.say(f"Space plays {self.pace()}" if self.waiting else "")

    def jump(self, kind: str) -> None:
        """To where J rose ("rise") or fell most, then to the next largest."""
        found = self.changes.rises if kind == "rise" else self.changes.falls
        if not found:
            self.say(f"{self.changes.name} never {'rose' if kind == 'rise' else 'fell'}")
            return
        rank = self._ranks[kind] = (self._ranks[kind] + 1) % len(found)
        change = found[rank]
        self.moved(lambda: self.timeline.go(change.start))
        updates = self.watched.updates
        verb = "rose" if kind == "rise" else "fell"
        which = f"largest {kind}" if rank == 0 else f"{ordinal(rank + 1)} largest {kind}"
        words = f"{self.changes.name} {verb} by {number(abs(change.by), 3, True)} here, "
        then = "the end" if change.stop == self.timeline.last else f"{updates[change.stop]:,}"
        words += f"update {updates[change.start]:,} → {then} ({which})"
        self.jumped = (change.start, words)

    def replay_episode(self) -> None:
        """Replay the episode shown of this update, step by step."""
        self._end_replays()
        self.timeline.settle()
        if self.timeline.index == self.timeline.last:
            self.say("no episode was sampled from the policy at the end; D plays one")
            return
        assert self._snapshot is not None
        self._replay, self.replaying = Replay(self._snapshot.episode), True

    def demonstrate(self, state: int | None) -> None:
        """Show an episode of this policy from ``state`` (None: from P0) that nothing is learned from."""
        self._end_replays()
        self.timeline.playing = False
        try:
            self.demonstration = Replay(self.watched.demonstrate(self.probabilities(), state))
        except ArrowgradError as error:
            self.say(str(error))

    def match(self) -> None:
        """Leave, to play against the policy shown."""
        if not self.can_play:
            self.say("this level cannot be played by a person")
            return
        self.wants_match = True
        self.close()

    def updates_done(self) -> int | None:
        """After how many updates the policy shown was kept; None for the one at the end."""
        return None if self.shown == self.timeline.last else int(self.watched.updates[self.shown]) - 1

    def _end_replays(self) -> None:
        self.demonstration, self.replay_paused = None, False
        if self.replaying and self._replay is not None:
            self._replay.finish()
        self.replaying = False

    def say(self, text: str) -> None:
        """Show a note for some seconds."""
        self._note.say(text)
        self.changed = True

    # -- time ----------------------------------------------------------------------------------------------

    def update(self, seconds: float) -> None:
        """Let time pass."""
        self.changed |= self._note.update(seconds)
        if self.demonstration is not None or self.replaying:
            self._advance_replay(seconds)
        elif self.timeline.advance(seconds):
            self.changed = True
        if self.timeline.index != self.shown:
            self._go_to(self.timeline.index)
        self._take_what_is_known(seconds)

    def _take_what_is_known(self, seconds: float) -> None:
        self.reckoner.check()
        if self.briefing is None and self.reckoner.briefing is not None:
            self.briefing, self.changed = self.reckoner.briefing, True
        exact = self.reckoner.exact
        if exact is not None and exact[0] == self.shown and exact[1] is not self._taken:
            self._taken = exact[1]
            self._snapshot, self.changed = self._with_measured(exact[1]), True
            self.overlays.see(self._snapshot)
        self._since_counted += seconds
        counted = int(np.isfinite(self.reckoner.objective).sum())
        if counted != self._counted and (self._since_counted >= CURVE_EVERY or self.reckoner.done):
            self._counted, self._since_counted = counted, 0.0
            self._take_objectives()
            self.changed = True

    def _take_objectives(self) -> None:
        """What the curve shows, and where J rose and fell, from all that is known of J by now."""
        objective = self.reckoner.objective.copy()
        metrics = with_objective(self.watched.metrics, self.watched.updates, objective)
        final = None if math.isnan(objective[-1]) else float(objective[-1])
        self.record = record_of(metrics, final)
        self.changes = changes(self.watched.updates, metrics, final)

    def _with_measured(self, snapshot: Snapshot) -> Snapshot:
        """A snapshot with the angle and the ratio that were measured last, in this update or before it."""
        row = int(self._measured[self.shown])
        if row < 0:
            return snapshot
        angle, ratio = (float(self.watched.metrics[name][row]) for name in ("angle", "norm_ratio"))
        return replace(snapshot, angle=None if math.isnan(angle) else angle, norm_ratio=ratio)

    def _advance_replay(self, seconds: float) -> None:
        replay = self.current
        if replay is None or self.replay_paused:
            return
        replay.advance(seconds, REPLAY_SPEED)
        self.changed = True
        if replay.done and replay.held > HELD:
            self._end_replays()

    def _go_to(self, index: int) -> None:
        self.shown = index
        self._snapshot = self._with_measured(self.watched.snapshot(index, exact=False))
        self._replay = Replay(self._snapshot.episode, at_end=True)
        self.overlays.see(self._snapshot)
        self.reckoner.want(index)
        self.changed = True

    # -- what is shown -------------------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot | None:
        """The update on screen."""
        return self._snapshot

    @property
    def current(self) -> Replay | None:
        """The episode on screen."""
        return self.demonstration or self._replay

    @property
    def waiting(self) -> bool:
        """Whether nothing moves until the person says so."""
        if self.demonstration is not None or self.replaying:
            return self.replay_paused
        return not self.timeline.playing

    def probabilities(self) -> NDArray[np.float64]:
        """(S, A): the policy on screen, on a straight line between two that were kept."""
        assert self._snapshot is not None
        share = self.timeline.share if self.timeline.index == self.shown else 0.0
        here = self._snapshot.probabilities
        return here + share * (self._snapshot.after - here) if share > 0.0 else here

    def mark(self) -> Mark:
        """The moment on the learning curve."""
        counts = self._counts()
        done = int(self.watched.updates[self.shown]) - 1
        row = int(self._measured[self.shown])
        measured = int(self.watched.metrics["update"][row]) if row >= 0 else None
        return Mark(float(counts[min(done, len(counts) - 1)]), self.exact_objective(), measured)

    def position_after(self, episodes: float) -> float:
        """The place in the run after so many episodes."""
        counts = self._counts()
        return self.timeline.index_of(1.0 + float(np.interp(episodes, counts, np.arange(len(counts)))))

    def _counts(self) -> NDArray[np.float64]:
        """(U + 1,) float64: the episodes after each number of updates."""
        return np.concatenate([[0.0], self.watched.metrics["episodes"]])

    def exact_objective(self) -> float | None:
        """J of the policy shown, None where it is not known."""
        assert self._snapshot is not None
        known = float(self.reckoner.objective[self.shown])
        return self._snapshot.objective if math.isnan(known) else known

    # -- in words ------------------------------------------------------------------------------------------

    #: Nothing that is said here is one.
    warning = False

    def heading(self) -> str:
        """Which update is on screen."""
        updates, index = self.watched.updates, self.timeline.index
        total = int(updates[-1]) - 1
        if index == self.timeline.last:
            return f"after all {total:,} updates"
        if self.timeline.share > 0.0 and index + 1 < self.timeline.last:
            return f"update {updates[index]:,} → {updates[index + 1]:,} of {total:,}"
        return f"update {updates[index]:,} of {total:,}"

    def captions(self) -> tuple[str, ...]:
        """What is said above the slider, the longest first: the last change jumped to, or how good this policy is."""
        if self.jumped is not None and self.jumped[0] == self.shown:
            words = self.jumped[1]
            return words, words.rpartition(" (")[0]
        assert self.snapshot is not None
        objective, mean = self.exact_objective(), self.snapshot.mean_return
        if objective is None and math.isnan(mean):
            return ("J is not known here",)
        if objective is None:
            words = f"mean return {number(mean, 3)}"
            return f"{words} (J is not known here)", words
        words = f"J = {number(objective, 3)}, exactly"
        return (words,) if math.isnan(mean) else (f"{words} · mean return of its batch {number(mean, 3)}", words)

    def message(self) -> str:
        """The words above the bar of keys."""
        if self._note.text or self.demonstration is not None or self.shown == self.timeline.last:
            return self._note.text
        if self.timeline.playing or self.shown < 0:
            return ""
        frame = self.watched.frame(self.shown)
        if frame.episode is None or len(frame.episode) == frame.length:
            return ""
        return (
            f"of this update's episode, {frame.length:,} steps with R(τ) = {number(frame.total_return, 3)}, "
            f"the first {len(frame.episode):,} were kept"
        )

    def status(self) -> str:
        """What is going on, in words."""
        if self.demonstration is not None:
            return "paused" if self.replay_paused else "demonstration"
        if self.replaying:
            return "paused" if self.replay_paused else "replay"
        if not self.timeline.playing:
            return "paused"
        return self.pace()

    def pace(self) -> str:
        """How fast the time-lapse is."""
        updates, frames = self.watched.updates, max(1, self.timeline.last)
        return f"{self.timeline.speed * (updates[-1] - updates[0]) / frames:,.3g} updates a second"

    def facts(self) -> Sequence[tuple[str, str]]:
        """Return the run and the settings that were in force."""
        return run_facts(self.briefing)

    @property
    def layout(self) -> Layout | None:
        """The world's board."""
        return self.world.dynamics.layout

    def picture_name(self) -> str:
        """Return the level's name."""
        return self.world.name


def _last_measured(updates: NDArray[np.int64], metrics: Mapping[str, NDArray[np.float64]]) -> NDArray[np.int64]:
    """(n,) int64: the last row of the metrics that holds an angle or a ratio, up to each of ``updates``; else −1."""
    rows = np.flatnonzero(~np.isnan(metrics["norm_ratio"]))
    place = np.searchsorted(metrics["update"][rows], updates, side="right") - 1
    return np.where(place >= 0, np.append(rows, 0)[place], -1)
