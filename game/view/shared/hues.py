"""The colours of a policy where cells are too small for arrows: direction as hue, certainty as strength of colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from game.view.shared.text_board import ARROWS
from game.view.shared.theme import Colour

#: Colours of Okabe and Ito, told apart by colour-blind people too; the names are for the legend.
HUES: dict[str, tuple[str, Colour]] = {
    "up": ("blue", (0, 114, 178)),
    "up-right": ("yellow", (240, 228, 66)),
    "right": ("orange", (230, 159, 0)),
    "down-right": ("red", (213, 94, 0)),
    "down": ("pink", (204, 121, 167)),
    "down-left": ("violet", (117, 112, 179)),
    "left": ("green", (0, 158, 115)),
    "up-left": ("sky blue", (86, 180, 233)),
    "stay": ("grey", (120, 120, 120)),
}


def legend(actions: Sequence[str], visits: bool = True) -> tuple[str, ...]:
    """What the colours mean, in words, the longest first; ``visits``: whether they are known."""
    known = [action for action in actions if action in HUES]
    if not known:
        return ("these actions have no direction, so there are no arrows",)
    listed = "  ".join(f"{ARROWS[action]} {HUES[action][0]}" for action in known)
    white = "white: never visited" if visits else "white: all alike"
    return (
        f"most probable action: {listed} · the stronger, the surer · {white}",
        f"{listed} · strong: sure · {white}",
        f"{listed} · strong: sure",
        listed,
    )


def shades(floor: Colour, actions: Sequence[str], probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 3) float64: the colours on ``floor`` of cells with ``probabilities`` (n, A).

    A uniform policy is as pale as can be, a certain one has its colour in full; ties go to the first action.
    """
    colours = np.array([HUES[action][1] if action in HUES else floor for action in actions], dtype=float)
    best = probabilities.argmax(axis=1)
    n_actions = len(actions)
    sure = 1.0 if n_actions == 1 else (probabilities.max(axis=1) * n_actions - 1.0) / (n_actions - 1)
    strength = np.clip(0.12 + 0.88 * np.broadcast_to(sure, best.shape), 0.0, 1.0)[:, None]
    return np.asarray(strength * colours[best] + (1.0 - strength) * np.array(floor))
