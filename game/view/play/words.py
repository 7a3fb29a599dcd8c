"""What is said about a match, alike in the window and in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from game.keys import KEYS
from game.match.clock import LEAST_GRACE
from game.match.match import Match, Outcome
from game.snapshots.snapshot import Trajectory
from game.view.play.contest import Contest
from game.view.shared.numbers import counted
from game.view.shared.numbers import number as signed

#: What decides a round against the clock.
RULE = "The higher return wins; of equal ones, who is there first."
#: More rounds than this have no row of marks.
MOST_MARKS = 11
#: How a round, or a match, ended for the person.
WORDS: dict[Outcome, str] = {"win": "You win", "loss": "The policy wins", "draw": "A draw"}


def number(value: float) -> str:
    """A return to three decimals, never "-0.000"."""
    return f"{round(value, 3) + 0.0:.3f}"


def how_ended(trajectory: Trajectory) -> str:
    """In a few words where an episode stands."""
    steps = counted(len(trajectory), "step")
    if trajectory.truncated:
        return f"{steps}, stopped at the cap"
    if trajectory.terminated:
        return f"{steps}, goal reached" if trajectory.goal else f"{steps}, no goal"
    return steps


def how_far(contest: Contest, index: int) -> tuple[str, ...]:
    """In more and in fewer words how far the person (0) or the policy (1) is in the round."""
    played = contest.match.current
    how = how_ended((played.person, played.policy)[index])
    if index == 0 and played.late:
        return f"{how}, out of time", "out of time", how
    if index == 0 or played.policy.terminated or played.policy.truncated:
        return how, how.partition(", ")[2], how.partition(",")[0]
    mode = "greedy" if contest.is_greedy else "sampling"
    if contest.clock is None:
        return f"{how}, {mode}", mode, how
    tempo = f"{contest.clock.tempo:g} a second"
    return f"{how}, {mode}, {tempo}", f"{how}, {tempo}", tempo, how


def message(contest: Contest) -> str:
    """What is to be said now: of the time, of the last control, or of what to do."""
    played, clock = contest.match.current, contest.clock
    if clock is not None and not contest.person_has_ended:
        if clock.paused:
            return "Paused: Enter goes on."
        if clock.countdown > 0.0:
            return contest.hint or RULE
        if clock.left is not None:
            return f"The policy is done: {clock.left:.1f} s left for you."
    if contest.hint or contest.happened:
        return contest.hint or contest.happened
    if contest.person_has_ended:
        return "The policy plays on: Enter skips to its end."
    if clock is None and len(played.policy) < len(played.person):
        return "The policy has ended; you go on."
    return f"{'Your move' if clock is None else 'Go'}: {move_keys(contest.dynamics.actions)}"


def facts(contest: Contest) -> list[tuple[str, str]]:
    """What a match is about, as (label, value)."""
    opponent, dynamics = contest.opponent, contest.dynamics
    found = [
        ("both sides:", "same start, same dice at each step"),
        ("a round goes to", "the higher return R(τ) of (6)"),
    ]
    if contest.clock is not None:
        found[-1] = ("a round goes to", "the higher return R(τ) of (6), equal ones to who is first")
        found.append(("when the policy is done", f"as long again for you, at least {LEAST_GRACE:g} s, or you lose"))
        found.append(("tempo", f"{contest.clock.tempo:g} steps a second"))
    found += [
        ("you against", opponent.label),
        ("γ", f"{dynamics.discount:g}"),
        ("cap", f"{dynamics.max_steps:,} steps"),
    ]
    if opponent.objective is not None:
        found.append(("the policy's J", signed(opponent.objective, 3)))
    return found + [("", words) for words in contest.standing[:1]]


def score(match: Match) -> str:
    """Rounds won by the person and by the policy, and the draws."""
    return f"{tally(match)}{_draws(match)}"


def tally(match: Match) -> str:
    """Rounds won by the person and by the policy."""
    return f"you {match.count('win')} : {match.count('loss')} policy"


def _draws(match: Match) -> str:
    draws = match.count("draw")
    return "" if not draws else ", 1 draw" if draws == 1 else f", {draws} draws"


def round_number(match: Match) -> str:
    """Return which round is played."""
    return f"Round {len(match.rounds)} of {match.best_of}"


def marks(match: Match) -> list[Outcome | None]:
    """Return how each round ended, None for one to come; nothing of a match of too many rounds to show."""
    found = [*match.outcomes, *[None] * (match.best_of - len(match.outcomes))]
    return found if match.best_of <= MOST_MARKS else []


def tempo(contest: Contest) -> str:
    """Return the policy's tempo, "" where one plays turn by turn."""
    return "" if contest.clock is None else f"{counted(contest.clock.tempo, 'step')} a second"


def verdict(match: Match) -> tuple[Outcome, str, str]:
    """Return how a round that is over ended, or the match, in a word and in a sentence, and what Enter then does."""
    outcome = match.result or match.current.outcome(match.dynamics.discount)
    assert outcome is not None
    what, onward = ("match", "play again") if match.decided else ("round", "next round")
    return outcome, f"The {what} is a draw" if outcome == "draw" else f"{WORDS[outcome]} the {what}", onward


def means(match: Match) -> str:
    """Return the mean returns over the rounds that are over: what the best possible on average compares with."""
    over = [played for played in match.rounds if played.over]
    if not over:
        return ""
    gamma = match.dynamics.discount
    mine = sum(played.person.total_return(gamma) for played in over) / len(over)
    theirs = sum(played.policy.total_return(gamma) for played in over) / len(over)
    return f"mean return: you {signed(mine, 3)}, policy {signed(theirs, 3)}"


def sign_of(match: Match, index: int) -> str:
    """Return the word beside the person (0) or the policy (1) that says how they came out of the round, "" for none."""
    played, discount = match.current, match.dynamics.discount
    outcome = played.outcome(discount)
    if outcome == "draw":
        return "draw"
    if outcome != ("win", "loss")[index]:
        return ""
    return "first" if not played.late and played.by_time(discount) else "won"


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
    if match.current.late:
        return f"{WORDS[outcome]} the round: your time ran out."
    if match.current.by_time(match.dynamics.discount):
        first = "you were" if outcome == "win" else "the policy was"
        return f"{WORDS[outcome]} the round: both have a return of {number(mine)}, and {first} there first."
    digits = number if number(mine) != number(theirs) else repr
    return f"{WORDS[outcome]} the round: your return is {digits(mine)}, the policy's {digits(theirs)}."


def match_sentence(title: str, match: Match) -> str:
    """How the match ended, or where it was left."""
    if match.result is None:
        return f"{title}: left in round {len(match.rounds)} of {match.best_of}, {score(match)}."
    rounds = f"{match.count('win')} : {match.count('loss')}{_draws(match)}"
    words = "the match is a draw" if match.result == "draw" else f"{WORDS[match.result].lower()} the match"
    return f"{title}: {words}, {rounds}."
