"""One episode of a batch in machine code, step by step, to look at: ``rollout.py`` for walks of millions of steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.fast.kernel import Kernel, begin, bound_row, choose, compiled
from agent.reinforce.rollout import rollout
from game.snapshots.snapshot import Trajectory
from game.world.dice import GOLDEN, update_key

_GOLDEN = np.uint64(GOLDEN)


def single(
    kernel: Kernel,
    probabilities: NDArray[np.float64],
    seed: int,
    update: int,
    episode: int,
    start: int | None = None,
) -> Trajectory:
    """The same trajectory as ``rollout`` gives."""
    dynamics = kernel.dynamics
    states, actions, rewards, chosen, happened, terminated, goal = _walk(
        np.uint64(update_key(seed, update)),
        episode,
        -1 if start is None else start,
        kernel.start_bound,
        probabilities,
        kernel.outcome_bound,
        dynamics.next_state.ravel(),
        dynamics.ends.ravel(),
        dynamics.goal.ravel(),
        dynamics.reward.ravel(),
        dynamics.probability.ravel(),
        (dynamics.n_actions, dynamics.n_outcomes, dynamics.max_steps),
    )
    if dynamics.terminal[states[0]]:
        return rollout(dynamics, probabilities, seed, update, episode, start)
    return Trajectory(
        states=states,
        actions=actions,
        rewards=rewards,
        policy_probability=chosen,
        transition_probability=happened,
        start_probability=float(dynamics.start[states[0]]),
        terminated=terminated,
        truncated=not terminated,
        goal=goal,
    )


@compiled
def _walk(
    key: np.uint64,
    episode: int,
    start: int,
    start_bound: NDArray[np.uint32],
    probabilities: NDArray[np.float64],
    outcome_bound: NDArray[np.uint32],
    next_state: NDArray[np.int32],
    ends: NDArray[np.bool_],
    goal: NDArray[np.bool_],
    reward: NDArray[np.float64],
    probability: NDArray[np.float64],
    sizes: tuple[int, int, int],
) -> Any:
    """States, actions, rewards, π and Pt of one episode, and whether it ended and reached a goal.

    It is walked twice, the first time to learn how long it is: where the cap is in the millions, most are shorter.
    """
    A, K, cap = sizes
    bound, known = np.empty(probabilities.size, np.uint32), np.zeros(len(probabilities), np.bool_)
    steps, terminated, reached = 0, False, False
    for recording in range(2):
        states, actions = np.empty(recording * (steps + 1), np.int32), np.empty(recording * steps, np.int32)
        rewards, chosen, happened = (
            np.empty(recording * steps),
            np.empty(recording * steps),
            np.empty(recording * steps),
        )
        stream, state = begin(key, episode, start_bound)
        if start >= 0:
            state = np.uint64(start)
        if recording:
            states[0] = state
        steps, terminated = 0, False
        while steps < cap and not terminated:
            stream += _GOLDEN
            here = np.int64(state)
            if not known[here]:
                known[here] = True
                bound_row(probabilities, here, bound, here * A)
            place, which = choose(state, stream, bound, state * np.uint64(A), outcome_bound, A, K)
            terminated = ends[which]
            state = np.uint64(next_state[which])
            if recording:
                action = np.int64(place) - here * A
                actions[steps], rewards[steps], states[steps + 1] = action, reward[which], state
                chosen[steps], happened[steps] = probabilities[here, action], probability[which]
                reached |= goal[which]
            steps += 1
    return states, actions, rewards, chosen, happened, terminated, reached
