"""REINFORCE (Williams 1992) on one page: begin here.  Numbers in round brackets are the tutorial's equations.

``agent/trainer.py`` runs the same algorithm and adds networks, Adam, baselines, an entropy bonus, batches of a million
steps, and the exact value beside each estimate.  A test holds the two to the same θ.

    python -m agent.reinforce.reinforce four_rooms
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from agent.reinforce.rollout import rollout
from game.errors import ArrowgradError
from game.world.catalog import load
from game.world.dynamics import Dynamics


def reinforce(
    world: Dynamics, updates: int, batch: int, learning_rate: float, seed: int = 0
) -> Iterator[tuple[Tensor, float]]:
    """Yield θ (O, A) float64 after each update, and Ĵ, the mean return of the episodes that it was made from.

    θ has a logit for each observation and action; ``batch`` is N of (17), ``learning_rate`` is α of (4).
    """
    observation = torch.tensor(world.observation)  # what is seen in each state (S,): on most levels the state itself
    theta = torch.zeros(world.n_observations, world.n_actions, dtype=torch.float64, requires_grad=True)
    for update in range(updates):
        log_pi = torch.log_softmax(theta, dim=1)[observation]  # ln π_θ(a|s), for all states and actions (S, A)
        pi = log_pi.detach().exp().numpy()
        episodes = [rollout(world, pi, seed, update, number) for number in range(batch)]  # τ ~ P(τ|θ), (11), (12)
        surrogate, returns = torch.zeros((), dtype=torch.float64), 0.0
        for episode in episodes:
            discounted = torch.from_numpy(world.discount ** np.arange(len(episode)) * episode.rewards)  # γ^t r_t of (6)
            returns += float(discounted.sum())  # R(τ), (6)
            # (17) credits R(τ) to every step.  But no step earned what was paid before it: on average those rewards
            # add nothing to the gradient, only noise.  What is left to step t is γ^t G_t, the sum from t on.
            credit = discounted.flip(0).cumsum(0).flip(0)
            ln_pi = log_pi[episode.states[:-1], episode.actions]  # ln π_θ(a_t|s_t): all of (13) that θ moves, see (14)
            surrogate = surrogate + (credit * ln_pi).sum()
        (gradient,) = torch.autograd.grad(surrogate / batch, theta)  # ∇̂J, (17): the mean of Σ_t credit · ∇ ln π
        with torch.no_grad():
            theta += learning_rate * gradient  # θ ← θ + α ∇̂J, (4)
        yield theta.detach().clone(), returns / batch  # Ĵ, which estimates (5)


def main(level: str = "first_steps") -> None:
    """Learn a level, and print how the mean return rises.

    These numbers suit returns of about 1; where they are in the hundreds, as on ``cliff``, the steps are far too long.
    """
    learning = reinforce(load(level).dynamics, updates=101, batch=20, learning_rate=2.0)
    for update, (_, mean_return) in enumerate(learning):
        if update % 10 == 0:
            print(f"update {update:3}    mean return {mean_return:7.3f}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2])
    except ArrowgradError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(2)
