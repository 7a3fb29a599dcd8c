"""Run folders: where they lie, how they are named and found, and what one says of itself (no torch).

A run's folder holds ``settings.json`` (settings, and the level's argument), ``level.toml`` (the level as it was),
``metrics.csv``, ``frames.bin`` and ``checkpoint.safetensors`` with the one before it.  A shipped policy is such a
folder.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agent.reinforce.settings import Settings, from_table, to_table
from game.errors import ArrowgradError, RunError, SettingsError, nearest
from game.files import write_whole
from game.world.catalog import ASSETS, World, gym_world, world_from_text
from game.world.dynamics import Dynamics
from game.world.gym_argument import PREFIX as GYM
from game.world.gym_tables import fingerprint

RUNS = Path("runs")
SHIPPED = ASSETS / "policies"
#: Where matches are counted.
MATCHES = RUNS / "matches.json"
SETTINGS, LEVEL = "settings.json", "level.toml"
NEWEST, PREVIOUS = "checkpoint.safetensors", "previous.safetensors"


@dataclass(frozen=True, slots=True)
class Origin:
    """The policy that a run began from: that of another ``run`` after so many ``updates``."""

    run: str
    updates: int

    def words(self) -> str:
        """Return it for a person."""
        return f"{self.run}, after update {self.updates:,}"


@dataclass(frozen=True, slots=True, eq=False)
class SavedRun:
    """What a run's folder says before its parameters are read; ``origin`` is where it began, None at the beginning."""

    folder: Path
    world: World
    settings: Settings
    origin: Origin | None = None

    @property
    def name(self) -> str:
        """The run's name for a person."""
        return self.folder.name

    def require_actions(self, dynamics: Dynamics) -> None:
        """Raise :class:`~game.errors.SettingsError` where its policy has other actions than a world."""
        theirs = self.world.dynamics.actions
        if theirs != dynamics.actions:
            raise SettingsError(
                f"{self.name} was learned with the actions {', '.join(theirs)}; "
                f"expected those of the level: {', '.join(dynamics.actions)}"
            )


def claim(world: World, out: Path | None) -> Path:
    """A new run's folder, made: ``out``, or without it ``runs/NAME-1``, ``-2`` … after the level's name.

    Making a numbered folder claims it, also against another process.  Raises :class:`~game.errors.RunError` when
    ``out`` holds a run already or cannot be made.
    """
    try:
        if out is not None:
            refuse_run(out)
            out.mkdir(parents=True, exist_ok=True)
            return out
        RUNS.mkdir(parents=True, exist_ok=True)
        taken = [path.name.rpartition("-") for path in RUNS.iterdir()]
        number = max((int(end) for start, _, end in taken if start == world.name and end.isdecimal()), default=0)
        while True:
            number += 1
            folder = RUNS / f"{world.name}-{number}"
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    except OSError as error:
        raise RunError(f"{out or RUNS}: the run's folder cannot be made: {error.strerror or error}") from error


def refuse_run(out: Path) -> None:
    """Raise :class:`~game.errors.RunError` when a folder for a new run holds one already."""
    if is_run(out):
        raise RunError(f"{out} holds a run already; expected a new folder, or --resume {out}")


