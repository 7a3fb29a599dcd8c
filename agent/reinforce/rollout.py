"""One episode, readable: sample an action from π, let the world answer, until it ends or is truncated.

``agent/fast/kernel.py`` walks the same trajectories from the same stream of uniforms for large batches.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Trajectory
from game.world.dice import cumulative, episode_key, pick, uniforms, update_key
from game.world.dynamics import Dynamics


def rollout(
    dynamics: Dynamics,
    probabilities: NDArray[np.float64],
    seed: int,
    update: int,
    episode: int,
    start: int | None = None,
    policy_cdf: NDArray[np.float64] | None = None,
) -> Trajectory:
    """The trajectory τ of (11) that the stream (seed, update, episode) gives under a policy (S, A).

    ``start`` replaces the draw from P0 (its probability is then still P0's).  ``policy_cdf`` spares computing
    ``cumulative(probabilities)`` again.  An episode terminates where the world ends it, else it is truncated
    after ``max_steps`` steps.
    """
    if policy_cdf is None:
        policy_cdf = cumulative(probabilities)
    outcome_cdf = dynamics.outcome_cdf
    key = episode_key(update_key(seed, update), episode)
    state = pick(dynamics.start_cdf, uniforms(key, -1)[0]) if start is None else start
    states = [state]
    actions: list[int] = []
    outcomes: list[int] = []
    terminated = bool(dynamics.terminal[state])
    while not terminated and len(actions) < dynamics.max_steps:
        for_action, for_outcome = uniforms(key, len(actions))
        action = pick(policy_cdf[state], for_action)
        outcome = pick(outcome_cdf[state, action], for_outcome)
        actions.append(action)
        outcomes.append(outcome)
        terminated = bool(dynamics.ends[state, action, outcome])
        state = int(dynamics.next_state[state, action, outcome])
        states.append(state)
    return recorded(
        dynamics,
        probabilities,
        np.array(states, dtype=np.int32),
        np.array(actions, dtype=np.int32),
        np.array(outcomes, dtype=np.int32),
    )


def recorded(
    dynamics: Dynamics,
    probabilities: NDArray[np.float64],
    states: NDArray[np.int32],
    actions: NDArray[np.int32],
    outcomes: NDArray[np.int32],
) -> Trajectory:
    """The trajectory of an episode that is over, with what was paid and how probable each part was."""
    here = states[:-1]
    happened = (here, actions, outcomes)
    terminated = bool(dynamics.ends[happened][-1:].any() or dynamics.terminal[states[0]])
    return Trajectory(
        states=states,
        actions=actions,
        rewards=dynamics.reward[happened],
        policy_probability=probabilities[here, actions],
        transition_probability=dynamics.probability[happened],
        start_probability=float(dynamics.start[states[0]]),
        terminated=terminated,
        truncated=not terminated,
        goal=bool(dynamics.goal[happened].any()),
    )
