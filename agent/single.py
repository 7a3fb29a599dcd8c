"""One episode of a batch in machine code, step by step, to look at: ``rollout.py`` for walks of millions of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from agent.kernel import begin, bound_row, choose, compiled
from agent.rollout import recorded, rollout
from game.dice import GOLDEN, update_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from agent.kernel import Kernel
    from game.snapshot import Trajectory

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
    states, places, outcomes = _walk(
        np.uint64(update_key(seed, update)),
        episode,
        -1 if start is None else start,
        kernel.start_bound,
        probabilities,
        kernel.outcome_bound,
        dynamics.next_state.ravel(),
        dynamics.ends.ravel(),
        (dynamics.n_actions, dynamics.n_outcomes, dynamics.max_steps),
    )
    if dynamics.terminal[states[0]]:
        return rollout(dynamics, probabilities, seed, update, episode, start)
    return recorded(dynamics, probabilities, states, places % dynamics.n_actions, outcomes % dynamics.n_outcomes)


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
    sizes: tuple[int, int, int],
) -> Any:
    """The states, and the places of actions and outcomes in the tables, of one episode."""
    A, K, cap = sizes
    stream, state = begin(key, episode, start_bound)
    if start >= 0:
        state = np.uint64(start)
    states = np.empty(cap + 1, np.int32)
    places, outcomes = np.empty(cap, np.int32), np.empty(cap, np.int32)
    states[0] = state
    bound = np.empty(A, np.uint32)
    steps = 0
    while steps < cap:
        stream += _GOLDEN
        bound_row(probabilities, int(state), bound, 0)
        place, which = choose(state, stream, bound, np.uint64(0), outcome_bound, A, K)
        state = np.uint64(next_state[which])
        places[steps], outcomes[steps] = place, which
        steps += 1
        states[steps] = state
        if ends[which]:
            break
    return states[: steps + 1].copy(), places[:steps].copy(), outcomes[:steps].copy()
