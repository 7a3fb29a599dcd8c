"""The history of a run: one row of metrics per update, as CSV.

``docs/metrics.md`` defines every column.  Rows are appended as they come; when a run is resumed, rows from after
the checkpoint, and a last row that a kill cut short, are dropped first.
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from game.errors import RunError
from game.files import write_whole
from game.snapshots.snapshot import Snapshot

FILE = "metrics.csv"
COLUMNS = (
    "update",
    "episodes",
    "steps",
    "mean_return",
    "goal_rate",
    "mean_length",
    "entropy",
    "gradient_norm",
    "objective",
    "angle",
    "norm_ratio",
    "seconds",
)
#: Columns that are empty in updates whose exact numbers are not due.
EXACT = ("objective", "angle", "norm_ratio")


def row(snapshot: Snapshot) -> dict[str, float | None]:
    """An update's numbers by the names of their columns; the exact ones are None where they are not due."""
    return {name: getattr(snapshot, name) for name in COLUMNS}


class History:
    """The metrics file of one run."""

    def __init__(self, folder: Path, from_update: int) -> None:
        self.path = folder / FILE
        self.pending: list[str] = []
        kept = [row for row in _complete_rows(self.path) if int(row.split(",", 1)[0]) <= from_update]
        write_whole(self.path, ("\n".join([",".join(COLUMNS), *kept]) + "\n").encode())

    def add(self, snapshot: Snapshot) -> None:
        """Add an update's row."""
        values = row(snapshot).values()
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow("" if value is None else repr(value) for value in values)
        self.pending.append(line.getvalue())

    def flush(self) -> None:
        """Append what was added since the last call; where that fails the file stays as it was."""
        if not self.pending:
            return
        size = self.path.stat().st_size
        try:
            with self.path.open("ab") as file:
                file.write(("\n".join(self.pending) + "\n").encode())
                file.flush()
                os.fsync(file.fileno())  # the checkpoint that follows must not reach the disk before its rows
        except OSError:
            with suppress(OSError):
                os.truncate(self.path, size)
            raise
        self.pending.clear()


def _complete_rows(path: Path) -> list[str]:
    """The rows of a metrics file that were written to their end."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    lines = text.split("\n")[1:-1]  # the header, and what follows the last line break
    return [line for line in lines if line.count(",") == len(COLUMNS) - 1 and re.match(r"[0-9]{1,18},", line)]


def read_columns(path: Path, wanted: Sequence[str] = COLUMNS) -> dict[str, NDArray[np.float64]]:
    """The columns of a metrics file by name, (rows,) float64 each, NaN where a cell is empty.

    A last row that a kill cut short is left out.  Raises :class:`~game.errors.RunError` where the file is damaged or
    lacks one of the columns that are ``wanted``.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RunError(f"{path} is damaged: it is no text; expected the metrics that training writes") from None
    except OSError as error:
        reason = error.strerror or error
        raise RunError(f"{path} cannot be read: {reason}; expected the metrics that training writes") from None
    header, *lines = text.split("\n")[:-1] or [""]
    columns = header.split(",")
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise RunError(f"{path}, line 1: there is no column {', '.join(missing)}; expected the header of a run")
    rows: list[list[float]] = []
    for number, line in enumerate(csv.reader(lines), 2):
        row = _numbers(line, columns, wanted)
        if (
            row is None
            or row["update"] != number - 1
            or (rows and row["episodes"] <= rows[-1][wanted.index("episodes")])
        ):
            raise RunError(f"{path}, line {number} is damaged; expected the row of update {number - 1}")
        rows.append([row[name] for name in wanted])
    table = np.array(rows, dtype=np.float64).reshape(-1, len(wanted))
    return {name: table[:, place] for place, name in enumerate(wanted)}


def _numbers(words: list[str], columns: list[str], wanted: Sequence[str]) -> dict[str, float] | None:
    """A row's numbers, NaN where an exact one is empty; None where one is no number that could stand there."""
    if len(words) != len(columns):
        return None
    row: dict[str, float] = {}
    for name, word in zip(columns, words, strict=True):
        if name in wanted:
            empty = name in EXACT and not word
            try:
                row[name] = math.nan if empty else float(word)
            except ValueError:
                return None
            if not (empty or math.isfinite(row[name])):
                return None
    return row
