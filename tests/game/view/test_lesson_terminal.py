"""The lesson as text: all pages over a pipe, a walk on a terminal, and an encoding without Greek."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent.lesson.course import Course
from game.lesson import Number, Numbers, Table
from game.view.lesson_terminal import lesson_terminal
from game.view.lesson_text import page_text, spelt
from tests.game.view.test_lesson import Made

ROOT = Path(__file__).resolve().parents[3]


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


def test_every_number_of_a_page_is_in_its_text() -> None:
    course = Course()
    for number in range(1, 11):
        page = course.page(number, {})
        text = page_text(page, 11, 90, hidden=False)
        for part in page.parts():
            values = [item.text for item in part.items] if isinstance(part, Numbers) else []
            if isinstance(part, Table):
                values = [entry for column in part.columns for entry in (*column.texts, column.total_text)]
            for value in values:
                assert value in text
        hidden = page_text(page, 11, 90, hidden=True)
        answers = [i for part in page.parts() if isinstance(part, Numbers) for i in part.items if i.answer]
        for item in answers:
            line = next(line for line in hidden.splitlines() if line.strip().startswith(item.label))
            assert line.split()[-1] == "?"


def test_without_greek_letters_are_spelt_out_and_columns_still_line_up() -> None:
    text = page_text(Course().page(7, {}), 11, 90, hidden=False, unicode=False)
    assert text.isascii()
    assert "grad J(theta) = Sum_tau R(tau) * P(tau|theta)" in text
    rows = [line for line in text.splitlines() if line.strip().startswith("theta(")]
    assert len({len(row) for row in rows}) == 1
    assert heads(told(encoding="ascii")) == list(range(1, 12))
    assert spelt("∇ ln π ≠ ∞") == "grad ln pi ? inf"


def test_numbers_are_never_minus_zero_and_tiny_ones_keep_their_digits() -> None:
    assert Number("n", "n", -0.00001, 3).text == "0.000"
    assert Number("n", "n", -0.00001, 3, tiny=True).text == "−1.0e−05"
    assert Number("n", "n", -1234.5, 1).text == "−1,234.5"
    assert Number("n", "n", float("-inf")).text == "−∞"


@pytest.mark.parametrize("page", ["99", "0", "-1"])
def test_a_page_that_is_not_there_is_one_sentence_and_status_2(page: str) -> None:
    command = [sys.executable, "main.py", "lesson", "--view", "terminal", "--page", page]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"Error: --page is {page}; the lesson has pages 1 to 11\n"


def test_the_command_prints_a_page() -> None:
    command = [sys.executable, "main.py", "lesson", "--view", "terminal", "--page", "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    assert heads(done.stdout) == [7]
    assert done.stderr == ""
