"""The contents of the lesson: the titles of its pages, by number."""

from __future__ import annotations

TITLES = {
    1: "Two gradients, one picture",
    2: "What J is: a sum over all trajectories",
    3: "The gradient that cannot be sampled",
    4: "The log-derivative trick",
    5: "What P(τ|θ) is: a product along the way",
    6: "Three terms, and two of them stand still",
    7: "The exact gradient, three ways",
    8: "The gradient from samples",
    9: "Why a baseline is free",
    10: "J as a landscape",
    11: "When it gets stuck",
}
