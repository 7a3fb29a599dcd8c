"""Page 1: equations (1) to (4).  Descent on an error and ascent on J are the same picture with the other sign."""

from __future__ import annotations

import numpy as np

from agent.lesson.contents import TITLES
from agent.lesson.example import Controls, component_label, component_name
from agent.lesson.maths.derivation import ascent, descent, gradient_of_credit
from agent.lesson.maths.regression import MINI_BATCH, X, error_gradient, mini_batch, squared_error
from agent.lesson.notation import EQUATIONS
from game.snapshots.lesson_page import Card, Curve, Meaning, Number, Numbers, Page, Plot, Words

#: The component of θ that the page moves.
MOVED = (2, 1)


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    weight = controls.slider("weight", "w", (-1.2, 2.8, 0.1), -0.6, "ink")
    rate = controls.slider("rate_descent", "α of (1)", (0.05, 1.2, 0.05), 0.25, "ink")
    climb_rate = controls.slider("rate_ascent", "α of (3)", (0.5, 20.0, 0.5), 8.0, "ink", 1)
    episodes = controls.slider("episodes_first", "N", (0.0, 10.0, 1.0), 4.0, "ink", 0, power=True)
    theta = next(slider for slider in controls.thetas() if slider.name == component_name(*MOVED))
    draw = controls.draw()
    return Page(
        number=1,
        title=TITLES[1],
        equations="(1) to (4)",
        left=(_descent(weight.value, rate.value, int(draw.value)),),
        right=(_ascent(controls, climb_rate.value, int(2**episodes.value), int(draw.value)),),
        sliders=(weight, rate, theta, climb_rate, episodes, draw),
        share=0.5,
    )


def _descent(weight: float, rate: float, draw: int) -> Card:
    """A weight goes down the error of a small regression."""
    x, y = mini_batch(draw)
    full, sampled = error_gradient(weight), error_gradient(weight, x, y)
    after_full, after_sampled = (float(descent(np.array(weight), rate, np.array(g))) for g in (full, sampled))
    w = np.linspace(-1.4, 3.0, 89)
    curves = _picture(w, np.array([squared_error(v) for v in w]), "MSE(w) over all points")
    points = [(at, squared_error(at)) for at in (weight, after_full, after_sampled)]
    return Card(
        "Descent: a smaller error",
        (
            EQUATIONS[1],
            EQUATIONS[2],
            Words(
                f"Fit ŷ = w·x to {len(X)} points. Exact is the slope over all of them; random is only which "
                f"{MINI_BATCH} the mini-batch holds, so the estimated slope is off each time and right on average."
            ),
            Plot("descent", "w", "MSE", (curves, *_points(points, ("(1)", "(2)")))),
            Numbers(
                (
                    Number("mse", "MSE(w)", squared_error(weight), meaning="truth"),
                    Number("mse_slope", "slope, all points", full, meaning="truth"),
                    Number("mse_slope_sampled", f"slope, {MINI_BATCH} points", sampled, meaning="policy"),
                    Number("w_full", "w after (1)", after_full, meaning="truth", answer=True),
                    Number("w_sampled", "w after (2)", after_sampled, meaning="policy", answer=True),
                ),
                columns=2,
            ),
        ),
    )


def _ascent(controls: Controls, rate: float, episodes: int, draw: int) -> Card:
    """A component of θ goes up J of the tiny world."""
    example = controls.example()
    full = example.gradient[MOVED]
    batch = example.kernel.batch(example.probabilities, "total-return", np.zeros(5), draw, 0, 0, episodes)
    sampled = gradient_of_credit(example.policy, batch.credit)[MOVED]
    now = example.theta[MOVED]
    after_full, after_sampled = (float(ascent(now, rate, np.array(g))) for g in (full, sampled))

    def objective(value: float) -> float:
        theta = example.theta.copy()
        theta[MOVED] = value
        return example.objective_at(theta)

    across = np.linspace(-4.0, 6.0, 81)
    curve = _picture(across, np.array([objective(v) for v in across]), "J(θ) exactly")
    points = [(at, objective(at)) for at in (now, after_full, after_sampled)]
    label = component_label(*MOVED)
    return Card(
        "Ascent: a larger return",
        (
            EQUATIONS[3],
            EQUATIONS[4],
            Words(
                "J(θ) is the return that an episode brings on average. Exact is its slope over all episodes that "
                f"can happen; random are the N = {episodes:,} episodes that the estimate is made of."
            ),
            Plot("ascent", label, "J", (curve, *_points(points, ("(3)", "(4)")))),
            Numbers(
                (
                    Number("objective", "J(θ)", example.objective, meaning="truth"),
                    Number("slope", "slope, exactly", float(full), meaning="truth"),
                    Number("slope_sampled", f"slope, N = {episodes:,}", float(sampled), meaning="policy"),
                    Number("theta_full", f"{label} after (3)", after_full, meaning="truth", answer=True),
                    Number("theta_sampled", f"{label} after (4)", after_sampled, meaning="policy", answer=True),
                ),
                columns=2,
            ),
        ),
    )


def _picture(x: np.ndarray, y: np.ndarray, label: str) -> Curve:
    return Curve("curve", label, x, y, "line", "ink")


def _points(points: list[tuple[float, float]], numbers: tuple[str, str]) -> tuple[Curve, ...]:
    """Where one stands, and where the exact and the estimated step lead."""
    names = ("now", "exact", "sampled")
    labels = ("now", f"after {numbers[0]}", f"after {numbers[1]}")
    meanings: tuple[Meaning, ...] = ("ink", "truth", "policy")
    kinds = ("dots", "dots", "rings")
    return tuple(
        Curve(name, label, np.array([x]), np.array([y]), kind, meaning, answer=name != "now", bold=True)  # type: ignore[arg-type]
        for name, label, kind, meaning, (x, y) in zip(names, labels, kinds, meanings, points, strict=True)
    )
