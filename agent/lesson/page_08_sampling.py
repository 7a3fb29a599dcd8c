"""Page 8: equation (17).  The gradient as an expectation, and how an estimate's error falls with N."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agent.lesson.contents import TITLES
from agent.lesson.maths.spread import Spread, root_mean_square_error, sampled_estimates, single_estimates, spread_of
from agent.lesson.notation import EQUATIONS
from game.snapshots.lesson_page import Card, Curve, Number, Numbers, Page, Plot, Words

if TYPE_CHECKING:
    from agent.lesson.example import Controls, Example

#: Numbers of episodes of the curve, and how many estimates each of its points is made of.
COUNTS, REPLICATES = tuple(4**k for k in range(7)), 60
#: Estimates in the histogram, and its bars.
ESTIMATES, BARS = 400, 31


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    example = controls.example()
    exponent = controls.slider("batch", "N", (0.0, 12.0, 1.0), 0.0, "ink", 0, power=True)
    draw = controls.draw()
    count, seed = int(2**exponent.value), int(draw.value)
    spread = single_spread(example)
    estimates = sampled_estimates(example.kernel, example.probabilities, example.scores, count, ESTIMATES, seed)
    return Page(
        number=8,
        title=TITLES[8],
        equations="(17)",
        left=(
            Card(
                "Right on average; how wrong each time?",
                (
                    EQUATIONS[17],
                    Words(
                        "P is gone: playing N episodes and averaging R · Σ ∇ ln π estimates ∇J. Random are the start, "
                        "the actions and their outcomes. ∇J itself, and the covariance Σ of one episode's estimate, "
                        "are not."
                    ),
                    Words("The error falls as √(trΣ/N): to halve it, play four times as many episodes.", "ink"),
                    Words("As a program of one page: agent/reinforce/reinforce.py", "quiet"),
                    _numbers(example, spread, estimates, count),
                ),
            ),
        ),
        right=(
            Card("The error against N", (_errors(example, spread, seed),), f"{REPLICATES} estimates a point"),
            Card(
                f"Estimates from N = {count:,} episodes, along ∇J",
                (_histogram(example, estimates),),
                "1 is exactly right",
            ),
        ),
        sliders=(exponent, draw, *controls.thetas()),
        share=0.42,
    )


def single_spread(example: Example) -> Spread:
    """Mean and trΣ of the estimate from one episode, exactly."""
    nothing = np.zeros(example.dynamics.n_states)
    discount = example.dynamics.discount
    single = single_estimates(example.trajectories, example.scores, "total-return", discount, nothing)
    return spread_of(single, example.chances)


def _numbers(example: Example, spread: Spread, estimates: NDArray[np.float64], count: int) -> Numbers:
    error = root_mean_square_error(estimates, example.gradient)
    apart = float(np.linalg.norm(estimates.mean(axis=0) - example.gradient))
    return Numbers(
        (
            Number("length", "|∇J|", float(np.linalg.norm(example.gradient)), 4, "truth"),
            Number("variance", "trΣ of one episode", spread.variance, 4, "truth"),
            Number("relative", "ρ = trΣ / |∇J|²", spread.relative(), 2, "truth"),
            Number("expected_error", f"√(trΣ/N), N = {count:,}", spread.error(count), 4, "truth", True),
            Number("measured_error", f"error of {ESTIMATES} estimates", error, 4, "policy", True),
            Number("error_of_mean", "error of their mean", apart, 4, "policy"),
            Number("expected_error_four", f"√(trΣ/N), N = {4 * count:,}", spread.error(4 * count), 4, "truth", True),
            Number("enough", "N for an error of |∇J|/10", 100.0 * spread.relative(), 0, "truth", True),
        )
    )


def _errors(example: Example, spread: Spread, seed: int) -> Plot:
    """The root-mean-square error over independent estimates, and the line it should follow."""
    counts = np.array(COUNTS, dtype=float)
    sampled = [
        sampled_estimates(example.kernel, example.probabilities, example.scores, n, REPLICATES, seed + 1000)
        for n in COUNTS
    ]
    errors = np.array([root_mean_square_error(estimates, example.gradient) for estimates in sampled])
    line = np.array([spread.error(n) for n in COUNTS])
    return Plot(
        "errors",
        "N episodes",
        "root-mean-square error",
        (
            Curve("line", "√(trΣ/N)", counts, line, "line", "truth", answer=True),
            Curve("measured", "measured", counts, errors, "dots", "policy", bold=True),
        ),
        log_x=True,
        log_y=True,
    )


def _histogram(example: Example, estimates: NDArray[np.float64]) -> Plot:
    """How the estimates spread along ∇J; in units of |∇J|, so that 1 is exact."""
    square = float((example.gradient**2).sum())
    along = np.einsum("nsa,sa->n", estimates, example.gradient) / square
    low, high = float(along.min()), float(along.max())
    shares, edges = np.histogram(along, bins=BARS, range=(min(low, 0.9), max(high, 1.1)))
    middle = (edges[1:] + edges[:-1]) / 2
    share = shares / len(along)
    truth = np.array([1.0, 1.0])
    mean = float(along.mean())
    return Plot(
        "histogram",
        "estimate · ∇J / |∇J|²",
        "share",
        (
            Curve("share", "estimates", middle, share, "bars", "policy"),
            Curve("truth", "∇J", truth, np.array([0.0, share.max()]), "line", "truth", bold=True),
            Curve("mean", "their mean", np.array([mean, mean]), np.array([0.0, share.max()]), "dashes", "ink"),
        ),
    )
