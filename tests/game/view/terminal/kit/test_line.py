"""The line to the terminal: frames wait for it, nothing else does; and a terminal that has gone is no error."""

from __future__ import annotations

import os
import pty
import queue
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual import events

from game.view.terminal.kit.line import ASK, FIRST_ANSWER, LOST, Outlet, line_driver
from tests.root import ROOT
from tests.waiting import PATIENCE, until


class Gone:
    """A stream whose reader has hung up."""

    def write(self, _text: str) -> int:
        raise OSError(5, "Input/output error")

    def flush(self) -> None:
        raise ValueError("I/O operation on closed file")

    def fileno(self) -> int:
        return 1


def test_a_terminal_that_has_gone_is_no_error() -> None:
    outlet = Outlet(Gone())  # type: ignore[arg-type]
    assert outlet.write("abc") == 3
    outlet.flush()
    outlet.write("d")
    assert (outlet.gone, outlet.written) == (True, 4)


def driver() -> Any:
    """A driver whose writer only keeps what it is given."""
    made = line_driver()
    assert made is not None
    bare: Any = object.__new__(made)
    waiting: queue.Queue[str] = queue.Queue()
    bare._writer_thread = SimpleNamespace(_queue=waiting, write=waiting.put)
    bare._asked = bare._answers = None
    return bare


def test_a_frame_waits_until_the_terminal_says_that_the_last_one_has_arrived(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("game.view.terminal.kit.line.time.monotonic", lambda: now[0])
    bare = driver()
    written = bare._writer_thread._queue
    assert bare.free
    written.put("a frame")
    assert not bare.free, "it has not even been written"
    written.get()
    bare.ask()
    assert written.get() == ASK
    assert not bare.free
    bare.process_message(events.CursorPosition(3, 4))
    assert bare.free
    bare.ask()
    written.get()
    now[0] += LOST - 0.1
    assert not bare.free, "one that answers is waited for, however slow its line"
    now[0] += 0.2
    assert bare.free


def test_a_terminal_that_never_answers_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("game.view.terminal.kit.line.time.monotonic", lambda: now[0])
    bare = driver()
    bare.ask()
    assert bare._writer_thread._queue.get() == ASK
    now[0] += FIRST_ANSWER + 0.1
    assert bare.free
    bare.ask()
    assert bare._writer_thread._queue.empty()


#: A training whose terminal takes nothing from the first update on; it writes how many updates it has made.
STUCK = """
import pathlib, sys, threading
sys.path.insert(0, sys.argv[1])
from game.view.terminal.kit import line
from game.view.terminal import programs
from game.view.terminal.kit import shell
from tests.game.view.learner import Learner, world_of_text

class Counting(Learner):
    def _learn(self):
        with open(sys.argv[2], "w") as file:
            file.write(str(self.update))
        return super()._learn()

learner, flush = Counting(world_of_text()), line.Outlet.flush

def stuck(outlet):
    if learner.update:
        pathlib.Path(sys.argv[3]).touch()
        threading.Event().wait()
    flush(outlet)

line.Outlet.flush = stuck
shell.show(programs.training(learner), "utf-8")
"""


def test_training_goes_on_while_the_terminal_takes_nothing(tmp_path: Path) -> None:
    count, stuck = tmp_path / "count", tmp_path / "stuck"
    master, slave = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color"}
    command = [sys.executable, "-c", STUCK, str(ROOT), str(count), str(stuck)]
    program = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment, cwd=tmp_path)
    os.close(slave)

    def updates() -> int:
        assert program.poll() is None
        return int(count.read_text() or 0) if count.exists() else 0

    def where() -> str:
        return f"{updates()} updates, and the terminal is {'stuck' if stuck.exists() else 'free'}"

    try:
        until(lambda: updates() and stuck.exists(), where)
        before = updates()
        until(lambda: updates() > before + 60, where)
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait(PATIENCE)
        os.close(master)
