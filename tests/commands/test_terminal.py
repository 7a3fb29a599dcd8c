"""train, play and lesson in a real terminal: how they end, what is saved, and where there are plain lines instead."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from pathlib import Path

import pytest

from agent.runs.folder import open_run
from agent.runs.run import trained
from tests.game.view.terminal.tmux import Tmux
from tests.root import ROOT
from tests.waiting import until


@pytest.mark.slow
@pytest.mark.parametrize(("how", "status"), [("C-c", 130), ("TERM", 143), ("HUP", 129)])
def test_training_is_saved_however_it_is_ended(tmux: Tmux, tmp_path: Path, how: str, status: int) -> None:
    options = ["--batch", "1", "--episodes", "100000000", "--view", "terminal", "--out", "run"]
    tmux.run(str(ROOT / "main.py"), "train", *options)
    tmux.until("J = ")
    if how == "C-c":
        tmux.press("C-c")
    else:
        process = tmux.program()
        if how == "TERM":
            os.kill(process, signal.SIGTERM)
        else:
            tmux.do("kill-server")
    if how == "HUP":
        until(lambda: not Path(f"/proc/{process}").exists(), lambda: "it goes on without a terminal")
    else:
        screen = tmux.until(f"status {status}")
        assert any("Saved in run." in line for line in screen)
    trainer, note = trained(open_run(tmp_path / "run"))
    assert note == ""
    assert trainer.update > 0


@pytest.mark.slow
def test_play_and_lesson_begin_at_once_and_end_with_their_sentence(tmux: Tmux) -> None:
    tmux.run(str(ROOT / "main.py"), "play", "cliff", "--view", "terminal", "--seed", "1")
    tmux.until("Your move")
    tmux.press("Up", "Right")
    tmux.until("2 steps")
    tmux.resize(120, 40)
    tmux.until(lambda screen: len(screen) == 40 and "H help" in screen[39])
    tmux.press("Escape")
    tmux.until("Cliff walking: left in round 1 of 5")
    tmux.run(str(ROOT / "main.py"), "lesson", "--view", "terminal", "--page", "8")
    tmux.until("page 8 of 11")
    tmux.press("q")
    tmux.press("Escape")
    tmux.until("The lesson was left on page 8, The gradient from samples.")


@pytest.mark.slow
@pytest.mark.parametrize("words", ["TERM=dumb", "< /dev/null"])
def test_where_no_app_can_be_there_are_plain_lines(tmux: Tmux, words: str) -> None:
    line = shlex.join(
        [sys.executable, str(ROOT / "main.py"), "train", "line_world", "--episodes", "400", "--out", "run"]
    )
    tmux.type(f"{words} {line}; echo status $?" if "=" in words else f"{line} {words}; echo status $?")
    screen = tmux.until("status 0")
    assert any(text.startswith("update ") for text in screen)
    assert any("Saved in run." in text for text in screen)
