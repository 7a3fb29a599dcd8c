"""docs/equations.md: each equation has a row, and what the row names exists."""

from __future__ import annotations

import ast
import re

import pytest

from tests.root import ROOT

TEXT = (ROOT / "docs" / "equations.md").read_text(encoding="utf-8")
TABLE = TEXT.partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if re.match(r"\| \(\d+\) \|", line)
]


def definitions(path: str) -> set[str]:
    """The names that a file defines: functions, classes, and methods as Class.method."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return names


def test_every_equation_has_one_row_in_order() -> None:
    assert [row[0] for row in ROWS] == [f"({number})" for number in range(1, 18)]
    assert all(len(row) == 5 and all(row) for row in ROWS)


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`((?:agent|game)/[\w/]+\.py:[\w.]+)`", TEXT))))
def test_every_function_exists(place: str) -> None:
    path, _, name = place.partition(":")
    assert name in definitions(path)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_test_exists_and_the_function_says_its_equation(row: list[str]) -> None:
    equation, _, function, test, _ = row
    path, _, name = test.strip("`").partition("::")
    assert name in definitions(path)
    first = function.split("`")[1].partition(":")[0]
    source = (ROOT / first).read_text(encoding="utf-8")
    numbers = {int(number) for pair in re.findall(r"\((\d+)\)(?: to \((\d+)\))?", source) for number in pair if number}
    ranges = re.findall(r"\((\d+)\) to \((\d+)\)", source)
    within = any(int(low) <= int(equation.strip("()")) <= int(high) for low, high in ranges)
    assert int(equation.strip("()")) in numbers or within


def test_the_lesson_shows_each_equation_on_the_pages_named() -> None:
    from agent.lesson.course import Course
    from game.snapshots.lesson_page import PAGES, Equation

    course, shown = Course(), dict[str, list[str]]()
    assert len(course.titles) == PAGES
    for number in range(1, PAGES + 1):
        for part in course.page(number, {"seeds": 1.0}).parts():
            if isinstance(part, Equation) and part.number:
                shown.setdefault(part.number, []).append(str(number))
    assert shown == {row[0]: row[4].split(", ") for row in ROWS}
