"""What lies over a match: a key is taken by what lies uppermost when it is handled, also when several come at once."""

from __future__ import annotations

from itertools import product

import pygame
import pytest

from game.keys import KEYS
from tests.game.view.play.table import Given, Table


def at_once(table: Table, *names: str) -> None:
    """Press keys of which all are there before the first is handled."""
    for name in names:
        character = name if len(name) == 1 else ""
        pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.key.key_code(name), unicode=character, mod=0))
    table.window.frame(0.0)


def over(table: Table) -> list[str]:
    """What lies over the match, the uppermost last."""
    return [type(layer).__name__ for layer in table.window.model.over]


def test_each_of_several_keys_goes_to_what_the_one_before_has_left_uppermost(at: Table, given: Given) -> None:
    given.hold.clear()
    at_once(at, "l", "right", "return", "return", "right", "l")
    assert over(at) == ["Loading"], "the chooser has gone, and what is fetched takes no key but the way back"
    at_once(at, "escape", "right")
    assert over(at) == []
    assert len(at.contest.match.current.person) == 1, "the last key was a move again"
    assert at.contest.opponent.world.name == "room"
    given.hold.set()


def test_help_over_the_chooser_takes_keys_and_clicks_and_then_the_chooser_does(at: Table) -> None:
    at_once(at, "l", "h", "right", "return")
    assert over(at) == ["LevelChoice"]
    assert at.window.model.choice is not None
    assert at.window.model.choice.selected == 0
    at.window.draw()
    assert at.window.chooser is not None
    at.window.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(640, 400)))
    assert not at.window.help_shown
    assert over(at) == ["LevelChoice"], "the click closed the help alone"
    at_once(at, "escape", "escape")
    assert at.window.model.closed


def test_escape_takes_away_one_thing_at_a_time(at: Table) -> None:
    at.press("right", "right", "up", "return", "r")
    assert over(at) == ["LookBack"]
    at.press("l")
    assert over(at) == ["LookBack", "LevelChoice"]
    at_once(at, "escape", "escape")
    assert over(at) == []
    assert not at.window.model.closed
    at.press("escape")
    assert at.window.model.closed


def test_a_round_looked_back_on_goes_with_the_next_round_in_the_same_frame(at: Table) -> None:
    at.press("right", "right", "up", "return", "r")
    at_once(at, "return", "r")
    assert over(at) == []
    assert "still goes on" in at.contest.hint


def test_a_key_after_the_one_that_leaves_is_for_the_screen_that_follows(at: Table) -> None:
    at_once(at, "tab", "right")
    assert at.window.model.closed
    assert at.window.model.wants_training
    assert len(at.contest.match.current.person) == 0
    (left,) = [event for event in pygame.event.get() if event.type == pygame.KEYDOWN]
    assert left.key == pygame.K_RIGHT


def test_every_two_keys_at_once_leave_a_match_that_answers(driver: None) -> None:
    given = Given()
    given.past = (0, 10, 20)
    table = Table(given).seated()
    keys = [key.keys[0] for key in KEYS["play"] if key.keys and key.action not in ("screenshot", "film", "sound")]
    for one, two in product(keys, keys):
        at_once(table, one, two)
        table.window.model.closed = False
        table.wait_for_opponent()
        assert len(table.window.model.over) <= 2, (one, two)
    at_once(table, *["escape"] * 4)
    assert table.window.model.closed
    table.close()


@pytest.mark.parametrize("name", ["j", "6"])
def test_a_key_without_a_meaning_says_so_in_the_match_and_is_ignored_over_it(at: Table, name: str) -> None:
    at.press("l", name)
    assert at.contest.hint == ""
    at.press("escape", name)
    assert at.contest.hint == f"{name.upper()} does nothing here: H shows all keys."
