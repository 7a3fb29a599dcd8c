"""What is kept on disk: round trips, resuming bit for bit, kills, damage, and writes that fail."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import pickle
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from agent.reinforce.settings import settings_for, with_episodes
from agent.runs import run as runs
from agent.runs.checkpoint import load_checkpoint
from agent.runs.folder import LEVEL, NEWEST, PREVIOUS, SETTINGS, find, newest, open_run
from agent.runs.metrics import COLUMNS, FILE
from agent.runs.run import Run, create, resume, trained
from agent.trainer import Trainer
from game.errors import LevelError, NumericalError, RunError
from game.world.catalog import World, world_from_text
from main import cli
from tests.agent.worlds import EVERYTHING, RESTARTS, fingerprint
from tests.waiting import PATIENCE

KINDS: dict[str, dict[str, Any]] = {
    "adam": {},
    "sgd": {"optimizer": "sgd", "estimator": "total-return"},
    "mlp": {"hidden": (5, 4), "features": "position"},
    "readable": {"batch": 3, "episodes": 34},
    "exact": {"estimator": "exact"},
}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def small(text: str = EVERYTHING) -> World:
    return world_from_text(text, "small", "small", "small.toml")


def begun(folder: Path, text: str = EVERYTHING, **given: Any) -> Run:
    world = small(text)
    folder.mkdir()
    options = {"seed": 2, "batch": 20, "episodes": 230} | given
    return create(folder, world, settings_for(world.dynamics, **options))


def finished(run: Run) -> Run:
    for _ in run.updates():
        pass
    return run


def left_after(run: Run, updates: int) -> Run:
    """The run after so many updates, left between two as a closed window leaves it."""
    iterator = run.updates()
    for _ in islice(iterator, updates):
        pass
    iterator.close()
    return run


def resumed(folder: Path, episodes: int | None = None) -> Run:
    saved = open_run(folder)
    run, note = resume(saved, with_episodes(saved.settings, episodes))
    assert note == ""
    return run


def rows(folder: Path) -> list[list[str]]:
    """The metrics without the seconds, which no two runs share."""
    lines = [line.split(",") for line in (folder / FILE).read_text().splitlines()]
    seconds = COLUMNS.index("seconds")
    return [line[:seconds] + line[seconds + 1 :] for line in lines]


def temporary(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "tmp" in path.name]


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_gives_every_bit_back(tmp_path: Path, kind: str) -> None:
    run = left_after(begun(tmp_path / "run", **KINDS[kind]), 5)
    again, note = trained(open_run(tmp_path / "run"))
    assert note == ""
    assert fingerprint(again) == fingerprint(run.trainer)
    assert again.seconds == run.trainer.seconds
    assert again.update == 5
    assert open_run(tmp_path / "run").settings == run.settings


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stops", [(1,), (3, 1, 4)], ids=str)
def test_a_resumed_run_is_the_uninterrupted_one(tmp_path: Path, kind: str, stops: tuple[int, ...]) -> None:
    whole = finished(begun(tmp_path / "whole", **KINDS[kind]))
    parts = begun(tmp_path / "parts", **KINDS[kind])
    for stop in stops:
        left_after(parts, stop)
        parts = resumed(tmp_path / "parts")
    finished(parts)
    assert whole.trainer.update == 12
    assert fingerprint(parts.trainer) == fingerprint(whole.trainer)
    assert rows(tmp_path / "parts") == rows(tmp_path / "whole")
    assert [row[0] for row in rows(tmp_path / "whole")] == ["update", *map(str, range(1, 13))]


def test_a_run_with_a_larger_total_is_the_longer_run(tmp_path: Path) -> None:
    long = finished(begun(tmp_path / "long", episodes=240))
    finished(begun(tmp_path / "short", episodes=100))
    more = finished(resumed(tmp_path / "short", 240))
    assert fingerprint(more.trainer) == fingerprint(long.trainer)
    assert open_run(tmp_path / "short").settings.episodes == 240  # and it is remembered
    assert finished(resumed(tmp_path / "short", 50)).trainer.episodes == 240  # a smaller total has nothing to do


#: Processes that begin as copies of one that has imported torch, so that none takes seconds until it trains.
COPIES = multiprocessing.get_context("forkserver")
COPIES.set_forkserver_preload(["main", "agent.fast.kernel", "agent.runs.session", "tests.agent.runs.test_runs"])


def command(folder: Path, moment: tuple[int, float] | None, *arguments: str) -> None:
    """The command with a checkpoint after every update, so that most kills fall into the writing of one.

    ``moment`` is after how many checkpoints it is killed, and which share of an update and its checkpoint later.
    """
    os.chdir(folder)
    runs.SAVE_EVERY = 0.0
    if moment is not None:
        save, times = Run.save, [time.perf_counter()]

        def counted(self: Run) -> None:
            save(self)
            times.append(time.perf_counter())
            if len(times) == moment[0] + 1:  # a signal that nobody handles is as sudden as a kill
                signal.setitimer(signal.ITIMER_REAL, 1e-6 + moment[1] * (times[-1] - times[-2]))

        Run.save = counted  # type: ignore[method-assign]
    cli(arguments)


def test_a_run_killed_at_random_moments_ends_as_the_uninterrupted_one(tmp_path: Path) -> None:
    world = small()
    level, folder = tmp_path / "small.toml", tmp_path / "killed"
    level.write_text(EVERYTHING)
    dice = random.Random(7)
    options = "--batch 20 --episodes 3010 --seed 2 --view none".split()
    first = ["train", str(level), *options, "--out", str(folder)]
    again = ["train", "--resume", str(folder), "--view", "none"]
    # At most 60 of its 151 updates, so that it is never over before it is killed.
    moments = [*((dice.randint(2, 20), dice.random()) for _ in range(3)), None]
    for moment in moments:
        arguments = again if (folder / NEWEST).exists() else first
        process = COPIES.Process(target=command, args=(tmp_path, moment, *arguments))
        process.start()
        process.join(PATIENCE)
        assert process.exitcode == (-signal.SIGALRM if moment else 0)
    assert not temporary(folder)
    folder_of_whole = tmp_path / "whole"
    folder_of_whole.mkdir()
    whole = finished(create(folder_of_whole, world, settings_for(world.dynamics, seed=2, batch=20, episodes=3010)))
    trainer, note = trained(open_run(folder))
    assert note == ""
    assert fingerprint(trainer) == fingerprint(whole.trainer)
    assert rows(folder) == rows(folder_of_whole)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """A run's folder with two checkpoints, and what the previous and the newest one hold."""
    folder = tmp_path / "two"
    run = left_after(begun(folder), 2)
    before = fingerprint(run.trainer)
    left_after(run, 2)
    return folder, before, fingerprint(run.trainer)


