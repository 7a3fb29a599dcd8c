"""The round that is over, looked back on: both ways on one board, both returns, and what the choices cost."""

from __future__ import annotations

import pygame

from game.match.match import Round
from game.view.draw.board import Board
from game.view.draw.pen import Pen
from game.view.draw.ways import PERSON_OFFSET, POLICY_OFFSET, dashed, draw_way, line, segments
from game.view.play.contest import Contest
from game.view.play.review import NO_COSTS, Choice, Hindsight
from game.view.shared.numbers import number
from game.view.shared.task import Task
from game.view.shared.theme import Colour, readable_on
from game.world.level import DIRECTIONS

#: Most choices that are listed and marked on the board.
MOST_LISTED = 9
#: Lines of the panel under the board that must have room: the ledger, what it means and some choices, in one column
#: and in two.
PANEL_LINES = (13, 9)
#: Below this many pixels a cell has no arrow for what would have been best.
SMALLEST_ARROW = 12
#: A gap in the panel, in lines.
GAP = 0.5


class MatchReview:
    """One round that is over, of a contest; ``task`` works out what the choices cost."""

    def __init__(self, contest: Contest, played: Round, task: Task[Hindsight | None]) -> None:
        self.contest, self.round, self.task = contest, played, task
        layout = contest.dynamics.layout
        self._ways = [segments(layout, side.states) for side in (played.person, played.policy)] if layout else []
        self._board: Board | None = None
        self._placed_for: tuple[tuple[int, ...], object] | None = None
        self._panel = pygame.Rect(0, 0, 0, 0)

    def draw(self, surface: pygame.Surface, pen: Pen, field: pygame.Rect) -> None:
        """Draw all into ``field``."""
        self._place(field, pen)
        found = self.task.result() if self.task.done else None
        listed = self._draw_panel(surface, pen, found)
        if self._board is not None:
            self._draw_board(surface, pen, self._board, listed)

    # -- where ---------------------------------------------------------------------------------------------

    def _place(self, field: pygame.Rect, pen: Pen) -> None:
        wanted = (tuple(field), pen.style)
        if self._placed_for == wanted:
            return
        self._placed_for = wanted
        layout, gap = self.contest.dynamics.layout, pen.style.px(24)
        if layout is None:
            self._panel = field
            return
        wide, high = self._columns(pen)[-1], PANEL_LINES[self._in_two(field, pen)] * pen.height()
        beside = pygame.Rect(field.left, field.top, field.width - gap - wide, field.height)
        above = pygame.Rect(field.left, field.top, field.width, field.height - gap // 2 - high)
        cells = [min(area.width / layout.width, area.height / layout.height) for area in (beside, above)]
        area = beside if cells[0] >= cells[1] else above
        self._board = Board(layout, area.inflate(-4, -4), pen.style.theme)
        rect = self._board.rect
        if area is above:
            top = rect.bottom + gap // 2
            self._panel = pygame.Rect(field.left, top, field.width, field.bottom - top)
            return
        spare = field.width - gap - wide - rect.width
        self._board.rect.left = field.left + spare // 2
        self._panel = pygame.Rect(rect.right + gap, field.top, wide, field.height)

    def _columns(self, pen: Pen) -> tuple[int, int, int]:
        """Where the labels, the person's column and the policy's end, from the panel's left."""
        labels = pen.width("best from this start") + pen.style.px(10)
        column = pen.width("−0,000.000", "strong") + pen.style.px(8)
        return labels, labels + column, labels + 2 * column

    def _in_two(self, area: pygame.Rect, pen: Pen) -> bool:
        """Whether the panel has room for two columns."""
        return area.width >= 2 * self._columns(pen)[-1] + pen.style.px(24)

    # -- the board -----------------------------------------------------------------------------------------

    def _draw_board(self, surface: pygame.Surface, pen: Pen, board: Board, choices: tuple[Choice, ...]) -> None:
        theme, position = pen.style.theme, board.layout.position
        person, policy = self.round.person, self.round.policy
        board.draw(surface, int(person.states[0]))
        mine, theirs = self._ways
        ends = [(int(row), int(column)) for row, column in position[[person.states[-1], policy.states[-1]]]]
        draw_way(surface, board, theirs, ends[1], POLICY_OFFSET, theme.policy, "dashed")
        draw_way(surface, board, mine, ends[0], PERSON_OFFSET, theme.person, "solid")
        marked: dict[tuple[int, int], list[int]] = {}
        for index, choice in enumerate(choices):
            row, column = position[choice.state].tolist()
            marked.setdefault((row, column), []).append(index)
        for place, indices in marked.items():
            for index in indices:
                _draw_best(surface, board, place, choices[index].best, theme.truth)
            self._draw_numbers(surface, pen, board, place, [str(index + 1) for index in indices])

    @staticmethod
    def _draw_numbers(
        surface: pygame.Surface, pen: Pen, board: Board, place: tuple[int, int], numbers: list[str]
    ) -> None:
        """The numbers of the choices made in one cell, as many as it has room for."""
        (x, y), size = board.centre(*place), pen.height() + pen.style.px(2)
        numbers = numbers[: int(board.cell // size)]
        for k, words in enumerate(numbers):
            _badge(surface, pen, words, (round(x + (k - (len(numbers) - 1) / 2) * size), round(y)))
        if not numbers:
            pygame.draw.circle(surface, pen.style.theme.truth, (x, y), max(2.0, board.cell * 0.3))

    # -- the panel -----------------------------------------------------------------------------------------

    def _draw_panel(self, surface: pygame.Surface, pen: Pen, found: Hindsight | None) -> tuple[Choice, ...]:
        """Draw the numbers; returns the choices that are listed."""
        panel, columns, step = self._panel, self._columns(pen), pen.height()
        ledger = pygame.Rect(panel.left, panel.top, columns[-1], panel.height)
        top = self._draw_ledger(surface, pen, ledger, found)
        gap = round(GAP * step)
        if found is None:
            words = "Working out what each choice cost …" if not self.task.done else NO_COSTS
            self._paragraph(surface, pen, words, pygame.Rect(ledger.left, top + gap, ledger.width, step))
            return ()
        top = self._paragraph(surface, pen, found.meaning(self._number), ledger.move(0, top + gap - ledger.top))
        if self._in_two(panel, pen):
            left = ledger.right + pen.style.px(24)
            rest = pygame.Rect(left, panel.top, panel.right - left, panel.height)
        else:
            rest = pygame.Rect(panel.left, top + gap, panel.width, panel.bottom - top - gap)
        return self._draw_choices(surface, pen, rest, found.choices)

    @staticmethod
    def _number(value: float) -> str:
        return number(value, 3, exact=True)

    def _draw_ledger(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect, found: Hindsight | None) -> int:
        """Both sides' returns, and what they are made of; returns where it ends."""
        theme, columns, step = pen.style.theme, self._columns(pen), pen.height()
        colours = (theme.person, theme.policy)
        for index, name in enumerate(("You", "Policy")):
            right = rect.left + columns[1 + index]
            head = pen.text(surface, name, (right, rect.top), "topright", "strong", colours[index])
            start = (rect.left + columns[index] + pen.style.px(12), head.bottom + pen.style.px(2))
            (dashed if index else line)(surface, colours[index], start, (right, start[1]), max(2, pen.style.px(3)))
        top = rect.top + step + pen.style.px(8)
        gamma = self.contest.dynamics.discount
        returns = [self._number(side.total_return(gamma)) for side in (self.round.person, self.round.policy)]
        rows = found.ledger(self._number) if found is not None else [("return R(τ)", returns[0], returns[1])]
        for label, *values in rows:
            last = label == rows[-1][0]
            if last:
                pygame.draw.line(surface, theme.edge, (rect.left, top + 1), (rect.left + columns[-1], top + 1))
                top += pen.style.px(3)
            pen.text(surface, label, (rect.left, top), colour=theme.quiet)
            for index, value in enumerate(values):
                colour = theme.truth if label.startswith("best") else colours[index] if last else theme.ink
                right = rect.left + columns[1 + index]
                pen.text(surface, value, (right, top), "topright", "strong" if last else "text", colour)
            top += step
        return top

    @staticmethod
    def _paragraph(surface: pygame.Surface, pen: Pen, words: str, rect: pygame.Rect) -> int:
        """Some lines of text; returns where they end."""
        top = rect.top
        for row in pen.wrapped(words, rect.width, 3):
            pen.text(surface, row, (rect.left, top))
            top += pen.height()
        return top

    def _draw_choices(
        self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect, every: tuple[Choice, ...]
    ) -> tuple[Choice, ...]:
        """Where the best action was left, as many as there is room for."""
        theme, step, gap = pen.style.theme, pen.height() + pen.style.px(4), pen.style.px(8)
        if not every:
            return ()
        room = (rect.bottom - rect.top) // step - 1
        shown = every[: min(MOST_LISTED, room if room >= len(every) else max(0, room - 1))]
        if not shown:
            return ()
        pen.text(surface, "Where you left the best action", rect.topleft, role="strong", width=rect.width)
        top = rect.top + step
        for rank, choice in enumerate(shown, 1):
            middle = top + step // 2
            _badge(surface, pen, str(rank), (rect.left + step // 2, middle))
            cost = pen.text(surface, self._number(-choice.cost), (rect.right, middle), "midright", "strong")
            left = rect.left + step + gap
            pen.text(surface, choice.words(), (left, middle), "midleft", width=cost.left - gap - left)
            top += step
        rest = every[len(shown) :]
        if rest and top + pen.height() <= rect.bottom:
            words = f"and {len(rest):,} more, together {self._number(-sum(choice.cost for choice in rest))}"
            pen.text(surface, words, (rect.left, top + step // 2), "midleft", colour=theme.quiet, width=rect.width)
        return shown


def _draw_best(surface: pygame.Surface, board: Board, place: tuple[int, int], action: str, colour: Colour) -> None:
    """An arrow for the action that would have been best in a cell; none where it has no direction."""
    step = pygame.Vector2(DIRECTIONS.get(action, (0, 0))[::-1])
    cell, middle = board.cell, pygame.Vector2(board.centre(*place))
    if step.length() == 0.0 or cell < SMALLEST_ARROW:
        return
    step = step.normalize()
    across = pygame.Vector2(-step.y, step.x) * cell * 0.11
    tip, neck = middle + step * cell * 0.47, middle + step * cell * 0.27
    pygame.draw.line(surface, colour, middle, neck, max(2, round(cell * 0.06)))
    pygame.draw.polygon(surface, colour, [tip, neck + across, neck - across])


def _badge(surface: pygame.Surface, pen: Pen, words: str, middle: tuple[int, int]) -> None:
    """A number on a green disc."""
    colour: Colour = pen.style.theme.truth
    pygame.draw.circle(surface, colour, middle, (pen.height() + pen.style.px(2)) / 2)
    pen.text(surface, words, middle, "center", "strong", readable_on(colour))
