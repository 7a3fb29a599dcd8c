"""The lecturer's page: its commands and keys exist, and its questions are answered by the numbers that it quotes."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from agent.lesson.course import Course
from game.keys import KEYS
from game.view.lines.lesson import lesson_terminal
from game.world.catalog import load
from main import cli
from tests.root import ROOT

PAGE = (ROOT / "docs" / "classroom.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"python main\.py ([^`\n]+)", PAGE)))
QUESTIONS = re.findall(r"^### (\d+)\. [^\n]*\n\n((?:    [^\n]*\n)+)\n(.*?)(?=\n##|\Z)", PAGE, re.MULTILINE | re.DOTALL)

#: The questions whose commands train.
SLOW = ("7", "8")


class Typed(io.StringIO):
    """Lines as a person types them."""

    def isatty(self) -> bool:
        return True


def parsed(command: str) -> tuple[str, click.Context]:
    name, *arguments = shlex.split(re.sub(r" [<>] \S+", "", command))
    return name, cli.commands[name].make_context(name, arguments)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_typed(command: str) -> None:
    name, context = parsed(command)
    if level := context.params.get("level"):
        load(level)
    assert name in cli.commands


def test_every_key_named_exists() -> None:
    caps = {part for table in KEYS.values() for key in table for part in (key.cap, *key.cap.split())}
    named = set(re.findall(r"`([A-Z]|[A-Z][a-z]+|F\d+|[→←↑↓+−])`", PAGE))
    assert named >= {"Space", "U", "O", "F", "A", "V", "B"}
    assert named <= caps


def test_every_level_and_page_of_the_plan_exists() -> None:
    assert len(Course().titles) == 11
    assert [number for number, _, _ in QUESTIONS] == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(
    ("number", "block", "answer"),
    [pytest.param(*question, marks=pytest.mark.slow if question[0] in SLOW else ()) for question in QUESTIONS],
)
def test_the_numbers_of_an_answer_are_on_the_screen(
    number: str, block: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = screens([line.strip() for line in block.splitlines()])
    bold = re.findall(r"\*\*(.+?)\*\*", answer)
    assert len(bold) >= 3
    on_screen = [float(number) for number in re.findall(r"(?<![\d.])-?\d+(?:\.\d+)?(?![\d.]*e)", shown)]
    for words in bold:
        digits = words.replace("−", "-").removesuffix("°")
        decimals = len(digits.partition(".")[2])
        assert any(f"{value:.{decimals}f}" == digits for value in on_screen), f"question {number}: {words}"


def screens(lines: list[str]) -> str:
    """Everything that the commands of a question show, with plain minus signs."""
    shown = []
    for place, line in enumerate(lines):
        if not line.startswith("python main.py "):
            continue
        name, context = parsed(line.removeprefix("python main.py "))
        if name == "lesson":
            out = io.StringIO()
            typed = [other for other in lines[place + 1 :] if not other.startswith("python")]
            lesson_terminal(Course(), page=context.params["page"], stdin=Typed("\n".join([*typed, "q"])), stdout=out)
            shown.append(out.getvalue())
            continue
        result = CliRunner().invoke(cli, shlex.split(line)[2:])
        assert result.exit_code == 0, result.output
        shown.append(result.stdout)
    return "\n".join(shown).replace("−", "-")
