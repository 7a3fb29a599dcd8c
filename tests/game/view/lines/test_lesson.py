"""The lesson as text: all pages over a pipe, a walk on a terminal, and an encoding without Greek."""

from __future__ import annotations

import io
import re

from game.snapshots.lesson_page import Number
from game.view.lesson.text import spelt
from game.view.lines.lesson import lesson_terminal
from tests.game.view.lesson.test_lesson import Made


class Typed(io.StringIO):
    """A terminal on which somebody types."""

    def isatty(self) -> bool:
        return True


def told(typed: str | None = None, page: int | None = None, encoding: str = "utf-8") -> str:
    """What the walk prints."""
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    stdin = io.StringIO("") if typed is None else Typed(typed)
    assert lesson_terminal(Made(), page=page, stdin=stdin, stdout=stdout) == ""
    stdout.flush()
    return raw.getvalue().decode(encoding)


def heads(text: str) -> list[int]:
    """The pages that were printed."""
    return [int(number) for number in re.findall(r"^Page (\d+) of 11", text, re.MULTILINE)]


def test_over_a_pipe_all_pages_are_printed_or_the_one_that_was_asked_for() -> None:
    assert heads(told()) == list(range(1, 12))
    assert heads(told(page=7)) == [7]


def test_on_a_terminal_lines_walk_the_pages() -> None:
    assert heads(told("\n\nb\n9\nnext\nback\nq\n5\n")) == [1, 2, 3, 2, 9, 10, 9]
    assert heads(told("", page=4)) == [4]
    text = told("back\n12\n")
    assert heads(text) == [1]
    assert text.count("the lesson has pages 1 to 11") == 2


def test_a_name_and_a_value_change_the_numbers() -> None:
    text = told("one 4\nr\none −9\ntwo x\nthree 3\none\nzzz\n")
    assert re.findall(r"ten times +(\S+)", text) == ["20.0", "40.0", "20.0", "0.0"]
    assert "'x' is not a number; expected for example two -1" in text
    assert "'three' is nothing to change here" in text
    assert "'' is not a number" in text
    assert "'zzz' is nothing to do here" in text


def test_a_hides_the_answers_s_takes_other_dice_and_h_helps() -> None:
    text = told("a\na\ns\nh\n")
    assert re.findall(r"ten times +(\S+)", text) == ["20.0", "?", "20.0", "20.0"]
    assert re.findall(r"^ +dice +(\d)$", text, re.MULTILINE) == ["1", "1", "1", "2"]
    assert text.count("Enter = next page") == 2
    assert "squares: hidden" in text
    assert "nothing is sampled" in told("3\ns\n")


def test_without_greek_letters_are_spelt_out() -> None:
    text = told(encoding="ascii")
    assert heads(text) == list(range(1, 12))
    assert "-1" in text
    assert spelt("∇ ln π ≠ ∞, ∇J") == "grad ln pi ? inf, grad J"


def test_numbers_are_never_minus_zero_and_have_a_true_minus() -> None:
    assert Number("n", "n", -0.00001, 3).text == "0.000"
    assert Number("n", "n", -1234.5, 1).text == "−1,234.5"
    assert Number("n", "n", float("-inf")).text == "−∞"
