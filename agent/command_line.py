"""The command line itself: faults in one sentence, signs that an encoding lacks, signals, and values of options.

It imports nothing but click before it is needed, so that ``--help`` answers at once.
"""

from __future__ import annotations

import codecs
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn, TextIO

import click

#: What the names of worker threads begin with.
BUSY = "busy "
#: What stands for a sign that an encoding lacks.
SPELLED = {"α": "alpha", "γ": "gamma", "θ": "theta", "×": "x", "–": "-", "−": "-", "…": "...", "’": "'"}


class Command(click.Command):
    """A command whose help can be written in any encoding."""

    def get_help(self, ctx: click.Context) -> str:
        return writable(super().get_help(ctx), sys.stdout)


class Commands(Command, click.Group):
    """A group whose commands end with one sentence and status 2 where a person can mend something."""

    command_class = Command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        codecs.register_error("spelled", spelled)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="spelled")
        return super().main(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            refuse(error.format_message())

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            sys.exit(interrupt.status if isinstance(interrupt, Interrupted) else 130)
        except click.UsageError as error:
            refuse(error.format_message())
        except (click.ClickException, click.Abort, click.exceptions.Exit):  # --help ends so, and imports nothing
            raise
        except MemoryError:
            refuse("there is not enough memory for this; try a smaller --batch, --hidden or --max-steps")
        except Exception as error:
            from game.errors import ArrowgradError

            if not isinstance(error, ArrowgradError):
                raise
            refuse(str(error))


def run(command: click.Command) -> None:
    """Run a command as this process, which ends with it."""
    try:
        command()
    except SystemExit as end:
        if isinstance(end.code, int | None):
            leave(end.code or 0)
        raise


def leave(status: int) -> None:
    """End the process at once where a worker thread is still busy, such as with importing torch; else do nothing.

    Python would end under such a thread, and C++ code that is ended so aborts the process.
    """
    threads = threading.enumerate()
    if not any(thread.name.startswith(BUSY) for thread in threads if thread.daemon):
        return
    for thread in threads:
        if not thread.daemon and thread is not threading.current_thread():
            thread.join()
    with suppress(OSError, ValueError):  # a reader that has gone
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    os._exit(status)


# -- what is said ------------------------------------------------------------------------------------------------


def say(text: str) -> None:
    """Write ``text`` on standard output; an empty one is nothing to say."""
    if text:
        click.echo(writable(text, sys.stdout))


def warn(*sentences: str) -> None:
    """Write each warning on a line of standard error; an empty one is none."""
    for sentence in filter(None, sentences):
        _complain(f"Warning: {sentence}")


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong in one sentence, and end with status 2."""
    _complain(f"Error: {sentence}")
    sys.exit(2)


def _complain(line: str) -> None:
    click.echo(writable(line, sys.stderr), err=True)


def writable(text: str, stream: TextIO) -> str:
    """Return ``text`` without signs that the stream's encoding lacks.  (Where that is ASCII, click writes UTF-8.)"""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "spelled").decode(encoding)


def spelled(error: UnicodeError) -> tuple[str, int]:
    """Return what to write where an encoding lacks a sign, its name or a question mark, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(SPELLED.get(sign, "?") for sign in missing), error.end


# -- signals -----------------------------------------------------------------------------------------------------


class Interrupted(KeyboardInterrupt):
    """A signal that ends the program; ``status`` is the exit status that says which."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Signals:
    """The signals that ask the program to end; ``status`` is what the first one asks it to end with, 0 before.

    The ``at_once``-th one does not wait for anything: :class:`Interrupted` is raised wherever the program is.  With
    ``held`` it is raised by :meth:`check` alone, since the app has to leave the terminal first.  ``told`` is called
    at each signal.
    """

    def __init__(self, at_once: int = 1, *, held: bool = False, told: Callable[[], None] = lambda: None) -> None:
        self.status = 0
        self._count = 0
        self._at_once, self._held, self._told = at_once, held, told

    def catch(self) -> None:
        """Take SIGINT, SIGTERM and SIGHUP from now on, as far as the system has them."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._come)

    def came(self) -> int:
        """Return how many signals came."""
        return self._count

    def check(self) -> None:
        """Raise :class:`Interrupted` if a signal came that does not wait."""
        if self._count >= self._at_once:
            raise Interrupted(self.status)

    def _come(self, number: int, _frame: FrameType | None) -> None:
        self._count += 1
        self.status = self.status or 128 + number
        self._told()
        if self._count >= self._at_once and not self._held:
            raise Interrupted(128 + number)


# -- values of options -------------------------------------------------------------------------------------------


def layers(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """Return ``8,8`` as (8, 8)."""
    if value is None:
        return None
    try:
        return tuple(int(size) for size in value.split(","))
    except ValueError:
        raise click.BadParameter(f"'{value}' names no layers; expected sizes such as 64 or 8,8") from None


def names(_ctx: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """Return ``a,b`` as (a, b)."""
    return tuple(name.strip() for name in value.split(",") if name.strip())


def tempo(_ctx: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    """Return the tempo of a clock, if it is one (no number at all is in no range)."""
    if value is not None and not 0.1 <= value <= 30.0:
        raise click.BadParameter(f"{value:g} is no tempo; expected steps a second from 0.1 to 30")
    return value


def whole_level(ctx: click.Context, _parameter: click.Parameter, options: tuple[str, ...]) -> None:
    """Put the options of an environment of Gymnasium into the LEVEL that they belong to."""
    if options:
        from game.world.catalog import DEFAULT_LEVEL
        from game.world.gym_argument import with_options

        ctx.params["level"] = with_options(ctx.params.get("level") or DEFAULT_LEVEL, options)
