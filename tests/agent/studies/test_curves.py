"""Learning curves of finished runs: numbers worked by hand, pooling over seeds, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.reinforce.settings import settings_for
from agent.runs.folder import SavedRun, describe, open_run
from agent.studies.curves import Metrics, learned, objective_band, read_metrics, returns_band
from game.errors import ArrowgradError
from game.view.figures.comparison import EXACT_STYLE
from game.view.figures.curves import looks
from game.world.catalog import load

HEADER = "update,episodes,steps,mean_return,objective"
ROWS = ["1,10,80,-3.5,-4.0", "2,20,150,-2.5,", "3,25,180,-1.5,-2.0"]


def written(folder: Path, rows: list[str], level: str = "line_world", **given: Any) -> SavedRun:
    """A run's folder without parameters."""
    folder.mkdir()
    world = load(level)
    settings = settings_for(world.dynamics, **given)
    describe(folder, world.with_options(settings.discount, settings.max_steps), settings)
    (folder / "metrics.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    return open_run(folder)


def metrics(returns: list[float], objective: list[float], batch: int = 10) -> Metrics:
    return Metrics(np.arange(len(returns)) * batch, np.array(returns), np.array(objective))


def same(values: NDArray[np.float64], expected: list[float]) -> None:
    np.testing.assert_allclose(values, expected, rtol=1e-12)


def test_a_row_stands_at_the_episodes_before_its_update(tmp_path: Path) -> None:
    read = read_metrics(written(tmp_path / "a", ROWS).folder / "metrics.csv")
    assert read.before.tolist() == [0, 10, 20]
    assert read.returns.tolist() == [-3.5, -2.5, -1.5]
    assert read.objective[[0, 2]].tolist() == [-4.0, -2.0]
    assert np.isnan(read.objective[1])


def test_a_last_row_that_a_kill_cut_short_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "a", ROWS).folder / "metrics.csv"
    path.write_text("\n".join([HEADER, *ROWS])[:-6])
    assert read_metrics(path).before.tolist() == [0, 10]


def test_the_middle_of_four_seeds_is_the_mean_of_the_middle_two() -> None:
    part, size = returns_band([metrics([r, 2 * r], [np.nan] * 2) for r in (1.0, 2.0, 4.0, 100.0)])
    assert size == 1
    same(part.episodes, [0.0, 10.0])
    same(part.middle, [3.0, 6.0])  # a quarter of four is one run at either end: (2 + 4) / 2
    assert (part.low <= part.middle).all()
    assert (part.middle <= part.high).all()


def test_returns_reach_as_far_as_the_shortest_run_and_neighbours_are_averaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.studies.curves.POINTS", 2)
    one, other = metrics([1, 3, 5], [np.nan] * 3), metrics([3, 5, 9, 99], [np.nan] * 4)
    part, size = returns_band([one, other])
    assert size == 2
    same(part.episodes, [5.0, 20.0])  # of updates at 0 and 10, and of the one at 20
    same(part.middle, [3.0, 7.0])  # ((1 + 3)/2 + (3 + 5)/2)/2, and (5 + 9)/2


def test_j_lies_on_a_straight_line_between_the_updates_that_have_it() -> None:
    gap = np.nan
    part = objective_band([metrics([0] * 3, [-4.0, gap, -2.0]), metrics([0] * 3, [-6.0, -4.0, 0.0])])
    assert part is not None
    same(part.episodes, [0.0, 10.0, 20.0])
    same(part.runs[0], [-4.0, -3.0, -2.0])
    same(part.middle, [-5.0, -3.5, -1.0])


def test_j_is_drawn_only_where_every_run_has_it() -> None:
    gap = np.nan
    assert objective_band([metrics([0, 0], [1.0, 2.0]), metrics([0, 0], [gap, gap])]) is None
    assert objective_band([metrics([0, 0], [1.0, gap]), metrics([0, 0], [gap, 1.0])]) is None


def test_seeds_are_pooled_and_other_settings_are_curves_of_their_own(tmp_path: Path) -> None:
    runs = [
        written(tmp_path / "a", ROWS, seed=1, batch=10),
        written(tmp_path / "b", ROWS, seed=0, batch=10, episodes=77),
        written(tmp_path / "c", ROWS, seed=1, batch=10, hidden=(8, 8), learning_rate=0.1),
    ]
    curves, notes = learned(runs)
    assert notes == []
    assert [(pool.label, pool.seeds) for pool in curves.pools] == [("tabular", (0, 1)), ("MLP 8×8", (1,))]
    assert (curves.title, curves.settings) == (runs[0].world.title, "baseline, N = 10")
    assert curves.best == pytest.approx(0.77741, abs=5e-6)  # the published optimum


def test_one_run_given_twice_is_drawn_once_and_said(tmp_path: Path) -> None:
    short, long = written(tmp_path / "a", ROWS[:2]), written(tmp_path / "b", ROWS)
    curves, notes = learned([short, long])
    assert curves.pools[0].seeds == (0,)
    assert len(curves.pools[0].returns.episodes) == 3
    assert notes == [f"{long.folder} and {short.folder} have the same settings and seed; the longer one is drawn."]


def test_what_cannot_be_drawn_together_is_refused(tmp_path: Path) -> None:
    first = written(tmp_path / "a", ROWS)
    with pytest.raises(ArrowgradError, match=r"a is a run of 'line_world' and .*b of 'cliff'; expected runs of one"):
        learned([first, written(tmp_path / "b", ROWS, level="cliff")])
    with pytest.raises(ArrowgradError, match=r"a has γ 0.95 and .*c γ 0.5; expected the same"):
        learned([first, written(tmp_path / "c", ROWS, discount=0.5)])
    with pytest.raises(ArrowgradError, match="8 different settings; expected at most 7, one a curve"):
        learned([written(tmp_path / f"n{n}", ROWS, batch=n) for n in range(1, 9)])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "cannot be read: No such file or directory; expected the metrics that training writes"),
        (b"\xff\xfe\n", "is damaged: it is no text"),
        (b"", "line 1: there is no column update, episodes, mean_return, objective; expected the header of a run"),
        (f"{HEADER}\n".encode(), "holds no update yet; expected a run that has learned something"),
        (f"{HEADER}\n1,10,80,x,\n".encode(), "line 2 is damaged; expected the row of update 1"),
        (f"{HEADER}\n1,10,80,nan,\n".encode(), "line 2 is damaged"),
        (f"{HEADER}\n1,10,80,0.5\n".encode(), "line 2 is damaged"),
        (f"{HEADER}\n{ROWS[0]}\n{ROWS[0]}\n".encode(), "line 3 is damaged; expected the row of update 2"),
        (f"{HEADER}\n{ROWS[0]}\n2,9,80,1,\n".encode(), "line 3 is damaged"),
    ],
)
def test_metrics_that_are_missing_or_damaged_are_one_sentence(
    tmp_path: Path, text: bytes | None, sentence: str
) -> None:
    path = tmp_path / "metrics.csv"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(ArrowgradError) as told:
        read_metrics(path)
    assert str(path) in str(told.value)
    assert sentence in str(told.value)


def test_no_two_curves_look_alike_and_the_exact_gradient_is_green(tmp_path: Path) -> None:
    runs = [written(tmp_path / f"n{n}", ROWS, batch=n) for n in range(1, 7)]
    curves, _ = learned([*runs[:2], written(tmp_path / "exact", ROWS, estimator="exact"), *runs[2:]])
    chosen = looks(curves.pools)
    assert chosen[2] == EXACT_STYLE
    for part in (0, 2):  # colour and mark
        assert len({look[part] for look in chosen}) == 7
