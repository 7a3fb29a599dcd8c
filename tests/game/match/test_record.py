"""The record of matches: counted, kept whole, and never in the way."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from game.match.record import Matches


def test_matches_are_counted_for_each_level_and_policy(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "matches.json"
    matches = Matches(path)
    assert matches.sentences("cliff", "") == ()
    assert not path.parent.exists()
    matches.add("cliff", "", "run cliff-1", "win")
    assert matches.sentences("cliff", "")[0] == "1 match on this level: 1 won, 0 lost, 0 drawn"
    matches.add("cliff", "", "run cliff-1", "loss")
    matches.add("cliff", "", "shipped", "loss")
    matches.add("four_rooms", "", "shipped", "draw")
    assert Matches(path).sentences("cliff", "")[0] == "3 matches on this level: 1 won, 2 lost, 0 drawn"
    assert Matches(path).sentences("four_rooms", "")[0] == "1 match on this level: 0 won, 0 lost, 1 drawn"
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "format": 1,
        "levels": {
            "cliff": {
                "run cliff-1": {"win": 1, "loss": 1, "draw": 0},
                "shipped": {"win": 0, "loss": 1, "draw": 0},
            },
            "four_rooms": {"shipped": {"win": 0, "loss": 0, "draw": 1}},
        },
    }
    assert matches.hint == ""


def test_two_windows_count_in_one_file(tmp_path: Path) -> None:
    one, other = Matches(tmp_path / "matches.json"), Matches(tmp_path / "matches.json")
    one.add("cliff", "", "a", "win")
    other.add("cliff", "", "a", "win")
    one.add("cliff", "", "a", "draw")
    assert other.sentences("cliff", "")[0] == "3 matches on this level: 2 won, 0 lost, 1 drawn"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "\xff",
        '{"format": 2, "levels": {}}',
        '{"format": 1, "levels": {"cliff": 3}}',
        '{"format": 1, "levels": {"cliff": {"a": {"win": 1}}}}',
        '{"format": 1, "levels": {"cliff": {"a": {"win": 1, "loss": "2", "draw": 0}}}}',
        '{"format": 1, "levels": {"cliff": {"a": {"win": 1, "loss": -2, "draw": 0}}}}',
        "[" * 100_000,
    ],
)
def test_a_damaged_file_is_named_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "matches.json"
    path.write_text(text, encoding="latin-1")
    matches = Matches(path)
    matches.add("cliff", "", "a", "win")
    (aside,) = tmp_path.glob("matches-damaged-*.json")
    assert aside.read_text(encoding="latin-1") == text
    assert "was damaged" in matches.hint
    assert aside.name in matches.hint
    assert Matches(path).sentences("cliff", "")[0] == "1 match on this level: 1 won, 0 lost, 0 drawn"


def test_a_folder_that_cannot_be_written_is_a_hint(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file is in the way")
    matches = Matches(tmp_path / "runs" / "matches.json")
    matches.add("cliff", "", "a", "win")
    assert "Matches are not kept" in matches.hint
    assert matches.sentences("cliff", "") == ()


def test_what_cannot_be_read_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "matches.json"
    matches = Matches(path)
    matches.add("cliff", "", "a", "win")

    def refused(_path: Path, *_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refused)
        matches.add("cliff", "", "a", "loss")
        assert "cannot be read (Permission denied)" in matches.hint
    assert matches.sentences("cliff", "")[0] == "1 match on this level: 1 won, 0 lost, 0 drawn"
    path.write_text("damaged")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refused)
        matches.add("cliff", "", "a", "loss")
        assert "cannot be set aside" in matches.hint
    assert path.read_text() == "damaged"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_is_a_hint(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    matches = Matches(tmp_path / "matches.json")
    matches.add("cliff", "", "a", "win")
    assert "cannot be written" in matches.hint
    tmp_path.chmod(0o700)
