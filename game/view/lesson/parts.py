"""The parts of a lesson's page as blocks: equations, words, numbers and tables."""

from __future__ import annotations

import re

import pygame

from game.snapshots.lesson_page import Equation, Film, Number, Numbers, Part, Plot, Table, Words
from game.view.draw.equation import SetEquation, colour_of
from game.view.draw.pen import Pen
from game.view.lesson.block import HIDDEN, Block, fixed, line_height, write_value
from game.view.lesson.board import board_block, film_block
from game.view.lesson.plot import plot_block

#: Lines that a paragraph may have; none comes near.
MOST_LINES = 30
#: Height of an equation's type, in heights of the text.
EQUATION = 1.3
#: Lines may stand so many times further apart where there is room.
STRETCH = 1.5
#: Spaces at which a line must not break: around signs, and after the names of functions.
_GLUE = re.compile(r"(?<=[∇Σ∂=·−+~…]) | (?=[=·−+~…])|(?<=\bln) |(?<=Eq\.) ")


def block_of(pen: Pen, part: Part, width: int, hidden: bool) -> Block:
    """The block of ``part`` for a column of ``width`` pixels; answers are ``hidden`` or shown."""
    if isinstance(part, Equation):
        return _equation(pen, part, width)
    if isinstance(part, Words):
        return _words(pen, part, width)
    if isinstance(part, Numbers):
        return _numbers(pen, part, width, hidden)
    if isinstance(part, Table):
        return table_block(pen, part, width, hidden, line_height(pen), round(STRETCH * line_height(pen)))
    if isinstance(part, Plot):
        return plot_block(pen, part, width, hidden)
    if isinstance(part, Film):
        return film_block(pen, part, width, hidden, table_block)
    return board_block(pen, part, width, hidden)


def _equation(pen: Pen, equation: Equation, width: int) -> Block:
    """The equation, its number at the right, and what was corrected below it."""
    theme, unit = pen.style.theme, pen.style.px
    number_width = pen.width("(17)", "strong") + unit(10)
    setting = SetEquation(equation.parts, round(pen.style.text * EQUATION), width - number_width, theme)
    word, sentence = equation.remark
    note_left = pen.width(word + " ")
    note = pen.wrapped(_glued(sentence), width - number_width - note_left, MOST_LINES)
    height = max(setting.height, pen.height()) + len(note) * line_height(pen) + unit(4)

    def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
        drawn = setting.draw(surface, rect.left, rect.top)
        middle = max(drawn.centery, rect.top + pen.height() // 2)
        pen.text(surface, equation.number, (rect.right, middle), "midright", "strong", theme.quiet)
        top = rect.top + max(setting.height, pen.height()) + unit(2)
        if note:
            pen.text(surface, word, (rect.left, top), colour=theme.warning if equation.correction else theme.quiet)
        for k, words in enumerate(note):
            pen.text(surface, words, (rect.left + note_left, top + k * line_height(pen)), colour=theme.quiet)

    return fixed(setting.width + number_width, height, draw)


def _glued(text: str) -> str:
    """``text`` with spaces that do not break inside its formulas."""
    return _GLUE.sub("\u00a0", text)


def _words(pen: Pen, part: Words, width: int) -> Block:
    lines = pen.wrapped(_glued(part.text), width, MOST_LINES)

    def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
        colour = colour_of(part.meaning, pen.style.theme)
        for k, words in enumerate(lines):
            pen.text(surface, words, (rect.left, rect.top + k * line_height(pen)), colour=colour)

    return fixed(width, len(lines) * line_height(pen), draw)


def _numbers(pen: Pen, part: Numbers, width: int, hidden: bool) -> Block:
    """Labels to the left, values to the right of each column."""
    gap, line = pen.style.px(22), line_height(pen) + pen.style.px(2)
    needed = max(_number_width(pen, item) for item in part.items)
    columns = part.columns
    while columns > 1 and columns * needed + (columns - 1) * gap > width:
        columns -= 1
    rows = -(-len(part.items) // columns)
    across = (width - (columns - 1) * gap) // columns

    def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
        theme, pitch = pen.style.theme, rect.height // rows
        for k, item in enumerate(part.items):
            left = rect.left + k // rows * (across + gap)
            middle = rect.top + k % rows * pitch + pitch // 2
            pen.text(surface, item.label, (left, middle), "midleft", colour=theme.quiet)
            colour = colour_of(item.meaning, theme)
            shut = hidden and item.answer
            write_value(surface, pen, item.text, (left + across, middle), "midright", colour, shut, "strong")

    return Block(columns * needed + (columns - 1) * gap, rows * line, round(STRETCH * rows * line), draw)


def _number_width(pen: Pen, item: Number) -> int:
    return pen.width(item.label) + pen.style.px(12) + max(pen.width(item.text, "strong"), pen.style.px(22))


def table_block(pen: Pen, table: Table, width: int, hidden: bool, least: int, most: int) -> Block:
    """A table with its heads, its rows ``least`` to ``most`` pixels apart, and its totals below a rule."""
    theme, unit = pen.style.theme, pen.style.px
    texts = [column.texts for column in table.columns]
    totals = [column.total_text for column in table.columns]
    wide = [
        max(pen.width(text) for text in (column.label, *entries, HIDDEN + "  "))
        for column, entries in zip(table.columns, texts, strict=True)
    ]
    wide = [max(one, pen.width(total, "strong")) for one, total in zip(wide, totals, strict=True)]
    gap = min(unit(60), max(unit(8), (width - sum(wide)) // max(1, len(wide) - 1)))
    needed = sum(wide) + unit(8) * (len(wide) - 1)
    rows, head = len(texts[0]), pen.height() + unit(5)
    foot = pen.height() + unit(5) if any(totals) else 0
    edges = [sum(wide[:k]) + k * gap for k in range(len(wide))]

    def draw(surface: pygame.Surface, rect: pygame.Rect) -> None:
        right, line = rect.left + edges[-1] + wide[-1], (rect.height - head - foot) // rows
        if table.marked is not None and 0 <= table.marked < rows:
            mark = pygame.Rect(rect.left - unit(5), rect.top + head + table.marked * line, 0, line)
            mark.width = right + unit(5) - mark.left
            pygame.draw.rect(surface, theme.policy_pale, mark, border_radius=unit(4))
        pygame.draw.line(surface, theme.edge, (rect.left, rect.top + head - 2), (right, rect.top + head - 2))
        for k, column in enumerate(table.columns):
            left, anchor = rect.left + edges[k], "midleft" if column.is_words else "midright"
            x = left if column.is_words else left + wide[k]
            pen.text(surface, column.label, (x, rect.top + pen.height() // 2), anchor, colour=theme.quiet)
            shut = hidden and column.answer
            meanings = column.meanings or (column.meaning,) * rows
            for row, text in enumerate(texts[k]):
                y = rect.top + head + row * line + line // 2
                if text:
                    write_value(surface, pen, text, (x, y), anchor, colour_of(meanings[row], theme), shut)
            if totals[k]:
                y = rect.top + head + rows * line + unit(3) + pen.height() // 2
                colour = colour_of(column.meaning, theme)
                write_value(surface, pen, totals[k], (x, y), anchor, colour, shut, "strong")
        if foot:
            y = rect.top + head + rows * line
            pygame.draw.line(surface, theme.edge, (rect.left, y), (right, y))

    return Block(needed, head + rows * least + foot, head + rows * most + foot, draw)
