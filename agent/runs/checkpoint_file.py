"""A checkpoint's file as numpy arrays, held to its checksum: looking at a policy need not wait for torch.

A file is there whole or not at all; the one before is read where the newest is damaged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from agent.runs.folder import NEWEST, PREVIOUS
from game.errors import RunError

#: The counters that every checkpoint has, beside its arrays.
COUNTERS = ("update", "episodes", "steps", "seconds", "exact_debt")


def read_newest(folder: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str], str]:
    """The arrays and the counters of a run's newest checkpoint, and a sentence for a person, or "".

    Where the newest is damaged the previous one is taken, and the sentence says so.  Raises
    :class:`~game.errors.RunError` where neither can be read.
    """
    newest, previous = folder / NEWEST, folder / PREVIOUS
    try:
        return *_read(newest), ""
    except RunError as error:
        if not previous.exists():
            raise
        arrays, counters = _read(previous)
        return arrays, counters, f"{error}; the previous checkpoint, of update {counters['update']}, is used instead"


def digest(arrays: Mapping[str, NDArray[Any]], counters: Mapping[str, str]) -> str:
    """The checksum over every byte of a checkpoint's content."""
    sha256 = hashlib.sha256(repr(sorted(counters.items())).encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name]).reshape(arrays[name].shape)
        sha256.update(f"{name} {array.dtype} {array.shape}".encode())
        sha256.update(array.reshape(-1).view(np.uint8).data)
    return sha256.hexdigest()


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    text = str(error).splitlines()
    return text[0] if text else type(error).__name__


def _read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    try:
        with safe_open(path, "np") as file:
            counters = dict(file.metadata() or {})
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
        checksum = counters.pop("sha256", "")
        found = digest(arrays, counters)
    except FileNotFoundError:
        raise RunError(f"{path}: there is no checkpoint; expected the file that a training run writes") from None
    except (OSError, SafetensorError, ValueError, RuntimeError, TypeError, KeyError, AttributeError) as error:
        raise RunError(f"{path} is damaged: {first_line(error)}; expected what training writes") from None
    if checksum != found or set(counters) != set(COUNTERS):
        raise RunError(f"{path} is damaged: its checksum does not fit; expected a checkpoint as training writes it")
    return arrays, counters
