"""Page 10: equation (4) again.  J as a landscape, and exact, sampled and too large steps on it."""

from __future__ import annotations

from functools import cache

import numpy as np

from agent.exact.exact import Exact
from agent.fast.kernel import Kernel
from agent.lesson.contents import TITLES
from agent.lesson.example import Controls, lesson_level
from agent.lesson.maths.landscape import Plane, objective_of_chance
from agent.lesson.notation import EQUATIONS
from game.snapshots.lesson_page import BoardPart, Card, Curve, Field, Number, Numbers, Page, Plot, Words, in_digits
from game.world.catalog import load
from game.world.dynamics import build

#: Steps of each way, and the edge of the landscape in both parameters.
STEPS, EDGE = 40, 7.0
#: The learning rate that is too large is so many times the chosen one.
TOO_LARGE = 10.0


@cache
def corridor() -> Exact:
    """The short corridor, whose cells the policy cannot tell apart."""
    return Exact(load("short_corridor").dynamics)


@cache
def fork() -> Plane:
    """The fork: θ(1,→) and θ(2,→), all other logits 0."""
    return Plane(Exact(build(lesson_level("fork"))), (1, 2), 1)


@cache
def _kernel() -> Kernel:
    return Kernel(fork().exact.dynamics, threads=1)


@cache
def _corridor_curve() -> tuple[np.ndarray, np.ndarray]:
    chances = np.linspace(0.08, 0.95, 88)
    return chances, objective_of_chance(corridor(), chances)


@cache
def _heights() -> Field:
    across = np.linspace(-EDGE, EDGE, 31)
    return Field("heights", across, across, fork().heights(across, across))


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    chance = controls.slider("chance", "p", (0.08, 0.95, 0.01), 0.5)
    x = controls.slider("fork_1", "θ(1,→)", (-4.0, 4.0, 0.1), 1.0)
    y = controls.slider("fork_2", "θ(2,→)", (-4.0, 4.0, 0.1), -2.0)
    rate = controls.slider("rate_fork", "α", (0.5, 8.0, 0.5), 4.0, "ink", 1)
    episodes = controls.slider("episodes_fork", "N", (0.0, 8.0, 1.0), 4.0, "ink", 0, power=True)
    draw = controls.draw()
    start = np.array([x.value, y.value])
    count = int(2**episodes.value)
    return Page(
        number=10,
        title=TITLES[10],
        equations="(4)",
        left=(_corridor_card(chance.value),),
        right=(_fork_card(start, rate.value, count, int(draw.value)),),
        sliders=(chance, x, y, rate, episodes, draw),
        share=0.46,
    )


def _corridor_card(chance: float) -> Card:
    """One parameter: p = P(right) in every cell of the short corridor."""
    chances, heights = _corridor_curve()
    best = 2.0 - np.sqrt(2.0)
    here = float(objective_of_chance(corridor(), np.array([chance]))[0])
    top = float(objective_of_chance(corridor(), np.array([best]))[0])
    dynamics = corridor().dynamics
    table = np.tile([1.0 - chance, chance], (dynamics.n_states, 1))
    kept = heights > -60.0
    return Card(
        "The best policy can be random",
        (
            BoardPart("corridor", dynamics, table),
            Words(
                "Every cell looks alike, and cell 1 swaps ← and →. Always right or always left never arrives: the "
                "best p = P(→) lies between."
            ),
            Plot(
                "corridor_curve",
                "p",
                "J",
                (
                    Curve("curve", "J(p), dynamic programming", chances[kept], heights[kept], "line", "truth"),
                    Curve("best", "best", np.array([best]), np.array([top]), "rings", "truth", True, True),
                    Curve("now", "now", np.array([chance]), np.array([here]), "dots", "policy", bold=True),
                ),
            ),
            Numbers(
                (
                    Number("corridor_now", f"J at p = {chance:.2f}", here, 3, "policy"),
                    Number("corridor_best_chance", "best p = 2 − √2", float(best), 4, "truth", True),
                    Number("corridor_best", "J there, −(6 + 4√2)", top, 3, "truth", True),
                )
            ),
        ),
    )


def _fork_card(start: np.ndarray, rate: float, episodes: int, seed: int) -> Card:
    """Two parameters: three ways over the fork's landscape."""
    plane, field = fork(), _heights()
    exact = plane.climb(start, rate, STEPS)
    sampled = plane.climb_sampled(_kernel(), start, rate, STEPS, episodes, seed)
    large = plane.climb(start, rate * TOO_LARGE, STEPS)
    low, high = in_digits(float(field.z.min()), 2), in_digits(float(field.z.max()), 2)
    return Card(
        "Exact steps, sampled steps, steps too large",
        (
            EQUATIONS[4],
            BoardPart("fork", plane.exact.dynamics, plane.probabilities(start)),
            Words(
                f"Bright is high: J from {low} to {high}. Far from the middle it is flat: a policy that is "
                "nearly certain hardly learns, and one step too far leads there."
            ),
            Plot(
                "landscape",
                "θ(1,→)",
                "θ(2,→)",
                (
                    Curve("exact", f"exact, α = {rate:g}", exact[:, 0], exact[:, 1], "path", "truth", True, True),
                    Curve(
                        "sampled", f"N = {episodes}, α = {rate:g}", sampled[:, 0], sampled[:, 1], "path", "policy", True
                    ),
                    Curve(
                        "large", f"exact, α = {rate * TOO_LARGE:g}", large[:, 0], large[:, 1], "dashes", "reward", True
                    ),
                    Curve("start", "start", start[:1], start[1:], "rings", "ink", bold=True),
                ),
                field=field,
            ),
            Numbers(
                (
                    Number("fork_start", "J at the start", plane.objective(start), 4, "ink"),
                    Number("fork_exact", f"after {STEPS} exact steps", plane.objective(exact[-1]), 4, "truth", True),
                    Number("fork_sampled", f"after {STEPS} sampled", plane.objective(sampled[-1]), 4, "policy", True),
                    Number("fork_large", f"after {STEPS} too large", plane.objective(large[-1]), 4, "reward", True),
                ),
                columns=2,
            ),
        ),
    )
