"""The line to the terminal: frames wait for it, nothing else does; and a terminal that has gone is no error."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TextIO

import pytest

from game.view.terminal.kit.line import ASK, FIRST_ANSWER, HANGING_UP, LOST, Line, Outlet
from tests.root import ROOT
from tests.waiting import PATIENCE, until


def pseudo_terminal() -> tuple[int, TextIO]:
    """A terminal's far end, and what a program writes to."""
    far, near = pty.openpty()
    return far, os.fdopen(near, "w", encoding="utf-8")


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Line, list[bytes], threading.Event]]:
    """A line whose far end takes something only when the event is set; and what it has taken."""
    taken: list[bytes] = []
    takes = threading.Event()

    def send(_outlet: Outlet, data: bytes) -> None:
        assert takes.wait(PATIENCE)
        taken.append(data)

    monkeypatch.setattr(Outlet, "_send", send)
    far, near = pseudo_terminal()
    line = Line(Outlet(near))
    line.outlet.open()
    yield line, taken, takes
    takes.set()
    line.outlet.close(PATIENCE)
    near.close()
    os.close(far)


def test_a_terminal_that_has_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("game.view.terminal.kit.line.time.monotonic", lambda: now[0])
    far, near = pseudo_terminal()
    line, stopped = Line(Outlet(near)), []
    line.stop_reading = lambda: stopped.append(True)
    line.outlet.open()
    assert not line.has_gone()
    os.close(far)
    line.outlet.write("abc")
    line.outlet.close(PATIENCE)
    assert line.outlet.gone
    assert not line.has_gone(), "the system says so first, by a signal"
    now[0] += HANGING_UP + 0.1
    assert line.has_gone()
    assert stopped == [True]
    near.close()


def test_what_is_written_arrives_in_turn_and_whole_before_the_line_is_closed() -> None:
    far, near = pseudo_terminal()
    outlet = Outlet(near)
    outlet.open()
    for k in range(100):
        outlet.write(f"{k} é;")
    outlet.close(PATIENCE)
    assert os.read(far, 4096).decode() == "".join(f"{k} é;" for k in range(100))
    near.close()
    os.close(far)


def test_a_line_that_takes_nothing_holds_up_neither_the_app_nor_its_end(
    stuck: tuple[Line, list[bytes], threading.Event],
) -> None:
    line, taken, takes = stuck
    for _ in range(10_000):
        line.outlet.write("a frame")
    line.outlet.close(0.01)
    assert not taken
    takes.set()


def until_empty(outlet: Outlet) -> None:
    until(lambda: outlet.empty, lambda: "it is never written")


def test_a_frame_waits_until_the_terminal_says_that_the_last_one_has_arrived(
    monkeypatch: pytest.MonkeyPatch, stuck: tuple[Line, list[bytes], threading.Event]
) -> None:
    now = [100.0]
    line, taken, takes = stuck
    assert line.free
    line.outlet.write("a frame")
    assert not line.free, "it has not even been written"
    takes.set()
    until_empty(line.outlet)
    assert line.free
    monkeypatch.setattr("game.view.terminal.kit.line.time", SimpleNamespace(monotonic=lambda: now[0]))
    line.ask()
    line.ask()
    until_empty(line.outlet)
    assert taken == [b"a frame", ASK.encode()], "it is asked once"
    assert not line.free
    line.answered()
    assert line.free
    line.ask()
    until_empty(line.outlet)
    now[0] += LOST - 0.1
    assert not line.free, "one that answers is waited for, however slow its line"
    now[0] += 0.2
    assert line.free


def test_a_terminal_that_never_answers_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, stuck: tuple[Line, list[bytes], threading.Event]
) -> None:
    now = [100.0]
    line, taken, takes = stuck
    takes.set()
    monkeypatch.setattr("game.view.terminal.kit.line.time", SimpleNamespace(monotonic=lambda: now[0]))
    line.ask()
    until_empty(line.outlet)
    now[0] += FIRST_ANSWER + 0.1
    assert line.free
    line.ask()
    until_empty(line.outlet)
    assert taken == [ASK.encode()]


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

learner, send = Counting(world_of_text()), line.Outlet._send

def stuck(outlet, data):
    if learner.update:
        pathlib.Path(sys.argv[3]).touch()
        threading.Event().wait()
    send(outlet, data)

line.Outlet._send = stuck
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
