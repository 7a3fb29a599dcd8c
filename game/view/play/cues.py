"""What there is to hear in a match: cues by what has happened, whatever plays them."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import numpy as np

from game.match.match import Match, has_ended
from game.snapshots.snapshot import Trajectory
from game.world.dynamics import Dynamics

Cue = Literal["step", "policy", "gain", "hazard", "win", "loss", "draw", "count", "go"]


def cue(before: Match, after: Match) -> Cue | None:
    """What to play for a change of a match; None where nothing was done, or something new has begun."""
    was, now = before.current, after.current
    if len(after.rounds) != len(before.rounds) or now.key != was.key:
        return None
    outcome = now.outcome(after.dynamics.discount)
    if outcome is not None:
        return None if was.over else outcome
    if len(now.person) > len(was.person):
        return _step(after.dynamics, now.person)
    return "policy" if len(now.policy) > len(was.policy) else None


def count(before: float, after: float) -> Cue | None:
    """What to play while a countdown goes on: one cue for each second, another one at its end."""
    if math.ceil(after) == math.ceil(before):
        return None
    return "count" if after > 0.0 else "go"


def _step(dynamics: Dynamics, person: Trajectory) -> Cue:
    """The cue of a person's last step: by its reward, held against the most frequent one of the level."""
    usual, paid = _usual(dynamics), float(person.rewards[-1])
    if person.goal and has_ended(person):
        return "gain"
    if paid != usual:
        return "gain" if paid > usual else "hazard"
    return "hazard" if person.terminated else "step"


@lru_cache(maxsize=1)
def _usual(dynamics: Dynamics) -> float:
    """The reward that most transitions of a world pay."""
    rewards, counts = np.unique(dynamics.reward[dynamics.probability > 0.0], return_counts=True)
    return float(rewards[counts.argmax()])
