"""Page 5: equations (11) and (12).  The probability of a trajectory is a product along it."""

from __future__ import annotations

import numpy as np

from agent.lesson.contents import TITLES
from agent.lesson.example import ARROW, Controls, Example
from agent.lesson.maths.derivation import trajectory_probability
from agent.lesson.notation import EQUATIONS
from game.snapshots.lesson_page import BoardPart, Card, Column, Film, Number, Numbers, Page, Table, Words


def page(controls: Controls) -> Page:
    """The page for these sliders."""
    example = controls.example()
    choice = controls.choice(example)
    index = int(choice.value) - 1
    trajectory = example.trajectories[index]
    policy, world = float(trajectory.policy_probability.prod()), float(trajectory.transition_probability.prod())
    return Page(
        number=5,
        title=TITLES[5],
        equations="(11), (12)",
        left=(
            Card(
                "Who decides what?",
                (
                    EQUATIONS[11],
                    EQUATIONS[12],
                    Words(
                        "The environment draws the start (P0) and what comes of each action (Pt). The policy draws the "
                        "actions (π). Only the blue factors hold θ."
                    ),
                    Words(
                        "A deterministic environment has every Pt equal to 0 or 1, and a uniform start means that P0 "
                        "is the uniform distribution.",
                        "quiet",
                    ),
                    BoardPart("policy", example.dynamics, example.probabilities, labels=example.start_labels),
                    Words("The length of a blue arrow is π: half a cell is 1.", "policy"),
                ),
            ),
        ),
        right=(
            Card(
                f"Trajectory τ number {index + 1}: {example.name(index)}",
                (
                    _film(example, index),
                    Numbers(
                        (
                            Number("start", "P0(s₀)", trajectory.start_probability, 6, "environment"),
                            Number("policy_product", "product of all π", policy, 6, "policy"),
                            Number("world_product", "product of all Pt", world, 6, "environment"),
                            Number("probability", "P(τ|θ), (12)", trajectory_probability(trajectory), 6, "truth", True),
                            Number("return", "R(τ), (6)", float(example.returns[index]), 4, "reward"),
                        )
                    ),
                ),
                f"one of {len(example.trajectories)}",
            ),
        ),
        sliders=(*controls.thetas(), choice, controls.slip(), controls.start()),
        share=0.46,
    )


def _film(example: Example, index: int) -> Film:
    """The trajectory cell by cell, with the factors of each step and the product so far."""
    trajectory = example.trajectories[index]
    factors = trajectory.policy_probability * trajectory.transition_probability
    so_far = trajectory.start_probability * np.append(1.0, np.cumprod(factors))
    actions = (*(ARROW[action] for action in trajectory.actions), "")
    states = tuple(str(state) for state in trajectory.states)
    table = Table(
        "steps",
        (
            Column("state", "state", states),
            Column("action", "action", actions),
            Column("policy", "π", np.append(trajectory.policy_probability, np.nan), 4, "policy"),
            Column("transition", "Pt", np.append(trajectory.transition_probability, np.nan), 2, "environment"),
            Column("so_far", "product", so_far, 6, answer=True),
        ),
    )
    return Film("film", example.dynamics, trajectory, table)
