"""Page 9: why a baseline costs nothing.  Σ π ∇ ln π = 0, and four estimators with their exact variance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.lesson.contents import TITLES
from agent.lesson.example import DECISIONS, Controls, Example
from agent.lesson.maths.spread import Spread, single_estimates, spread_of
from agent.lesson.notation import EQUATIONS
from game.snapshots.lesson_page import Card, Column, Curve, Equation, Number, Numbers, Page, Plot, Table, Words

#: The identity behind it, which the tutorial does not number.
IDENTITY = Equation(
    "",
    (
        (r"\sum_a", "ink"),
        (r"\pi_\theta(a|s)\;\nabla_\theta \ln\,\pi_\theta(a|s)", "policy"),
        ("=", "ink"),
        (r"\nabla_\theta \sum_a", "ink"),
        (r"\pi_\theta(a|s)", "policy"),
        ("=", "ink"),
        (r"\nabla_\theta\, 1 = 0", "ink"),
    ),
    "Σ_a π(a|s) ∇ ln π(a|s) = ∇ Σ_a π(a|s) = ∇ 1 = 0",
)


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    example = controls.example()
    constant = controls.slider("baseline", "b", (-1.5, 1.5, 0.05), 0.5, "ink")
    return Page(
        number=9,
        title=TITLES[9],
        equations="after (17)",
        left=(
            Card(
                "Why does it cost nothing?",
                (
                    EQUATIONS[17],
                    IDENTITY,
                    Words(
                        "In (17), subtract from R anything that does not depend on the action: by the identity its "
                        "part of the mean is 0. For the same reason rewards from before aₜ may be left out."
                    ),
                    Words("The mean stays ∇J for every b. Only the spread changes, and so how many episodes it takes."),
                    _identity_table(example),
                ),
            ),
        ),
        right=(
            Card("The same mean, another spread", (_table(example, constant.value),), "exact, over all trajectories"),
            Card("Spread against a constant b", (_plot(example, constant.value), _best(example))),
        ),
        sliders=(constant, *controls.thetas()),
        share=0.46,
    )


def _identity_table(example: Example) -> Table:
    """π ∂ ln π of both actions, and their sum, for ∂ after θ(s,→) in each cell."""
    rows = [[float(example.probabilities[s, a] * example.scores[s, a, s, 1]) for a in range(2)] for s in DECISIONS]
    parts = np.array(rows)
    return Table(
        "identity",
        (
            Column("cell", "cell s", tuple(str(s) for s in DECISIONS)),
            Column("left", "π ∂ ln π of ←", parts[:, 0], 5, "policy"),
            Column("right", "π ∂ ln π of →", parts[:, 1], 5, "policy"),
            Column("sum", "sum", parts.sum(axis=1), 5, "truth", answer=True),
        ),
    )


def spread_with(example: Example, estimator: str, baseline: NDArray[np.float64]) -> Spread:
    """Mean and trΣ of one episode's estimate, exactly."""
    single = single_estimates(example.trajectories, example.scores, estimator, example.dynamics.discount, baseline)
    return spread_of(single, example.chances)


def _table(example: Example, constant: float) -> Table:
    """Four estimators: along ∇J their means are all 1."""
    nothing, values = np.zeros(example.dynamics.n_states), example.exact.values(example.probabilities)
    names = ("total return, (17)", "reward to go", f"… minus b = {constant:.2f}", "… minus b(s) = V(s)")
    spreads = [
        spread_with(example, "total-return", nothing),
        spread_with(example, "reward-to-go", nothing),
        spread_with(example, "baseline", nothing + constant),
        spread_with(example, "baseline", values),
    ]
    square = float((example.gradient**2).sum())
    along = np.array([float((spread.mean * example.gradient).sum()) / square for spread in spreads])
    apart = np.array([float(np.linalg.norm(spread.mean - example.gradient)) for spread in spreads])
    return Table(
        "estimators",
        (
            Column("name", "credited to a step", names),
            Column("along", "mean · ∇J / |∇J|²", along, 4, "truth", answer=True),
            Column("bias", "|bias|", apart, 4, "truth", answer=True),
            Column("variance", "trΣ", np.array([spread.variance for spread in spreads]), 4, "policy", answer=True),
            Column("relative", "ρ", np.array([spread.variance / square for spread in spreads]), 2, "policy", True),
        ),
        marked=2,
    )


def best_constant(example: Example) -> float:
    """The constant baseline with the least trΣ: a parabola in b, which three points fix."""
    nothing = np.zeros(example.dynamics.n_states)
    below, zero, above = (spread_with(example, "baseline", nothing + b).variance for b in (-1.0, 0.0, 1.0))
    return (below - above) / (2.0 * (below + above - 2.0 * zero))


def _plot(example: Example, constant: float) -> Plot:
    nothing = np.zeros(example.dynamics.n_states)
    across = np.linspace(-1.5, 1.5, 41)
    variances = np.array([spread_with(example, "baseline", nothing + b).variance for b in across])
    now = spread_with(example, "baseline", nothing + constant).variance
    values = example.exact.values(example.probabilities)
    by_values = spread_with(example, "baseline", values).variance
    return Plot(
        "spread",
        "b",
        "trΣ",
        (
            Curve("variance", "constant b", across, variances, "line", "policy", answer=True),
            Curve("values", "b(s) = V(s)", across[[0, -1]], np.full(2, by_values), "dashes", "truth", answer=True),
            Curve("now", "now", np.array([constant]), np.array([now]), "dots", "ink", bold=True),
        ),
    )


def _best(example: Example) -> Numbers:
    return Numbers((Number("best_constant", "b with the least spread", best_constant(example), 3, "truth", True),))
