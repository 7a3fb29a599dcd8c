"""What a page of a run holds: numbers rounded once, as many frames as fit, clear colours; and what is refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from game.errors import ViewError
from game.view.page.export import FEWEST_FRAMES, export, page
from game.view.page.numbers import packed, packed_wide, rounded
from game.view.shared.theme import DARK, LIGHT, Colour, Theme
from tests.game.view.kept import Kept
from tests.game.view.learner import SMALL, Learner, world_of_text

UPDATES = 24


@pytest.fixture(scope="module")
def small() -> Kept:
    """A short training in the small room."""
    return Kept(Learner(world_of_text(SMALL)), UPDATES)


def test_rounded_numbers_are_those_that_python_writes_also_on_ties() -> None:
    values = np.concatenate([np.random.default_rng(0).random(4000), np.arange(4001) / 8000, [-0.0005, -2.5, 1e-9]])
    for decimals in (0, 1, 3, 4):
        written = [int(f"{value:.{decimals}f}".replace(".", "")) for value in values]
        assert rounded(values, decimals).tolist() == written
    assert rounded(np.array([12345.0, 12350.0, 12450.0, -99999.0]), -2).tolist() == [123, 124, 124, -1000]


def test_packed_numbers_are_base64_of_12_bits_each() -> None:
    # 0x001 and 0xFFF side by side are the bytes 00 1F FF; an odd number is followed by a zero.
    assert packed(np.array([0x001, 0xFFF])) == "AB//"
    assert packed(np.array([0xABC])) == packed(np.array([0xABC, 0]))
    assert packed_wide(np.array([0xABCDEF])) == packed(np.array([0xABC, 0xDEF]))


def told_by(data: bytes) -> dict[str, list[dict[str, object]]]:
    found = re.search(r'<script type="application/json" id="run">(.*?)</script>', data.decode(), re.DOTALL)
    assert found
    told: dict[str, list[dict[str, object]]] = json.loads(found[1])
    return told


def test_a_page_keeps_to_its_size_with_the_first_and_the_last_frame(small: Kept) -> None:
    whole, all_of_it = page(small)
    assert (all_of_it.frames, all_of_it.of, all_of_it.full) == (UPDATES + 1, UPDATES + 1, True)
    assert len(whole) == all_of_it.size
    limit = len(whole) - 2000
    data, exported = page(small, limit=limit)
    assert len(data) == exported.size <= limit
    updates = [frame["update"] for frame in told_by(data)["frames"]]
    assert (updates[0], updates[-1], len(updates)) == (1, UPDATES + 1, exported.frames)
    assert FEWEST_FRAMES < exported.frames < UPDATES + 1
    assert set(np.diff(np.array(updates, dtype=int))) == {1, 2}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_drawn_stands_out(theme: Theme) -> None:
    """At least 3 to 1, as the guidelines want it of what is no text."""
    for behind in (theme.floor, theme.ice):
        assert min(contrast(arrow, behind) for arrow in (theme.policy, theme.quiet, theme.warning)) >= 3.0
    assert min(contrast(line, theme.card) for line in (theme.policy, theme.ink, theme.truth, theme.person)) >= 3.0
    assert min(contrast(edge, theme.paper) for edge in (theme.quiet, theme.policy, theme.person)) >= 3.0


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, by the same guidelines."""

    def light(colour: Colour) -> float:
        parts = [v / 255 / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_what_cannot_be_exported_is_one_sentence(small: Kept, tmp_path: Path) -> None:
    (tmp_path / "folder.html").mkdir()
    for name, sentence in {
        "lesson.pdf": "ends in '.pdf'; expected .html",
        "lesson": "has no ending; expected .html",
        "none/lesson.html": "there is no folder",
        "folder.html": "cannot be written there; expected a file in a folder of yours",
    }.items():
        with pytest.raises(ViewError, match=sentence):
            export(small, tmp_path / name)
    gridless = Kept(Learner(world_of_text(SMALL)), 1)
    gridless.world = replace(small.world, argument="gym:Taxi-v4", dynamics=replace(small.world.dynamics, layout=None))
    with pytest.raises(ViewError, match="gym:Taxi-v4 has no grid, so there is no board to export; plot draws"):
        export(gridless, tmp_path / "taxi.html")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.html"]
