"""``python main.py watch``: which run it takes, what it prints where there is no window, and what it refuses."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from agent.runs.folder import find
from agent.runs.kept_run import Watched
from main import cli
from tests.root import ROOT


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of forty updates."""
    folder = tmp_path_factory.mktemp("watch")
    options = ["--batch", "10", "--episodes", "400", "--view", "none", "--out", str(folder / "run")]
    result = CliRunner().invoke(cli, ["train", "line_world", *options])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(autouse=True)
def there(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(trained / "run", tmp_path / "runs" / "newer")
    monkeypatch.chdir(tmp_path)


def watch(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["watch", *arguments, "--view", "terminal"])


def test_it_prints_ten_updates_of_the_newest_run_with_the_j_of_each() -> None:
    result = watch()
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Line world, run newer: 40 updates, best possible J 0.7774\n")
    rows = [line.split() for line in result.stdout.splitlines() if re.match(r" +(\d|end)", line)]
    assert [row[0] for row in rows] == "1 5 10 14 19 23 28 32 37 end".split()
    assert rows[0][2] == "0.0571", "J of the uniform policy, see the table of published numbers"
    watched = Watched(find("newer"))
    for row, index in zip(rows, (0, 4, 9, 13, 18, 22, 27, 31, 36, 40), strict=True):
        assert abs(float(row[2].replace("−", "-")) - (watched.objective(index) or 0.0)) < 5.1e-5


def test_j_of_the_frames_is_that_of_the_metrics_where_training_computed_it() -> None:
    watched = Watched(find("newer"))
    known = np.flatnonzero(np.isfinite(watched.metrics["objective"])).tolist()
    assert known
    for row in known:
        assert abs((watched.objective(row) or 0.0) - watched.metrics["objective"][row]) < 1e-4
        assert watched.snapshot(row).objective == pytest.approx(watched.objective(row), rel=1e-12)
        assert watched.snapshot(row, exact=False).exact_credit is None


def test_a_run_is_named_or_the_one_that_was_saved_last() -> None:
    shutil.copytree("runs/newer", "runs/older")
    os.utime("runs/older/checkpoint.safetensors", (1, 1))
    assert watch("older").stdout.startswith("Line world, run older")
    assert watch().stdout.startswith("Line world, run newer")


def test_a_run_without_frames_or_no_run_at_all_is_one_sentence() -> None:
    Path("runs/newer/frames.bin").unlink()
    for result in (watch("newer"), watch("no_such_run")):
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1
    shutil.rmtree("runs")
    assert watch().stderr == "Error: there is no run in runs/ yet; make one: python main.py train\n"


def test_the_window_opens_without_torch() -> None:
    program = """
import sys
from agent.runs.folder import find
from agent.runs.kept_run import Watched
from game.view.window.display import open_window
from game.view.watch.window import WatchWindow
view = WatchWindow(Watched(find("newer")), open_window("test"))
view.draw()
view.begin()
while not view.model.reckoner.done:
    view.update(0.01)
view.finish()
print([name for name in ("torch", "numba", "matplotlib") if name in sys.modules])
"""
    environment = {**os.environ, "SDL_VIDEODRIVER": "dummy", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout.splitlines()[-1:] == ["[]"], ran.stderr
