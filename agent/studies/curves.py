"""Learning curves of finished runs: their metrics, pooled over seeds.

Nothing is trained here, and no parameters are read: a run's settings, its level and its ``metrics.csv`` say it all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.exact.exact import Exact
from agent.reinforce.settings import Settings
from agent.runs.folder import SavedRun
from agent.runs.metrics import FILE, read_columns
from agent.studies.compare import bootstrap_band, interquartile_mean
from game.errors import RunError
from game.snapshots.curves import Band, Learned, Pool
from game.world.gym_tables import fingerprint

#: At most this many points of a curve; the returns of neighbouring updates are averaged.
POINTS = 100
#: More curves than this cannot be told apart in one picture.
MOST = 7
#: How a setting is called in a legend: these by their value alone or by their sign, others by their own name.
PLAIN = ("estimator", "optimizer", "hidden", "features")
SIGNS = {"batch": "N", "learning_rate": "α"}
#: What may differ between the runs of one curve: a longer run is the same run at first.
FREE = ("seed", "episodes")
WANTED = ("update", "episodes", "mean_return", "objective")


@dataclass(frozen=True, slots=True, eq=False)
class Metrics:
    """The metrics of one run: ``before`` (U,) int64 are the episodes before each update, ``returns`` (U,) the batch's
    mean return, ``objective`` (U,) the exact J, nan where it was not computed.  All belong to θ before the update."""

    before: NDArray[np.int64]
    returns: NDArray[np.float64]
    objective: NDArray[np.float64]


def learned(runs: Sequence[SavedRun]) -> tuple[Learned, list[str]]:
    """The curves of some runs of one level, and sentences for a person.  Raises RunError."""
    _require_one_level(runs)
    notes: list[str] = []
    groups: dict[Settings, dict[int, tuple[SavedRun, Metrics]]] = {}
    for run in runs:
        metrics = read_metrics(run.folder / FILE)
        group = groups.setdefault(replace(run.settings, seed=0, episodes=1), {})
        same = group.get(run.settings.seed)
        if same is not None:
            notes.append(f"{run.folder} and {same[0].folder} have the same settings and seed; the longer one is drawn.")
        if same is None or len(metrics.before) > len(same[1].before):
            group[run.settings.seed] = (run, metrics)
    if len(groups) > MOST:
        raise RunError(f"the runs have {len(groups)} different settings; expected at most {MOST}, one a curve")
    different = _different(list(groups))
    pools = [
        _pool(_label(settings, different), settings.estimator == "exact", {s: group[s][1] for s in sorted(group)})
        for settings, group in groups.items()
    ]
    world = runs[0].world
    exact = Exact(world.dynamics)
    common = _label(next(iter(groups)), [name for name in ("estimator", "batch") if name not in different])
    best = exact.best_for_policy() if exact.affordable else None
    return Learned(world.title, common, best, tuple(pools)), notes


def _require_one_level(runs: Sequence[SavedRun]) -> None:
    """Raise RunError where returns of the runs cannot be compared."""
    first = runs[0]
    for run in runs[1:]:
        if run.world.name != first.world.name or fingerprint(run.world.dynamics) != fingerprint(first.world.dynamics):
            same = ", but the files differ" if run.world.name == first.world.name else ""
            raise RunError(
                f"{first.folder} is a run of '{first.world.name}' and {run.folder} of '{run.world.name}'{same}; "
                "expected runs of one level, since returns of two levels cannot be compared"
            )
        for name, sign in (("discount", "γ"), ("max_steps", "a cap of")):
            one, other = getattr(first.settings, name), getattr(run.settings, name)
            if one != other:
                raise RunError(
                    f"{first.folder} has {sign} {one:.12g} and {run.folder} {sign} {other:.12g}; "
                    "expected the same, since their returns are different quantities"
                )


def read_metrics(path: Path) -> Metrics:
    """The metrics of a run; a last row that a kill cut short is left out.  Raises RunError."""
    columns = read_columns(path, WANTED)
    if not len(columns["update"]):
        raise RunError(f"{path} holds no update yet; expected a run that has learned something")
    before = np.concatenate([[0], columns["episodes"][:-1].astype(np.int64)])
    return Metrics(before, columns["mean_return"], columns["objective"])


# -- pooling --------------------------------------------------------------------------------------------------------


def band(episodes: NDArray[np.float64], runs: NDArray[np.float64]) -> Band:
    """A band over ``runs`` (n, P): the same middle and the same interval as in a comparison."""
    low, high = bootstrap_band(runs)
    return Band(episodes, runs, interquartile_mean(runs), low, high)


def returns_band(metrics: Sequence[Metrics]) -> tuple[Band, int]:
    """The mean returns of runs as far as the shortest goes, and how many updates each point is the mean of."""
    updates = min(len(run.before) for run in metrics)
    size = -(-updates // POINTS)
    starts = np.arange(0, updates, size)
    counts = np.diff(np.append(starts, updates))
    before, *table = (
        np.add.reduceat(row, starts) / counts
        for row in (metrics[0].before[:updates].astype(float), *(run.returns[:updates] for run in metrics))
    )
    return band(before, np.stack(table)), size


def objective_band(metrics: Sequence[Metrics]) -> Band | None:
    """The exact J of runs where all have it: at the updates of any of them, by straight lines in between.

    None where no stretch of training has J in every run.
    """
    known = [(run.before[done].astype(float), run.objective[done]) for run in metrics if (done := _done(run)).any()]
    if len(known) < len(metrics):
        return None
    first, last = max(x[0] for x, _ in known), min(x[-1] for x, _ in known)
    points = np.unique(np.concatenate([x for x, _ in known]))
    points = points[(points >= first) & (points <= last)]
    if not len(points):
        return None
    points = points[np.unique(np.linspace(0, len(points) - 1, POINTS).round().astype(int))]
    return band(points, np.stack([np.interp(points, x, y) for x, y in known]))


def _done(run: Metrics) -> NDArray[np.bool_]:
    return np.isfinite(run.objective)


def _pool(label: str, exact: bool, runs: dict[int, Metrics]) -> Pool:
    metrics = list(runs.values())
    returns, size = returns_band(metrics)
    return Pool(label, exact, tuple(runs), returns, size, objective_band(metrics))


def _different(settings: list[Settings]) -> list[str]:
    """The names of settings in which some differ, in their order."""
    names = [field.name for field in fields(Settings) if field.name not in FREE]
    return [name for name in names if len({getattr(one, name) for one in settings}) > 1]


def _label(settings: Settings, names: list[str]) -> str:
    """These settings for a legend, such as ``baseline, N = 10``."""
    shown = {name: _shown(getattr(settings, name)) for name in names}
    return ", ".join(text if name in PLAIN else f"{SIGNS.get(name, name)} = {text}" for name, text in shown.items())


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "MLP " + "×".join(map(str, value)) if value else "tabular"
    return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)
