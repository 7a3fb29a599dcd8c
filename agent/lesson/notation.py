"""The tutorial's equations (1) to (17), set with the colours of what their symbols stand for.

Where the tutorial has a slip, the equation is shown in its corrected form with a note of what was put right.
"""

from __future__ import annotations

from game.snapshots.lesson_page import Equation, Meaning

_Part = tuple[str, "Meaning"]

_J: _Part = (r"J(\theta)", "truth")
_GRADIENT: _Part = (r"\nabla_\theta J(\theta)", "truth")
_R: _Part = (r"R(\tau)", "reward")
_P: _Part = (r"P(\tau|\theta)", "ink")
_SUM: _Part = (r"\sum_{\mathrm{all}\ \tau}", "ink")
_OVER_STEPS: _Part = (r"\sum_{t=0}^{T-1}", "ink")
_DOT: _Part = (r"\cdot", "ink")
_EQUALS: _Part = ("=", "ink")
_PI: _Part = (r"\pi_\theta(a_t|s_t)", "policy")
_LN_PI: _Part = (r"\ln\,\pi_\theta(a_t|s_t)", "policy")
_SCORE: _Part = (r"\nabla_\theta \ln\,\pi_\theta(a_t|s_t)", "policy")
_P0: _Part = (r"P_0(s_0)", "environment")
_PT: _Part = (r"P_t(s_{t+1}|s_t,a_t)", "environment")


def _ink(text: str) -> _Part:
    return (text, "ink")


