"""What is said of a run looked back on, for window and terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from game.view.shared.numbers import number

if TYPE_CHECKING:
    from game.view.watch.model import LookingBack


def heading(back: LookingBack) -> str:
    """Which update is on screen."""
    updates, index = back.watched.updates, back.timeline.index
    total = int(updates[-1]) - 1
    if index == back.timeline.last:
        return f"after all {total:,} updates"
    if back.timeline.share > 0.0 and index + 1 < back.timeline.last:
        return f"update {updates[index]:,} → {updates[index + 1]:,} of {total:,}"
    return f"update {updates[index]:,} of {total:,}"


def captions(back: LookingBack) -> tuple[str, ...]:
    """What is said above the slider, the longest first: the last change jumped to, or how good this policy is."""
    if back.jumped is not None and back.jumped[0] == back.shown:
        words = back.jumped[1]
        return words, words.rpartition(" (")[0]
    assert back.snapshot is not None
    objective, mean = back.exact_objective(), back.snapshot.mean_return
    if objective is None and math.isnan(mean):
        return ("J is not known here",)
    if objective is None:
        words = f"mean return {number(mean, 3)}"
        return f"{words} (J is not known here)", words
    words = f"J = {number(objective, 3)}, exactly"
    return (words,) if math.isnan(mean) else (f"{words} · mean return of its batch {number(mean, 3)}", words)


def message(back: LookingBack) -> str:
    """The words above the bar of keys."""
    if back.note or back.demonstration is not None or back.shown == back.timeline.last:
        return back.note
    if back.timeline.playing or back.shown < 0:
        return ""
    frame = back.watched.frame(back.shown)
    if frame.episode is None or len(frame.episode) == frame.length:
        return ""
    return (
        f"of this update's episode, {frame.length:,} steps with R(τ) = {number(frame.total_return, 3)}, "
        f"the first {len(frame.episode):,} were kept"
    )


def status(back: LookingBack) -> str:
    """What is going on, in words."""
    if back.demonstration is not None:
        return "paused" if back.replay_paused else "demonstration"
    if back.replaying:
        return "paused" if back.replay_paused else "replay"
    if not back.timeline.playing:
        return "paused"
    return pace(back)


def pace(back: LookingBack) -> str:
    """How fast the time-lapse is."""
    updates, frames = back.watched.updates, max(1, back.timeline.last)
    return f"{back.timeline.speed * (updates[-1] - updates[0]) / frames:,.3g} updates a second"
