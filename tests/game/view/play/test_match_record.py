"""How matches on a level have ended so far: counted and shown in the window and in the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from game.match.record import Matches
from game.view.lines.play import play_terminal
from game.view.play.rules import Rules
from tests.game.view.play.table import Given, Shipped, Table
from tests.game.view.play.test_match_looks import check_writing

ONE = "1 match on this level: 1 won, 0 lost, 0 drawn"


def test_a_match_is_counted_once_when_it_is_decided_and_shown(driver: None, tmp_path: Path) -> None:
    matches = Matches(tmp_path / "matches.json")
    sitting = Table(Given(), rounds=1, matches=matches).seated()
    assert sitting.contest.standing == ()
    sitting.press("right", "right", "up")
    assert matches.sentences("room", "") == ()
    sitting.press("return", "v", "g")
    assert matches.sentences("room", "")[0] == ONE
    assert "test's run" in matches.path.read_text(encoding="utf-8")
    sitting.press("v")
    assert ONE in sitting.written
    sitting.press("r")
    assert ONE in sitting.written
    sitting.press("return", "right", "right", "up")
    sitting.pass_time(4)  # the policy plays on by itself to the end of the match
    assert "2 matches on this level: 2 won, 0 lost, 0 drawn" in sitting.written
    sitting.press("h")
    assert any("2\u00a0matches" in words for words in sitting.written)
    sitting.close()


def test_a_match_that_is_left_is_not_counted(driver: None, tmp_path: Path) -> None:
    matches = Matches(tmp_path / "matches.json")
    sitting = Table(Given(), rounds=3, matches=matches).seated()
    sitting.press("right", "right", "up", "return", "n")
    assert matches.sentences("room", "") == ()
    sitting.close()


def test_a_folder_that_cannot_be_written_is_said_and_the_match_goes_on(driver: None, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("in the way")
    sitting = Table(Given(), rounds=1, matches=Matches(tmp_path / "runs" / "matches.json")).seated()
    sitting.press("right", "right", "up", "return")
    assert any("Matches are not kept" in words for words in sitting.written)
    assert "You win the match" in sitting.written
    sitting.press("return", "right")
    assert sitting.position() == (1, 1)
    sitting.close()


@pytest.mark.parametrize("size", [(640, 480), (800, 600), (1280, 800), (1920, 1080)])
def test_what_is_said_of_matches_overlaps_nothing_and_is_never_cut(
    driver: None, tmp_path: Path, size: tuple[int, int]
) -> None:
    matches = Matches(tmp_path / "matches.json")
    sitting = Table(Shipped(), "line_world", rounds=1, matches=matches).seated()
    sitting.window.window.size = size
    sitting.contest.finish()
    while not sitting.contest.person_has_ended:
        sitting.contest.do("left")
    sitting.contest.hint = ""
    for text_size in range(4):
        sitting.window.text_size = text_size
        check_writing(sitting, f"{size} {text_size}")
        said = [words for words in sitting.written if " lost, " in words]
        assert all(words in sitting.contest.standing for words in said)
        assert said or text_size > 0 or size[0] < 800, size
    sitting.close()


def test_the_terminal_says_it_at_the_end_of_a_match(tmp_path: Path) -> None:
    stdout = io.StringIO()
    stdin = io.StringIO("d\nd\nw\n\nd\nd\nw\n")
    matches = Matches(tmp_path / "matches.json")
    play_terminal(Given(), "room", Rules(rounds=1, greedy=True, seed=0, matches=matches), stdin=stdin, stdout=stdout)
    out = stdout.getvalue()
    assert out.index(ONE) < out.index("2 matches on this level: 2 won, 0 lost, 0 drawn")


def test_the_terminal_names_a_damaged_record(tmp_path: Path) -> None:
    stdout, path = io.StringIO(), tmp_path / "matches.json"
    path.write_text("{")
    play_terminal(
        Given(), "room", Rules(rounds=1, greedy=True, seed=0, matches=Matches(path)), stdin=io.StringIO(), stdout=stdout
    )
    assert "matches.json was damaged; it is kept as matches-damaged-" in stdout.getvalue()
