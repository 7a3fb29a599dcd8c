"""The kept frames of a run: π, the shown episode and the credit block of as many updates as fit.

``docs/frames.md`` states the format of the file.  Probabilities are kept to 1/65,520, credit to 1/32,767 of its
table's largest entry, an episode as its start, its actions and its outcomes, from which the world's blocks give the
rest.  Every ``stride``-th update is kept: 1 at first (more where a table is large), and whenever the file outgrows its
limit, every second frame goes and the stride doubles.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.runs.frame_blocks import (
    ENTRIES,
    HEAD,
    Block,
    block_of,
    frame_of,
    gathered,
    packed,
    read_block,
    read_blocks,
    some,
)
from game.errors import RunError
from game.files import write_whole
from game.snapshots.snapshot import Frame, Snapshot
from game.world.dynamics import Dynamics

FILE = "frames.bin"
#: A file's bytes, beyond which every second frame goes.
LIMIT = 20_000_000
#: Entries (S · A) of a table that is kept in every update at first.
EVERY = 1024


def first_stride(dynamics: Dynamics) -> int:
    """Every how many updates a frame is kept at first: a power of 2, so that keeping costs a small share of time."""
    stride = 1
    while dynamics.n_states * dynamics.n_actions > EVERY * stride:
        stride *= 2
    return stride


class FrameWriter:
    """Appends to the frames of one run; frames from after ``from_update`` are dropped first.

    ``stride``: every how many updates a frame is kept; ``note`` is a sentence for a person, or "".  Raises OSError
    where the file cannot be written.
    """

    def __init__(self, folder: Path, dynamics: Dynamics, from_update: int, limit: int = LIMIT) -> None:
        self.path, self.dynamics, self.limit = folder / FILE, dynamics, limit
        self.pending: list[Snapshot] = []
        self.waiting: list[bytes] = []
        self.note = ""
        blocks = self._kept()
        blocks = [some(block, (block["update"] <= from_update) & (block["scale"] >= 0.0)) for block in blocks]
        updates = np.concatenate([np.zeros(0, np.int64), *(block["update"] for block in blocks)])
        self.stride = int(np.diff(updates).min()) if len(updates) > 1 else first_stride(dynamics)
        self._write(blocks)

    def _kept(self) -> list[Block]:
        """The frames in the file; a damaged one is put aside, since learning can go on without it."""
        if not self.path.exists():
            return []
        try:
            return self._read()
        except RunError as error:
            aside = self.path.with_name(f"damaged-{FILE}")
            self.path.replace(aside)
            self.note = f"{error}; it is now {aside.name}, and frames are kept anew"
            return []

    def _read(self) -> list[Block]:
        return [block for _, block in read_blocks(self.path.read_bytes(), self.path, self.dynamics)]

    def _write(self, blocks: list[Block]) -> None:
        kept = gathered([block for block in blocks if len(block["update"])])
        write_whole(self.path, HEAD + b"".join(map(packed, kept)))
        self.end = self.path.stat().st_size

    def add(self, snapshot: Snapshot) -> None:
        """Keep an update's frame, if it is one of those that are kept."""
        if (snapshot.update - 1) % self.stride == 0:
            self.pending.append(snapshot)
            if len(self.pending) * snapshot.probabilities.size >= ENTRIES:
                self._encode()

    def flush(self, update: int, probabilities: NDArray[np.float64]) -> None:
        """Write what was added since the last call, then the policy (S, A) that ``update`` updates have led to."""
        if self.pending:
            self._encode()
        blocks = b"".join(self.waiting)
        last = packed(block_of([Frame(update + 1, probabilities, None, None, 0, 0.0)], self.dynamics))
        with self.path.open("r+b") as file:
            file.truncate(self.end)  # so that what a kill cuts short ends before its length says
            file.seek(self.end)
            file.write(blocks + last)
            file.flush()
            os.fsync(file.fileno())
        self.waiting.clear()
        self.end += len(blocks)
        if self.end + len(last) > self.limit and self._thin():
            self.flush(update, probabilities)

    def _thin(self) -> bool:
        """Drop every second frame; false where there is but one."""
        self.stride *= 2
        size = self.end
        blocks = [block for block in self._read() if block["scale"][0] >= 0.0]
        self._write([some(block, (block["update"] - 1) % self.stride == 0) for block in blocks])
        return self.end < size

    def _encode(self) -> None:
        frames = [
            Frame(
                update=snapshot.update,
                probabilities=snapshot.probabilities,
                credit=snapshot.credit,
                episode=snapshot.episode,
                length=len(snapshot.episode),
                total_return=float(snapshot.returns[0]),
            )
            for snapshot in self.pending
        ]
        self.waiting.append(packed(block_of(frames, self.dynamics)))
        self.pending.clear()


class Frames:
    """The frames of one run, read block by block; may be used from several threads.

    Raises :class:`~game.errors.RunError` where there are none, or the file is damaged or of another level.
    """

    def __init__(self, folder: Path, dynamics: Dynamics) -> None:
        self.path, self.dynamics = folder / FILE, dynamics
        try:
            self._data = self.path.read_bytes()
        except OSError as error:
            reason = "there are no frames of this run" if isinstance(error, FileNotFoundError) else error.strerror
            raise RunError(f"{self.path}: {reason}; expected the file that training writes") from None
        updates: list[NDArray[np.int64]] = []
        self._place: list[tuple[int, int]] = []
        for start, block in read_blocks(self._data, self.path, dynamics):
            updates.append(block["update"])
            self._place += [(start, index) for index in range(len(block["update"]))]
        if not updates:
            raise RunError(f"{self.path} is damaged: it holds no frame; expected what training writes")
        self.updates: NDArray[np.int64] = np.concatenate(updates)
        self._newest: tuple[int, Block] = (-1, {})

    def frame(self, index: int) -> Frame:
        """The frame of ``updates[index]``."""
        start, place = self._place[index]
        kept, block = self._newest
        if kept != start:
            block = read_block(self._data, start, self.path, self.dynamics)
            self._newest = (start, block)
        return frame_of(block, place, self.dynamics)