def loaded(folder: Path) -> tuple[dict[str, bytes], str]:
    trainer, note = trained(open_run(folder))
    return fingerprint(trainer), note


Two = tuple[Path, dict[str, bytes], dict[str, bytes]]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:4],
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: b"\xff" * len(data),
        lambda data: b"{}",
        lambda data: (2**62).to_bytes(8, "little") + data[8:],
    ],
)
def test_a_damaged_checkpoint_gives_way_to_the_previous_one(two: Two, damage: Callable[[bytes], bytes]) -> None:
    folder, before, _ = two
    path = folder / NEWEST
    path.write_bytes(damage(path.read_bytes()))
    found, note = loaded(folder)
    assert found == before
    assert note.startswith(f"{path} is damaged: ")
    assert note.endswith("the previous checkpoint, of update 2, is used instead")
    assert "\n" not in note


def test_an_absent_checkpoint_gives_way_to_the_previous_one(two: Two) -> None:
    folder, before, _ = two
    (folder / NEWEST).unlink()
    found, note = loaded(folder)
    assert found == before
    assert "there is no checkpoint" in note


def test_no_flipped_byte_goes_unnoticed(two: Two) -> None:
    folder, before, newest_state = two
    path = folder / NEWEST
    data = path.read_bytes()
    header = 8 + int.from_bytes(data[:8], "little")
    places = [*range(header), *range(header, len(data), 41), len(data) - 1]
    trainer = trained(open_run(folder))[0]
    unnoticed = 0
    with path.open("r+b", buffering=0) as file:  # written in place: a new file for each flip would wait for the disk
        for place in places:
            for flip in (0x01, 0xFF):
                file.seek(place)
                file.write(bytes([data[place] ^ flip]))
                note = load_checkpoint(trainer, folder)
                assert fingerprint(trainer) == (before if note else newest_state)
                unnoticed += not note
            file.seek(place)
            file.write(data[place : place + 1])
    assert path.read_bytes() == data
    assert unnoticed == 0


