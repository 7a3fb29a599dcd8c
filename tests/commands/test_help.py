"""Help and completion: two examples in every command, each of which can be typed; what the README says of Tab works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from main import cli
from tests.root import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["", *cli.commands])
def test_help_has_two_examples_that_can_be_typed(command: str) -> None:
    shown = CliRunner().invoke(cli, [command, "--help"] if command else ["--help"]).stdout
    examples = re.findall(r"^ +python main\.py (.*?)(?:   .*| > .*)?$", shown.partition("Examples:")[2], re.MULTILINE)
    assert len(examples) >= 2
    for example in examples:
        name, *arguments = shlex.split(example)
        assert command in ("", name)
        cli.commands[name].make_context(name, arguments)


@pytest.mark.skipif(os.name != "posix" or shutil.which("bash") is None, reason="the README's lines are for bash")
@pytest.mark.parametrize(
    ("words", "offered"), [("tr", ["train"]), ("compare --es", ["--estimators"]), ("play --view t", ["terminal"])]
)
def test_the_lines_of_the_readme_make_bash_complete(words: str, offered: list[str]) -> None:
    (lines,) = re.findall(r"```sh\n(export PATH.*?)```", README, re.DOTALL)
    count = len(words.split())
    script = f"{lines}\nCOMP_WORDS=(main.py {words}); COMP_CWORD={count}; _mainpy_completion main.py\n"
    script += 'printf "%s\\n" "${COMPREPLY[@]}"\n'
    activated = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=activated, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout.split() == offered, ran.stderr
