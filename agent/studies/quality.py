"""How good an estimator is at a fixed policy: bias, variance, angle to ∇J, and what more episodes do.

θ is here a table of logits, one row per observation, so a gradient is a centred credit table added up over the
states that look the same (``trainer.py``'s backward pass gives the same numbers; a test holds the two together).
Estimates are means over episodes of sums over steps, with γ^t kept, as in ``credit.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.fast.kernel import Kernel
from agent.reinforce.credit import Baseline, centred
from game.errors import NumericalError
from game.snapshots.comparison import Accuracy, FixedPolicy, Quality
from game.world.dynamics import Dynamics

#: The numbers of episodes whose estimates are held against ∇J.
SIZES = (1, 10, 100, 1000)
#: Estimates from 1, 10 and 100 episodes, and at the least; an estimate from 1000 is a mean of ten from 100.
REPLICATES, FEWEST = 1000, 200
#: Steps that one estimator at one policy is worth: where episodes are long there are fewer replicates.
STEPS = 6e7
#: Episodes from which ``baseline`` learns b before it is tried.
EARLIER = 1000
#: The streams, which no training reaches: they count from here.
STREAM = 2**60


def gradient_of_credit(
    dynamics: Dynamics, probabilities: NDArray[np.float64], credit: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(O · A,) float64: Σ_{s,a} credit(s,a) ∇ ln π(a|s) with respect to the logits of the observations, as in (17)."""
    gradient = np.zeros((dynamics.n_observations, dynamics.n_actions))
    np.add.at(gradient, dynamics.observation, centred(credit, probabilities))
    return gradient.ravel()


def fixed_policy(exact: Exact, name: str, probabilities: NDArray[np.float64]) -> FixedPolicy:
    """A policy (S, A) with its exact J and ∇J.

    Raises :class:`~game.errors.NumericalError` where they cannot be told within reach.
    """
    truth = exact.everything(probabilities)
    if truth is None:
        raise NumericalError(
            "the exact gradient of a policy cannot be told within reach here; expected a smaller level"
        )
    gradient = gradient_of_credit(exact.dynamics, probabilities, truth.credit)
    return FixedPolicy(name, probabilities, truth.objective, gradient, float(np.linalg.norm(gradient)))


def replicates(exact: Exact, probabilities: NDArray[np.float64]) -> int:
    """How many estimates of each size are drawn: a multiple of 20, so that halves and tens come out even."""
    steps = exact.evaluate(probabilities).expected_steps
    affordable = STEPS / max(steps, 1.0) / sum(size for size in SIZES if size < 1000)
    return int(min(max(affordable, FEWEST), REPLICATES)) // 20 * 20


def learned_baseline(kernel: Kernel, policy: FixedPolicy, seed: int) -> NDArray[np.float64]:
    """(S,) float64: b from an earlier batch of the same policy, whose stream is its own: else b would bias."""
    baseline = Baseline(kernel.dynamics.n_states)
    nothing = baseline.values()
    earlier = kernel.batch(policy.probabilities, "reward-to-go", nothing, seed, STREAM, 0, EARLIER)
    baseline.learn(earlier.sums)
    return baseline.values()


def estimates(
    kernel: Kernel,
    policy: FixedPolicy,
    estimator: str,
    baseline: NDArray[np.float64],
    size: int,
    count: int,
    seed: int,
) -> NDArray[np.float64]:
    """(count, O · A) float64: independent estimates of ∇J, each from ``size`` fresh episodes, by (17)."""
    dynamics, pi = kernel.dynamics, policy.probabilities
    found = np.empty((count, policy.gradient.size))
    for number in range(count):
        update = STREAM + 2**32 * size + number
        credit = kernel.batch(pi, estimator, baseline, seed, update, 0, size).credit
        found[number] = gradient_of_credit(dynamics, pi, credit)
    return found


def quality(kernel: Kernel, policy: FixedPolicy, estimator: str, count: int, seed: int) -> Quality:
    """Measure one estimator at one policy on ``count`` estimates of each size (see :func:`replicates`)."""
    baseline = learned_baseline(kernel, policy, seed)
    found = {size: estimates(kernel, policy, estimator, baseline, size, count, seed) for size in SIZES if size < 1000}
    hundreds = found[100]
    found[1000] = hundreds.reshape(count // 10, 10, -1).mean(axis=1)
    bias, bias_error = squared_bias(hundreds[::2], hundreds[1::2], policy.gradient)
    variance = 100.0 * float(hundreds.var(axis=0, ddof=1).sum())
    return Quality(
        policy=policy.name,
        estimator=estimator,
        squared_bias=bias,
        squared_bias_error=bias_error,
        variance=variance,
        accuracies=tuple(accuracy(found[size], policy, size) for size in SIZES),
    )


def squared_bias(
    one: NDArray[np.float64], other: NDArray[np.float64], truth: NDArray[np.float64]
) -> tuple[float, float]:
    """|bias|² from two independent sets of estimates (n, d) and (m, d), and its standard error where there is none.

    The inner product of the two means' errors has the expectation |bias|², since independent noise cancels; without
    bias its variance is tr(Σ₁Σ₂)/(n m).
    """
    product = float((one.mean(axis=0) - truth) @ (other.mean(axis=0) - truth))
    n, m = len(one), len(other)
    across = (one - one.mean(axis=0)) @ (other - other.mean(axis=0)).T
    trace = float((across**2).sum()) / ((n - 1) * (m - 1))
    return product, float(np.sqrt(trace / (n * m)))


def accuracy(found: NDArray[np.float64], policy: FixedPolicy, size: int) -> Accuracy:
    """How near estimates (n, d) from ``size`` episodes each come to ∇J."""
    norms = np.linalg.norm(found, axis=1)
    loud = norms > 0.0
    silent = float(1.0 - loud.mean())
    if policy.norm == 0.0:
        return Accuracy(size, None, None, silent)
    error = float(np.sqrt(((found - policy.gradient) ** 2).sum(axis=1).mean()) / policy.norm)
    if not loud.any():
        return Accuracy(size, error, None, silent)
    cosine = found[loud] @ policy.gradient / norms[loud] / policy.norm
    return Accuracy(size, error, float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))).mean()), silent)
