"""Storms of keys, mouse and sizes, with fixed seeds: no screen hangs or ends by itself, and a signal ends it well."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.waiting import PATIENCE

if sys.platform != "win32":
    from tests.faults.storms import COMMANDS, prepared, storm

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")


def test_a_match_survives_a_storm(tmp_path: Path) -> None:
    assert storm("match", tmp_path, seed=2, events=200, patience=PATIENCE) == (200, "")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", list(COMMANDS) if sys.platform != "win32" else [])
def test_every_screen_survives_a_storm(tmp_path: Path, name: str, seed: int) -> None:
    prepared(tmp_path)
    assert storm(name, tmp_path, seed, events=2000, patience=PATIENCE) == (2000, "")