def test_after_a_damage_the_good_checkpoint_stays_until_a_new_one_is_written(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, before, _ = two
    (folder / NEWEST).write_bytes(b"damaged")
    saved = open_run(folder)
    run, note = resume(saved, saved.settings)
    assert note
    with monkeypatch.context() as patch:  # the disk fails before the next one is there
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(RunError):
            run.save()
    found, _ = loaded(folder)
    assert found == before
    finished(resume(open_run(folder), saved.settings)[0])
    assert rows(folder) == rows(finished(begun(folder.parent / "whole")).folder)


def test_without_any_whole_checkpoint_the_run_is_refused(two: Two) -> None:
    folder = two[0]
    (folder / NEWEST).write_bytes(b"damaged")
    (folder / PREVIOUS).write_bytes(b"")
    with pytest.raises(RunError, match="is damaged"):
        loaded(folder)
    (folder / PREVIOUS).unlink()
    with pytest.raises(RunError, match="is damaged"):
        loaded(folder)
    (folder / NEWEST).unlink()
    with pytest.raises(RunError, match="there is no checkpoint"):
        loaded(folder)


class Trap:
    """Unpickling this makes a file."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("sprung"),)


def test_a_pickle_in_place_of_a_checkpoint_never_runs(two: Two) -> None:
    folder = two[0]
    data = pickle.dumps(Trap())
    pickle.loads(data)
    Path("sprung").unlink()  # it would work
    (folder / PREVIOUS).unlink()
    (folder / NEWEST).write_bytes(data)
    with pytest.raises(RunError, match="is damaged"):
        loaded(folder)
    assert not Path("sprung").exists()


def test_a_checkpoint_of_another_level_or_policy_is_refused(two: Two, tmp_path: Path) -> None:
    folder = two[0]
    for name, text, given in (("level", RESTARTS, {}), ("policy", EVERYTHING, {"hidden": (3,)})):
        other = begun(tmp_path / name, text, **given)
        shutil.copy(folder / NEWEST, other.folder / NEWEST)
        with pytest.raises(RunError, match="of another level or policy"):
            loaded(other.folder)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (SETTINGS, b""),
        (SETTINGS, b"[1, 2]"),
        (SETTINGS, b"{}"),
        (SETTINGS, b"\xff\xfe"),
        (SETTINGS, b"[" * 100_000),
        (SETTINGS, b'{"level": "small", "name": "small", "settings": 3}'),
        (SETTINGS, b'{"level": "small", "name": "small", "settings": {}}'),
        (SETTINGS, None),
        (LEVEL, b""),
        (LEVEL, b"\xff"),
        (LEVEL, b"map = 3"),
        (LEVEL, None),
    ],
    ids=str,
)
def test_damaged_settings_or_level_are_one_sentence(two: Two, file: str, content: bytes | None) -> None:
    folder = two[0]
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    with pytest.raises((RunError, LevelError)) as refused:
        find(str(folder))
    assert str(folder / file) in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert newest(small()) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("estimator", "best"),
        ("optimizer", ["adam"]),
        ("learning_rate", "fast"),
        ("learning_rate", -1),
        ("learning_rate", 10**400),
        ("learning_rate", float("nan")),
        ("discount", None),
        ("episodes", 1.5),
        ("batch", True),
        ("hidden", 64),
        ("hidden", ["x"]),
        ("features", "position"),
        ("seed", -1),
        ("max_steps", 0),
        ("anneal", 0),
        ("unknown", 1),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(two: Two, name: str, value: object) -> None:
    path = two[0] / SETTINGS
    description = json.loads(path.read_text())
    description["settings"][name] = value
    path.write_text(json.dumps(description))
    with pytest.raises(RunError, match=r"settings\.json is damaged"):
        find(str(two[0]))


def test_a_run_is_found_by_its_folder_and_by_its_name(two: Two, tmp_path: Path) -> None:
    Path("runs").mkdir()
    shutil.copytree(two[0], Path("runs/small-1"))
    assert find("small-1").folder == Path("runs/small-1")
    assert find("runs/small-1").folder == Path("runs/small-1")
    assert find(str(two[0])).folder == two[0]
    with pytest.raises(RunError, match=r"there is no run 'smal-1'; did you mean small-1\?"):
        find("smal-1")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RunError, match="is a folder without a run"):
        find("empty")
    for odd in ("x" * 5000, "a\0b", "", "..", "/"):
        with pytest.raises(RunError):
            find(odd)


@pytest.mark.parametrize("half", ["13,26", "13,260,", "x", "13" + "," * 30, "²,3" + "," * (len(COLUMNS) - 2)])
def test_a_half_written_row_of_metrics_is_dropped(tmp_path: Path, half: str) -> None:
    whole = finished(begun(tmp_path / "whole"))
    left_after(begun(tmp_path / "cut"), 5)
    path = tmp_path / "cut" / FILE
    text = path.read_text()
    # Rows after the checkpoint, and the beginning of one more.
    path.write_text(text + text.splitlines()[5].replace("5,", "6,", 1) + "\n" + half)
    finished(resumed(tmp_path / "cut"))
    assert rows(tmp_path / "cut") == rows(whole.folder)


def full_disk(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def replace_fails_for(name: str) -> Callable[[Path, Path], Path]:
    whole = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target).name == name:
            full_disk()
        return whole(self, target)

    return replace


@pytest.mark.parametrize("fails", ["fsync", NEWEST, PREVIOUS])
def test_a_write_that_fails_leaves_the_old_run_and_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    folder = tmp_path / "run"
    run = left_after(left_after(begun(folder), 2), 2)
    old = fingerprint(run.trainer)
    files = sorted(path.name for path in folder.iterdir())
    iterator = run.updates()
    next(iterator)
    with monkeypatch.context() as patch:
        if fails == "fsync":
            patch.setattr(os, "fsync", full_disk)
        else:
            patch.setattr(Path, "replace", replace_fails_for(fails))
        with pytest.raises(RunError, match="cannot be saved: No space left on device"):
            iterator.close()
    assert sorted(path.name for path in folder.iterdir()) == files
    found, note = loaded(folder)
    assert (found, note) == (old, "")
    run.save()  # with room again the same run goes on
    assert loaded(folder)[0] == fingerprint(run.trainer)
    finished(run)
    assert rows(folder) == rows(finished(begun(tmp_path / "whole")).folder)


def test_a_disk_that_is_full_from_the_start_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(RunError, match="No space left on device"):
        begun(tmp_path / "run")
    assert not list((tmp_path / "run").iterdir())


def test_without_hard_links_the_previous_checkpoint_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", full_disk)
    run = left_after(begun(tmp_path / "run"), 1)
    before = fingerprint(run.trainer)
    left_after(run, 1)
    (tmp_path / "run" / NEWEST).write_bytes(b"")
    assert loaded(tmp_path / "run")[0] == before


class Abandoned(KeyboardInterrupt):
    """A second Ctrl-C."""


def test_an_update_that_is_broken_off_in_its_middle_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = left_after(begun(tmp_path / "run"), 3)
    old = fingerprint(run.trainer)
    monkeypatch.setattr(run.trainer.baseline, "learn", lambda _sums: (_ for _ in ()).throw(Abandoned()))
    with pytest.raises(Abandoned):
        next(run.updates())
    assert fingerprint(run.trainer) != old  # half an update was made
    assert loaded(tmp_path / "run") == (old, "")


def test_the_last_good_parameters_are_kept_when_a_number_is_not_finite(tmp_path: Path) -> None:
    run = begun(tmp_path / "run", learning_rate=1e308)
    with pytest.raises(NumericalError):
        finished(run)
    assert loaded(tmp_path / "run") == (fingerprint(run.trainer), "")
    assert len(rows(tmp_path / "run")) == 1 + run.trainer.update


def test_a_checkpoint_is_written_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SAVE_EVERY", 0.0)
    run = begun(tmp_path / "run")
    saved: Iterator[object] = run.updates()
    for _ in islice(saved, 4):
        pass
    assert trained(open_run(tmp_path / "run"))[0].update == 3  # the fourth is saved when the fifth is asked for


def test_newest_is_the_run_that_was_saved_last_of_that_level() -> None:
    Path("runs").mkdir()
    world = small()
    for number, name in enumerate(("small-1", "small-2", "other-1")):
        begun(Path("runs") / name)
        os.utime(Path("runs") / name / NEWEST, ns=(10**18, 10**18 - number))
    found = newest(world)
    assert found is not None
    assert found.name == "small-1"
    (Path("runs") / "small-1" / SETTINGS).write_bytes(b"damaged")
    found = newest(world)
    assert found is not None
    assert found.name == "small-2"


def test_a_fresh_trainer_has_another_fingerprint(tmp_path: Path) -> None:
    # The comparisons above would notice a load that does nothing.
    run = left_after(begun(tmp_path / "run"), 1)
    fresh = Trainer(run.world.dynamics, run.settings)
    assert {name for name, value in fingerprint(run.trainer).items() if fingerprint(fresh).get(name) == value} == set()