EQUATIONS: dict[int, Equation] = {
    1: Equation(
        "(1)",
        (
            _ink(r"\theta_{u+1} \leftarrow \theta_u - \alpha"),
            (r"\nabla_\theta\,\mathrm{MSE}(\theta)", "truth"),
        ),
        "θ_{u+1} ← θ_u − α ∇MSE(θ)",
        "in (1) to (4) the index counts updates, u, not steps, t",
    ),
    2: Equation(
        "(2)",
        (
            _ink(r"\theta_{u+1} \leftarrow \theta_u - \alpha"),
            (r"\nabla_\theta\,\widehat{\mathrm{MSE}}(\theta)", "policy"),
        ),
        "θ_{u+1} ← θ_u − α ∇MSE^(θ)",
    ),
    3: Equation(
        "(3)",
        (_ink(r"\theta_{u+1} \leftarrow \theta_u + \alpha"), _GRADIENT),
        "θ_{u+1} ← θ_u + α ∇J(θ)",
    ),
    4: Equation(
        "(4)",
        (_ink(r"\theta_{u+1} \leftarrow \theta_u + \alpha"), (r"\widehat{\nabla_\theta J}(\theta)", "policy")),
        "θ_{u+1} ← θ_u + α ∇J^(θ)",
    ),
    5: Equation(
        "(5)",
        (_J, _EQUALS, (r"\mathbb{E}_{\tau \sim P(\tau|\theta)}", "ink"), _ink("["), _R, _ink("]")),
        "J(θ) = E[R(τ)],  τ ~ P(τ|θ)",
        "“τ ~ π” there means τ ~ P(τ|θ): π alone draws no trajectory",
    ),
    6: Equation(
        "(6)",
        (_R, _EQUALS, _OVER_STEPS, (r"\gamma^t\, r_t", "reward")),
        "R(τ) = Σ_{t=0}^{T−1} γ^t r_t",
        "rₜ is paid for aₜ, so the last reward is that of step T − 1",
    ),
    7: Equation(
        "(7)",
        (_J, _EQUALS, _SUM, _R, _DOT, _P),
        "J(θ) = Σ_τ R(τ) · P(τ|θ)",
        "over all trajectories, not sampled ones; and 0 … N would be N + 1 terms",
    ),
    8: Equation(
        "(8)",
        (_J, _EQUALS, (r"\int_\tau", "ink"), _R, _DOT, _P, _ink(r"d\tau")),
        "J(θ) = ∫ R(τ) · P(τ|θ) dτ",
        note="for continuous states or actions; countably many trajectories still sum",
    ),
    9: Equation(
        "(9)",
        (_GRADIENT, _EQUALS, _SUM, _R, _DOT, (r"\nabla_\theta P(\tau|\theta)", "ink")),
        "∇J(θ) = Σ_τ R(τ) · ∇P(τ|θ)",
        "it is the gradient of (5), where the text says Eq. (4)",
    ),
    10: Equation(
        "(10)",
        ((r"\nabla_\theta P(\tau|\theta)", "ink"), _EQUALS, _P, _DOT, (r"\nabla_\theta \ln\,P(\tau|\theta)", "ink")),
        "∇P(τ|θ) = P(τ|θ) · ∇ ln P(τ|θ)",
        note="holds where P(τ|θ) > 0; a softmax policy never makes it 0",
    ),
    11: Equation(
        "(11)",
        (_ink(r"\tau = \{s_0, a_0, s_1, a_1, \ldots, s_{T-1}, a_{T-1}, s_T\}"),),
        "τ = {s_0, a_0, s_1, a_1, …, s_{T−1}, a_{T−1}, s_T}",
    ),
    12: Equation(
        "(12)",
        (_P, _EQUALS, _P0, _DOT, (r"\prod_{t=0}^{T-1}", "ink"), _PI, _DOT, _PT),
        "P(τ|θ) = P0(s_0) · Π_{t=0}^{T−1} π(a_t|s_t) · Pt(s_{t+1}|s_t, a_t)",
        "factors multiply by the chain rule and the Markov property, not because steps are independent",
    ),
    13: Equation(
        "(13)",
        (
            (r"\ln\,P(\tau|\theta)", "ink"),
            _EQUALS,
            (r"\ln\,P_0(s_0)", "environment"),
            _ink("+"),
            _OVER_STEPS,
            _LN_PI,
            _ink("+"),
            _OVER_STEPS,
            (r"\ln\,P_t(s_{t+1}|s_t,a_t)", "environment"),
        ),
        "ln P(τ|θ) = ln P0(s_0) + Σ_t ln π(a_t|s_t) + Σ_t ln Pt(s_{t+1}|s_t, a_t)",
    ),
    14: Equation(
        "(14)",
        ((r"\nabla_\theta \ln\,P(\tau|\theta)", "ink"), _EQUALS, _OVER_STEPS, _SCORE),
        "∇ ln P(τ|θ) = Σ_{t=0}^{T−1} ∇ ln π(a_t|s_t)",
        "it is the gradient of (13), where the text says Eq. (14)",
    ),
    15: Equation(
        "(15)",
        (_GRADIENT, _EQUALS, _SUM, _R, _DOT, _P, _DOT, (r"\nabla_\theta \ln\,P(\tau|\theta)", "ink")),
        "∇J(θ) = Σ_τ R(τ) · P(τ|θ) · ∇ ln P(τ|θ)",
        "over all trajectories, not sampled ones",
    ),
    16: Equation(
        "(16)",
        (_GRADIENT, _EQUALS, _SUM, _R, _DOT, _P, _DOT, _OVER_STEPS, _SCORE),
        "∇J(θ) = Σ_τ R(τ) · P(τ|θ) · Σ_{t=0}^{T−1} ∇ ln π(a_t|s_t)",
        "the inner sum runs over steps, t = 0 … T − 1",
    ),
    17: Equation(
        "(17)",
        (
            _GRADIENT,
            _EQUALS,
            (r"\mathbb{E}_{\tau \sim P(\tau|\theta)}", "ink"),
            _ink("["),
            _R,
            _DOT,
            _OVER_STEPS,
            _SCORE,
            _ink("]"),
        ),
        "∇J(θ) = E[R(τ) · Σ_{t=0}^{T−1} ∇ ln π(a_t|s_t)],  τ ~ P(τ|θ)",
        "“τ ~ π” there means τ ~ P(τ|θ)",
    ),
}
