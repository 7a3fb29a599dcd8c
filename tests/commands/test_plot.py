"""``python main.py plot``: what it writes and says, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from main import cli

QUICK = ["--episodes", "30", "--batch", "10", "--view", "none"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two short runs of one setting, one with another estimator, and one of another level."""
    folder = tmp_path_factory.mktemp("plot")
    for name, options in {
        "a": ["line_world", "--seed", "1"],
        "b": ["line_world", "--seed", "2"],
        "c": ["line_world", "--estimator", "total-return"],
        "d": ["short_corridor"],
    }.items():
        result = CliRunner().invoke(cli, ["train", *options, *QUICK, "--out", str(folder / "runs" / name)])
        assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(autouse=True)
def there(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(trained / "runs", tmp_path / "runs")
    monkeypatch.chdir(tmp_path)


def plot(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["plot", *arguments])


def test_it_writes_a_png_and_says_where_the_curves_end() -> None:
    result = plot("a", "runs/b", "c")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0] == "Line world: N = 10"
    assert lines[1].startswith("  baseline (2 seeds): J = ")
    assert lines[2].startswith("  total-return (seed 0): J = ")
    assert lines[3:] == ["  best possible: 0.7774", "", "Written: plot-line_world.png."]
    data = Path("plot-line_world.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data.endswith(b"IEND\xaeB`\x82")
    assert sorted(path.name for path in Path().iterdir()) == ["plot-line_world.png", "runs"]


def test_it_writes_the_same_svg_each_time_and_needs_no_parameters() -> None:
    for path in Path("runs/a").glob("*.safetensors"):
        path.unlink()
    assert plot("a", "--out", "one.svg").exit_code == plot("a", "--out", "two.svg").exit_code == 0
    one = Path("one.svg").read_bytes()
    assert one.startswith(b"<?xml")
    assert one.rstrip().endswith(b"</svg>")
    assert one == Path("two.svg").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("a d", "runs/a is a run of 'line_world' and runs/d of 'short_corridor'; expected runs of one level"),
        ("nosuch", "there is no run 'nosuch'; expected one of a, b, c, d"),
        ("a --out x.pdf", "the picture 'x.pdf' ends in '.pdf'; expected .png or .svg"),
        ("a --out no/x.png", "there is no folder 'no'"),
        ("", "Missing argument 'RUN...'"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence(arguments: str, sentence: str) -> None:
    result = plot(*arguments.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_missing_and_damaged_metrics_are_one_sentence() -> None:
    Path("runs/a/metrics.csv").unlink()
    Path("runs/b/metrics.csv").write_text("nothing\n")
    for name, sentence in (("a", "cannot be read"), ("b", "line 1: there is no column")):
        result = plot("c", name)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"Error: {Path('runs', name, 'metrics.csv')}")
        assert sentence in result.stderr
    assert not list(Path().glob("*.png"))
