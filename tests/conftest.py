"""Which tests are quick, how all are shared out among processes; and a real terminal for those that need one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.game.view.terminal.tmux import Tmux
from tests.root import ROOT
from tests.waiting import PATIENCE

#: What ``pytest -m quick`` runs, folders and files: the algorithm, the world and its levels, and who may import whom.
QUICK = ("agent/reinforce", "game/world", "game/env", "game/match", "test_layers.py")


def pytest_configure() -> None:
    """Let the programs that tests start be interrupted: one started by a shell with ``&`` ignores SIGINT, and hands
    that on."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is quick, before tests are chosen by their marks."""
    quick = [ROOT / "tests" / name for name in QUICK]
    for item in items:
        if item.get_closest_marker("slow") is None and any(item.path.is_relative_to(path) for path in quick):
            item.add_marker(pytest.mark.quick)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """No other processes where single files are named: each would import torch first."""
    return 0 if any(Path(argument.partition("::")[0]).is_file() for argument in config.args) else None


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    """A terminal of its own; the test is skipped where tmux is missing, and fails there in CI."""
    if shutil.which("tmux") is None:
        if os.environ.get("CI"):
            pytest.fail("a real terminal needs tmux")
        pytest.skip("a real terminal needs tmux")
    terminal = Tmux(tmp_path)
    yield terminal
    subprocess.run(["tmux", "-L", terminal.name, "kill-server"], capture_output=True, check=False, timeout=PATIENCE)
