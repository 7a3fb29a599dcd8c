"""Changing a level, and writing it so that it reads back to the same world."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from game.errors import LevelError
from game.world.catalog import load, shipped
from game.world.dynamics import build
from game.world.edit import (
    blank,
    finished,
    painted,
    palette,
    with_cell_reward,
    with_physics,
    with_tile_reward,
)
from game.world.level import Level
from game.world.level_file import parse_level


def level_of(name: str) -> Level:
    return parse_level(load(name).text, name, name)


def same_world(one: Level, other: Level) -> None:
    a, b = build(one), build(other)
    for name in ("start", "probability", "next_state", "reward", "ends", "goal", "observation"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name
    assert (a.actions, a.discount, a.max_steps, a.observe) == (b.actions, b.discount, b.max_steps, b.observe)


def stroke(level: Level, dice: random.Random) -> Level:
    row, column = dice.randrange(level.height), dice.randrange(level.width)
    letter = dice.choice([tile.letter for tile in palette(level) if tile.effect != "coin"])
    kind = dice.randrange(5)
    if kind == 0:
        return painted(level, row, column, letter)
    if kind == 1:
        return with_cell_reward(level, row, column, dice.choice([None, -1.5, 0.25, 3]))
    if kind == 2:
        return with_tile_reward(level, letter, dice.choice([None, -2.0, 0.0, 7.5]))
    if kind == 3:
        return with_physics(level, slip=dice.choice([0.0, 0.25]), step_reward=dice.choice([-1.0, 0.0]))
    return with_physics(level, discount=dice.choice([0.9, 1.0]), max_steps=dice.choice([7, 50]))


@pytest.mark.parametrize("name", shipped())
def test_strokes_of_any_kind_read_back_to_the_same_world(name: str) -> None:
    dice, level = random.Random(name), level_of(name)
    for _ in range(30):
        with suppress(LevelError):
            level = stroke(level, dice)
        done = finished(level)
        again = parse_level(done.text, name, name)
        assert again.rows == level.rows
        same_world(again, level)
    comments = [line for line in load(name).text.splitlines() if line.startswith("# ")]
    assert [line for line in comments if line not in done.text.splitlines()] == []


def test_a_level_that_nobody_changed_is_written_as_it_was() -> None:
    for name in shipped():
        assert finished(level_of(name)).text == load(name).text


def test_the_reward_of_one_cell_leaves_its_neighbours_as_they_are() -> None:
    level = with_cell_reward(level_of("first_steps"), 0, 1, -0.5)
    letter = level.rows[0][1]
    assert level.rows == (f".{letter}.#...", *level_of("first_steps").rows[1:])
    assert level.tiles[letter] == replace(level.tiles["."], letter=letter, reward=-0.5)
    again = with_cell_reward(level, 0, 2, -0.5)
    assert again.rows[0] == f".{letter}{letter}#...", "cells that differ in nothing share one tile"
    back = with_cell_reward(again, 0, 1, None)
    assert back.rows[0] == f"..{letter}#..."


def test_a_tile_that_stands_once_keeps_its_letter() -> None:
    level = with_cell_reward(level_of("cliff"), 3, 11, 5.0)
    assert level.rows == level_of("cliff").rows
    assert level.tiles["G"].reward == 5.0


def test_what_cannot_be_is_one_sentence_and_the_level_stays() -> None:
    level = blank(1, 2)
    with pytest.raises(LevelError, match="there is no cell to start in; expected an S"):
        painted(level, 0, 0, "X")
    coins = blank(4, 12)
    for k in range(1, 16):
        coins = painted(coins, k // 12, k % 12, "*")
    with pytest.raises(LevelError, match=r"16 coins on 48 cells make 3,145,728 states; expected at most 2,097,152"):
        painted(coins, 3, 0, "*")
    with pytest.raises(LevelError, match="a wall is never entered, so it pays nothing"):
        with_cell_reward(level_of("first_steps"), 0, 3, 1.0)
    with pytest.raises(LevelError, match="a reward of 1e\\+10; expected a number from"):
        with_tile_reward(level, "G", 1e10)


def test_a_blank_board_is_a_level_of_its_own() -> None:
    level = finished(blank(3, 4))
    again = parse_level(level.text, "my_level", "my_level")
    assert again.rows == ("S...", "....", "...G")
    same_world(again, level)
    with pytest.raises(LevelError, match="a board of 0 × 5 cells"):
        blank(0, 5)
