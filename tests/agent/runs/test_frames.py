"""The kept frames of a run: as exact as stated, thinned, resumed, cut short, damaged; and looked at again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest

from agent.reinforce.rollout import rollout
from agent.reinforce.settings import settings_for, with_episodes
from agent.runs.folder import open_run
from agent.runs.frame_blocks import CREDIT_PARTS, PARTS, STEPS
from agent.runs.frames import FILE, Frames, FrameWriter, first_stride
from agent.runs.kept_run import Watched
from agent.runs.run import Run, create, resume
from game.errors import RunError
from game.snapshots.snapshot import Snapshot
from game.world.catalog import world_from_text
from tests.agent.worlds import EVERYTHING, RESTARTS
from tests.benchmarks.measure import open_world


def begun(folder: Path, text: str = EVERYTHING, **given: Any) -> Run:
    world = world_from_text(text, "small", "small", "small.toml")
    settings = settings_for(world.dynamics, **{"seed": 2, "batch": 20, "episodes": 230} | given)
    folder.mkdir()
    return create(folder, world.with_options(settings.discount, settings.max_steps), settings)


@pytest.mark.parametrize("text", [EVERYTHING, RESTARTS])
def test_a_frame_is_its_snapshot_as_exactly_as_stated(tmp_path: Path, text: str) -> None:
    run = begun(tmp_path / "a", text)
    snapshots = list(run.updates())
    frames = Frames(run.folder, run.world.dynamics)
    assert frames.updates.tolist() == [*range(1, 13), 13]
    for index in (7, 0, 11, 3):  # in any order
        frame, snapshot = frames.frame(index), snapshots[index]
        assert frame.update == snapshot.update
        np.testing.assert_allclose(frame.probabilities, snapshot.probabilities, atol=3 / PARTS)
        np.testing.assert_allclose(frame.probabilities.sum(axis=1), 1.0, atol=1e-12)
        largest = np.abs(snapshot.credit).max()
        assert frame.credit is not None
        np.testing.assert_allclose(frame.credit, snapshot.credit, atol=0.51 * largest / CREDIT_PARTS)
        assert frame.episode is not None
        shown = snapshot.episode.until(STEPS)
        for name in ("states", "actions", "rewards", "transition_probability", "start_probability"):
            np.testing.assert_array_equal(getattr(frame.episode, name), getattr(shown, name))
        assert (frame.episode.terminated, frame.episode.goal) == (shown.terminated, shown.goal)
        assert frame.length == len(snapshot.episode)
        assert frame.total_return == snapshot.episode.total_return(run.settings.discount)
    last = frames.frame(12)
    assert last.credit is None
    assert last.episode is None
    np.testing.assert_allclose(last.probabilities, snapshots[-1].after, atol=3 / PARTS)


def test_a_uniform_policy_is_kept_exactly(tmp_path: Path) -> None:
    for actions in (2, 3, 4, 5, 8, 9):
        assert np.rint(PARTS / actions) * actions == PARTS
    run = begun(tmp_path / "a")
    first = Frames(run.folder, run.world.dynamics).frame(0)
    assert (first.probabilities == 1 / run.world.dynamics.n_actions).all()


def noise(snapshot: Snapshot, update: int, draw: np.random.Generator) -> Snapshot:
    """Another update's snapshot that cannot be compressed."""
    policy = draw.dirichlet(np.ones(snapshot.probabilities.shape[1]), len(snapshot.probabilities))
    return replace(snapshot, update=update, probabilities=policy, credit=draw.normal(size=policy.shape))


def test_a_file_at_its_limit_keeps_every_second_frame_and_so_on(tmp_path: Path) -> None:
    run = begun(tmp_path / "a")
    snapshot = next(run.updates())
    draw = np.random.default_rng(0)
    size = 4 * snapshot.probabilities.size
    writer = FrameWriter(run.folder, run.world.dynamics, 0, limit=40 * size)
    for update in range(1, 301):
        writer.add(noise(snapshot, update, draw))
        if update % 7 == 0:
            writer.flush(update, snapshot.after)
            assert (run.folder / FILE).stat().st_size <= writer.limit
    writer.flush(300, snapshot.after)
    updates = Frames(run.folder, run.world.dynamics).updates
    assert updates.tolist() == [*range(1, 301, writer.stride), 301]
    assert writer.stride in (8, 16)
    assert FrameWriter(run.folder, run.world.dynamics, 300).stride == writer.stride


