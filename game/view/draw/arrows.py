"""Arrows: what the policy would do in each cell, and what the last batch pushed it to do.

An arrow starts at a small hub in the middle of its cell, and its length is to scale: from the hub's edge to the
tip it is the probability (or the push, against the largest push) times ``reach``.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pygame
from numpy.typing import NDArray

from game.view.draw.board import Board
from game.view.draw.hues import hues
from game.view.draw.tiles import SUPER, thick_line
from game.view.shared.theme import Colour, Style
from game.world.level import ACTIONS, DIRECTIONS

Kind = Literal["best", "other", "untrained", "more", "less"]
_KINDS: tuple[Kind, ...] = ("best", "other", "untrained", "more", "less")
BEST, OTHER, UNTRAINED, MORE, LESS = range(5)

#: Below this many pixels a cell's arrows are lines of single pixels.
SMALLEST_SPRITE = 14
#: The height of a figure as a share of its cell, in pixels at least and at most; so many times as large is its cell.
FIGURE, SMALLEST_FIGURE, LARGEST_FIGURE, ROOM_FOR_FIGURE = 0.17, 14, 24, 4.4


class Arrows:
    """The arrows of one board; set once for each change of the policy, then drawn in every frame.

    ``actions`` are the names of the actions, the columns of the tables given.
    """

    def __init__(self, board: Board, actions: tuple[str, ...]) -> None:
        self.board, self.actions = board, actions
        self.hub = max(1.0, 0.04 * board.cell)
        self.reach = 0.5 * board.cell - 1.0 - self.hub
        #: Actions that are no directions and do not stay, such as those of a numbered environment, have no arrow.
        self._drawn = np.array([action in ACTIONS for action in actions])
        steps = [DIRECTIONS.get(action, (0, 0)) for action in actions]
        self._directions = [pygame.Vector2(column, row) for row, column in steps]
        self._sprites: dict[tuple[int, int, int], tuple[pygame.Surface, int, int]] = {}
        self._placed: list[tuple[pygame.Surface, tuple[int, int]]] = []
        self._figures: dict[str, pygame.Surface] = {}
        self._written: list[tuple[pygame.Surface, tuple[int, int]]] = []

    @property
    def too_small(self) -> bool:
        """Whether the cells are too small for arrows, so that a policy is shown as colours that fill them."""
        return self.board.cell < SMALLEST_SPRITE

    def set_policy(
        self, places: NDArray[np.int32], probabilities: NDArray[np.float64], visited: NDArray[np.bool_]
    ) -> None:
        """Show a policy: ``places`` (n, 2) are cells, ``probabilities`` (n, A) theirs, ``visited`` (n,) bool.

        The most probable action is blue and heavier, unless all are equal; cells never visited are pale and dotted.
        Where cells are too small for arrows, see ``hues.py``.
        """
        self._written = []
        if self.too_small:
            self._placed = [(hues(self.board, self.actions, places, probabilities, visited), self.board.rect.topleft)]
            return
        largest = probabilities.max(axis=1, keepdims=True)
        best = (probabilities >= largest - 1e-6) & (largest - probabilities.min(axis=1, keepdims=True) > 1e-6)
        kind = np.where(best | (len(self.actions) == 1), BEST, OTHER)
        kind[~visited] = UNTRAINED
        self._place(places, probabilities, kind)
        self._write_best(places, probabilities, kind)

    def set_credit(self, places: NDArray[np.int32], credit: NDArray[np.float64], largest: float) -> None:
        """Show what a batch pushed: ``credit`` (n, A), drawn against ``largest``; filled is more, hollow is less."""
        self._written = []
        share = np.abs(credit) / largest if largest > 0 else np.zeros_like(credit)
        self._place(places, share, np.where(credit >= 0, MORE, LESS))

    def clear(self) -> None:
        """Show none."""
        self._placed, self._written = [], []

    def draw(self, surface: pygame.Surface) -> None:
        """Draw what was set last."""
        surface.fblits(self._placed)

    def draw_figures(self, surface: pygame.Surface) -> None:
        """Write the probabilities of the most probable actions, where the cells have room."""
        surface.fblits(self._written)

    def _place(self, places: NDArray[np.int32], share: NDArray[np.float64], kind: NDArray[np.intp]) -> None:
        share = share * self._drawn
        if self.board.cell < SMALLEST_SPRITE:
            self._placed = [(self._pixels(places, share, kind), self.board.rect.topleft)]
            return
        length = np.rint(share * self.reach * 2).astype(int)  # in half pixels
        cell, (left, top) = int(self.board.cell), self.board.rect.topleft
        xs = (places[:, 1] * cell + left).tolist()
        ys = (places[:, 0] * cell + top).tolist()
        placed: list[tuple[pygame.Surface, tuple[int, int]]] = []
        heavy: list[tuple[pygame.Surface, tuple[int, int]]] = []  # drawn last, so that they lie on top
        for x, y, lengths, kinds in zip(xs, ys, length.tolist(), kind.tolist(), strict=True):
            for action, half_pixels in enumerate(lengths):
                if half_pixels >= 2:
                    sprite, dx, dy = self._sprite(action, half_pixels, kinds[action])
                    (heavy if kinds[action] == BEST else placed).append((sprite, (x + dx, y + dy)))
        placed += heavy
        hub, dx, dy = self._sprite(-1, 0, OTHER)
        placed.extend([(hub, (x + dx, y + dy)) for x, y in zip(xs, ys, strict=True)])
        self._placed = placed

    def _write_best(
        self, places: NDArray[np.int32], probabilities: NDArray[np.float64], kind: NDArray[np.intp]
    ) -> None:
        """Write the probability of a cell's most probable action into a corner that it does not point to."""
        cell = int(self.board.cell)
        text = min(LARGEST_FIGURE, max(SMALLEST_FIGURE, round(FIGURE * cell)))
        if cell < ROOM_FOR_FIGURE * text:
            return
        font, colour = Style(self.board.theme, text).font("text"), self.board.theme.quiet
        for (row, column), shares, kinds in zip(places.tolist(), probabilities, kind, strict=True):
            best = int(shares.argmax())
            if kinds[best] != BEST:
                continue
            words = f"{shares[best]:.2f}"
            if words not in self._figures:
                self._figures[words] = font.render(words, True, colour)
            figure, rect = self._figures[words], self.board.cell_rect(row, column).inflate(-6, -4)
            to_the_left = self._directions[best] == pygame.Vector2(-1, -1)
            left = rect.right - figure.get_width() if to_the_left else rect.left
            self._written.append((figure, (left, rect.top)))

    def _sprite(self, action: int, half_pixels: int, kind: int) -> tuple[pygame.Surface, int, int]:
        """An arrow cut to its outline, and where it lies in its cell."""
        key = (action, half_pixels, kind)
        sprite = self._sprites.get(key)
        if sprite is None:
            size = int(self.board.cell)
            colour = self._colour(_KINDS[kind])
            canvas = pygame.Surface((size * SUPER, size * SUPER), pygame.SRCALPHA)
            canvas.fill((*colour, 0))
            if action < 0:
                middle = size * SUPER / 2
                pygame.draw.circle(canvas, self.board.theme.quiet, (middle, middle), self.hub * SUPER)
            else:
                self._draw_arrow(canvas, self._directions[action], half_pixels / 2, _KINDS[kind], colour)
            small = pygame.transform.smoothscale(canvas, (size, size))
            box = small.get_bounding_rect()
            sprite = self._sprites[key] = (small.subsurface(box).copy(), box.left, box.top)
        return sprite

    def _colour(self, kind: Kind) -> Colour:
        theme = self.board.theme
        return {
            "best": theme.policy,
            "other": theme.arrow,
            "untrained": theme.untrained,
            "more": theme.policy,
            "less": theme.warning,
        }[kind]

    def _draw_arrow(
        self, canvas: pygame.Surface, direction: pygame.Vector2, length: float, kind: Kind, colour: Colour
    ) -> None:
        """One arrow, on a canvas SUPER times as large as its cell."""
        cell = self.board.cell
        middle = pygame.Vector2(canvas.get_width() / 2, canvas.get_height() / 2)
        if direction.length() == 0:  # to stay: a ring around the hub
            radius = (self.hub + length) * SUPER
            pygame.draw.circle(canvas, colour, middle, radius, max(SUPER, round(0.05 * cell * SUPER)))
            return
        along = direction.normalize()
        across = pygame.Vector2(-along.y, along.x)
        heavy = kind in ("best", "more", "less")
        head = min(0.62 * length, (0.17 if heavy else 0.14) * cell)
        half = head * (0.75 if heavy else 0.8)
        start = middle + along * self.hub * SUPER
        tip = start + along * length * SUPER
        neck = tip - along * head * SUPER
        width = min((0.095 if heavy else 0.05) * cell, half) * SUPER
        outline = [tip, neck + across * half * SUPER, neck - across * half * SUPER]
        if kind == "untrained":
            _dots(canvas, colour, start, neck, max(0.9, 0.024 * cell) * SUPER)
            pygame.draw.polygon(canvas, colour, outline)
            return
        if (neck - start).length() >= 1:
            thick_line(canvas, colour, start, neck + along, width)
        pygame.draw.polygon(canvas, colour, outline)
        if kind == "less":
            self._hollow(canvas, (start, neck, tip), across, width, half)

    def _hollow(
        self,
        canvas: pygame.Surface,
        points: tuple[pygame.Vector2, pygame.Vector2, pygame.Vector2],
        across: pygame.Vector2,
        width: float,
        half: float,
    ) -> None:
        """Take the inside out of an arrow and leave an outline of about a pixel and a half."""
        start, neck, tip = points
        line = max(1.0, 0.024 * self.board.cell) * SUPER
        clear = (*self._colour("less"), 0)
        along = (tip - start).normalize()
        if width > 2 * line and (neck - start).length() > line:
            corner = across * (width / 2 - line)
            inner = [start + along * line + corner, neck + along * line + corner]
            inner += [neck + along * line - corner, start + along * line - corner]
            pygame.draw.polygon(canvas, clear, inner)
        head = (tip - neck).length()
        if head > 3 * line:
            base = neck + along * line
            side = across * (half * SUPER - 2 * line)
            pygame.draw.polygon(canvas, clear, [tip - along * 2.2 * line, base + side, base - side])

    def _pixels(self, places: NDArray[np.int32], share: NDArray[np.float64], kind: NDArray[np.intp]) -> pygame.Surface:
        """All arrows of tiny cells at once, as lines of single pixels on a transparent board."""
        board = self.board
        layer = pygame.Surface(board.rect.size, pygame.SRCALPHA)
        colour = pygame.surfarray.pixels3d(layer)
        alpha = pygame.surfarray.pixels_alpha(layer)
        table = np.array([self._colour(name) for name in _KINDS], dtype=np.uint8)
        middle = ((places + 0.5) * board.cell).astype(int)
        for heavy in (False, True):
            for action, direction in enumerate(self._directions):
                for distance in range(1, int(board.cell / 2) + 1):
                    drawn = (share[:, action] * board.cell / 2 >= distance - 0.5) & ((kind[:, action] == BEST) == heavy)
                    x = middle[drawn, 1] + int(direction.x) * distance
                    y = middle[drawn, 0] + int(direction.y) * distance
                    inside = (x >= 0) & (y >= 0) & (x < colour.shape[0]) & (y < colour.shape[1])
                    x, y = x[inside], y[inside]
                    colour[x, y] = table[kind[drawn, action][inside]]
                    alpha[x, y] = 255
        del colour, alpha  # a surface stays locked while an array of its pixels lives
        return layer


def _dots(canvas: pygame.Surface, colour: Colour, start: pygame.Vector2, end: pygame.Vector2, radius: float) -> None:
    way = end - start
    count = int(way.length() / (3.2 * radius))
    for k in range(count + 1):
        pygame.draw.circle(canvas, colour, start + way * (k / max(1, count)), radius)
