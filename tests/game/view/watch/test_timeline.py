"""A place in a kept run, which updates were kept in words, and where J rose and fell most: numbers worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from game.view.shared.learning_curve import stretches
from game.view.shared.record import COLUMNS, History, Record, record_of, with_objective
from game.view.watch.changes import changes
from game.view.watch.timeline import GLIDE, Timeline, kept_words, ordinal
from tests.game.view.kept import Kept
from tests.game.view.learner import Learner, world_of_text

NAN = np.nan


def updates(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, dtype=np.int64)


def metrics(
    objective: list[float], mean_return: list[float]
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    rows = np.arange(1.0, len(objective) + 1.0)
    return {"update": rows, "objective": np.array(objective), "mean_return": np.array(mean_return)}


# -- a place in a run ---------------------------------------------------------------------------------------


def test_a_step_glides_to_the_next_frame_and_stays_there() -> None:
    timeline = Timeline(updates(1, 2, 3, 4))
    timeline.go(0, at_once=True)
    timeline.step(1)
    assert timeline.advance(0.25 * GLIDE)
    assert timeline.position == pytest.approx(0.25)
    assert timeline.index == 0
    assert timeline.share == pytest.approx(0.25)
    timeline.advance(GLIDE)
    assert timeline.position == 1.0
    assert not timeline.advance(1.0)


def test_steps_in_quick_succession_add_up_and_end_at_the_ends() -> None:
    timeline = Timeline(updates(1, 2, 3, 4))
    timeline.go(0, at_once=True)
    timeline.step(1)
    timeline.advance(0.1 * GLIDE)
    timeline.step(1)
    timeline.advance(GLIDE)
    assert timeline.position == 2.0
    timeline.step(5)
    timeline.advance(GLIDE)
    assert timeline.position == 3.0
    timeline.step(-9)
    timeline.advance(GLIDE)
    assert timeline.position == 0.0


def test_from_between_two_frames_a_step_goes_to_the_nearer_end_in_its_direction() -> None:
    timeline = Timeline(updates(1, 2, 3, 4))
    for step, wanted in ((1, 2.0), (-1, 1.0)):
        timeline.go(1.4, at_once=True)
        timeline.step(step)
        timeline.advance(GLIDE)
        assert timeline.position == wanted


def test_the_time_lapse_takes_its_speed_ends_at_the_end_and_begins_anew() -> None:
    timeline = Timeline(updates(*range(1, 102)))
    assert timeline.playing
    assert timeline.speed == 8  # 100 frames in at most 20 s
    timeline.advance(1.0)
    assert timeline.position == 8.0
    timeline.change_speed(1)
    timeline.advance(0.5)
    assert timeline.position == 16.0
    timeline.advance(100.0)
    assert (timeline.position, timeline.playing) == (100.0, False)
    timeline.play()
    assert (timeline.position, timeline.playing) == (0.0, True)


def test_positions_and_updates_are_proportional_between_kept_ones() -> None:
    timeline = Timeline(updates(1, 5, 9, 11))
    timeline.go(1.5, at_once=True)
    assert timeline.update == 7.0
    assert timeline.index_of(10.0) == 2.5
    assert timeline.index_of(99.0) == 3.0


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ((1, 2, 3, 4), "every update was kept"),
        ((1,), "every update was kept"),  # none was made
        ((1, 5, 9, 11), "every 4th update was kept"),  # 10 updates: 1, 5, 9
        ((1, 5, 9, 14), "3 of 13 updates were kept"),  # the 13th should have been
        ((1, 3, 9, 11), "3 of 10 updates were kept"),
        ((*range(1, 1000, 2), 1001), "every 2nd update was kept"),
    ],
)
def test_what_was_kept_is_said(kept: tuple[int, ...], words: str) -> None:
    assert kept_words(updates(*kept)) == words


def test_ordinal_numbers() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 112)] == "1st 2nd 3rd 4th 11th 12th 21st 112th".split()


# -- rises and falls ----------------------------------------------------------------------------------------


def test_rises_and_falls_are_those_of_the_metrics_the_largest_first() -> None:
    objective = [0.1, 0.15, 0.45, 0.40, 0.75, 0.10]  # +0.05, +0.30, −0.05, +0.35, −0.65, and +0.10 to the end
    found = changes(updates(1, 2, 3, 4, 5, 6, 7), metrics(objective, [0.0] * 6), final=0.2)
    assert found.name == "J"
    assert [(one.start, one.stop) for one in found.rises] == [(3, 4), (1, 2), (5, 6), (0, 1)]
    assert [(one.start, one.stop) for one in found.falls] == [(4, 5), (2, 3)]
    assert found.rises[0].by == pytest.approx(0.35)
    assert found.falls[0].by == pytest.approx(-0.65)


def test_an_interval_goes_from_one_kept_frame_whose_j_is_known_to_the_next() -> None:
    objective = [0.0, 9.0, 0.1, NAN, 0.5, 9.0]
    found = changes(updates(1, 3, 4, 5, 7), metrics(objective, [0.0] * 6), final=None)
    assert [(one.start, one.stop) for one in found.rises] == [(1, 3), (0, 1)]
    assert found.rises[0].by == pytest.approx(0.4)


def test_where_j_is_hardly_known_the_mean_return_is_taken_and_named() -> None:
    found = changes(updates(1, 2, 3, 4, 5), metrics([0.0, NAN, NAN, NAN], [0.0, 0.2, 0.1, 0.1]), final=None)
    assert found.name == "the mean return"
    assert [(one.start, one.stop) for one in found.rises] == [(0, 1)]
    assert [(one.start, one.stop) for one in found.falls] == [(1, 2)]


def test_rounding_is_no_change() -> None:
    found = changes(updates(1, 2, 3), metrics([0.0, 1.0], [0.0, 0.0]), final=1.0 + 1e-12)
    assert len(found.rises) == 1


# -- the record of a finished run ---------------------------------------------------------------------------


def test_the_record_of_the_metrics_is_the_one_of_the_training_one_batch_earlier() -> None:
    kept, history = Kept(Learner(world_of_text(), batch=30), 12), History()
    for snapshot in kept.snapshots:
        history.add(snapshot)
    watched, trained = record_of(kept.metrics, 0.5), history.record()
    for name in COLUMNS[1:]:
        assert np.allclose(watched.column(name)[:-1], trained.column(name), equal_nan=True), name
    assert (watched.column("episodes") == [0, *trained.column("episodes")]).all()
    assert watched.column("objective")[-1] == 0.5
    assert (watched.returns == np.column_stack([np.arange(0, 360, 30), kept.metrics["mean_return"]])).all()
    assert len(watched.until(60.0).rows) == 3


def test_a_long_run_has_a_bounded_record() -> None:
    rows = np.arange(1.0, 5001.0)
    table = {name: np.ones(5000) for name in "mean_return goal_rate entropy gradient_norm".split()}
    table |= {name: np.full(5000, NAN) for name in ("objective", "angle", "norm_ratio")}
    record = record_of({"update": rows, "episodes": 10.0 * rows, **table}, None)
    assert len(record.rows) == 1001  # five updates a row, and the end
    assert record.column("episodes")[-1] == 50_000
    assert len(record.returns) <= 2048


def test_a_run_without_an_update_has_an_empty_record() -> None:
    empty = {name: np.zeros(0) for name in Kept(Learner(world_of_text()), 1).metrics}
    assert len(record_of(empty, None).rows) == 0


def test_j_of_kept_updates_is_filled_in() -> None:
    filled = with_objective(metrics([0.1, NAN, NAN], [0.0] * 3), updates(1, 3, 4), np.array([NAN, 0.3, 0.4]))
    assert np.allclose(filled["objective"], [0.1, NAN, 0.3], equal_nan=True)


def test_no_line_is_drawn_over_a_quarter_of_the_run_in_which_j_is_not_known() -> None:
    rows = np.full((41, len(COLUMNS)), NAN)
    rows[:, 0] = np.arange(41)
    for known in (0, 10, 21, 22):
        rows[known, COLUMNS.index("objective")] = 1.0
    pieces = [piece.tolist() for piece in stretches(Record(41, np.empty((0, 2)), rows))]
    assert pieces == [[0, 10], [21, 22]]
