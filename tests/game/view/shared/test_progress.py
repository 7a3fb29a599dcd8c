"""The progress bar: on a terminal only, and only of what takes long."""

from __future__ import annotations

import io

from game.view.shared.progress import counted


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(stream: io.StringIO, after: float) -> str:
    with counted("parts", 2, stream, after=after) as advance:
        advance()
        advance()
    return stream.getvalue()


def test_a_bar_counts_on_a_terminal_and_nothing_is_written_to_a_pipe() -> None:
    assert "2/2" in drawn(Terminal(), 0.0)
    assert drawn(io.StringIO(), 0.0) == ""


def test_what_is_done_before_the_bar_is_due_shows_none() -> None:
    assert drawn(Terminal(), 3600.0) == ""
