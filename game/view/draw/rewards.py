"""What a cell pays, as a small number in its corner, out of the arrows' way."""

from __future__ import annotations

import pygame

from game.view.shared.theme import Style, Theme
from game.view.shared.world_words import signed
from game.world.level import Tile

#: The number's height is this share of a cell …
SHARE = 0.24
#: … within these pixels; a cell that has no room for the smallest shows none.
SMALLEST, LARGEST = 14, 26


def reward_sign(tile: Tile, size: int, theme: Theme) -> pygame.Surface | None:
    """Return what a tile pays, as a picture for the lower right corner of a cell of ``size`` pixels; None for none."""
    if tile.reward is None or tile.effect == "wall":
        return None
    told, largest = signed(tile.reward), min(LARGEST, max(SMALLEST, round(size * SHARE)))
    for text in range(largest, SMALLEST - 1, -1):
        width, height = Style(theme, text).font("text").size(told)
        width += text // 3
        if width <= 0.92 * size and height <= 0.45 * size:
            break
    else:
        return None
    words = Style(theme, text).font("text").render(told, True, theme.ink)
    sign = pygame.Surface((width, height), pygame.SRCALPHA)
    pygame.draw.rect(sign, (*theme.card, 225), sign.get_rect(), border_radius=max(2, text // 4))
    sign.blit(words, words.get_rect(center=sign.get_rect().center))
    return sign
