"""What is said about a match in the terminal: the score, the verdict, the slider of earlier policies, the look back."""

from __future__ import annotations

import textwrap

from rich.cells import cell_len

from game.match.match import Outcome, Round
from game.view.lines.review import BOTH, PERSON, POLICY, costs, ways
from game.view.play.contest import Contest
from game.view.play.handicap import SLIDER_KEYS, Handicap
from game.view.play.review import Hindsight
from game.view.play.words import marks, means, round_number, score, tally, tempo, verdict
from game.view.shared.numbers import number
from game.view.shared.task import Task
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.look import Ink, Look

_MARKS: dict[Outcome | None, tuple[str, Ink]] = {
    "win": ("W", "person"),
    "loss": ("L", "policy"),
    "draw": ("D", "quiet"),
    None: ("·", "faint"),
}


def draw_score(grid: Grid, y: int, contest: Contest) -> None:
    """The round, a mark for each round, the rounds won, and what the best possible is."""
    look, match = grid.look, contest.match
    x = grid.put(0, y, round_number(match), look.style(bold=True)) + 2
    row = marks(match)
    if row:
        for outcome in row:
            sign, ink = _MARKS[outcome]
            x = grid.put(x, y, sign, look.style(ink, bold=outcome is not None)) + 1
        x = grid.put(x + 1, y, tally(match), look.style()) + 2
    else:
        x = grid.put(x, y, score(match), look.style()) + 2
    if contest.clock is not None and not match.current.over:
        x = grid.put(x, y, f"clock: {tempo(contest)}", look.style("person")) + 2
    optimum = contest.opponent.optimum
    if optimum is not None:
        for label in ("best possible on average ", "best possible ", "best "):
            if x + cell_len(label) + len(number(optimum, 3)) <= grid.width:
                left = grid.right(grid.width, y, number(optimum, 3), look.style("truth", bold=True))
                grid.right(left, y, label, look.style("quiet"))
                return


def draw_verdict(grid: Grid, contest: Contest, reviewing: bool) -> None:
    """Who won, what goes on, and what there is to say about the last control or the matches so far."""
    look, match = grid.look, contest.match
    outcome, words, onward = verdict(match)
    ink = _MARKS[outcome][1] if outcome != "draw" else "ink"
    end = grid.put(0, 1, words, look.style(ink, bold=True), grid.width)
    keys = f"Enter: {onward}   R: {'hide' if reviewing else 'review'}"
    if end + 3 + len(keys) <= grid.width:
        grid.right(grid.width, 1, keys, look.style())
    said = contest.hint or next((text for text in contest.standing if cell_len(text) <= grid.width), "")
    if not (contest.hint or match.decided):
        said = contest.happened or means(match)
    grid.put(0, 2, said, look.style("quiet"), grid.width)


def draw_handicap(grid: Grid, slider: Handicap) -> None:
    """The slider of earlier policies, and its keys."""
    look = grid.look
    grid.put(0, 0, f"Race the policy {slider.words()}", look.style(bold=True), grid.width)
    grid.right(grid.width, 0, "".join(slider.value()), look.style("policy", bold=True))
    draw_track(grid, 0, 1, grid.width, slider.share)
    grid.put(0, 2, "   ".join(f"{cap} {word}" for cap, word in SLIDER_KEYS), look.style("quiet"), grid.width)


def draw_track(grid: Grid, x: int, y: int, width: int, share: float) -> None:
    """A slider: a line with a handle at ``share`` of it."""
    look = grid.look
    line, handle = ("─", "●") if look.unicode else ("-", "O")
    at = round(share * (width - 1))
    grid.put(x, y, line * width, look.style("faint"))
    grid.put(x, y, ("━" if look.unicode else "=") * at, look.style("policy"))
    grid.put(x + at, y, handle, look.style("policy", bold=True))


def draw_review(
    width: int, height: int, look: Look, contest: Contest, played: Round, task: Task[Hindsight | None]
) -> Grid:
    """Both ways on one board, what each return is made of, and where the person left the best action."""
    grid = Grid(width, height, look)
    left = 0
    if contest.dynamics.layout is not None:
        rows = ways(contest.opponent, played, look.unicode)
        left = max(cell_len(row) for row in rows) + 3
        if left > width - 30:
            left = 0
        inks: dict[str, Ink] = {PERSON: "person", POLICY: "policy", BOTH: "ink", "█": "faint", "·": "faint"}
        for y, row in enumerate(rows if left else ()):
            for x, sign in enumerate(row):
                grid.put(x, y, sign, look.style(inks.get(sign, "quiet"), bold=sign in (PERSON, POLICY, BOTH)))
        if left:
            for k, (sign, whose) in enumerate(((PERSON, "your way"), (POLICY, "the policy's"), (BOTH, "both"))):
                grid.put(0, len(rows) + 1 + k, f"{sign} {whose}", look.style(inks[sign]))
    if not task.done:
        grid.put(left, 0, "working out what each choice cost …", look.style("quiet"))
        return grid
    lines = [part for line in costs(task.result(), look.unicode) for part in _wrapped(line, width - left)]
    for y, line in enumerate(lines):
        grid.put(left, y, line, look.style(), width - left)
    return grid


def _wrapped(line: str, width: int) -> list[str]:
    """A line as it fits; what goes on below begins further in."""
    return textwrap.wrap(line, max(10, width), subsequent_indent="    ") if len(line) > width else [line]
