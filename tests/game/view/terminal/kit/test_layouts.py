"""Keys of keyboards without Latin letters, by their places."""

from __future__ import annotations

import string

import pytest

from game.view.terminal.kit.layouts import LAYOUTS, latin


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ф", "a"), ("Й", "q"), ("α", "a"), ("ש", "a"), ("ش", "a"), ("a", "a"), ("+", "+"), ("é", "é"), ("", "")],
)
def test_a_letter_is_the_latin_one_at_its_place(typed: str, meant: str) -> None:
    assert latin(typed) == meant


def test_the_layouts_are_whole_but_for_what_types_a_sign_or_two_letters() -> None:
    missing = [set(string.ascii_lowercase) - set(letters) for _, letters in LAYOUTS]
    assert missing == [set(), {"q"}, {"q", "w"}, {"b"}]
    keys = "".join(keys for keys, _ in LAYOUTS)
    assert len(keys) == len(set(keys))
