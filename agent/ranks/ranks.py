"""The processes of one run: how many there are, which one this is, and what they tell each other.

``torchrun`` starts the processes, ranks 0 … ``size`` − 1, and names them in the environment.  They speak over
``torch.distributed`` with gloo.  A process alone never imports it.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.errors import RanksError

#: Seconds that rank 0 waits for another one before that counts as lost; one that dies is noticed at once.
PATIENCE = 600.0
#: Seconds that the others wait for rank 0, whose window may be paused.
PATIENCE_WITH_A_PERSON = 86_400.0


class Ranks:
    """The ranks of a run.

    ``rank`` is the number of this one and ``size`` how many there are; ``neighbours`` of them, this one included,
    are on this machine.  ``stopping`` is set, from a signal handler too, when this rank was asked to end: it says
    so in the next update instead of taking part in it.
    """

    def __init__(self, rank: int = 0, size: int = 1, neighbours: int = 1) -> None:
        self.rank, self.size, self.neighbours = rank, size, neighbours
        self.stopping = False

    @property
    def threads(self) -> int | None:
        """Threads for the rollouts of this rank: its part of the cores; None, for all of them, where it is alone."""
        if self.size == 1:
            return None
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return max(1, cores // self.neighbours)

    def share(self, count: int) -> tuple[int, int]:
        """This rank's part of the episodes 0 … ``count`` − 1: the number of its first one, and how many."""
        first, end = (count * edge // self.size for edge in (self.rank, self.rank + 1))
        return first, end - first

    def stop(self) -> None:
        """Say in the next update that this rank was asked to end; a signal handler may call it."""
        self.stopping = True

    def join(self) -> None:
        """Meet the other ranks; returns when all are there.  Raises :class:`~game.errors.RanksError`."""
        if self.size == 1:
            return
        from datetime import timedelta

        from torch import distributed

        patience = PATIENCE if self.rank == 0 else PATIENCE_WITH_A_PERSON
        with self._reaching():
            distributed.init_process_group("gloo", timeout=timedelta(seconds=patience))
        # Its threads end before Python does: left running, they now and then abort a process that has done its work.
        atexit.register(distributed.destroy_process_group)

    def reduce(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        """The sum over all ranks of an array (M,) float64, the same bits on each of them; ``numbers`` is overwritten.

        Raises :class:`~game.errors.RanksError` where another rank has gone.
        """
        if self.size > 1:
            import torch
            from torch import distributed

            with self._reaching():
                distributed.all_reduce(torch.from_numpy(numbers))
        return numbers

    def broadcast(self, message: Any = None) -> Any:
        """What rank 0 says, on every rank; the others wait for it.  Raises :class:`~game.errors.RanksError`."""
        if self.size == 1:
            return message
        from torch import distributed

        box = [message]
        with self._reaching():
            distributed.broadcast_object_list(box, src=0)
        return box[0]

    def dismiss(self) -> None:
        """Rank 0 tells the others that there is nothing more to do.  Raises as ``broadcast``."""
        self.broadcast(None)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except (RuntimeError, ValueError) as error:  # gloo's own, such as "Connection closed by peer"
            raise RanksError(f"one of the {self.size} processes of this run has ended, or cannot be reached") from error


def ranks_here() -> Ranks:
    """The ranks that ``torchrun`` names in the environment; a process that it did not start is alone."""
    names = ("RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR")
    if any(name not in os.environ for name in names):
        return Ranks()
    return Ranks(*(int(os.environ[name]) for name in names[:3]))
