"""The picture, the tables and the files of a comparison, from numbers made up for it, and nothing half written."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from game.errors import ViewError
from game.snapshots.comparison import Accuracy, Comparison, FixedPolicy, LearningCurve, Quality
from game.view.figures.comparison import picture, refuse_path, save
from game.view.figures.tables import aligned, comparison_text, has_signs

POINTS, SEEDS = 6, 3


def curve(estimator: str, seeds: int, end: float, start: float) -> LearningCurve:
    rise = np.linspace(0.0, 1.0, POINTS)
    objective = start + (end - start) * rise + 0.01 * abs(end) * np.arange(seeds)[:, None] * rise
    middle = objective.mean(axis=0)
    return LearningCurve(estimator, objective, middle, objective.min(axis=0), objective.max(axis=0))


def made_up(best: float = 10.0, start: float = 1.0, estimators: tuple[str, ...] = ("one", "two")) -> Comparison:
    """Two sampled estimators and the exact one at two policies; N = 1 of the second is silent at the first."""
    policies = tuple(
        FixedPolicy(name, np.full((2, 2), 0.5), value, np.array([3.0, 4.0]), 5.0)
        for name, value in (("uniform", start), ("midway", (start + best) / 2))
    )
    qualities = tuple(
        Quality(
            policy=policy.name,
            estimator=estimator,
            squared_bias=0.05 * place,
            squared_bias_error=0.25,
            variance=100.0 * (place + 1),
            accuracies=tuple(
                Accuracy(
                    size, 2.0 * (place + 1) / math.sqrt(size), *((None, 1.0) if place and size == 1 else (30.0, 0.0))
                )
                for size in (1, 10, 100, 1000)
            ),
        )
        for policy in policies
        for place, estimator in enumerate(estimators)
    )
    sampled = tuple(curve(name, SEEDS, 0.9 * best, start) for name in estimators)
    return Comparison(
        title="A level of no matter",
        steps="N = 20, Adam, α = 0.1",
        n_seeds=SEEDS,
        episodes=np.arange(POINTS) * 200,
        updates=np.arange(POINTS) * 10,
        best=best,
        curves=(*sampled, curve("exact", 1, best, start)),
        policies=policies,
        qualities=qualities,
        checked=(111_000, 22_200),
    )


# -- tables ---------------------------------------------------------------------------------------------------------


def test_the_tables_say_every_number() -> None:
    text = comparison_text(made_up(), unicode=True)
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "one 9.09 9 to 9.18 9 9.18" in rows  # 9, 9.09 and 9.18, their mean and ends
    assert "exact 10 – 10 10" in rows
    # Bias² 0.05 ± 0.25 and variance 200 over |∇J|² = 25.
    assert "two 0.0020 ± 0.0100 200 8" in rows
    assert "two 4 1.26 0.4 0.126" in rows
    assert "two – (100.0% zero) 30.0° 30.0° 30.0°" in rows
    assert "At the uniform policy: J = 1, |∇J| = 5; 111,000 episodes each." in rows
    assert "Best possible J 10." in text


def test_columns_are_aligned_also_where_signs_are_spelled() -> None:
    rows = [("a", "trΣ", "90°"), ("long name", "1", "–")]
    assert aligned(rows, unicode=True) == "  a          trΣ  90°\n  long name    1    –"
    assert aligned(rows, unicode=False) == "  a          trSigma  90 deg\n  long name        1       -"


def test_without_greek_the_tables_are_plain() -> None:
    assert comparison_text(made_up(), unicode=False).isascii()
    assert has_signs("utf-8")
    assert not has_signs("ascii")
    assert not has_signs("latin-1")
    assert not has_signs(None)


def test_where_the_gradient_is_zero_nothing_is_divided_by_it() -> None:
    whole = made_up()
    flat = tuple(replace(policy, gradient=np.zeros(2), norm=0.0) for policy in whole.policies)
    silent = tuple(
        replace(quality, accuracies=tuple(Accuracy(part.episodes, None, None, 0.0) for part in quality.accuracies))
        for quality in whole.qualities
    )
    nothing = replace(whole, policies=flat, qualities=silent)
    rows = [" ".join(line.split()) for line in comparison_text(nothing, unicode=True).splitlines()]
    assert "two – 200 –" in rows
    assert "two – – – –" in rows
    assert picture(nothing, ".png").startswith(b"\x89PNG")


# -- the picture ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".png", ".PNG", ".svg"])
def test_the_picture_is_of_the_kind_its_ending_says_and_the_same_each_time(ending: str) -> None:
    data = picture(made_up(), ending)
    if ending != ".PNG":
        assert data == picture(made_up(), ending)
    if ending == ".svg":
        root = ElementTree.fromstring(data)
        assert root.tag.endswith("svg")
    else:
        assert data.startswith(b"\x89PNG\r\n")
        width, height = (int.from_bytes(data[place : place + 4], "big") for place in (16, 20))
        assert (width, height) == (1600, 1000)


@pytest.mark.parametrize(
    "comparison",
    [
        made_up(),
        made_up(best=-13.0, start=-5000.0),
        made_up(best=0.0, start=-1.0),
        made_up(best=1.0, start=1.0),
        made_up(best=1e-6, start=1e-9),
        made_up(best=123456.0, start=-123456.0),
        made_up(estimators=tuple("abcdefgh")),
        replace(made_up(), qualities=(), curves=made_up().curves[-1:]),
    ],
    ids=["plain", "orders", "zero", "flat", "tiny", "huge", "many", "exact alone"],
)
def test_no_text_lies_on_another_and_none_is_cut(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    seen: list[tuple[str, tuple[float, float, float, float]]] = []
    saved = Figure.savefig

    def look(figure: Figure, *arguments: object, **options: object) -> None:
        saved(figure, *arguments, **options)  # type: ignore[arg-type]
        renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        for text in figure.findobj(Text):
            if isinstance(text, Text) and text.get_visible() and text.get_text().strip():
                box = text.get_window_extent(renderer)
                if box.width > 0 and _shown(text, figure):
                    seen.append((text.get_text(), box.extents))

    monkeypatch.setattr(Figure, "savefig", look)
    picture(comparison, ".png")
    assert len(seen) > 10
    for words, (left, low, right, high) in seen:
        assert left >= 0, words
        assert low >= 0, words
        assert right <= 1600, words
        assert high <= 1000, words
    for place, (words, (left, low, right, high)) in enumerate(seen):
        for others, (left2, low2, right2, high2) in seen[place + 1 :]:
            apart = right <= left2 or right2 <= left or high <= low2 or high2 <= low
            assert apart, f"{words!r} lies on {others!r}"


def _shown(text: object, figure: object) -> bool:
    """Whether a label of a tick lies within its axes: matplotlib keeps some beyond the ends, which it does not draw."""
    for axes in figure.axes:  # type: ignore[attr-defined]
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if text in (tick.label1, tick.label2):
                    return bool(low <= tick.get_loc() <= high)
    return True


def test_an_estimator_looks_the_same_in_every_panel_and_like_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure

    figures: list[Figure] = []
    saved = Figure.savefig

    def look(figure: Figure, *arguments: object, **options: object) -> None:
        figures.append(figure)
        saved(figure, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Figure, "savefig", look)
    picture(made_up(), ".png")
    curves, *panels = figures[0].axes
    colours = {line.get_label(): line.get_color() for line in curves.lines if line.get_marker() != "None"}
    assert list(colours) == ["one", "two", "exact"]
    assert len(set(colours.values())) == 3
    for panel in panels:
        drawn = [line for line in panel.lines if line.get_marker() != "None"]
        assert [line.get_color() for line in drawn] == [colours["one"], colours["two"]]
    errors = panels[0].lines[1]
    assert np.asarray(errors.get_xdata()).tolist() == [1, 10, 100, 1000]
    np.testing.assert_allclose(
        np.asarray(errors.get_ydata(), dtype=float), [4 / math.sqrt(n) for n in (1, 10, 100, 1000)]
    )
    assert np.asarray(panels[2].lines[1].get_xdata()).tolist() == [10, 100, 1000]  # at N = 1 it had no direction


def test_drawing_changes_nothing_for_other_pictures() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    picture(made_up(), ".png")
    assert dict(mpl.rcParams) == before


# -- files ------------------------------------------------------------------------------------------------------------


def test_the_files_hold_every_number_and_lie_beside_the_picture(tmp_path: Path) -> None:
    comparison = made_up()
    paths = save(comparison, tmp_path / "of lakes.svg")
    assert [path.name for path in paths] == ["of lakes.svg", "of lakes-curves.csv", "of lakes-gradients.csv"]
    assert sorted(tmp_path.iterdir()) == sorted(paths)
    curves = list(csv.DictReader(io.StringIO(paths[1].read_text())))
    assert len(curves) == (SEEDS + SEEDS + 1) * POINTS
    for row in curves:
        found = next(part for part in comparison.curves if part.estimator == row["estimator"])
        place = int(row["update"]) // 10
        assert int(row["episodes"]) == 200 * place
        assert float(row["objective"]) == found.objective[int(row["seed"]), place]
        assert float(row["interquartile_mean"]) == found.middle[place]
        assert (float(row["band_low"]), float(row["band_high"])) == (found.low[place], found.high[place])
    gradients = list(csv.DictReader(io.StringIO(paths[2].read_text())))
    assert len(gradients) == 2 * 2 * 4
    silent = next(row for row in gradients if row["estimator"] == "two" and row["episodes"] == "1")
    assert (silent["angle"], silent["zero_share"], silent["relative_error"]) == ("", "1.0", "4.0")
    assert (silent["variance"], silent["gradient_norm"], silent["checked_episodes"]) == ("200.0", "5.0", "111000")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.pdf", r"ends in '\.pdf'; expected \.png or \.svg"),
        ("a", r"has no ending; expected \.png or \.svg"),
        (".png", r"has no ending; expected \.png or \.svg"),
        ("nowhere/a.png", "there is no folder"),
        ("folder.png", "expected a file in a folder of yours"),
    ],
)
def test_a_place_for_no_picture_is_told_before_any_work(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ViewError, match=message):
        refuse_path(tmp_path / name)


def test_where_a_file_cannot_be_written_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("game.view.figures.comparison.write_whole", full)
    with pytest.raises(ViewError, match=re.escape("cannot be written: No space left on device")):
        save(made_up(), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())
