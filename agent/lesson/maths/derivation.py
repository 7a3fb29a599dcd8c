"""The derivation of the policy gradient in numbers: one function for each equation from (5) to (17).

On a world small enough to list every trajectory (``enumeration.py``) each step of the derivation can be computed
and compared with the exact values of ``exact.py``.  θ is a table of logits (S, A); gradients come as such tables.
Sums run over trajectories and over steps, γ^t is kept, nothing is scaled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from agent.reinforce.policy import Policy
from agent.reinforce.tabular import Tabular
from game.snapshots.snapshot import Trajectory
from game.world.dynamics import Dynamics


def policy_with(dynamics: Dynamics, theta: NDArray[np.float64]) -> Tabular:
    """The tabular policy that training uses, with θ (O, A) float64 as its logits."""
    policy = Tabular(dynamics)
    with torch.no_grad():
        policy.weights[0].copy_(torch.from_numpy(theta))
    return policy


def score_table(policy: Policy) -> NDArray[np.float64]:
    """(O, A, O, A) float64: ∇_θ ln π_θ(a|o) for every observation and action, by automatic differentiation."""
    log_pi = policy.log_probabilities()
    theta = policy.weights[0]
    scores = np.empty((*log_pi.shape, *theta.shape))
    for o, a in np.ndindex(*log_pi.shape):
        scores[o, a] = torch.autograd.grad(log_pi[o, a], theta, retain_graph=True)[0].numpy()
    return scores


# -- (5) to (8): the objective as a sum ---------------------------------------------------------------------


def total_returns(trajectories: Sequence[Trajectory], discount: float) -> NDArray[np.float64]:
    """(n,) float64: R(τ) = Σ_{t<T} γ^t r_t of each trajectory, equation (6)."""
    return np.array([trajectory.total_return(discount) for trajectory in trajectories])


def trajectory_probability(trajectory: Trajectory) -> float:
    """P(τ|θ) = P0(s_0) · Π_t π_θ(a_t|s_t) · Pt(s_{t+1}|s_t, a_t), equation (12)."""
    steps = trajectory.policy_probability * trajectory.transition_probability
    return float(trajectory.start_probability * steps.prod())


def probabilities_of(trajectories: Sequence[Trajectory]) -> NDArray[np.float64]:
    """(n,) float64: P(τ|θ) of each trajectory, equation (12)."""
    return np.array([trajectory_probability(trajectory) for trajectory in trajectories])


def objective_by_sum(returns: NDArray[np.float64], probabilities: NDArray[np.float64]) -> float:
    """J(θ) = Σ_τ R(τ) P(τ|θ) over all trajectories, equations (5) and (7)."""
    return float(returns @ probabilities)


# -- (9) to (16): the gradient as a sum ---------------------------------------------------------------------


def log_probability_gradient(scores: NDArray[np.float64], trajectory: Trajectory) -> NDArray[np.float64]:
    """∇_θ ln P(τ|θ) = Σ_{t<T} ∇_θ ln π_θ(a_t|s_t), equation (14), for policies that see the state."""
    return np.asarray(scores[trajectory.states[:-1], trajectory.actions].sum(axis=0))


def log_probability_gradients(scores: NDArray[np.float64], trajectories: Sequence[Trajectory]) -> NDArray[np.float64]:
    """(n, S, A) float64: equation (14) for each trajectory."""
    return np.array([log_probability_gradient(scores, trajectory) for trajectory in trajectories])


def probability_gradients(
    probabilities: NDArray[np.float64], log_gradients: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n, S, A) float64: ∇_θ P(τ|θ) = P(τ|θ) · ∇_θ ln P(τ|θ) where P > 0, equation (10)."""
    return np.asarray(probabilities[:, None, None] * log_gradients)


def gradient_of_probabilities(
    returns: NDArray[np.float64], probability_gradients: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(S, A) float64: ∇J = Σ_τ R(τ) ∇_θ P(τ|θ) over all trajectories, equation (9)."""
    return np.asarray(np.einsum("n,nsa->sa", returns, probability_gradients))


def gradient_by_sum(
    returns: NDArray[np.float64], probabilities: NDArray[np.float64], log_gradients: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(S, A) float64: ∇J = Σ_τ R(τ) P(τ|θ) ∇_θ ln P(τ|θ), equation (15), and (16) with (14) put in."""
    return np.asarray(np.einsum("n,n,nsa->sa", returns, probabilities, log_gradients))


def gradient_of_credit(policy: Policy, credit: NDArray[np.float64]) -> NDArray[np.float64]:
    """(O, A) float64: Σ credit(s, a) ∇_θ ln π_θ(a|s) in one backward pass, as training does it for (17)."""
    log_pi = policy.log_probabilities()[policy.observation]
    surrogate = (torch.from_numpy(credit) * log_pi).sum()
    return np.asarray(torch.autograd.grad(surrogate, policy.weights[0])[0].numpy())


# -- (1) to (4), and a check ---------------------------------------------------------------------------------


def descent(point: NDArray[np.float64], rate: float, gradient: NDArray[np.float64]) -> NDArray[np.float64]:
    """The parameters after one step downhill, equation (1), and (2) when the gradient is an estimate."""
    return np.asarray(point - rate * gradient)


def ascent(point: NDArray[np.float64], rate: float, gradient: NDArray[np.float64]) -> NDArray[np.float64]:
    """The parameters after one step uphill, equation (3), and (4) when the gradient is an estimate."""
    return descent(point, rate, -gradient)  # this minus is all that sets (3) and (4) apart from (1) and (2)


def finite_difference(
    function: Callable[[NDArray[np.float64]], float], theta: NDArray[np.float64], step: float = 1e-4
) -> NDArray[np.float64]:
    """∇ of a function of θ by central differences of fourth order, in the shape of θ: it knows no formula."""
    gradient = np.zeros(theta.shape)
    for place in np.ndindex(*theta.shape):
        along = np.zeros(theta.shape)
        along[place] = step
        near = function(theta + along) - function(theta - along)
        far = function(theta + 2 * along) - function(theta - 2 * along)
        gradient[place] = (8.0 * near - far) / (12.0 * step)
    return gradient
