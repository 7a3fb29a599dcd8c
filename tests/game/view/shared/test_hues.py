"""Direction as hue: colours that everybody can tell apart, and a legend that names them."""

from __future__ import annotations

import numpy as np

from game.view.shared.hues import HUES, legend


def test_the_hues_are_far_apart_for_colour_blind_people_too() -> None:
    """The four main ones, through Viénot's matrix for deuteranopes (1999) in linear light."""
    blind = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
    main = np.array([HUES[name][1] for name in ("up", "right", "down", "left")]) / 255.0
    for seen in (main, np.clip(main**2.2 @ blind.T, 0.0, 1.0) ** (1 / 2.2)):
        apart = np.linalg.norm(seen[:, None] - seen[None], axis=2)[np.triu_indices(4, 1)]
        assert apart.min() > 0.2


def test_the_legend_names_colours_and_says_where_there_is_no_direction() -> None:
    assert legend(("left", "right"))[-1] == "← green  → orange"
    assert "no direction" in legend(("0", "1"))[0]
