"""Mazes: one way between any two rooms, the same everywhere, and said in one sentence where a text is no maze."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from agent.reinforce.settings import settings_for
from game.errors import LevelError
from game.world.catalog import load, write_level
from game.world.maze import carved, level_text, parsed

Cell = tuple[int, int]


def passages(rows: list[list[str]]) -> tuple[set[Cell], int]:
    """The open cells of a maze, and how many pairs of them touch."""
    cells = {(r, c) for r, row in enumerate(rows) for c, letter in enumerate(row) if letter != "#"}
    return cells, sum((r + 1, c) in cells for r, c in cells) + sum((r, c + 1) in cells for r, c in cells)


@pytest.mark.parametrize(("size", "seed"), [(5, 0), (7, 3), (31, 0), (31, 1), (63, 7), (127, 2**63 - 1)])
def test_a_perfect_maze_is_a_tree_over_all_its_rooms(size: int, seed: int) -> None:
    rows = carved(size, seed, 0.0)
    cells, touching = passages(rows)
    assert {(r, c) for r in range(1, size, 2) for c in range(1, size, 2)} <= cells
    assert touching == len(cells) - 1  # with connectedness, below, that is a tree
    reached, front = {(1, 1)}, [(1, 1)]
    while front:
        r, c = front.pop()
        for there in ({(r - 1, c), (r, c + 1), (r + 1, c), (r, c - 1)} & cells) - reached:
            reached.add(there)
            front.append(there)
    assert reached == cells


def test_wall_runs_all_around_and_start_and_goal_lie_in_opposite_corners() -> None:
    rows = carved(9, 4, 0.5)
    assert set(rows[0]) | set(rows[-1]) | {row[0] for row in rows} | {row[-1] for row in rows} == {"#"}
    assert (rows[1][1], rows[7][7]) == ("S", "G")
    assert sum(row.count("S") + row.count("G") for row in rows) == 2


def test_braid_opens_that_share_of_the_inner_walls() -> None:
    cells, touching = passages(carved(31, 5, 0.0))
    inner = 2 * 15 * 14 - (15 * 15 - 1)  # between neighbouring rooms, less the passages of the tree
    for braid in (0.1, 0.5, 1.0):
        more, pairs = passages(carved(31, 5, braid))
        assert cells < more
        assert len(more) - len(cells) == round(braid * inner)
        assert pairs - touching == 2 * round(braid * inner)


def test_the_same_text_is_the_same_maze_everywhere() -> None:
    """Written down once: neither Python's nor numpy's random numbers have a part in it."""
    digest = hashlib.sha256(level_text(63, 7, 0.1).encode()).hexdigest()
    assert digest == "87c539cbe15bbd05b9b80df0089f3f64d66a5996160d48eb9fddb0dd52935524"
    assert level_text(31, 0, 0.0) != level_text(31, 1, 0.0)
    assert parsed("maze:31") == (31, 0, 0.0)
    assert parsed("maze:31:5:.25") == (31, 5, 0.25)


def test_a_maze_pays_at_its_goal_alone_and_shows_its_discount_and_cap() -> None:
    world = load("maze:31:2")
    dynamics = world.dynamics
    assert world.name == "maze-31-2"
    assert np.unique(dynamics.reward).tolist() == [0.0, 1.0]
    assert (dynamics.reward == 1.0).sum() == (dynamics.goal & dynamics.ends & (dynamics.reward == 1.0)).sum()
    assert (dynamics.discount, dynamics.max_steps) == (0.9999, 160_000)
    shown = dict(settings_for(dynamics).shown())
    assert (shown["γ"], shown["cap"]) == ("0.9999", "160,000")


def test_discounts_and_caps_grow_with_the_size() -> None:
    small = [load(f"maze:{size}").dynamics for size in (5, 15, 31, 63)]
    assert [dynamics.discount for dynamics in small] == [0.963, 0.9989, 0.9999, 0.9999901]
    assert [dynamics.max_steps for dynamics in small] == [430, 15_000, 160_000, 1_600_000]


def test_a_written_maze_is_the_maze_and_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    write_level("maze:9:3:0.2", path)
    one, other = load("maze:9:3:0.2"), load(str(path))
    assert one.text == other.text == path.read_text()
    np.testing.assert_array_equal(one.dynamics.next_state, other.dynamics.next_state)
    assert (one.dynamics.discount, one.dynamics.max_steps) == (other.dynamics.discount, other.dynamics.max_steps)
    with pytest.raises(LevelError, match="is there already"):
        write_level("maze:9:3:0.2", path)
    with pytest.raises(LevelError, match="cannot be written"):
        write_level("maze:9", tmp_path / "no folder" / "mine.toml")


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("maze:", "is no maze"),
        ("maze:31:", "is no maze"),
        ("maze:31:1:0:9", "is no maze"),
        ("maze:30", "SIZE is 30; expected an odd number from 5 to 511"),
        ("maze:3", "SIZE is 3; expected an odd number"),
        ("maze:513", "SIZE is 513; expected an odd number"),
        ("maze:-5", "SIZE is '-5'; expected a whole number"),
        ("maze:3x1", "SIZE is '3x1'"),
        ("maze:٣١", "SIZE is '٣١'"),
        ("maze:31:x", "SEED is 'x'"),
        ("maze:31:9223372036854775808", "SEED is 9223372036854775808"),
        ("maze:31:1:1.5", "BRAID is '1.5'; expected a share from 0 to 1"),
        ("maze:31:1:nan", "BRAID is 'nan'"),
        ("maze:31:1:.", "BRAID is '.'"),
    ],
)
def test_what_is_no_maze_is_said_in_one_sentence(argument: str, message: str) -> None:
    with pytest.raises(LevelError, match="maze") as error:
        load(argument)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
