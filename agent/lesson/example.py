"""The tiny world of the lesson with the policy, the slip and the start that the person has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.fast.kernel import Kernel
from agent.lesson.maths.derivation import (
    finite_difference,
    gradient_of_credit,
    log_probability_gradients,
    policy_with,
    probabilities_of,
    score_table,
    total_returns,
    trajectory_probability,
)
from agent.lesson.maths.enumeration import all_trajectories
from agent.reinforce.policy import Policy
from game.snapshots.lesson_page import Meaning, Slider
from game.snapshots.snapshot import Trajectory
from game.world.catalog import ASSETS
from game.world.dynamics import Dynamics, build
from game.world.level import Level
from game.world.level_file import read_level

#: The two cells an episode can start in, and the cells where the policy decides.
STARTS = (1, 2)
DECISIONS = (1, 2, 3)
ARROW = ("←", "→")
#: θ at first: neither uniform nor certain, and in cell 2 on the wrong side.
FIRST_THETA = {(1, 0): 0.0, (1, 1): 0.6, (2, 0): 0.4, (2, 1): 0.0, (3, 0): 0.0, (3, 1): 1.0}
#: The trajectory that is chosen at first: 1→2→3→4, which meets every decision on its way to the goal.
FIRST_CHOICE = 6


@cache
def lesson_level(name: str) -> Level:
    """A level of the lesson, which is not among the shipped ones."""
    return read_level(ASSETS / "lesson" / f"{name}.toml")


def tiny_world(slip: float, first_start: float) -> Dynamics:
    """The tiny world whose ice slips with probability ``slip``, starting in cell 1 with ``first_start``, else in 2."""
    level = lesson_level("tiny")
    tiles = {**level.tiles, "~": replace(level.tiles["~"], slip=slip)}
    dynamics = build(replace(level, tiles=tiles))
    start = np.zeros(dynamics.n_states)
    start[list(STARTS)] = first_start, 1.0 - first_start
    return replace(dynamics, start=start)


@dataclass(frozen=True)
class Example:
    """All that the pages compute of the tiny world, each when it is first asked for.

    ``theta`` (S, A) float64 are the logits; ``returns`` and ``chances`` (n,) are R(τ) and P(τ|θ) of all trajectories.
    """

    slip: float
    first_start: float
    theta: NDArray[np.float64]

    @cached_property
    def dynamics(self) -> Dynamics:
        """The world."""
        return tiny_world(self.slip, self.first_start)

    @cached_property
    def exact(self) -> Exact:
        """Its exact quantities, by dynamic programming."""
        return Exact(self.dynamics)

    @cached_property
    def kernel(self) -> Kernel:
        """What samples its episodes."""
        return Kernel(self.dynamics, threads=1)

    @cached_property
    def policy(self) -> Policy:
        """π_θ."""
        return policy_with(self.dynamics, self.theta)

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """(S, A) float64: π as a table."""
        return self.policy.probabilities()

    @cached_property
    def trajectories(self) -> list[Trajectory]:
        """All trajectories."""
        return all_trajectories(self.dynamics, self.probabilities)

    @cached_property
    def returns(self) -> NDArray[np.float64]:
        """(n,) float64: R(τ), equation (6)."""
        return total_returns(self.trajectories, self.dynamics.discount)

    @cached_property
    def chances(self) -> NDArray[np.float64]:
        """(n,) float64: P(τ|θ), equation (12)."""
        return probabilities_of(self.trajectories)

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """(S, A, S, A) float64: ∇ ln π(a|s)."""
        return score_table(self.policy)

    @cached_property
    def log_gradients(self) -> NDArray[np.float64]:
        """(n, S, A) float64: ∇ ln P(τ|θ), equation (14)."""
        return log_probability_gradients(self.scores, self.trajectories)

    @cached_property
    def objective(self) -> float:
        """J(θ), by dynamic programming."""
        return self.exact.objective(self.exact.values(self.probabilities))

    @cached_property
    def gradient(self) -> NDArray[np.float64]:
        """(S, A) float64: ∇J(θ), by dynamic programming and one backward pass."""
        return gradient_of_credit(self.policy, self.exact.credit(self.probabilities))

    def objective_at(self, theta: NDArray[np.float64]) -> float:
        """J at another θ (S, A)."""
        return self.exact.objective(self.exact.values(policy_with(self.dynamics, theta).probabilities()))

    def trajectory_at(self, theta: NDArray[np.float64], index: int) -> Trajectory:
        """Trajectory ``index`` with the probabilities that its actions have at another θ (S, A)."""
        chosen, table = self.trajectories[index], policy_with(self.dynamics, theta).probabilities()
        return replace(chosen, policy_probability=table[chosen.states[:-1], chosen.actions])

    def chance_at(self, theta: NDArray[np.float64], index: int) -> float:
        """P(τ|θ) of trajectory ``index`` at another θ (S, A), by the product (12)."""
        return trajectory_probability(self.trajectory_at(theta, index))

    def chance_gradient(self, index: int) -> NDArray[np.float64]:
        """(S, A) float64: ∇P(τ|θ) of one trajectory by finite differences of the product (12)."""
        return finite_difference(lambda theta: self.chance_at(theta, index), self.theta)

    def name(self, index: int) -> str:
        """A trajectory in characters: 1→2→3←3 goes right, right, then left, but slips and stays."""
        trajectory = self.trajectories[index]
        steps = zip(trajectory.actions, trajectory.states[1:], strict=True)
        return f"{trajectory.states[0]}" + "".join(f"{ARROW[action]}{state}" for action, state in steps)

    @property
    def start_labels(self) -> tuple[tuple[int, str], ...]:
        """What stands in the start cells."""
        return tuple((state, f"P0 = {self.dynamics.start[state]:.2f}") for state in STARTS)


def component_name(state: int, action: int) -> str:
    """The name of the slider of θ(state, action)."""
    return f"theta_{state}_{('left', 'right')[action]}"


def component_label(state: int, action: int) -> str:
    """θ(state, arrow)."""
    return f"θ({state},{ARROW[action]})"


COMPONENTS = tuple((state, action) for state in DECISIONS for action in range(2))
#: A component of θ as an index into a gradient's table, in the order of the sliders.
ROWS = tuple(np.array(COMPONENTS).T)
COMPONENT_LABELS = tuple(component_label(*component) for component in COMPONENTS)


class Controls:
    """The sliders' values by name; what is left out keeps its first value."""

    def __init__(self, given: Mapping[str, float]) -> None:
        self.given = given

    def slider(
        self,
        name: str,
        label: str,
        span: tuple[float, float, float],
        first: float,
        meaning: Meaning = "policy",
        decimals: int = 2,
        power: bool = False,
    ) -> Slider:
        """A slider over ``span`` (low, high, step) at its present value."""
        empty = Slider(name, label, *span, first, meaning, decimals, power)
        return replace(empty, value=empty.at(self.given.get(name, first)))

    def thetas(self) -> tuple[Slider, ...]:
        """The sliders of θ of the tiny world."""
        return tuple(
            self.slider(component_name(*place), component_label(*place), (-3.0, 3.0, 0.1), first)
            for place, first in FIRST_THETA.items()
        )

    def slip(self) -> Slider:
        """The slider of the ice's slip."""
        return self.slider("slip", "slip", (0.05, 0.95, 0.05), 0.3, "environment")

    def start(self) -> Slider:
        """The slider of P0(1)."""
        return self.slider("start", "P0(1)", (0.05, 0.95, 0.05), 0.5, "environment")

    def choice(self, example: Example) -> Slider:
        """The slider that chooses one of all trajectories."""
        last = len(example.trajectories)
        return self.slider("trajectory", "τ", (1.0, float(last), 1.0), float(FIRST_CHOICE), "ink", 0)

    def draw(self) -> Slider:
        """The slider that numbers the samples: another number, other dice."""
        return self.slider("draw", "dice", (1.0, 100.0, 1.0), 1.0, "ink", 0)

    def example(self) -> Example:
        """The tiny world at these values."""
        theta = np.zeros((len(DECISIONS) + 2, 2))
        for slider, place in zip(self.thetas(), FIRST_THETA, strict=True):
            theta[place] = slider.value
        return Example(self.slip().value, self.start().value, theta)
