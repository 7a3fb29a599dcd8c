"""``python main.py export``: the page that it writes, what it says of it, and what it refuses."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from agent.runs.folder import SHIPPED
from main import cli
from tests.root import ROOT

#: Opened by people who install nothing; a mail must be able to carry it.
EXAMPLE = ROOT / "docs" / "lesson-frozen_lake.html"


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def export(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["export", *arguments])


def parts(page: str) -> tuple[str, dict[str, Any]]:
    """The page without its numbers, and its numbers."""
    before, rest = page.split('<script type="application/json" id="run">')
    numbers, after = rest.split("</script>", 1)
    return before + after, json.loads(numbers)


def test_the_shipped_page_is_what_the_command_writes_now() -> None:
    result = export(str(SHIPPED / "frozen_lake"))
    assert result.exit_code == 0, result.output
    written = Path("frozen_lake.html")
    size = written.stat().st_size
    assert result.stdout == f"Written: frozen_lake.html ({size / 1000:,.0f} kB; 201 of 201 kept frames).\n"
    assert result.stderr == ""
    assert [path.name for path in Path().iterdir()] == [written.name]
    page, numbers = parts(written.read_text(encoding="utf-8"))
    shipped_page, shipped = parts(EXAMPLE.read_text(encoding="utf-8"))
    assert page == shipped_page, "make it anew: python -m tests.tools.docs page"
    for one, other in zip(numbers["frames"], shipped["frames"], strict=True):  # V may differ in its last digit
        assert (one["update"], one["policy"], one.get("push")) == (other["update"], other["policy"], other.get("push"))
    assert size < 500_000
    assert not re.search(r"https?:|url\(|@import", page)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("{cliff} --out no/lesson.html", "there is no folder 'no'"),
        ("{cliff} --out lesson.pdf", "the page 'lesson.pdf' ends in '.pdf'; expected .html"),
        ("nosuch", "there is no run 'nosuch'"),
        ("bare", "there are no frames of this run"),
        ("", "Missing argument 'RUN'"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence(arguments: str, sentence: str) -> None:
    shutil.copytree(SHIPPED / "cliff", "runs/bare", ignore=shutil.ignore_patterns("frames.bin"))
    result = export(*arguments.format(cliff=SHIPPED / "cliff").split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in Path().iterdir()] == ["runs"]
