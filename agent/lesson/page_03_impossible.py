"""Page 3: equation (9).  The gradient as it stands needs what no sample supplies."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from agent.lesson.contents import TITLES
from agent.lesson.example import COMPONENT_LABELS, COMPONENTS, Controls, Example, tiny_world
from agent.lesson.maths.derivation import gradient_of_probabilities, probability_gradients
from agent.lesson.maths.enumeration import count_trajectories
from agent.lesson.notation import EQUATIONS
from game.snapshots.lesson_page import Card, Column, Curve, Page, Plot, Slider, Table, Words
from game.world.catalog import load

#: Levels of growing size, after the tiny one.
GROWING = ("line_world", "frozen_lake", "first_steps", "frozen_lake_8x8", "four_rooms")


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    example = controls.example()
    component = component_slider(controls)
    return Page(
        number=3,
        title=TITLES[3],
        equations="(9)",
        left=(
            Card(
                "What does (9) need?",
                (
                    EQUATIONS[9],
                    Words(
                        "R does not depend on θ: only P is differentiated. Each ∇P holds the environment's P0 and Pt, "
                        "which an agent does not know."
                    ),
                    Words(
                        "A sample cannot replace the sum: an average over episodes weighs each τ by its P, and here "
                        "no P is left as a weight. Some ∇P are negative; all together they cancel."
                    ),
                    Words(
                        "That trajectories are many is not the trouble: J itself has as many terms, and is sampled "
                        "with ease."
                    ),
                ),
            ),
            Card("How many trajectories?", (_growth_plot(), _growth_table())),
        ),
        right=(Card("Every trajectory's part", (_parts(example, int(component.value)),)),),
        sliders=(*controls.thetas(), component),
        share=0.53,
    )


def component_slider(controls: Controls) -> Slider:
    """The slider that chooses a component of θ, from 1 to 6."""
    return controls.slider("component", "component", (1.0, float(len(COMPONENTS)), 1.0), 6.0, "ink", 0)


def _parts(example: Example, component: int) -> Table:
    """∂P and R ∂P of every trajectory, for one component of θ."""
    place, label = COMPONENTS[component - 1], COMPONENT_LABELS[component - 1]
    slopes = probability_gradients(example.chances, example.log_gradients)
    gradient = gradient_of_probabilities(example.returns, slopes)
    slope = slopes[:, *place]
    return Table(
        "parts",
        (
            Column("name", "τ", tuple(example.name(k) for k in range(len(example.trajectories)))),
            Column("return", "R(τ)", example.returns, 3, "reward"),
            Column("slope", f"∂P/∂{label}", slope, 5, total=float(slope.sum())),
            Column(
                "product",
                f"R · ∂P/∂{label}",
                example.returns * slope,
                5,
                "truth",
                answer=True,
                total=float(gradient[place]),
            ),
        ),
    )


@cache
def _growth() -> tuple[tuple[str, int, int, float], ...]:
    """(title, states, cap, log10 of the number of trajectories) of levels of growing size."""
    worlds = [("A tiny world", tiny_world(0.3, 0.5))]
    worlds += [(world.title, world.dynamics) for world in map(load, GROWING)]
    return tuple(
        (title, dynamics.n_states, dynamics.max_steps, math.log10(count_trajectories(dynamics)))
        for title, dynamics in worlds
    )


def _growth_plot() -> Plot:
    cells = np.array([float(row[1]) for row in _growth()])
    logs = np.array([row[3] for row in _growth()])
    curve = Curve("counts", "", cells, logs, "dots", "ink", bold=True)
    return Plot("growth", "states", "log10 of their number, one dot a level", (curve,))


def _growth_table() -> Table:
    """The same in figures."""
    rows = _growth()
    return Table(
        "levels",
        (
            Column("name", "level", tuple(row[0] for row in rows)),
            Column("states", "states", np.array([float(row[1]) for row in rows]), 0),
            Column("cap", "cap", np.array([float(row[2]) for row in rows]), 0),
            Column("digits", "log10 count", np.array([row[3] for row in rows]), 1, answer=True),
        ),
    )
