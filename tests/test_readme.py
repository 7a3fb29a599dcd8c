"""What the README says is what the program has."""

from __future__ import annotations

import re

import pytest

from tests.root import ROOT
from tests.tools.docs import filled

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tables_of_keys_and_levels_are_those_of_the_program() -> None:
    assert filled(README) == README
    assert "| `Space` | Pause and go on |" in README


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_leads_to_a_file(path: str) -> None:
    assert (ROOT / path).exists(), path


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`((?:agent|game)/[\w/]+\.py)`", README))))
def test_every_file_named_exists(place: str) -> None:
    assert (ROOT / place).is_file()


def test_every_command_named_exists() -> None:
    from main import cli

    for command in re.findall(r"python main\.py (\w+)", README):
        assert command in cli.commands


def test_the_level_in_the_readme_can_be_played() -> None:
    from game.world.catalog import world_from_text

    blocks = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        assert world_from_text(block, "mine", "mine", "README").dynamics.goal_reachable


def test_the_gymnasium_example_runs() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(block.replace("print(", "str("), "README", "exec"), {})
