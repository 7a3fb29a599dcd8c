"""Choosing a level: a card with a small picture for each."""

from __future__ import annotations

import pygame

from game.view.draw.board import Board
from game.view.draw.pen import Pen
from game.view.draw.rules import rules_lines
from game.view.play.level_choice import TITLE, LevelChoice
from game.view.shared.theme import Style
from game.world.catalog import World


class Chooser:
    """Draws a choice of levels as cards in rows, and says what lies at a pixel of it."""

    def __init__(self, levels: LevelChoice) -> None:
        self.levels = levels
        self._first_row = 0
        self._cards: list[tuple[int, pygame.Rect]] = []
        self._pictures: dict[tuple[int, tuple[int, int], Style], pygame.Surface] = {}

    def scroll(self, rows: int) -> None:
        """Turn the wheel by some rows."""
        for _ in range(abs(rows)):
            self.levels.move("down" if rows > 0 else "up")

    def select_at(self, point: tuple[int, int]) -> bool:
        """Select the card at a pixel; False beside all cards."""
        for index, rect in self._cards:
            if rect.collidepoint(point):
                self.levels.selected = index
                return True
        return False

    def draw(self, surface: pygame.Surface, pen: Pen) -> None:
        """Draw all over the window."""
        style, theme = pen.style, pen.style.theme
        surface.fill(theme.paper)
        area = surface.get_rect().inflate(-2 * style.px(24), -2 * style.px(14))
        title = pen.text(surface, TITLE, area.topleft, role="title")
        top = title.bottom + style.px(10)
        told = rules_lines(pen, self.levels.choice.dynamics, surface.get_size(), style.px(24))
        foot = (2 + len(told)) * pen.height() + style.px(14) + pen.height() + style.px(16)
        self._draw_cards(surface, pen, pygame.Rect(area.left, top, area.width, area.bottom - foot - top))
        words = pygame.Rect(area.left, area.bottom - foot + style.px(10), area.width, 2 * pen.height())
        teaches = pen.wrapped(self.levels.choice.teaches or self.levels.choice.source, words.width, 2)
        for k, line in enumerate([*teaches, *told]):
            colour = theme.ink if k < len(teaches) else theme.quiet
            pen.text(surface, line, (words.left, words.top + k * pen.height()), colour=colour)
        left, middle = area.left, area.bottom - pen.height() // 2 - style.px(4)
        for cap, word in (("← ↑ ↓ →", "select"), ("Enter", "play it"), ("Esc", "back")):
            box = pen.cap(surface, cap, left, middle)
            left = pen.text(
                surface, word, (box.right + style.px(6), middle), "midleft", colour=theme.quiet
            ).right + style.px(14)

    def _draw_cards(self, surface: pygame.Surface, pen: Pen, area: pygame.Rect) -> None:
        gap = pen.style.px(12)
        self.levels.columns = max(1, min(4, (area.width + gap) // (pen.style.text * 15 + gap)))
        width = (area.width - (self.levels.columns - 1) * gap) // self.levels.columns
        n_rows = -(-len(self.levels.worlds) // self.levels.columns)
        shown = max(1, min(n_rows, (area.height + gap) // (pen.style.text * 8 + gap)))
        height = (area.height - (shown - 1) * gap) // shown
        row = self.levels.selected // self.levels.columns
        self._first_row = min(max(self._first_row, row - shown + 1), row, max(0, n_rows - shown))
        self._cards = []
        first = self._first_row * self.levels.columns
        for index in range(first, min(len(self.levels.worlds), first + shown * self.levels.columns)):
            line, column = divmod(index - first, self.levels.columns)
            rect = pygame.Rect(area.left + column * (width + gap), area.top + line * (height + gap), width, height)
            self._cards.append((index, rect))
            self._draw_one(surface, pen, index, rect)
        if shown < n_rows:
            self._draw_bar(surface, pen, area, self._first_row / n_rows, shown / n_rows)

    def _draw_bar(self, surface: pygame.Surface, pen: Pen, area: pygame.Rect, start: float, share: float) -> None:
        """That there are more rows than are in sight."""
        width = pen.style.px(5)
        bar = pygame.Rect(area.right + pen.style.px(8), area.top, width, area.height)
        pygame.draw.rect(surface, pen.style.theme.grid, bar, border_radius=width)
        bar = pygame.Rect(bar.left, bar.top + round(start * bar.height), width, round(share * bar.height))
        pygame.draw.rect(surface, pen.style.theme.quiet, bar, border_radius=width)

    def _draw_one(self, surface: pygame.Surface, pen: Pen, index: int, rect: pygame.Rect) -> None:
        world, theme, style = self.levels.worlds[index], pen.style.theme, pen.style
        inside = pen.card(surface, rect, theme.policy_pale if index == self.levels.selected else None)
        if index == self.levels.selected:
            pygame.draw.rect(surface, theme.policy, rect, max(2, style.px(3)), border_radius=style.px(8))
        title = pen.text(surface, world.title, inside.topleft, role="strong", width=inside.width)
        note = "playing now"
        if world.name == self.levels.playing and inside.right - title.right > pen.width(note) + style.px(10):
            pen.text(surface, note, (inside.right, title.top), "topright", colour=theme.quiet)
        top = title.bottom + style.px(6)
        place = pygame.Rect(inside.left, top, inside.width, inside.bottom - top)
        key = (index, place.size, style)
        if key not in self._pictures:
            self._pictures[key] = _picture(world, place.size, style)
        picture = self._pictures[key]
        surface.blit(picture, picture.get_rect(center=place.center))


def _picture(world: World, size: tuple[int, int], style: Style) -> pygame.Surface:
    """The board of a level, small."""
    layout = world.dynamics.layout
    if layout is None or min(size) < 2:
        return pygame.Surface((0, 0))
    board = Board(
        layout, pygame.Rect(1, 1, size[0] - 2, min(size[1] - 2, round(3.2 * style.text * layout.height))), style.theme
    )
    picture = pygame.Surface(board.rect.inflate(4, 4).size, pygame.SRCALPHA)
    board = Board(layout, pygame.Rect((2, 2), board.rect.size), style.theme)
    board.draw(picture)
    return picture