@pytest.mark.slow
def test_ten_thousand_updates_on_16_by_16_take_at_most_20_megabytes(tmp_path: Path) -> None:
    dynamics = open_world(16, 500)
    run = begun(tmp_path / "a")
    snapshot = next(run.updates())
    draw = np.random.default_rng(0)
    writer = FrameWriter(tmp_path, dynamics, 0)
    policy = np.full((dynamics.n_states, 4), 0.25)
    shown = [
        replace(snapshot, probabilities=policy, episode=rollout(dynamics, policy, 0, update, 0)) for update in range(9)
    ]
    for update in range(1, 10_001):
        writer.add(noise(shown[update % 9], update, draw))
        if update % 500 == 0:
            writer.flush(update, policy)
    assert writer.path.stat().st_size <= 20_000_000
    assert len(Frames(tmp_path, dynamics).updates) > 2000


def test_a_large_table_is_kept_less_often() -> None:
    assert first_stride(open_world(16, 500)) == 1
    assert first_stride(open_world(17, 500)) == 2
    assert first_stride(open_world(64, 500)) == 16


def test_a_resumed_run_keeps_the_frames_of_an_uninterrupted_one(tmp_path: Path) -> None:
    whole, parted = begun(tmp_path / "a"), begun(tmp_path / "b")
    list(whole.updates())
    for snapshot in parted.updates():
        if snapshot.update == 5:
            parted.save()
        if snapshot.update == 8:  # as a kill between two checkpoints, with frames beyond the last one
            parted.frames.flush(8, snapshot.after)
            break
    copytree(parted.folder, tmp_path / "killed")
    settings = open_run(tmp_path / "killed").settings
    resumed, note = resume(open_run(tmp_path / "killed"), settings)
    assert note == ""
    list(resumed.updates())
    dynamics = whole.world.dynamics
    one, other = Frames(whole.folder, dynamics), Frames(resumed.folder, dynamics)
    assert one.updates.tolist() == other.updates.tolist()
    for index in range(len(one.updates)):
        first, second = one.frame(index), other.frame(index)
        np.testing.assert_array_equal(first.probabilities, second.probabilities)
        if first.credit is not None:
            np.testing.assert_array_equal(first.credit, second.credit)


def test_frames_that_a_kill_cut_short_lose_only_the_last_block(tmp_path: Path) -> None:
    run = begun(tmp_path / "a")
    for snapshot in run.updates():
        run.frames.flush(snapshot.update, snapshot.after)  # a block for each
        if snapshot.update == 4:
            break
    path = run.folder / FILE
    data = path.read_bytes()
    ends = set()
    for size in range(len(data) - 1, run.frames.end - 40, -1):
        path.write_bytes(data[:size])
        ends.add(int(Frames(run.folder, run.world.dynamics).updates[-1]))
    assert ends <= {3, 4}
    assert 4 in ends


def test_damaged_frames_are_named_and_do_not_keep_a_run_from_going_on(tmp_path: Path) -> None:
    run = begun(tmp_path / "a")
    list(run.updates())
    path = run.folder / FILE
    data = bytearray(path.read_bytes())
    for place in (3, 60, len(data) // 2, len(data) - 1):
        damaged = data.copy()
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        with pytest.raises(RunError, match=r"frames\.bin is damaged: .*; expected") as told:
            Frames(run.folder, run.world.dynamics)
        assert "\n" not in str(told.value)
    saved = open_run(run.folder)
    resumed, note = resume(saved, with_episodes(saved.settings, 300))
    assert "damaged-frames.bin" in note
    list(resumed.updates())
    assert Frames(run.folder, run.world.dynamics).updates[-1] == 17  # 12 updates, then 4 for 70 more episodes


def test_frames_of_another_level_or_none_are_refused(tmp_path: Path) -> None:
    run, other = begun(tmp_path / "a"), begun(tmp_path / "b", RESTARTS)
    with pytest.raises(RunError, match="another level"):
        Frames(run.folder, other.world.dynamics)
    (run.folder / FILE).unlink()
    with pytest.raises(RunError, match="there are no frames of this run; expected"):
        Watched(open_run(run.folder))


def test_a_run_looked_at_again_shows_what_its_training_showed(tmp_path: Path) -> None:
    run = begun(tmp_path / "a")
    snapshots = list(run.updates())
    watched = Watched(open_run(run.folder))
    for index in (4, 9):
        again, was = watched.snapshot(index), snapshots[index]
        for name in ("update", "episodes", "steps", "mean_return", "goal_rate", "mean_length", "entropy", "seconds"):
            assert getattr(again, name) == getattr(was, name)
        assert again.objective == pytest.approx(
            run.trainer.exact.objective(run.trainer.exact.values(was.probabilities)), rel=1e-4
        )
        np.testing.assert_allclose(again.after, was.after, atol=3 / PARTS)
        assert again.exact_credit is not None
    last = watched.snapshot(len(watched.updates) - 1)
    assert last.update == 13
    assert np.isnan(last.mean_return)
    assert not last.credit.any()
    assert len(last.episode) == 0
    assert last.episodes == 230
    assert watched.briefing.total_updates == 12
    episode = watched.demonstrate(last.probabilities, None)
    assert len(episode) > 0
