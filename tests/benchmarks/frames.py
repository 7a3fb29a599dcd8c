"""What keeping frames takes: bytes of frames.bin, and its share of training, by processor time.

python -m tests.benchmarks.frames [LEVEL …]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from agent.reinforce.settings import settings_for
from agent.runs.frames import FILE, Frames, FrameWriter
from agent.runs.run import create
from game.world.catalog import load
from tests.benchmarks.measure import machine

LEVELS = ("frozen_lake", "frozen_lake_8x8", "cliff", "four_rooms", "coins", "maze:31", "maze:63")


def main(levels: list[str]) -> None:
    """One line for each level, trained with its defaults."""
    print(machine())
    print(f"{'level':>16} {'updates':>8} {'kept':>6} {'kB':>7} {'share of training':>18}")
    for name in levels:
        world = load(name)
        settings = settings_for(world.dynamics)
        spent = 0.0
        with tempfile.TemporaryDirectory() as folder:
            run = create(Path(folder), world.with_options(settings.discount, settings.max_steps), settings)

            def timed(function: str, real: FrameWriter = run.frames) -> mock._patch[Callable[..., None]]:
                bound = getattr(real, function)

                def call(*arguments: object) -> None:
                    nonlocal spent
                    began = time.process_time()
                    bound(*arguments)
                    spent += time.process_time() - began

                return mock.patch.object(real, function, new=call)

            with timed("add"), timed("flush"):
                run.trainer.prepare()
                began = time.process_time()
                for _ in run.updates():
                    pass
                whole = time.process_time() - began
            size = (run.folder / FILE).stat().st_size
            kept = len(Frames(run.folder, world.dynamics).updates)
            print(f"{name:>16} {run.trainer.update:8,} {kept:6,} {size / 1000:7,.0f} {spent / whole:18.1%}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(LEVELS))
