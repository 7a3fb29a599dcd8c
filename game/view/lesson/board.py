"""The boards of the lesson: a policy's arrows or a credit table's, and a trajectory cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pygame

from game.snapshots.lesson_page import BoardPart, Film, Table
from game.view.draw.arrows import Arrows
from game.view.draw.board import Board
from game.view.draw.equation import colour_of
from game.view.draw.pen import Pen
from game.view.lesson.block import Block, write_value
from game.world.dynamics import Layout

if TYPE_CHECKING:
    TableBlock = Callable[[Pen, Table, int, bool, int, int], Block]


def board_block(pen: Pen, part: BoardPart, width: int, hidden: bool) -> Block:
    """A board with arrows, the number of each cell in its corner, and labels at the foot of cells."""
    layout, unit = _layout(part), pen.style.px
    # A label is up to a cell wide, and stands below the board.
    least = max(unit(40), *(pen.width(words) + unit(6) for _, words in part.labels), 0)
    most = max(least, min(width // layout.width, unit(110)))
    below = pen.height() if part.labels else 0

    def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
        board = _board(layout, pygame.Rect(rect.left, rect.top, rect.width, rect.height - below), pen)
        board.draw(surface, None)
        shut = hidden and part.answer
        if not shut:
            _arrows(part, board).draw(surface)
        for state, (row, column) in enumerate(layout.position.tolist()):
            cell = board.cell_rect(row, column)
            corner = (cell.left + unit(4), cell.top + unit(2))
            pen.text(surface, str(state), corner, colour=pen.style.theme.quiet)
            if shut and not part.dynamics.terminal[state]:
                write_value(surface, pen, "", cell.center, "center", pen.style.theme.ink, True)
        for state, words in part.labels:
            middle = board.cell_rect(*layout.position[state].tolist()).centerx
            colour = colour_of("environment", pen.style.theme)
            pen.text(surface, words, (middle, board.rect.bottom + unit(3)), "midtop", colour=colour)

    height, largest = (cell * layout.height + below + unit(6) for cell in (least, most))
    return Block(least * layout.width, height, largest, draw, picture=True)


def film_block(pen: Pen, part: Film, width: int, hidden: bool, table_block: TableBlock) -> Block:
    """One small board per state of the trajectory, below each other, and a row of the table beside each."""
    layout, unit = _layout(part), pen.style.px
    least = max(unit(26), pen.height() + unit(8))
    needed = table_block(pen, part.table, width, hidden, 1, 1).width
    cell = max(least, min(unit(48), (width - needed - unit(14)) // layout.width))
    pitch = cell * layout.height + unit(8)
    boards = cell * layout.width + unit(14)
    rows = len(part.trajectory.states)
    table = table_block(pen, part.table, width - boards, hidden, pitch, pitch + unit(24))
    head = table.height - pitch * rows

    def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
        theme, apart = pen.style.theme, (rect.height - head) // rows
        for t, state in enumerate(part.trajectory.states.tolist()):
            area = pygame.Rect(rect.left + 2, rect.top, cell * layout.width, cell * layout.height)
            area.top += head + t * apart + (apart - area.height) // 2
            board = Board(layout, area, theme)
            board.draw(surface, None)
            places = [tuple(place) for place in layout.position[part.trajectory.states[: t + 1]].tolist()]
            board.draw_trail(surface, places, theme.policy_trail)
            taken = t < len(part.trajectory)
            action = part.dynamics.actions[part.trajectory.actions[t]] if taken else None
            row, column = layout.position[state].tolist()
            board.draw_agent(surface, (row, column), theme.policy, action)
        table.draw(surface, pygame.Rect(rect.left + boards, rect.top, rect.width - boards, rect.height))

    return Block(table.width + boards, table.height, table.most, draw, picture=True)


def _layout(part: BoardPart | Film) -> Layout:
    layout = part.dynamics.layout
    assert layout is not None, "the lesson's levels lie on a grid"
    return layout


def _board(layout: Layout, rect: pygame.Rect, pen: Pen) -> Board:
    """The board in the middle of ``rect``, inside its frame."""
    return Board(layout, rect.inflate(-pen.style.px(4), -pen.style.px(4)), pen.style.theme)


def _arrows(part: BoardPart, board: Board) -> Arrows:
    """The arrows of the states that an action is taken in."""
    arrows = Arrows(board, part.dynamics.actions)
    states = np.flatnonzero(~part.dynamics.terminal)
    places = board.layout.position[states]
    if part.credit is not None:
        arrows.set_credit(places, part.credit[states], float(np.abs(part.credit).max()))
    elif part.probabilities is not None:
        arrows.set_policy(places, part.probabilities[states], np.ones(len(states), dtype=bool))
    return arrows
