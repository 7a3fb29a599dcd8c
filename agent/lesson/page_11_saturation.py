"""Page 11: when learning gets stuck.  Single episodes against batches on the level ``saturation``, live."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from agent.exact.exact import Exact
from agent.lesson.contents import TITLES
from agent.lesson.maths.saturation import STUCK, Run, run
from agent.lesson.notation import EQUATIONS
from game.snapshots.lesson_page import BoardPart, Card, Curve, Number, Numbers, Page, Plot, Words
from game.world.catalog import load
from game.world.dynamics import Dynamics

if TYPE_CHECKING:
    from agent.lesson.example import Controls

#: Episodes of every run; the batch of the runs that are compared; and the place to watch: π(←) in the start cell.
EPISODES, PLACE = 300, (1, 0)


@cache
def world() -> Dynamics:
    """The level, a small goal beside the start and a large one far away."""
    return load("saturation").dynamics


@cache
def _best() -> float:
    return Exact(world()).optimum().objective


class Runs:
    """The runs so far, kept by their settings; one more of each kind is added by each call of :meth:`more`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[float, int, int], Run] = {}

    def more(self, rate: float, batch: int, seeds: int) -> list[Run]:
        """The runs of seeds 0 … with this learning rate and batch, after one more where some are missing."""
        keys = [(rate, batch, seed) for seed in range(seeds)]
        missing = next((key for key in keys if key not in self._kept), None)
        if missing is not None:
            self._kept[missing] = run(
                world(), PLACE, episodes=EPISODES, batch=batch, learning_rate=rate, seed=missing[2]
            )
        return [self._kept[key] for key in keys if key in self._kept]


def page(controls: Controls, runs: Runs) -> Page:
    """The page for these sliders, with one more run than it had before."""
    rate = controls.slider("rate_stuck", "α", (0.2, 1.6, 0.1), 0.8, "ink", 1)
    exponent = controls.slider("batch_stuck", "N of a batch", (1.0, 6.0, 1.0), 4.0, "ink", 0, power=True)
    seeds = controls.slider("seeds", "seeds", (1.0, 20.0, 1.0), 12.0, "ink", 0)
    batch, wanted = int(2**exponent.value), int(seeds.value)
    single, batched = runs.more(rate.value, 1, wanted), runs.more(rate.value, batch, wanted)
    done = min(len(single), len(batched))
    single, batched = single[:done], batched[:done]
    left, right = (sum(one.stuck for one in some) for some in (single, batched))
    return Page(
        number=11,
        title=TITLES[11],
        equations="(4)",
        left=(
            Card(
                "Certain too early",
                (
                    EQUATIONS[4],
                    BoardPart("level", world(), single[-1].probabilities),
                    Words(f"The policy after the last run of single episodes, seed {done - 1}.", "quiet"),
                    Words(
                        "The square beside the start pays 1, the flag far away 10. No return is negative, so whatever "
                        "was tried becomes more probable. After a few lucky finds of the square hardly anything else "
                        "is tried, and where π is nearly 1, ∇ ln π is nearly 0: J is flat there."
                    ),
                    Words(
                        "Random are the episodes. The same number of episodes in batches averages first and steps "
                        f"then. A run is stuck when π(←|1) ends above {STUCK}."
                    ),
                    Numbers(
                        (
                            Number("runs_done", "runs of each kind so far", float(done), 0),
                            Number("stuck_single", "stuck, N = 1", float(left), 0, "policy", True),
                            Number("share_single", "share stuck, N = 1", left / done, 2, "policy", True),
                            Number("stuck_batch", f"stuck, N = {batch}", float(right), 0, "policy", True),
                            Number("share_batch", f"share stuck, N = {batch}", right / done, 2, "policy", True),
                            Number("mean_single", "mean J, N = 1", _mean(single), 3, "policy", True),
                            Number("mean_batch", f"mean J, N = {batch}", _mean(batched), 3, "policy", True),
                            Number("optimum", "best possible", _best(), 3, "truth"),
                        )
                    ),
                ),
            ),
        ),
        right=(
            Card("N = 1: one episode a step", (_plot("single", single, 1),), f"{EPISODES} episodes a run"),
            Card(f"N = {batch}: a batch a step", (_plot("batches", batched, batch),), f"{EPISODES} episodes a run"),
        ),
        sliders=(rate, exponent, seeds),
        share=0.46,
        unfinished=done < wanted,
    )


def _mean(some: list[Run]) -> float:
    """The mean over runs of the J that each ended with."""
    return float(np.mean([one.objective for one in some]))


def _plot(name: str, some: list[Run], batch: int) -> Plot:
    """π(←|1) over the episodes of each run."""
    curves = []
    for seed, one in enumerate(some):
        episodes = np.minimum(np.arange(len(one.chance)) * float(batch), EPISODES)
        curves.append(Curve(f"seed_{seed}", "", episodes, one.chance, "line", "policy", answer=True))
    return Plot(name, "episodes", "π(←|1), one curve a seed", tuple(curves), y_span=(0.0, 1.0))
