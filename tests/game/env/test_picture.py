"""The picture of ``rgb_array``: what is in it, and that no picture shares memory with another."""

from __future__ import annotations

import numpy as np
import pytest

from game.env.picture import BoardImage
from tests.game.view.learner import COINS, SMALL, world_of_text


def image(text: str = SMALL, size: int = 96) -> BoardImage:
    layout = world_of_text(text).dynamics.layout
    assert layout is not None
    return BoardImage(layout, size)


def test_the_picture_has_the_size_asked_for_along_the_longer_side() -> None:
    assert image(size=96).draw(0).shape == (96, 96, 3)
    wide = image('title = "W"\nmap = """\nS..G"""', size=200).draw(0)
    assert wide.shape == (50, 200, 3)
    assert wide.dtype == np.uint8


def test_the_agent_is_in_the_cell_of_its_state_and_nowhere_else() -> None:
    picture = image()
    layout = world_of_text().dynamics.layout
    assert layout is not None
    for state in range(len(layout.position)):
        row, column = layout.position[state]
        changed = (picture.draw(state) != picture._ground).any(axis=2)
        rows, columns = np.nonzero(changed)
        assert (rows // 32 == row).all()
        assert (columns // 32 == column).all()
        assert changed.sum() > 150


def test_each_picture_is_an_array_of_its_own() -> None:
    picture = image()
    first = picture.draw(0)
    kept = first.copy()
    picture.draw(1)[:] = 0
    assert (picture.draw(0) == kept).all()
    assert (first == kept).all()


def test_the_eyes_look_where_the_action_leads() -> None:
    picture = image()
    assert (picture.draw(0, "left") != picture.draw(0, "right")).any()


def test_a_coin_is_shown_until_it_is_taken() -> None:
    world = world_of_text(COINS)
    layout = world.dynamics.layout
    assert layout is not None
    picture = image(COINS)
    (row, column), taken = layout.coins[0], int(np.flatnonzero(layout.taken[:, 0])[0])
    cell = (slice(32 * row + 8, 32 * row + 24), slice(32 * column + 8, 32 * column + 24))
    assert (picture.draw(0)[cell] != picture.draw(taken)[cell]).any()


@pytest.mark.slow
def test_it_is_at_least_five_times_as_fast_as_gymnasiums_frozen_lake() -> None:
    pytest.importorskip("gymnasium")
    from tests.benchmarks.render import ratio

    theirs, ours = ratio()
    assert theirs / ours >= 5
