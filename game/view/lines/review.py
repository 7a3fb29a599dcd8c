"""The round that is over, looked back on, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from game.match.match import Round
from game.snapshots.snapshot import Opponent
from game.view.play.review import NO_COSTS, Hindsight, hindsight
from game.view.shared.text_board import board_text

#: Most choices that are listed.
MOST_LISTED = 9
#: What marks a cell that only the person, only the policy, or both went through.
PERSON, POLICY, BOTH = "o", "x", "%"


def review_lines(opponent: Opponent, played: Round, unicode: bool) -> Iterator[str]:
    """Both ways on one board, what each return is made of, and where the person left the best action."""
    if opponent.world.dynamics.layout is not None:
        yield from ("", *ways(opponent, played, unicode))
        yield f"{PERSON} = your way, {POLICY} = the policy's, {BOTH} = both"
    yield from costs(hindsight(opponent, played), unicode)


def costs(found: Hindsight | None, unicode: bool) -> Iterator[str]:
    """What each return is made of, and the choices that cost something."""
    if found is None:
        yield NO_COSTS
        return
    rows = [("", "you", "policy"), *found.ledger(number)]
    if not unicode:
        rows = [(label.replace("τ", "tau"), *values) for label, *values in rows]  # type: ignore[misc]
    width = max(len(label) for label, *_ in rows)
    yield ""
    for label, mine, theirs in rows:
        yield f"{label:{width}}{mine:>12}{theirs:>12}"
    yield found.meaning(number)
    if found.choices:
        yield "Where you left the best action:"
    for choice in found.choices[:MOST_LISTED]:
        yield f"  {choice.words()}: {number(-choice.cost)}"
    rest = found.choices[MOST_LISTED:]
    if rest:
        yield f"  and {len(rest):,} more, together {number(-sum(choice.cost for choice in rest))}"


def ways(opponent: Opponent, played: Round, unicode: bool) -> list[str]:
    """The board, with the cells marked that the two sides went through."""
    dynamics = opponent.world.dynamics
    layout = dynamics.layout
    assert layout is not None
    text = board_text(dynamics, None, None, unicode).splitlines()
    cells = [list(line.ljust(2 * layout.width)) for line in text]
    mine, theirs = (set(map(tuple, layout.position[side.states].tolist())) for side in (played.person, played.policy))
    for row, column in mine | theirs:
        here = (row, column)
        cells[row][2 * column] = BOTH if here in mine and here in theirs else PERSON if here in mine else POLICY
    return ["".join(line).rstrip() for line in cells]


def number(value: float) -> str:
    """Three decimals, or one digit of what is smaller; never "-0.000"."""
    return f"{value:.1g}" if 0.0 < abs(value) < 0.0005 else f"{round(value, 3) + 0.0:.3f}"
