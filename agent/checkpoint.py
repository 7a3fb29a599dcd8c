"""What training needs to go on: one safetensors file, with a checksum over every byte of its content.

The file is written beside the old one, flushed to the disk and renamed, so it is there whole or not at all; the
one before is kept as ``previous.safetensors`` and is read when the newest is damaged.  Random numbers come from a
counter-based stream, so the seed and the number of updates are all of the random state.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from agent.folder import NEWEST, PREVIOUS
from game.errors import RunError
from game.files import whole, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from agent.trainer import Trainer

_COUNTERS = ("update", "episodes", "steps", "seconds")
_DEBT = "exact_debt"
_OPTIMIZER = "optimizer."


def save_checkpoint(trainer: Trainer, folder: Path) -> None:
    """Write the trainer's state into a run's folder; the checkpoint that was there becomes the previous one."""
    tensors, counters = captured(trainer)
    counters["sha256"] = _digest(tensors, counters)
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
            raise OSError(_first_line(error)) from error


def load_checkpoint(trainer: Trainer, folder: Path) -> str:
    """Bring a trainer to the state that a run's folder holds; returns a sentence for a person, or "".

    Where the newest checkpoint is damaged the previous one is taken, and the sentence says so.  Raises
    :class:`~game.errors.RunError` where neither can be read or they were made for another world or policy.
    """
    newest, previous = folder / NEWEST, folder / PREVIOUS
    try:
        tensors, counters = _read(newest)
        note = ""
    except RunError as error:
        if not previous.exists():
            raise
        tensors, counters = _read(previous)
        note = f"{error}; the previous checkpoint, of update {counters['update']}, is used instead"
    restore(trainer, tensors, counters, str(folder))
    return note


def tidy(folder: Path, newest_damaged: bool) -> None:
    """Make a folder ready to be written to again, after a kill or a damage.  Raises RunError where that fails.

    A damaged newest checkpoint gives its place to the previous one, so that it cannot become the previous one
    itself before a new one is written; temporary files that a kill left behind are removed.
    """
    try:
        if newest_damaged:
            (folder / PREVIOUS).replace(folder / NEWEST)
        for left in folder.glob(".*.tmp"):
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


def _digest(tensors: dict[str, Tensor], counters: dict[str, str]) -> str:
    digest = hashlib.sha256(repr(sorted(counters.items())).encode())
    for name in sorted(tensors):
        array = tensors[name].contiguous().numpy()
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(array.reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    try:
        with safe_open(path, "pt") as file:
            counters = dict(file.metadata() or {})
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
        checksum = counters.pop("sha256", "")
        digest = _digest(tensors, counters)
    except FileNotFoundError:
        raise RunError(f"{path}: there is no checkpoint; expected the file that a training run writes") from None
    except (OSError, SafetensorError, ValueError, RuntimeError, TypeError, KeyError) as error:
        raise RunError(f"{path} is damaged: {_first_line(error)}; expected what training writes") from None
    if checksum != digest or set(counters) != {*_COUNTERS, _DEBT}:
        raise RunError(f"{path} is damaged: its checksum does not fit; expected a checkpoint as training writes it")
    return tensors, counters


def _first_line(error: Exception) -> str:
    text = str(error).splitlines()
    return text[0] if text else type(error).__name__


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
