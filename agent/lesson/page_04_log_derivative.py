"""Page 4: equation (10), the log-derivative trick, both sides for a chosen trajectory."""

from __future__ import annotations

import numpy as np

from agent.lesson.contents import TITLES
from agent.lesson.example import COMPONENT_LABELS, COMPONENTS, ROWS, Controls, Example
from agent.lesson.maths.derivation import probability_gradients
from agent.lesson.notation import EQUATIONS
from agent.lesson.page_03_impossible import component_slider
from game.snapshots.lesson_page import Card, Column, Curve, Number, Numbers, Page, Plot, Table, Words


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    example = controls.example()
    choice, component = controls.choice(example), component_slider(controls)
    index = int(choice.value) - 1
    return Page(
        number=4,
        title=TITLES[4],
        equations="(10)",
        left=(
            Card(
                "Why is a P gained?",
                (
                    EQUATIONS[10],
                    Words(
                        "The slope of ln P is the slope of P divided by P. Multiplied out, a factor P appears beside "
                        "the gradient: the weight that (9) lacked. Playing episodes supplies exactly this weight, "
                        "since τ turns up with probability P(τ|θ)."
                    ),
                    Words("Nothing here is random: both sides are numbers of one trajectory.", "quiet"),
                    Numbers(
                        (
                            Number("probability", f"P(τ|θ) of {example.name(index)}", float(example.chances[index]), 6),
                            Number("log_probability", "ln P(τ|θ)", float(np.log(example.chances[index])), 6),
                        )
                    ),
                    _sides(example, index, int(component.value)),
                ),
            ),
        ),
        right=(
            Card(
                f"P of {example.name(index)} as θ moves",
                (_tangent(example, index, int(component.value)),),
                "its slope, by the right side of (10)",
            ),
        ),
        sliders=(*controls.thetas(), choice, component),
        share=0.52,
    )


def _sides(example: Example, index: int, component: int) -> Table:
    """Left: differences of P itself.  Right: P times the sum of ∇ ln π."""
    left = example.chance_gradient(index)[ROWS]
    log_slope = example.log_gradients[index][ROWS]
    right = probability_gradients(example.chances, example.log_gradients)[index][ROWS]
    return Table(
        "sides",
        (
            Column("component", "of θ", COMPONENT_LABELS, meaning="policy"),
            Column("left", "∂P, by differences", left, 7),
            Column("log", "∂ ln P", log_slope, 5, "policy"),
            Column("right", "P · ∂ ln P", right, 7, "truth", answer=True),
        ),
        marked=component - 1,
    )


def _tangent(example: Example, index: int, component: int) -> Plot:
    """P(τ|θ) over one component of θ, and the tangent that (10) gives."""
    place, label = COMPONENTS[component - 1], COMPONENT_LABELS[component - 1]
    now, chance = float(example.theta[place]), float(example.chances[index])
    slope = float(probability_gradients(example.chances, example.log_gradients)[index][place])

    def at(value: float) -> float:
        theta = example.theta.copy()
        theta[place] = value
        return example.chance_at(theta, index)

    across = np.linspace(-4.0, 4.0, 65)
    near = np.linspace(now - 1.5, now + 1.5, 2)
    return Plot(
        "tangent",
        label,
        "P(τ|θ)",
        (
            Curve("chance", "P(τ|θ) by (12)", across, np.array([at(v) for v in across]), "line", "ink"),
            Curve("slope", "slope P · ∂ ln P", near, chance + slope * (near - now), "dashes", "truth", True, True),
            Curve("now", "now", np.array([now]), np.array([chance]), "dots", "policy", bold=True),
        ),
    )
