"""The end of the process, and signals: which waits, which ends the program where it is, and the exit status."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from agent.command_line import Interrupted, Signals
from tests.root import ROOT
from tests.waiting import PATIENCE


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """The signal handlers as they were, afterwards."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_the_first_signal_waits_and_the_second_ends_the_program_where_it_is() -> None:
    told: list[str] = []
    signals = Signals(at_once=2, told=lambda: told.append("told"))
    signals.catch()
    signals.check()
    assert (signals.came(), signals.status) == (0, 0)
    signal.raise_signal(signal.SIGTERM)
    signals.check()
    assert (signals.came(), signals.status) == (1, 128 + 15)
    with pytest.raises(Interrupted) as ended:
        signal.raise_signal(signal.SIGINT)
    assert ended.value.status == 128 + 2
    assert (signals.came(), signals.status) == (2, 128 + 15), "the status that the first one asked for"
    assert told == ["told", "told"]


def test_a_signal_that_is_held_ends_the_program_when_the_terminal_has_been_left() -> None:
    signals = Signals(held=True)
    signals.catch()
    signal.raise_signal(signal.SIGHUP)
    with pytest.raises(Interrupted) as ended:
        signals.check()
    assert ended.value.status == 128 + 1


def test_signals_that_are_not_caught_are_none() -> None:
    signals = Signals()
    signals.check()
    assert signals.status == 0


#: Ends while a worker is at work; only where Python ends as usual does it say so.
PROGRAM = """
import atexit, sys, threading
import click
from agent.command_line import Commands, run

@click.group(cls=Commands)
def cli(): ...

@cli.command()
def end():
    print("said")
    sys.exit(5)

atexit.register(print, "ended as usual")
never = threading.Event()
threading.Thread(target=never.wait, name=sys.argv.pop(1), daemon=True).start()
run(cli)
"""


@pytest.mark.parametrize(("name", "said"), [("busy task", "said\n"), ("terminal", "said\nended as usual\n")])
def test_the_process_does_not_wait_for_a_busy_worker_and_does_not_end_python_under_it(name: str, said: str) -> None:
    command = [sys.executable, "-c", PROGRAM, name, "end"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (5, said, "")
