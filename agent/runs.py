"""Run folders: where they lie, how they are named and found, and what one holds.

A run's folder holds ``settings.json`` (settings, and the level's argument), ``level.toml`` (the level as it was),
``metrics.csv`` and ``checkpoint.safetensors`` with the one before it.  A shipped policy is such a folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.checkpoint import NEWEST, PREVIOUS, load_checkpoint, save_checkpoint, write_whole
from agent.history import History
from agent.settings import Settings, from_table, to_table
from agent.trainer import Trainer
from game.catalog import ASSETS, World, world_from_text
from game.errors import ArrowgradError, RunError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from game.snapshot import Snapshot

RUNS = Path("runs")
SHIPPED = ASSETS / "policies"
SETTINGS, LEVEL = "settings.json", "level.toml"


@dataclass(frozen=True, slots=True, eq=False)
class SavedRun:
    """What a run's folder says before its parameters are read."""

    folder: Path
    world: World
    settings: Settings

    @property
    def name(self) -> str:
        """The run's name for a person."""
        return self.folder.name

    def trainer(self) -> tuple[Trainer, str]:
        """The trainer as it was saved, and a sentence for a person or "".  Raises RunError."""
        trainer = Trainer(self.world.dynamics, self.settings)
        return trainer, load_checkpoint(trainer, self.folder)


class Run:
    """A run that is being trained: its trainer, its folder, and saving."""

    def __init__(self, folder: Path, world: World, settings: Settings, trainer: Trainer) -> None:
        self.folder, self.world, self.settings, self.trainer = folder, world, settings, trainer
        self.history = History(folder, trainer.update)

    def updates(self) -> Iterator[Snapshot]:
        """Train to the end, one snapshot per update; every row of metrics is kept."""
        for snapshot in self.trainer.run():
            self.history.add(snapshot, self.trainer.exact_due)
            yield snapshot

    def save(self) -> None:
        """Write the checkpoint, then the metrics up to it."""
        try:
            self.history.flush()
            save_checkpoint(self.trainer, self.folder)
        except OSError as error:
            raise RunError(f"{self.folder}: the run cannot be saved: {error.strerror or error}") from error


def create(world: World, settings: Settings, out: Path | None = None) -> Run:
    """A new run.  ``out`` is its folder; without it, a new one under ``runs/`` that is named after the level.

    Raises :class:`~game.errors.RunError` when ``out`` holds a run already or cannot be written.
    """
    trainer = Trainer(world.dynamics, settings)
    folder = out
    try:
        if folder is None:
            folder = _new_folder(world.name)
        elif is_run(folder):
            raise RunError(f"{folder} holds a run already; expected a new folder, or --resume {folder}")
        else:
            folder.mkdir(parents=True, exist_ok=True)
        if world.text:
            write_whole(folder / LEVEL, world.text.encode())
        description = {"level": world.argument, "name": world.name, "settings": to_table(settings)}
        write_whole(folder / SETTINGS, (json.dumps(description, indent=2, ensure_ascii=False) + "\n").encode())
        return Run(folder, world, settings, trainer)
    except OSError as error:
        raise RunError(f"{folder or RUNS}: the run's folder cannot be written: {error.strerror or error}") from error


def resume(saved: SavedRun, episodes: int | None) -> tuple[Run, str]:
    """Go on with a saved run, to ``episodes`` in all where given; and a sentence for a person, or ""."""
    settings = saved.settings
    if episodes is not None and episodes != settings.episodes:
        settings = from_table(to_table(settings) | {"episodes": episodes})
    trainer = Trainer(saved.world.dynamics, settings)
    note = load_checkpoint(trainer, saved.folder)
    if settings != saved.settings:
        description = _description(saved.folder) | {"settings": to_table(settings)}
        write_whole(saved.folder / SETTINGS, (json.dumps(description, indent=2, ensure_ascii=False) + "\n").encode())
    return Run(saved.folder, saved.world, settings, trainer), note


def find(argument: str) -> SavedRun:
    """The run of a RUN argument: a folder, or the NAME of one under ``runs/``.  Raises RunError."""
    for folder in (Path(argument), RUNS / argument):
        if is_run(folder):
            return open_run(folder)
    folder = Path(argument)
    if folder.is_dir():
        raise RunError(f"{argument} is a folder without a run; expected one that holds {SETTINGS} and {NEWEST}")
    known = [path.name for path in RUNS.iterdir() if is_run(path)] if RUNS.is_dir() else []
    raise RunError(f"there is no run '{argument}'; {nearest(argument, known)}")


def newest(argument: str, name: str) -> SavedRun | None:
    """The newest run of a level under ``runs/``, by its level argument or name; damaged ones are passed over."""
    if not RUNS.is_dir():
        return None
    folders = [path for path in RUNS.iterdir() if is_run(path) and (path / NEWEST).exists()]
    for folder in sorted(folders, key=lambda path: (path / NEWEST).stat().st_mtime_ns, reverse=True):
        try:
            description = _description(folder)
            if description.get("level") == argument and description.get("name") == name:
                return open_run(folder)
        except ArrowgradError:
            continue
    return None


def shipped_run(world: World) -> SavedRun:
    """The shipped policy of a shipped level.  Raises RunError where the level has none."""
    folder = SHIPPED / world.name
    if not is_run(folder) or world.argument != world.name:
        raise RunError(f"there is no run of '{world.argument}' yet; make one: python main.py train {world.argument}")
    return open_run(folder)


def is_run(folder: Path) -> bool:
    """Whether a folder holds a run."""
    return (folder / SETTINGS).is_file() or (folder / NEWEST).is_file() or (folder / PREVIOUS).is_file()


def open_run(folder: Path) -> SavedRun:
    """Read what a run's folder says of itself.  Raises RunError where that is damaged."""
    description = _description(folder)
    try:
        settings = from_table(description["settings"])
        argument, name = str(description["level"]), str(description["name"])
    except (KeyError, TypeError, ArrowgradError) as error:
        what = error if isinstance(error, ArrowgradError) else "something is missing"
        raise RunError(f"{folder / SETTINGS} is damaged: {what}; expected the file that training writes") from None
    level = folder / LEVEL
    try:
        text = level.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{level} cannot be read: {error}; expected the level of the run") from None
    world = world_from_text(text, name, argument, str(level)).with_options(settings.discount, settings.max_steps)
    return SavedRun(folder, world, settings)


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


def _new_folder(name: str) -> Path:
    """A new folder ``runs/NAME-1``, ``-2`` …; making it claims it, also from another process."""
    RUNS.mkdir(parents=True, exist_ok=True)
    taken = [path.name.rpartition("-") for path in RUNS.iterdir()]
    number = max((int(end) for start, _, end in taken if start == name and end.isdigit()), default=0)
    while True:
        number += 1
        folder = RUNS / f"{name}-{number}"
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
