"""REINFORCE on the short corridor as Sutton and Barto run it (2018, sections 13.3 and 13.4; figures 13.1 and 13.2).

The policy sees nothing, so its features are one for each action: h(left) = θ_left, h(right) = θ_right, and
π(right) = e^θ_right / (e^θ_left + e^θ_right).  Then ∂ ln π(a) / ∂θ_right = 1[a = right] − π(right), and
∂ ln π(a) / ∂θ_left is its negative.  γ = 1 throughout.

The book's boxes change θ after every step of an episode that is over, so the later steps of an episode are credited
along a gradient at another θ than the one that walked them:

    for t = 0 … T − 1:   δ = G_t − w,   w ← w + α^w δ,   θ ← θ + α δ ∇ ln π(a_t; θ)

Equation (17) of the tutorial takes all of an episode at the θ that walked it:

    θ ← θ + α Σ_t (G_t − w) ∇ ln π(a_t; θ),   w ← w + α^w Σ_t (G_t − w)

Without a baseline α^w = 0, and w stays 0.

Differs from the source: the book gives neither θ₀ nor what keeps an episode from lasting for ever once π(right) is
close to 0 or 1.  Here θ₀ = (1.47, −1.47), where π(right) = 0.05, and π is floored at 0.05, when acting and in ∇ ln π.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.fast.kernel import begin, bounds, choose, compiled, inlined
from game.world.catalog import load
from game.world.dice import update_key

#: θ₀, for left and right; and the least probability of an action.
LEFT, RIGHT, FLOOR = 1.47, -1.47, 0.05
#: The book has no cap; with π floored an episode has 82 steps on average at most.
CAP = 100_000


@dataclass(frozen=True, slots=True)
class Method:
    """One way to learn: α, α^w (0: no baseline), and whether θ and w change step by step, or once an episode."""

    step_size: float
    baseline_step_size: float
    step_by_step: bool


@inlined
def probability_of_right(left: float, right: float) -> float:
    """π(right), floored: at least 0.05 and at most 0.95."""
    return min(max(1.0 / (1.0 + math.exp(left - right)), FLOOR), 1.0 - FLOOR)


@compiled
def learn(returns: NDArray[np.float64], actions: NDArray[np.int64], theta: NDArray[np.float64], method: Any) -> None:
    """What one episode teaches: ``returns`` (T,) are G_t; ``theta`` (3,) float64 holds θ_left, θ_right and w.

    ``method`` is (α, α^w, step by step), as of :class:`Method`.
    """
    step_size, baseline_step_size, step_by_step = method
    change_of_right, change_of_baseline = 0.0, 0.0
    for t in range(len(returns)):
        right = probability_of_right(theta[0], theta[1])
        delta = returns[t] - theta[2]
        change_of_baseline += baseline_step_size * delta
        change_of_right += step_size * delta * ((1.0 if actions[t] == 1 else 0.0) - right)
        if step_by_step or t == len(returns) - 1:
            theta[0] -= change_of_right
            theta[1] += change_of_right
            theta[2] += change_of_baseline
            change_of_right, change_of_baseline = 0.0, 0.0


@compiled
def run(
    key: np.uint64,
    method: Any,
    start_bound: NDArray[np.uint32],
    outcome_bound: NDArray[np.uint32],
    next_state: NDArray[np.int32],
    reward: NDArray[np.float64],
    ends: NDArray[np.bool_],
    totals: NDArray[np.float64],
    theta: NDArray[np.float64],
) -> None:
    """One run: fills ``totals`` (E,) with R(τ) of each episode, and leaves in ``theta`` (3,) what was learned."""
    n_outcomes = next_state.shape[2]
    actions, rewards = np.empty(CAP, np.int64), np.empty(CAP)
    policy_bound = np.empty(2, np.uint32)  # the same in all states
    for episode in range(len(totals)):
        policy_bound[0] = np.uint32(math.ceil((1.0 - probability_of_right(theta[0], theta[1])) * 2.0**31))
        policy_bound[1] = np.uint32(2**31)
        stream, state = begin(key, episode, start_bound)
        steps, running = 0, True
        while running and steps < CAP:
            stream += np.uint64(0x9E3779B97F4A7C15)
            place, which = choose(state, stream, policy_bound, np.uint64(0), outcome_bound, 2, n_outcomes)
            actions[steps] = np.int64(place) % 2
            rewards[steps] = reward.ravel()[which]
            running = not ends.ravel()[which]
            state = np.uint64(next_state.ravel()[which])
            steps += 1
        to_go = np.cumsum(rewards[:steps][::-1])[::-1]
        totals[episode] = to_go[0]
        learn(to_go, actions[:steps], theta, method)


def total_rewards(method: Method, n_runs: int, n_episodes: int) -> NDArray[np.float64]:
    """(runs, episodes) float64: the total reward of each episode of each run.

    Run i draws its uniforms from the stream (seed i, update 0, episode, step) of ``game/world/dice.py``.
    """
    dynamics = load("short_corridor").dynamics
    n_outcomes = dynamics.n_outcomes
    tables = (
        bounds(dynamics.start_cdf),
        bounds(dynamics.outcome_cdf[:, :, : max(1, n_outcomes - 1)]).ravel(),
        dynamics.next_state,
        dynamics.reward,
        dynamics.ends,
    )
    how = (method.step_size, method.baseline_step_size, method.step_by_step)
    totals = np.empty((n_runs, n_episodes))
    for number in range(n_runs):
        theta = np.array([LEFT, RIGHT, 0.0])
        run(np.uint64(update_key(number, 0)), how, *tables, totals[number], theta)
    return totals