def describe(folder: Path, world: World, settings: Settings, origin: Origin | None = None) -> None:
    """Write a run's settings and level into its folder.  Raises RunError where that fails."""
    description: dict[str, Any] = {"level": world.argument, "name": world.name, "settings": to_table(settings)}
    if origin is not None:
        description["from"] = asdict(origin)
    if world.argument.startswith(GYM):
        description["tables"] = fingerprint(world.dynamics)
    try:
        if world.text:
            write_whole(folder / LEVEL, world.text.encode())
        write_whole(folder / SETTINGS, (json.dumps(description, indent=2, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        raise RunError(f"{folder}: the run cannot be written: {error.strerror or error}") from error


def find(argument: str) -> SavedRun:
    """The run of a RUN argument: a folder, or the NAME of one under ``runs/``.  Raises RunError."""
    for folder in (Path(argument), RUNS / argument):
        if is_run(folder):
            return open_run(folder)
    if os.path.isdir(argument):  # unlike Path.is_dir it answers for any text at all
        raise RunError(f"{argument} is a folder without a run; expected one that holds {SETTINGS} and {NEWEST}")
    known = [path.name for path in RUNS.iterdir() if is_run(path)] if RUNS.is_dir() else []
    raise RunError(f"there is no run '{argument}'; {nearest(argument, known)}")


def newest(world: World) -> SavedRun | None:
    """The newest run of a level under ``runs/``; damaged ones are passed over."""
    for folder in _newest_first():
        try:
            description = _description(folder)
            if description.get("level") == world.argument and description.get("name") == world.name:
                return open_run(folder)
        except ArrowgradError:
            continue
    return None


def newest_of_all() -> SavedRun:
    """The newest run under ``runs/``, whatever its level.  Raises RunError where there is none or it is damaged."""
    folders = _newest_first()
    if not folders:
        raise RunError(f"there is no run in {RUNS}/ yet; make one: python main.py train")
    return open_run(folders[0])


def _newest_first() -> list[Path]:
    """The folders of the runs under ``runs/`` by when they were last saved."""
    if not RUNS.is_dir():
        return []
    folders = [path for path in RUNS.iterdir() if is_run(path) and (path / NEWEST).exists()]
    return sorted(folders, key=lambda path: (path / NEWEST).stat().st_mtime_ns, reverse=True)


def shipped_run(world: World) -> SavedRun:
    """The shipped policy of a shipped level.  Raises RunError where the level has none."""
    folder = SHIPPED / world.name
    if not is_run(folder) or world.argument != world.name:
        raise RunError(f"there is no run of '{world.argument}' yet; make one: python main.py train {world.argument}")
    return open_run(folder)


def copied(saved: SavedRun) -> SavedRun:
    """A copy of a run under ``runs/``, to go on with.  Raises RunError where it cannot be written."""
    folder = claim(saved.world, None)
    try:
        # The checkpoint comes last: a folder without one is not taken for a run that can be resumed.
        for path in sorted(saved.folder.iterdir(), key=lambda path: path.name == NEWEST):
            write_whole(folder / path.name, path.read_bytes())
    except OSError as error:
        raise RunError(f"{folder}: the run cannot be copied: {error.strerror or error}") from error
    return SavedRun(folder, saved.world, saved.settings, saved.origin)


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run."""
    try:
        return any((folder / name).is_file() for name in (SETTINGS, NEWEST, PREVIOUS))
    except (OSError, ValueError):  # a name too long, or with a zero byte
        return False


def open_run(folder: Path) -> SavedRun:
    """Read what a run's folder says of itself.  Raises RunError where that is damaged."""
    description = _description(folder)
    try:
        settings = from_table(description["settings"])
        argument, name = str(description["level"]), str(description["name"])
    except (KeyError, TypeError, ArrowgradError) as error:
        what = error if isinstance(error, ArrowgradError) else "something is missing"
        raise RunError(f"{folder / SETTINGS} is damaged: {what}; expected the file that training writes") from None
    world = _kept_world(folder, argument, name, str(description.get("tables", "")))
    world = world.with_options(settings.discount, settings.max_steps)
    return SavedRun(folder, world, settings, _origin(folder, description.get("from")))


def _origin(folder: Path, table: object) -> Origin | None:
    if table is None:
        return None
    try:
        return Origin(str(table["run"]), int(table["updates"]))  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        raise RunError(f"{folder / SETTINGS} is damaged: it does not say what the run came from") from None


def _kept_world(folder: Path, argument: str, name: str, tables: str) -> World:
    """The world that a run was learned in: its level file, or an environment that must still be the same."""
    if argument.startswith(GYM):
        try:
            world = gym_world(argument)
        except ArrowgradError as error:
            raise RunError(f"{folder} was learned in {argument}, which cannot be had here: {error}") from error
        if fingerprint(world.dynamics) != tables:
            raise RunError(f"{folder} was learned in {argument}, whose tables have changed since; train anew")
        return world
    level = folder / LEVEL
    try:
        text = level.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{level} cannot be read: {error}; expected the level of the run") from None
    return world_from_text(text, name, argument, str(level))


def _description(folder: Path) -> dict[str, Any]:
    path = folder / SETTINGS
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise RunError(f"{path} cannot be read: {reason}; expected the settings that training writes") from None
    if not isinstance(description, dict):
        raise RunError(f"{path} is damaged: it holds no table; expected the settings that training writes")
    return description
