"""The blocks of a file of frames: arrays of whole numbers, compressed, each with a checksum (``docs/frames.md``)."""

from __future__ import annotations

import dataclasses
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from agent.reinforce.rollout import recorded
from game.errors import RunError
from game.snapshots.snapshot import Frame, Trajectory
from game.world.dynamics import Dynamics

#: The arrays of some frames by name.
Block: TypeAlias = dict[str, "NDArray[Any]"]

HEAD = b"arrowgrad frames 1\n"
#: Steps of an episode that are kept.
STEPS = 2000
#: Probabilities are kept in parts of this many: a multiple of 2 to 10, so that 1/3, 1/4, 1/5 … are exact.
PARTS = 65_520
CREDIT_PARTS = 32_767
#: Entries (frames · S · A) of a block, about.
ENTRIES = 2**17
_SIZES = struct.Struct("<II")  # a block's bytes, and their CRC-32


def block_of(frames: list[Frame], dynamics: Dynamics) -> Block:
    """Frames as arrays of whole numbers, with scale −1 where a frame has neither credit nor episode."""
    S, A = dynamics.n_states, dynamics.n_actions
    credit = np.zeros((len(frames), S, A), np.int16)
    scale = np.full(len(frames), -1.0)
    start, steps = np.zeros(len(frames), np.int32), np.zeros(len(frames), np.int32)
    episodes = []
    for index, frame in enumerate(frames):
        if frame.credit is None or frame.episode is None:
            continue
        scale[index] = largest = max(float(frame.credit.max()), -float(frame.credit.min()))
        if largest > 0.0:
            credit[index] = np.rint(frame.credit * (CREDIT_PARTS / largest))
        episodes.append(frame.episode.until(STEPS))
        start[index], steps[index] = frame.episode.states[0], len(episodes[-1])
    return {
        "update": np.array([frame.update for frame in frames], np.int64),
        "policy": np.rint(np.stack([frame.probabilities for frame in frames]) * PARTS).astype(np.uint16),
        "credit": credit,
        "scale": scale,
        "length": np.array([frame.length for frame in frames], np.int64),
        "return": np.array([frame.total_return for frame in frames]),
        "start": start,
        "steps": steps,
        "places": _happened([episode for episode in episodes if len(episode)], dynamics),
    }


def _happened(episodes: list[Trajectory], dynamics: Dynamics) -> NDArray[np.uint32]:
    """(Σ T,) uint32: which action, and which of its outcomes, as action · K + outcome."""
    if not episodes:
        return np.zeros(0, np.uint32)
    actions = np.concatenate([episode.actions for episode in episodes])
    taken = (np.concatenate([episode.states[:-1] for episode in episodes]), actions)
    there = np.concatenate([episode.states[1:] for episode in episodes])
    paid = np.concatenate([episode.rewards for episode in episodes])
    ended = np.zeros(len(actions), np.bool_)
    ended[np.cumsum([len(episode) for episode in episodes]) - 1] = [episode.terminated for episode in episodes]
    same = dynamics.next_state[taken] == there[:, None]
    same &= dynamics.reward[taken] == paid[:, None]
    same &= dynamics.ends[taken] == ended[:, None]
    same &= dynamics.probability[taken] > 0.0
    places: NDArray[np.uint32] = (actions * dynamics.n_outcomes + same.argmax(axis=1)).astype(np.uint32)
    return places


def frame_of(block: Block, index: int, dynamics: Dynamics) -> Frame:
    """A frame again; ``dynamics`` are those of the run."""
    weights = block["policy"][index].astype(np.float64)
    probabilities = weights / weights.sum(axis=1, keepdims=True)
    update, scale = int(block["update"][index]), float(block["scale"][index])
    if scale < 0.0:
        return Frame(update, probabilities, None, None, 0, 0.0)
    first, count = int(block["steps"][:index].sum()), int(block["steps"][index])
    actions, outcomes = np.divmod(block["places"][first : first + count].astype(np.int32), dynamics.n_outcomes)
    states = np.empty(count + 1, np.int32)
    states[0] = block["start"][index]
    for step in range(count):
        states[step + 1] = dynamics.next_state[states[step], actions[step], outcomes[step]]
    episode = recorded(dynamics, probabilities, states, actions, outcomes)
    length = int(block["length"][index])
    if length > count:  # its end was not kept
        episode = dataclasses.replace(episode, terminated=False, truncated=False, goal=False)
    credit = block["credit"][index] * (scale / CREDIT_PARTS)
    return Frame(update, probabilities, credit, episode, length, float(block["return"][index]))


def some(block: Block, kept: NDArray[np.bool_]) -> Block:
    """The frames of a block for which ``kept`` (n,) is true."""
    steps = block["steps"]
    return {name: array[np.repeat(kept, steps) if name == "places" else kept] for name, array in block.items()}


def gathered(blocks: list[Block]) -> Iterator[Block]:
    """The same frames in blocks of about ENTRIES entries."""
    parts: list[Block] = []
    for block in blocks:
        parts.append(block)
        if sum(part["policy"].size for part in parts) >= ENTRIES:
            yield {name: np.concatenate([part[name] for part in parts]) for name in block}
            parts = []
    if parts:
        yield {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def packed(block: Block) -> bytes:
    """A block as it stands in the file."""
    stored = dict(block)
    stored["policy"] = np.diff(block["policy"], axis=0, prepend=np.zeros((1, *block["policy"].shape[1:]), np.uint16))
    for name in ("policy", "credit"):  # the high bytes apart: most are 0
        stored[name] = np.ascontiguousarray(stored[name].view(np.uint8).reshape(-1, 2).T)
    deflate = zlib.compressobj(1, strategy=zlib.Z_RLE)  # as small as by default here, and faster
    data = deflate.compress(save(stored)) + deflate.flush()
    return _SIZES.pack(len(data), zlib.crc32(data)) + data


def read_blocks(data: bytes, path: Path, dynamics: Dynamics) -> Iterator[tuple[int, Block]]:
    """Where each block of a file's ``data`` begins, and its frames; a last one that was cut short is left out.

    Raises :class:`~game.errors.RunError` where they are damaged, or frames of another level than ``dynamics``.
    """
    if not data.startswith(HEAD):
        raise RunError(f"{path} is damaged: it does not begin as the frames of a run do; expected what training writes")
    start = len(HEAD)
    while start + _SIZES.size <= len(data):
        size, _ = _SIZES.unpack_from(data, start)
        if start + _SIZES.size + size > len(data):
            return
        yield start, read_block(data, start, path, dynamics)
        start += _SIZES.size + size


def read_block(data: bytes, start: int, path: Path, dynamics: Dynamics) -> Block:
    """The block that begins at ``start``."""
    size, checksum = _SIZES.unpack_from(data, start)
    packed_block = data[start + _SIZES.size : start + _SIZES.size + size]
    if zlib.crc32(packed_block) != checksum:
        raise RunError(f"{path} is damaged: a checksum does not fit; expected the frames that training writes")
    try:
        block: Block = dict(load(zlib.decompress(packed_block)))
        shape = (len(block["update"]), dynamics.n_states, dynamics.n_actions)
        for name, kind in (("policy", np.uint16), ("credit", np.int16)):
            block[name] = np.ascontiguousarray(block[name].T).view(kind).reshape(shape)
    except (zlib.error, SafetensorError, KeyError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise RunError(f"{path} holds frames of another level ({reason}); expected those of this run") from None
    block["policy"] = np.cumsum(block["policy"], axis=0, dtype=np.uint16)
    return block
