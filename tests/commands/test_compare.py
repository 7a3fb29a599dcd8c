"""``python main.py compare``: what it writes and says, what it refuses, and an interrupt that leaves nothing behind."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from main import cli
from tests.agent.worlds import CORRIDOR
from tests.root import ROOT
from tests.waiting import PATIENCE

MAIN = ROOT / "main.py"


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with nothing but a small level, and fewer estimates than a person would want."""
    monkeypatch.setattr("agent.studies.quality.REPLICATES", 200)
    monkeypatch.chdir(tmp_path)
    Path("fork.toml").write_text(CORRIDOR)


def run(*arguments: str, charset: str = "utf-8") -> Result:
    return CliRunner(charset=charset).invoke(cli, ["compare", *arguments])


QUICK = ["fork.toml", "--seeds", "2", "--batch", "5", "--updates", "6", "--jobs", "1"]


def test_it_writes_a_picture_and_two_files_in_the_current_folder_and_says_so() -> None:
    result = run(*QUICK)
    assert result.exit_code == 0, result.output
    written = ["compare-fork.png", "compare-fork-curves.csv", "compare-fork-gradients.csv"]
    assert sorted(path.name for path in Path().iterdir()) == sorted([*written, "fork.toml"])
    assert result.stdout.splitlines()[-1] == f"Written: {', '.join(written)}."
    for estimator in ("total-return", "reward-to-go", "baseline"):
        assert result.stdout.count(f"  {estimator}") == 1 + 2 * 3  # J, and at two policies bias, error and angle
    assert "∇J" in result.stdout
    assert result.stderr == ""  # no bar without a terminal


def test_where_there_is_no_greek_it_is_spelled(tmp_path: Path) -> None:
    result = run(*QUICK, "--estimators", "baseline", "--out", "a.svg", charset="ascii")
    assert result.exit_code == 0, result.output
    assert "grad J" in result.stdout
    assert "?" not in result.stdout
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("cliff --out a.pdf", "the picture 'a.pdf' ends in '.pdf'; expected .png or .svg"),
        ("cliff --out a", "the picture 'a' has no ending; expected .png or .svg"),
        ("cliff --out b/a.png", "the picture 'b/a.png' cannot be written: there is no folder 'b'"),
        ("cliff --estimators baselin", "--estimators names 'baselin'; did you mean baseline?"),
        ("cliff --updates 0", "--updates is 0; expected a whole number of at least 1"),
        ("cliff --batch 0", "--batch is 0; expected a whole number from 1"),
        ("cliff --seeds 0", "'--seeds': 0 is not in the range"),
        ("nosuch", "there is no level 'nosuch'"),
        ("large.toml", "'large.toml' has 36,864 states and a cap of 100,000 steps, too large for the exact numbers"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence(arguments: str, sentence: str) -> None:
    rows = ["S" + "." * 191, *["." * 192] * 190, "." * 191 + "G"]
    Path("large.toml").write_text('max_steps = 100000\nmap = """\n' + "\n".join(rows) + '\n"""\n')
    result = run(*arguments.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="signals of a POSIX terminal")
def test_an_interrupt_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, str(MAIN), "compare", "fork.toml", "--seeds", "500", "--jobs", "2"],
        cwd=tmp_path,
        env=os.environ | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        start_new_session=True,
    ) as program:
        os.close(theirs)
        shown = b""

        def read() -> bytes:
            assert select.select([ours], [], [], PATIENCE)[0], f"it says nothing more:\n{shown.decode()}"
            return os.read(ours, 10_000)

        while not re.search(rb"([5-9]|[1-9][0-9])/[0-9]{4}", shown):  # by now each process has done a part of the work
            shown += read()
        os.killpg(program.pid, signal.SIGINT)  # as a terminal does: also to the processes that share the work
        with suppress(OSError):  # the terminal's end
            while more := read():
                shown += more
        out, _ = program.communicate(timeout=PATIENCE)
    os.close(ours)
    assert program.returncode == 130
    assert out == ""
    assert b"Traceback" not in shown, shown.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["fork.toml"]
