"""A run that is being trained: its trainer, its folder, and saving."""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

from agent.ranks.ranks import Ranks
from agent.reinforce.settings import Settings
from agent.runs.checkpoint import load_checkpoint, save_checkpoint, tidy
from agent.runs.folder import Origin, SavedRun, describe
from agent.runs.frames import FrameWriter
from agent.runs.metrics import History
from agent.runs.tensorboard import EventFile
from agent.runs.transfer import carry
from agent.trainer import Trainer
from game.errors import NumericalError, RanksError, RunError
from game.snapshots.snapshot import Snapshot
from game.world.catalog import World

#: A checkpoint is written this often, in seconds, so that a kill or a power cut costs little.
SAVE_EVERY = 10.0


class Run:
    """A trainer and the folder that keeps what it learns, with ``tensorboard`` as events too."""

    def __init__(self, folder: Path, world: World, trainer: Trainer, tensorboard: bool = False) -> None:
        self.folder, self.world, self.trainer = folder, world, trainer
        self.saved_at = 0.0
        try:
            self.history = History(folder, trainer.update)
            self.frames = FrameWriter(folder, world.dynamics, trainer.update)
            self.events = EventFile(folder, trainer.update) if tensorboard else None
        except OSError as error:
            raise RunError(f"{folder}: the history cannot be written: {error.strerror or error}") from error

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.trainer.settings

    def updates(self) -> Generator[Snapshot]:
        """Train to the end, one snapshot per update, keeping rows of metrics, frames, and a checkpoint now and then.

        The run is saved at the end, where it is left between two updates, and, before the error goes on, where a
        number stopped being finite or another process of the run has gone.  What breaks off an update in its middle,
        such as a second Ctrl-C, saves nothing: half an update must not be kept, and the last checkpoint is a few
        seconds old.
        """
        try:
            for snapshot in self.trainer.run():
                self.history.add(snapshot)
                self.frames.add(snapshot)
                if self.events is not None:
                    self.events.add(snapshot)
                yield snapshot
                if time.monotonic() - self.saved_at > SAVE_EVERY:
                    self.save()
        except (GeneratorExit, NumericalError):
            self.save()
            raise
        except RanksError as error:
            self.save()
            saved = f"what was learned up to update {self.trainer.update:,} is saved"
            raise RanksError(f"{error}; {saved}, go on with --resume {self.folder}") from error
        self.save()

    def save(self) -> None:
        """Write metrics and frames, then the checkpoint that they belong to.  Raises RunError where that fails."""
        try:
            self.history.flush()
            self.frames.flush(self.trainer.update, self.trainer.probabilities())
            if self.events is not None:
                self.events.flush()
            save_checkpoint(self.trainer, self.folder)
        except OSError as error:
            raise RunError(f"{self.folder}: the run cannot be saved: {error.strerror or error}") from error
        self.saved_at = time.monotonic()


def create(
    folder: Path,
    world: World,
    settings: Settings,
    ranks: Ranks | None = None,
    tensorboard: bool = False,
    source: SavedRun | None = None,
) -> Run:
    """A new run in a folder that :func:`agent.runs.folder.claim` gave; it can be resumed from the first moment.

    It begins from the policy of ``source``, where that is given, as far as this world keeps it.
    """
    trainer = Trainer(world.dynamics, settings, ranks=ranks)
    origin = None
    if source is not None:
        origin = Origin(source.name, carry(source, trainer))
    describe(folder, world, settings, origin)
    run = Run(folder, world, trainer, tensorboard)
    run.save()
    return run


def resume(
    saved: SavedRun, settings: Settings, ranks: Ranks | None = None, tensorboard: bool = False
) -> tuple[Run, str]:
    """Go on with a saved run, perhaps to another total of episodes; and a sentence for a person, or ""."""
    trainer = Trainer(saved.world.dynamics, settings, ranks=ranks)
    note = load_checkpoint(trainer, saved.folder)
    tidy(saved.folder, newest_damaged=bool(note))
    if settings != saved.settings:
        describe(saved.folder, saved.world, settings, saved.origin)
    run = Run(saved.folder, saved.world, trainer, tensorboard)
    return run, "; ".join(sentence for sentence in (note, run.frames.note) if sentence)


def trained(saved: SavedRun) -> tuple[Trainer, str]:
    """The trainer as it was saved, to look at its policy, and a sentence for a person or ""."""
    trainer = Trainer(saved.world.dynamics, saved.settings)
    return trainer, load_checkpoint(trainer, saved.folder)
