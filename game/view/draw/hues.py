"""The policy of a board whose cells are too small for arrows, drawn in the colours of ``shared/hues.py``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame
from numpy.typing import NDArray

from game.view.draw.board import Board
from game.view.shared.hues import shades


def hues(
    board: Board,
    actions: Sequence[str],
    places: NDArray[np.int32],
    probabilities: NDArray[np.float64],
    visited: NDArray[np.bool_],
) -> pygame.Surface:
    """A transparent board with the colours of a policy: ``places`` (n, 2), ``probabilities`` (n, A), ``visited`` (n,)
    bool."""
    layout = board.layout
    shown = shades(board.theme.floor, actions, probabilities)
    image = pygame.Surface((layout.width, layout.height), pygame.SRCALPHA)
    column, row = places[visited, 1], places[visited, 0]
    pixels, alpha = pygame.surfarray.pixels3d(image), pygame.surfarray.pixels_alpha(image)
    pixels[column, row] = np.rint(shown[visited]).astype(np.uint8)
    alpha[column, row] = 255
    del pixels, alpha  # a surface stays locked while an array of its pixels lives
    # As the ground is scaled, so that cells and colours lie on each other.
    scale = pygame.transform.smoothscale if board.cell < 1 else pygame.transform.scale
    return scale(image, board.rect.size)
