"""The policy that a run has learned, to play against at once: a table is read without waiting for torch.

Its probabilities are those of ``agent/reinforce/policy.py`` up to the last bit or two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.runs.checkpoint_file import read_newest
from agent.runs.folder import SavedRun

#: θ of a tabular policy in a checkpoint, (O, A) float64.
TABLE = "policy.weights.0"


def learned_policy(saved: SavedRun) -> tuple[NDArray[np.float64], int, str]:
    """π (S, A) float64, the episodes that it was learned from, and a sentence for a person, or "".

    Raises :class:`~game.errors.RunError` where the run cannot be read.
    """
    if not saved.settings.hidden:
        dynamics = saved.world.dynamics
        arrays, counters, note = read_newest(saved.folder)
        logits = arrays.get(TABLE)
        if logits is not None and logits.shape == (dynamics.n_observations, dynamics.n_actions):
            logits = logits - logits.max(axis=1, keepdims=True)
            log_pi = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
            return np.exp(log_pi)[dynamics.observation], int(counters["episodes"]), note
    from agent.runs.run import trained  # imports torch

    trainer, note = trained(saved)
    return trainer.probabilities(), trainer.episodes, note
