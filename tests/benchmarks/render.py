"""How much faster ``BoardImage`` draws FrozenLake's 8×8 map than Gymnasium draws it, at 512 by 512 pixels.

SDL_VIDEODRIVER=dummy python -m tests.benchmarks.render
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

ROUNDS, FRAMES = 5, 40


def measure(draw: Callable[[int], object]) -> float:
    """Median seconds of one frame."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for frame in range(FRAMES):
            draw(frame)
        rounds.append((time.perf_counter() - began) / FRAMES)
    return statistics.median(rounds)


def ratio() -> tuple[float, float]:
    """Seconds of one frame: Gymnasium's, and ours."""
    import gymnasium

    from game.env.picture import BoardImage
    from game.world.catalog import load

    lake = gymnasium.make("FrozenLake-v1", map_name="8x8", render_mode="rgb_array").unwrapped
    lake.reset(seed=0)
    layout = load("frozen_lake_8x8").dynamics.layout
    assert layout is not None
    picture = BoardImage(layout, 512)

    def theirs(frame: int) -> object:
        lake.s = frame % 64  # type: ignore[attr-defined]
        lake.lastaction = frame % 4  # type: ignore[attr-defined]
        return lake.render()

    actions = ("left", "down", "right", "up")
    shape = picture.draw(0).shape
    assert shape == (512, 512, 3), shape
    return measure(theirs), measure(lambda frame: picture.draw(frame % 64, actions[frame % 4]))


def main() -> None:
    """Print both times and their ratio."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    theirs, ours = ratio()
    print(
        f"gymnasium FrozenLake 8x8: {1e3 * theirs:.3f} ms, BoardImage: {1e3 * ours:.3f} ms: {theirs / ours:.1f} times"
    )


if __name__ == "__main__":
    main()
