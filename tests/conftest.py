"""How the tests are shared out among processes."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """No other processes where single files are named: each would import torch first."""
    return 0 if any(Path(argument.partition("::")[0]).is_file() for argument in config.args) else None
