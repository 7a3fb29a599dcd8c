"""The card that holds an estimate of the gradient against the exact one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest

from game.snapshots.snapshot import Briefing, Snapshot
from game.view.draw.pen import Pen
from game.view.shared.gradient import sample_size_words
from game.view.shared.overlays import largest_push, wrong_pushes, wrong_share
from game.view.shared.record import COLUMNS, History, Record, squared_error
from game.view.shared.theme import LIGHT, style_for
from game.view.train.gradient_card import GradientCard
from tests.game.view.learner import Learner, world_of_text

BRIEFING = Briefing("run-1", (("N", "8"),), optimum=1.0, total_updates=None)


@pytest.fixture(name="snapshot")
def one_snapshot() -> Snapshot:
    learner = Learner(world_of_text())
    learner.begin()
    return next(iter(learner.updates()))


def record(errors: list[float]) -> Record:
    rows = np.zeros((len(errors), len(COLUMNS)))
    rows[:, COLUMNS.index("error")] = errors
    return Record(len(errors), np.empty((0, 2)), rows)


def test_the_error_is_the_distance_of_the_two_gradients() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        exact, estimate = rng.normal(size=(2, 5))
        ratio = float(np.linalg.norm(estimate) / np.linalg.norm(exact))
        cosine = exact @ estimate / np.linalg.norm(estimate) / np.linalg.norm(exact)
        error = ((estimate - exact) ** 2).sum() / (exact**2).sum()
        assert squared_error(float(np.degrees(np.arccos(cosine))), ratio) == pytest.approx(error)


def test_an_estimate_of_zero_misses_all_of_the_gradient() -> None:
    assert squared_error(None, 0.0) == 1.0
    assert np.isnan(squared_error(None, None))


def test_four_times_the_episodes_halve_the_error(snapshot: Snapshot) -> None:
    words = sample_size_words(BRIEFING, record([0.36, np.nan, 0.28]), snapshot)
    assert words[1] == "error 0.57 of ‖∇J‖ at N = 8; with 4 × N about 0.28"  # √0.32 = 0.566
    assert words[-1] == "4 × the episodes, ½ the error"
    assert sample_size_words(BRIEFING, record([np.nan]), snapshot) == words[-1:]


def test_no_signal_is_said_in_words(snapshot: Snapshot) -> None:
    card = GradientCard()
    silent = replace(snapshot, gradient_norm=0.0, angle=None, norm_ratio=0.0)
    assert card.numbers.lines(silent)[0] == ("angle", "angle", "no signal")
    assert card.numbers.lines(replace(snapshot, angle=47.2, norm_ratio=1.381))[:2] == (
        ("angle", "angle", "47°"),
        ("length", "ratio", "1.38"),
    )


@pytest.mark.parametrize(("angle", "direction"), [(1.0, (1, 0)), (90.0, (0, -1)), (179.0, (-1, 0))])
def test_the_needle_points_where_the_angle_says(snapshot: Snapshot, angle: float, direction: tuple[int, int]) -> None:
    pygame.font.init()
    surface = pygame.Surface((600, 220))
    surface.fill(LIGHT.card)
    pen = Pen(style_for(LIGHT, (1280, 800)))
    shot = replace(snapshot, angle=angle, norm_ratio=1.5, exact_credit=snapshot.credit)
    GradientCard().draw(surface, pen, pygame.Rect(10, 10, 580, 200), shot, BRIEFING, History().record())
    pixels = pygame.surfarray.array3d(surface)
    blue = np.argwhere((pixels == LIGHT.policy).all(axis=2))
    hub = np.argwhere((pixels == LIGHT.ink).all(axis=2) & (np.arange(600)[:, None] < 270)).mean(axis=0)
    blue = blue[blue[:, 0] < 270]
    farthest = blue[np.argmax(((blue - hub) ** 2).sum(axis=1))] - hub
    along = farthest / np.linalg.norm(farthest)
    assert along @ np.array(direction) > 0.98


def test_wrong_pushes_are_those_against_the_exact_sign(snapshot: Snapshot) -> None:
    credit, exact = np.zeros_like(snapshot.credit), np.zeros_like(snapshot.credit)
    credit[0, :4], exact[0, :4] = (3.0, -2.0, 1.0, -2.0), (0.5, 0.5, -0.5, 0.0)
    shot = replace(snapshot, credit=credit, exact_credit=exact)
    assert wrong_pushes(shot)[0].tolist() == [0.0, -2.0, 1.0, 0.0]
    assert wrong_share(shot) == pytest.approx(3.0 / 8.0)
    assert largest_push(shot) == 3.0
    assert wrong_share(replace(shot, credit=np.zeros_like(credit))) == 0.0
