"""Signals: which one waits, which one ends the program where it is, and the exit status that they ask for."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from agent.command_line import Interrupted, Signals


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
