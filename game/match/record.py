"""The record of matches on disk: for each level, kind of match and policy played there, how many ended how.

One JSON file, such as ``runs/matches.json``::

    {"format": 1, "levels": {"cliff": {"shipped policy after 300,000 episodes": {"win": 5, "loss": 6, "draw": 1}},
                             "cliff against update 50 and the clock": {…}}}

The kinds are turn by turn and against the clock, against the policy as it is now and as it was after an update; each
is counted for itself, for they are not equally hard.

It is a pleasure and never in the way: what cannot be read or written is said in a sentence and hinders nothing.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, get_args

from game.errors import printable
from game.files import write_whole
from game.match.match import Outcome

FORMAT = 1
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Levels = dict[str, dict[str, dict[str, int]]]


class Matches:
    """The record in the file ``path``, which need not exist.  ``hint``: what was amiss last, "" where nothing was."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.hint = ""

    def add(self, level: str, kind: str, policy: str, outcome: Outcome) -> None:
        """Count one match that was played to its end; the file is read afresh, for another window may have written.

        ``kind`` says how it was played: "" for turn by turn against the policy as it is now, else words that follow
        the level's name.
        """
        self.hint = ""
        levels = self._read()
        if levels is None:
            return
        counts = levels.setdefault(f"{level}{kind}", {}).setdefault(policy, dict.fromkeys(OUTCOMES, 0))
        counts[outcome] += 1
        text = json.dumps({"format": FORMAT, "levels": levels}, ensure_ascii=False, indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, f"{text}\n".encode())
        except OSError as error:
            self.hint = f"Matches are not kept: {self.path} cannot be written ({error.strerror or error})."

    def sentences(self, level: str, kind: str) -> tuple[str, ...]:
        """How the matches of a kind on a level ended, whatever the policy, in more and in fewer words; or ()."""
        counts = (self._read() or {}).get(f"{level}{kind}", {}).values()
        won, lost, drawn = (sum(count[outcome] for count in counts) for outcome in OUTCOMES)
        total = won + lost + drawn
        matches = "1 match" if total == 1 else f"{total:,} matches"
        ended = f"{won:,} won, {lost:,} lost, {drawn:,} drawn"
        where = kind.strip() or "on this level"
        return (f"{matches} {where}: {ended}", f"{matches}: {ended}", ended) if total else ()

    def _read(self) -> Levels | None:
        """The record, empty where there is none yet; None where what is there must not be written over."""
        try:
            return _checked(json.loads(self.path.read_bytes()))
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.hint = f"Matches are not kept: {self.path} cannot be read ({error.strerror or error})."
            return None
        except (ValueError, RecursionError):
            return self._set_aside()

    def _set_aside(self) -> Levels | None:
        """Give a damaged file another name, so that nothing in it is lost, and begin a new one."""
        aside = self.path.with_name(f"{self.path.stem}-damaged-{time.strftime('%Y%m%d-%H%M%S')}{self.path.suffix}")
        try:
            self.path.rename(aside)
        except OSError as error:
            self.hint = (
                f"Matches are not kept: {self.path} is damaged and cannot be set aside ({error.strerror or error})."
            )
            return None
        self.hint = f"{self.path} was damaged; it is kept as {printable(aside.name)}, and a new one begun."
        return {}


def _checked(data: Any) -> Levels:
    """The levels of a record; raises ValueError where it is none."""
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("levels"), dict):
        raise ValueError("no record of matches")
    for policies in data["levels"].values():
        if not isinstance(policies, dict):
            raise ValueError("no policies of a level")
        for counts in policies.values():
            if not isinstance(counts, dict) or set(counts) != set(OUTCOMES):
                raise ValueError("no counts")
            if not all(type(count) is int and count >= 0 for count in counts.values()):
                raise ValueError("no number of matches")
    levels: Levels = data["levels"]
    return levels
