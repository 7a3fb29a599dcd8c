"""Page 7: equations (15) and (16).  Sum, dynamic programming and differences agree to the digits shown."""

from __future__ import annotations

import numpy as np

from agent.lesson.contents import TITLES
from agent.lesson.example import COMPONENT_LABELS, ROWS, Controls, Example
from agent.lesson.maths.derivation import finite_difference, gradient_by_sum
from agent.lesson.notation import EQUATIONS
from agent.reinforce.credit import centred
from game.snapshots.lesson_page import BoardPart, Card, Column, Number, Numbers, Page, Table, Words


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    example = controls.example()
    credit = centred(example.exact.credit(example.probabilities), example.probabilities)
    return Page(
        number=7,
        title=TITLES[7],
        equations="(15), (16)",
        left=(
            Card(
                "One gradient, three computations",
                (
                    EQUATIONS[15],
                    EQUATIONS[16],
                    Words(
                        "(10) put into (9) gives (15), and (14) put into that gives (16). Nothing is random, and no "
                        "∇P is left: every term is weighted by P, as a sample would weight it."
                    ),
                    _table(example),
                ),
            ),
        ),
        right=(
            Card(
                "What does an arrow's length mean?",
                (
                    Words("Policy: the length is π(a|s). Half a cell is 1.", "policy"),
                    BoardPart("policy", example.dynamics, example.probabilities, labels=example.start_labels),
                    Words(
                        "Credit: the length is |∂J/∂θ(s,a)| against the largest of them, which has half a cell. "
                        "Filled: more of this action raises J. Hollow: less of it does.",
                        "truth",
                    ),
                    BoardPart("credit", example.dynamics, credit=credit, answer=True),
                    Numbers(
                        (
                            Number("largest", "largest |∂J/∂θ(s,a)|", float(np.abs(credit).max()), 6, "truth", True),
                            Number("length", "|∇J|", float(np.linalg.norm(example.gradient)), 6, "truth", True),
                            Number("objective", "J(θ)", example.objective, 6, "truth"),
                        )
                    ),
                ),
            ),
        ),
        sliders=(*controls.thetas(), controls.slip(), controls.start()),
        share=0.52,
    )


def _table(example: Example) -> Table:
    """∇J by the sum (16), by dynamic programming with one backward pass, and by differences of J."""
    by_sum = gradient_by_sum(example.returns, example.chances, example.log_gradients)
    by_difference = finite_difference(example.objective_at, example.theta)
    ways = np.array([by_sum[ROWS], example.gradient[ROWS], by_difference[ROWS]])
    return Table(
        "gradient",
        (
            Column("component", "of θ", COMPONENT_LABELS, meaning="policy"),
            Column("by_sum", "sum (16)", ways[0], 8, "truth", answer=True),
            Column("by_programming", "dyn. programming", ways[1], 8, "truth", answer=True),
            Column("by_difference", "differences of J", ways[2], 8, "truth", answer=True),
        ),
    )
