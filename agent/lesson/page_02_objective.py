"""Page 2: equations (5) to (8).  J is a sum over all trajectories; three ways lead to the same number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agent.lesson.contents import TITLES
from agent.lesson.maths.derivation import objective_by_sum
from agent.lesson.notation import EQUATIONS
from game.snapshots.lesson_page import BoardPart, Card, Column, Number, Numbers, Page, Table, Words

if TYPE_CHECKING:
    from agent.lesson.example import Controls, Example


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    example = controls.example()
    episodes = controls.slider("episodes", "N", (0.0, 14.0, 1.0), 10.0, "ink", 0, power=True)
    draw = controls.draw()
    count = int(2**episodes.value)
    batch = example.kernel.batch(example.probabilities, "total-return", np.zeros(5), int(draw.value), 0, 0, count)
    return Page(
        number=2,
        title=TITLES[2],
        equations="(5) to (8)",
        left=(
            Card(
                "What is J here?",
                (
                    EQUATIONS[5],
                    EQUATIONS[6],
                    EQUATIONS[7],
                    EQUATIONS[8],
                    Words(
                        "J is the return of an episode on average, before any is played: not a random number. It "
                        "depends on θ because the policy makes trajectories more or less probable."
                    ),
                    _board(example),
                    _three_ways(example, batch.returns),
                ),
            ),
        ),
        right=(
            Card(
                f"All {len(example.trajectories)} trajectories",
                (
                    Words(
                        "1→2 is the action → in cell 1 that leads to cell 2; 3→3 slipped on the ice and stayed. "
                        "Episodes end in cell 0 or 4, or after 3 steps.",
                        "quiet",
                    ),
                    trajectory_table(example),
                ),
            ),
        ),
        sliders=(*controls.thetas(), episodes, draw),
        share=0.52,
    )


def _board(example: Example) -> BoardPart:
    return BoardPart("policy", example.dynamics, example.probabilities, labels=example.start_labels)


def _three_ways(example: Example, returns: np.ndarray) -> Numbers:
    """J as a sum, by dynamic programming, and as the mean of a sample."""
    error = float(returns.std() / np.sqrt(len(returns)))
    by_sum = objective_by_sum(example.returns, example.chances)
    return Numbers(
        (
            Number("by_sum", "J: the sum (7) over all", by_sum, 6, "truth", answer=True),
            Number("by_programming", "J: dynamic programming", example.objective, 6, "truth", answer=True),
            Number("by_sample", f"Ĵ: mean of N = {len(returns):,} episodes", float(returns.mean()), 6, "policy"),
            Number("by_sample_error", "its standard error", error, 6, "policy"),
        )
    )


def trajectory_table(example: Example) -> Table:
    """Every trajectory with R, P and their product."""
    products = example.returns * example.chances
    names = tuple(example.name(k) for k in range(len(example.trajectories)))
    return Table(
        "trajectories",
        (
            Column("name", "τ", names),
            Column("return", "R(τ)", example.returns, 3, "reward"),
            Column("probability", "P(τ|θ)", example.chances, 4, total=float(example.chances.sum())),
            Column("product", "R · P", products, 5, "truth", answer=True, total=float(products.sum())),
        ),
    )
