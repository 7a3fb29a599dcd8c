"""What training needs to go on: one safetensors file, with a checksum over every byte of its content.

The file is written beside the old one, flushed to the disk and renamed, so it is there whole or not at all; the
one before is kept as ``previous.safetensors`` and is read when the newest is damaged.  Random numbers come from a
counter-based stream, so the seed and the number of updates are all of the random state.
"""

from __future__ import annotations

import os
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from agent.runs.checkpoint_file import COUNTERS, digest, first_line, read_newest
from agent.runs.folder import NEWEST, PREVIOUS
from agent.trainer import Trainer
from game.errors import RunError
from game.files import whole, write_whole

_DEBT = "exact_debt"
_COUNTERS = tuple(name for name in COUNTERS if name != _DEBT)
_OPTIMIZER = "optimizer."


def save_checkpoint(trainer: Trainer, folder: Path) -> None:
    """Write the trainer's state into a run's folder; the checkpoint that was there becomes the previous one."""
    tensors, counters = captured(trainer)
    counters["sha256"] = digest({name: value.numpy() for name, value in tensors.items()}, counters)
    newest = folder / NEWEST
    if newest.exists():
        keep = folder / f".{PREVIOUS}.tmp"
        keep.unlink(missing_ok=True)
        try:
            os.link(newest, keep)  # the newest stays in its place until the new one takes it
        except OSError:  # a file system without links
            write_whole(keep, newest.read_bytes())
        try:
            keep.replace(folder / PREVIOUS)
        except OSError:
            keep.unlink(missing_ok=True)
            raise
    with whole(newest) as temporary:
        try:
            save_file(tensors, temporary, counters)  # straight from the tensors, which may fill half of the memory
        except SafetensorError as error:
            raise OSError(first_line(error)) from error


def load_checkpoint(trainer: Trainer, folder: Path) -> str:
    """Bring a trainer to the state that a run's folder holds; returns a sentence for a person, or "".

    Where the newest checkpoint is damaged the previous one is taken, and the sentence says so.  Raises
    :class:`~game.errors.RunError` where neither can be read or they were made for another world or policy.
    """
    arrays, counters, note = read_newest(folder)
    restore(trainer, {name: torch.from_numpy(array) for name, array in arrays.items()}, counters, str(folder))
    return note


def tidy(folder: Path, newest_damaged: bool) -> None:
    """Make a folder ready to be written to again, after a kill or a damage.  Raises RunError where that fails.

    A damaged newest checkpoint gives its place to the previous one, so that it cannot become the previous one
    itself before a new one is written; temporary files that a kill left behind are removed.
    """
    try:
        if newest_damaged:
            (folder / PREVIOUS).replace(folder / NEWEST)
        for pattern in (".*.tmp", ".tmp*"):  # ours, and those of safetensors
            for left in folder.glob(pattern):
                left.unlink(missing_ok=True)
    except OSError as error:
        raise RunError(f"{folder}: the run cannot be written: {error.strerror or error}") from error


def captured(trainer: Trainer) -> tuple[dict[str, Tensor], dict[str, str]]:
    """A trainer's state: its tensors, which the next update changes, and its counters as text."""
    tensors = {f"policy.{name}": value.detach() for name, value in trainer.policy.named_parameters()}
    tensors |= {f"{_OPTIMIZER}{name}": value for name, value in trainer.optimizer.state().items()}
    tensors["baseline"] = torch.from_numpy(trainer.baseline.sums.copy())
    tensors["visits"] = torch.from_numpy(trainer.visits.copy())
    counters = {name: repr(getattr(trainer, name)) for name in _COUNTERS} | {_DEBT: repr(trainer.budget.debt)}
    return tensors, counters


def restore(trainer: Trainer, tensors: dict[str, Tensor], counters: dict[str, str], source: str) -> None:
    """Bring a trainer to a state that :func:`captured` gave.  Raises RunError where it is of another kind."""
    parameters = dict(trainer.policy.named_parameters())
    own = {f"policy.{name}": tuple(value.shape) for name, value in parameters.items()}
    own |= {"baseline": trainer.baseline.sums.shape, "visits": trainer.visits.shape}
    found = {name: tuple(value.shape) for name, value in tensors.items() if not name.startswith(_OPTIMIZER)}
    if own != found:
        raise RunError(f"{source}: its checkpoint is of another level or policy; expected {_shapes(own)}")
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(tensors[f"policy.{name}"])
    moments = {name.removeprefix(_OPTIMIZER): value for name, value in tensors.items() if name.startswith(_OPTIMIZER)}
    trainer.optimizer.restore(moments)
    trainer.baseline.sums[:] = tensors["baseline"].numpy()
    trainer.visits[:] = tensors["visits"].numpy()
    for name in ("update", "episodes", "steps"):
        setattr(trainer, name, int(counters[name]))
    trainer.seconds = float(counters["seconds"])
    trainer.budget.debt = float(counters[_DEBT])


def _shapes(shapes: dict[str, tuple[int, ...]]) -> str:
    return ", ".join(f"{name} {'×'.join(map(str, shape))}" for name, shape in sorted(shapes.items()))
