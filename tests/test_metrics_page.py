"""docs/metrics.md: each section's table names exactly the numbers that the code writes, prints and shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from agent.runs.metrics import COLUMNS, FILE
from game.snapshots.snapshot import Review
from game.view.play.review import Hindsight
from game.view.shared.gradient import GradientNumbers
from game.view.train.cards import _COLUMNS as STEP
from main import cli
from tests.game.view.learner import Learner, world_of_text
from tests.root import ROOT

TEXT = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
LEVEL = 'max_steps = 9\nactions = ["left", "right"]\nobserve = "nothing"\nmap = "S.G"\n'


def rows(section: str) -> list[list[str]]:
    """The cells of the rows of a section's table."""
    (part,) = re.findall(rf"^## {section}.*?\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
    lines = [line for line in part.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0][-1] in ("equation", "meaning")
    assert {len(row) for row in cells} == {len(cells[0])}
    return cells[2:]


def named(section: str) -> list[str]:
    return [name.replace("∣", "|") for row in rows(section) for name in re.findall(r"`([^`]+)`", row[0])]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a level, a run of it and a comparison on it, and what the commands ended with in ``*.json``."""
    folder = tmp_path_factory.mktemp("numbers")
    (folder / "level.toml").write_text(LEVEL)
    quick = [str(folder / "level.toml"), "--batch", "5"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("agent.studies.quality.REPLICATES", 200)
        trained = run("train", *quick, "--episodes", "10", "--view", "none", "--out", "run", "--json")
        run(
            "compare",
            *quick,
            "--seeds",
            "2",
            "--updates",
            "2",
            "--estimators",
            "baseline",
            "--jobs",
            "1",
            "--out",
            "c.svg",
        )
        evaluated = run("evaluate", str(folder / "level.toml"), "--json")
    (folder / "train.json").write_text(trained.splitlines()[-1])
    (folder / "evaluate.json").write_text(evaluated)
    return folder


def run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, list(arguments))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_metrics_csv_has_the_columns_of_its_table_in_order(folder: Path) -> None:
    assert named("metrics.csv") == list(COLUMNS)
    assert (folder / "run" / FILE).read_text().splitlines()[0].split(",") == list(COLUMNS)


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_json_has_the_keys_of_its_table(folder: Path, command: str) -> None:
    assert set(json.loads((folder / f"{command}.json").read_text())) == set(named(f"{command} --json"))


def test_the_columns_of_a_comparison_are_those_of_its_table(folder: Path) -> None:
    headers = [(folder / f"c-{part}.csv").read_text().splitlines()[0].split(",") for part in ("curves", "gradients")]
    keys = {"estimator", "seed", "policy"}  # what a row is of
    assert set(named("compare")) == {name for header in headers for name in header} - keys
    assert all(key in TEXT.partition("## compare")[2] for key in keys)


def test_the_numbers_on_the_screen_are_in_its_table() -> None:
    learner = Learner(world_of_text(), total=3)
    learner.begin()
    snapshot = next(iter(learner.updates()))
    shown = [name for name, _, _ in GradientNumbers().lines(snapshot)]
    assert shown
    assert {*shown, *(name for name, _ in STEP)} <= set(named("On the screen"))


def test_what_a_return_is_made_of_after_a_match_is_in_its_table() -> None:
    side = Review(np.array([0.1]), np.array([0], np.int32), attainable=1.0, luck=0.2, forgone=0.3)
    shown = [label for label, _, _ in Hindsight(side, side, (), (0.8, 0.8)).ledger(str)]
    assert len(shown) == 5
    assert set(shown) <= set(named("A match"))


def test_every_number_has_a_meaning_and_units_are_spelt_alike() -> None:
    sections = re.findall(r"^## (.*?)(?:,.*)?$", TEXT, re.MULTILINE)
    tables = [section for section in sections if section != "train --tensorboard"]
    assert len(tables) == 6
    for section in tables:
        for row in rows(re.escape(section)):
            assert row[2], row
            assert re.fullmatch(
                r"|count|reward|share, 0–1|0–1|percent|share of ‖∇J‖|steps|nats|s|degrees(, 0–180)?|the same"
                r"|\(?reward per unit of θ\)?²?|reward, reward per unit of θ",
                row[1],
            ), row
