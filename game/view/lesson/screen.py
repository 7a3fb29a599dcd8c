"""The screen of one page of the lesson: title, cards in two columns, sliders, and the bar of keys.

The text of the cards is as large as the page allows, so that nothing is ever cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from game.snapshots.lesson_page import Card, Page
from game.view.draw.keybar import bar_height, draw_bar
from game.view.draw.pen import Pen
from game.view.lesson.block import Block, sharing
from game.view.lesson.parts import block_of
from game.view.lesson.sliders import SliderRow
from game.view.shared.theme import Style

#: The text of the cards is at most so many times as large as that of the window, and never below so many pixels.
LARGEST, SMALLEST = 1.35, 6


@dataclass(frozen=True, slots=True)
class _Placed:
    """A card with its blocks, and the room each of them gets."""

    card: Card
    rect: pygame.Rect
    blocks: tuple[Block, ...]
    rooms: tuple[pygame.Rect, ...]


class LessonScreen:
    """Draws one page; ``hidden``: whether the answers are covered; ``chosen`` is the slider that keys change."""

    def __init__(self, page: Page, count: int, hidden: bool) -> None:
        self.page, self.count, self.hidden = page, count, hidden
        self.sliders: SliderRow | None = None
        self._for: object = None
        self._placed: list[_Placed] = []
        self._pen: Pen
        self._picture: pygame.Surface

    def draw(self, surface: pygame.Surface, pen: Pen, chosen: int, status: str) -> None:
        """Draw the page; ``status`` are the words at the right of the bar."""
        size, theme, unit = surface.get_size(), pen.style.theme, pen.style.px
        margin = unit(18)
        head = pygame.Rect(margin, unit(10), size[0] - 2 * margin, pen.height("title"))
        bar = pygame.Rect(margin, size[1] - bar_height(pen) - unit(8), head.width, bar_height(pen))
        if self.sliders is None or self.sliders.pen is not pen:
            self.sliders = SliderRow(pen, self.page.sliders, head.width)
        foot = pygame.Rect(margin, bar.top - unit(4) - self.sliders.height, head.width, self.sliders.height)
        body = pygame.Rect(margin, head.bottom + unit(8), head.width, 0)
        body.height = foot.top - unit(6) - body.top
        surface.blit(self._cards(pen, body, size), (0, 0))
        pen.written.extend(self._pen.written)
        self._draw_head(surface, pen, head)
        self.sliders.draw(surface, foot, chosen)
        words = pen.text(surface, status, bar.midright, "midright", "strong", theme.policy, round(0.7 * bar.width))
        bar.width = words.left - unit(16) - bar.left
        draw_bar(surface, pen, "lesson", bar)

    def _draw_head(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect) -> None:
        page = self.page
        aside = f"page {page.number} of {self.count}"
        if page.equations:
            aside = f"{page.equations}   ·   {aside}"
        right = pen.text(surface, aside, rect.midright, "midright", colour=pen.style.theme.quiet)
        room = right.left - pen.style.px(20) - rect.left
        pen.text(surface, page.title, rect.midleft, "midleft", "title", width=room)

    def _draw_card(self, surface: pygame.Surface, placed: _Placed) -> None:
        pen = self._pen
        inside = pen.card(surface, placed.rect)
        title = pen.text(surface, placed.card.title, inside.topleft, role="strong")
        if placed.card.aside:
            room = inside.right - title.right - pen.style.px(14)
            if pen.width(placed.card.aside) <= room:
                at = (inside.right, title.centery)
                pen.text(surface, placed.card.aside, at, "midright", colour=pen.style.theme.quiet)
        for block, room_of in zip(placed.blocks, placed.rooms, strict=True):
            block.draw(surface, room_of)

    def _cards(self, pen: Pen, body: pygame.Rect, size: tuple[int, int]) -> pygame.Surface:
        """The cards on paper; drawn once for each page and size, since boards and plots take their time."""
        key = (tuple(body), size, pen.style, self.hidden)
        if key != self._for:
            self._for = key
            self._place(pen, body)
            self._picture = pygame.Surface(size)
            self._picture.fill(pen.style.theme.paper)
            for placed in self._placed:
                self._draw_card(self._picture, placed)
        return self._picture

    # -- where everything lies ------------------------------------------------------------------------------

    def _place(self, pen: Pen, body: pygame.Rect) -> None:
        """Place the cards with the largest text that leaves nothing out."""
        for text in range(round(pen.style.text * LARGEST), SMALLEST, -1):
            self._pen = Pen(Style(pen.style.theme, text))
            if self._try(body, text == SMALLEST + 1):
                return

    def _try(self, body: pygame.Rect, last: bool) -> bool:
        """Place the cards with this pen; False, and nothing kept, where they do not fit (the ``last`` try is kept)."""
        gap = self._pen.style.px(10)
        left = body.copy()
        left.width = round((body.width - gap) * self.page.share)
        right = pygame.Rect(left.right + gap, body.top, body.right - left.right - gap, body.height)
        columns = [(self.page.left, left), (self.page.right, right)]
        self._placed = []
        fits = [self._stack(cards, area) for cards, area in columns if cards]
        return all(fits) or last

    def _stack(self, cards: Sequence[Card], area: pygame.Rect) -> bool:
        """Stack ``cards`` in ``area``; whether they fit."""
        pen, unit = self._pen, self._pen.style.px
        pad_x, pad_y, gap, between = unit(14), unit(10), unit(10), unit(7)
        width = area.width - 2 * pad_x
        head = pen.height("strong") + unit(8)
        stacks = [[block_of(pen, part, width, self.hidden) for part in card.parts] for card in cards]
        frame = [2 * pad_y + head + between * (len(blocks) - 1) for blocks in stacks]
        every = [block for blocks in stacks for block in blocks]
        room = area.height - sum(frame) - gap * (len(cards) - 1)
        needed = sum(block.height for block in every)
        titles = max(pen.width(card.title, "strong") for card in cards)
        fits = needed <= room and max(block.width for block in every) <= width and titles <= width
        heights = iter(sharing(every, room))
        top = area.top
        for number, (card, blocks) in enumerate(zip(cards, stacks, strict=True)):
            y, rooms = top + pad_y + head, []
            for height in [next(heights) for _ in blocks]:
                rooms.append(pygame.Rect(area.left + pad_x, y, width, height))
                y += height + between
            bottom = y - between + pad_y if number < len(cards) - 1 else max(area.bottom, y - between + pad_y)
            rect = pygame.Rect(area.left, top, area.width, bottom - top)
            self._placed.append(_Placed(card, rect, tuple(blocks), tuple(rooms)))
            top = bottom + gap
        return fits
