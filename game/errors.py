"""The errors that speak to a person: each message says what is wrong, where, and what was expected.

``main.py`` prints the message on standard error and ends with status 2; nothing else of the tree is needed
to understand it.  A mistake of the program's own is an ``assert`` or an ordinary exception, never one of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ArrowgradError(Exception):
    """Something a person can mend; its text is one sentence for that person.

    What a file or an argument brings into the sentence cannot break the line or steer the terminal: characters
    that do not print are shown as escapes.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class LevelError(ArrowgradError):
    """A level file, or the name of a level, that cannot be used."""


class SettingsError(ArrowgradError):
    """A training option, or a combination of options, that makes no sense."""


class RunError(ArrowgradError):
    """A run folder that is absent, damaged, in the way, or made for another world."""


class NumericalError(ArrowgradError):
    """A number that stopped being finite during training."""


class RanksError(ArrowgradError):
    """Another process of the same run that has ended, or cannot be reached."""


class LessonError(ArrowgradError):
    """A page of the lesson that does not exist, or something that cannot be done on one."""


class ViewError(ArrowgradError):
    """A view that cannot be shown here."""


def printable(text: str) -> str:
    """``text`` with an escape such as \\x1b for each character that does not print."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def nearest(word: str, choices: Iterable[str]) -> str:
    """The end of a message about an unknown ``word``: the near names, or all of them when none is near."""
    known = sorted(choices)
    near = get_close_matches(word, known, n=3, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(near) + "?"
    return "expected one of " + ", ".join(known) if known else "there are none yet"
