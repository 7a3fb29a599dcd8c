"""The lesson's real pages as text, and the command."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from agent.lesson.course import Course
from game.snapshots.lesson_page import Numbers, Table
from game.view.lesson.text import page_text
from main import cli
from tests.root import ROOT


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


@pytest.mark.parametrize("page", ["99", "0", "-1"])
def test_a_page_that_is_not_there_is_one_sentence_and_status_2(page: str) -> None:
    done = CliRunner().invoke(cli, ["lesson", "--view", "terminal", "--page", page])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr == f"Error: --page is {page}; the lesson has pages 1 to 11\n"


def test_the_command_prints_a_page() -> None:
    command = [sys.executable, "main.py", "lesson", "--view", "terminal", "--page", "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    assert done.stdout.startswith("Page 7 of 11: The exact gradient, three ways")
    assert done.stdout.count("Page ") == 1
    assert done.stderr == ""
