"""Page 6: equations (13) and (14).  Of the three terms of ln P only the policy's has a gradient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from agent.lesson.contents import TITLES
from agent.lesson.example import COMPONENT_LABELS, ROWS, Controls, Example
from agent.lesson.maths.derivation import finite_difference
from agent.lesson.notation import EQUATIONS
from game.snapshots.lesson_page import BoardPart, Card, Column, Meaning, Number, Numbers, Page, Table, Words


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    example = controls.example()
    choice = controls.choice(example)
    index = int(choice.value) - 1
    without = {name: value for name, value in controls.given.items() if name not in ("slip", "start")}
    first = Controls(without).example()
    return Page(
        number=6,
        title=TITLES[6],
        equations="(13), (14)",
        left=(
            Card(
                "Why is the environment not in the formula?",
                (
                    EQUATIONS[13],
                    EQUATIONS[14],
                    Words(
                        "P0 and Pt belong to the environment. They are not functions of θ, so their gradient is 0: "
                        "∇ ln P can be had without knowing them."
                    ),
                    Words(
                        "That is the formula, not its value. Move slip or P0(1): ∇ ln P of this trajectory stays, but "
                        "the trajectory turns up more or less often, so J and ∇J move."
                    ),
                    BoardPart("policy", example.dynamics, example.probabilities, labels=example.start_labels),
                ),
            ),
        ),
        right=(
            Card(f"The terms of ln P for {example.name(index)}", (_terms(example, index),)),
            Card("What moves with the environment?", (_moves(example, first, index), _objectives(example, first))),
        ),
        sliders=(controls.slip(), controls.start(), choice, *controls.thetas()),
        share=0.48,
    )


def _terms(example: Example, index: int) -> Table:
    """Each term's value, and the length of its gradient by differences, which know no formula."""

    def term(which: int) -> Callable[[NDArray[np.float64]], float]:
        return lambda theta: example.trajectory_at(theta, index).log_probability_terms()[which]

    whose: tuple[Meaning, ...] = ("environment", "policy", "environment")
    values = np.array(example.trajectories[index].log_probability_terms())
    lengths = [float(np.linalg.norm(finite_difference(term(k), example.theta))) for k in range(3)]
    return Table(
        "terms",
        (
            Column("name", "term", ("ln P0(s₀)", "Σ ln π(aₜ|sₜ)", "Σ ln Pt(sₜ₊₁|sₜ,aₜ)"), meanings=whose),
            Column("value", "value", values, 5, total=float(values.sum()), meanings=whose),
            Column("slope", "length of its ∇", np.array(lengths), 5, answer=True),
        ),
    )


def _moves(example: Example, first: Example, index: int) -> Table:
    """∇ ln P of the trajectory, and ∇J, now and in the world as it was at first."""
    return Table(
        "moves",
        (
            Column("component", "of θ", COMPONENT_LABELS, meaning="policy"),
            Column("score_first", "∇ ln P at first", first.log_gradients[index][ROWS], 4, "policy"),
            Column("score", "∇ ln P now", example.log_gradients[index][ROWS], 4, "policy", answer=True),
            Column("gradient_first", "∇J at first", first.gradient[ROWS], 4, "truth"),
            Column("gradient", "∇J now", example.gradient[ROWS], 4, "truth", answer=True),
        ),
    )


def _objectives(example: Example, first: Example) -> Numbers:
    return Numbers(
        (
            Number("objective_first", "J at first", first.objective, 5, "truth"),
            Number("objective", "J now", example.objective, 5, "truth", answer=True),
            Number("chance_of_world", "slip now", example.slip, 2, "environment"),
            Number("start_of_world", "P0(1) now", example.first_start, 2, "environment"),
        ),
        columns=2,
    )
