"""What is said about a match, alike in the window and in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from game.race import Match, Outcome
    from game.snapshot import Trajectory

#: How a round, or a match, ended for the person.
WORDS: dict[Outcome, str] = {"win": "You win", "loss": "The policy wins", "draw": "A draw"}


def number(value: float) -> str:
    """A return to three decimals, never "-0.000"."""
    return f"{round(value, 3) + 0.0:.3f}"


def how_ended(trajectory: Trajectory) -> str:
    """In a few words where an episode stands."""
    steps = "1 step" if len(trajectory) == 1 else f"{len(trajectory):,} steps"
    if trajectory.truncated:
        return f"{steps}, stopped at the cap"
    if trajectory.terminated:
        return f"{steps}, goal reached" if trajectory.goal else f"{steps}, no goal"
    return steps


def score(match: Match) -> str:
    """Rounds won by the person and by the policy, and the draws."""
    return f"{tally(match)}{_draws(match)}"


def tally(match: Match) -> str:
    """Rounds won by the person and by the policy."""
    return f"you {match.count('win')} : {match.count('loss')} policy"


def _draws(match: Match) -> str:
    draws = match.count("draw")
    return "" if not draws else ", 1 draw" if draws == 1 else f", {draws} draws"


def move_keys(actions: Sequence[str]) -> str:
    """The keys of the actions of a level, for the window: arrows, then letters."""
    caps = {key.action: key.cap.split() for key in KEYS["play"]}
    both = [caps[action] for action in ("up", "left", "down", "right") if action in actions]
    rest = " ".join(key.cap for key in KEYS["play"] if key.action in actions and len(caps[key.action]) == 1)
    words = f"{' '.join(cap[0] for cap in both)} or {' '.join(cap[1] for cap in both)}" if both else ""
    return ", and ".join(part for part in (words, rest) if part)


def round_sentence(match: Match) -> str:
    """How the round that is over ended, with both returns."""
    outcome = match.current.outcome(match.dynamics.discount)
    if outcome is None:
        return ""
    mine, theirs = (side.total_return(match.dynamics.discount) for side in (match.current.person, match.current.policy))
    if outcome == "draw":
        return f"A draw: both have a return of {number(mine)}."
    digits = number if number(mine) != number(theirs) else repr
    return f"{WORDS[outcome]} the round: your return is {digits(mine)}, the policy's {digits(theirs)}."


def match_sentence(title: str, match: Match) -> str:
    """How the match ended, or where it was left."""
    if match.result is None:
        return f"{title}: left in round {len(match.rounds)} of {match.best_of}, {score(match)}."
    rounds = f"{match.count('win')} : {match.count('loss')}{_draws(match)}"
    words = "the match is a draw" if match.result == "draw" else f"{WORDS[match.result].lower()} the match"
    return f"{title}: {words}, {rounds}."
