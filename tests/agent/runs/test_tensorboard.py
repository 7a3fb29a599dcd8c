"""The metrics as TensorBoard reads them back: equal to metrics.csv, also after a kill, and nothing else changes."""

from __future__ import annotations

import csv
import shutil
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from agent.reinforce.settings import settings_for
from agent.runs.folder import open_run
from agent.runs.metrics import COLUMNS, FILE
from agent.runs.run import Run, create, resume
from agent.runs.session import Session
from agent.runs.tensorboard import PREFIX
from main import cli
from tests.agent.worlds import EVERYTHING, fingerprint, world_of

Scalars = dict[str, list[tuple[int, float]]]


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def begun(name: str, tensorboard: bool = True) -> Run:
    world, folder = world_of(EVERYTHING), Path(name)
    folder.mkdir()
    settings = settings_for(world.dynamics, seed=2, batch=20, episodes=240, optimizer="adam")
    return create(folder, world, settings, tensorboard=tensorboard)


def left_after(run: Run, updates: int) -> Run:
    iterator = run.updates()
    for _ in islice(iterator, updates):
        pass
    iterator.close()
    return run


def finished(run: Run) -> Run:
    return left_after(run, 10**6)


def again(name: str, tensorboard: bool = True) -> Run:
    saved = open_run(Path(name))
    return resume(saved, saved.settings, tensorboard=tensorboard)[0]


def events(name: str) -> Scalars:
    """(update, value) of every scalar that TensorBoard finds in a run's folder, by name."""
    found = EventAccumulator(name, size_guidance={"scalars": 0}).Reload()
    return {tag: [(event.step, event.value) for event in found.Scalars(tag)] for tag in found.Tags()["scalars"]}


def rows(name: str) -> Scalars:
    """The same, of the rows of metrics.csv, in single precision."""
    with (Path(name) / FILE).open() as file:
        cells = [(int(line["update"]), column, line[column]) for line in csv.DictReader(file) for column in COLUMNS[1:]]
    found: Scalars = {}
    for update, column, cell in cells:
        if cell:
            found.setdefault(column, []).append((update, float(np.float32(cell))))
    return found


def without_seconds(found: Scalars) -> Scalars:
    return {name: values for name, values in found.items() if name != "seconds"}


def test_tensorboard_reads_the_metrics_under_their_names_at_their_updates() -> None:
    finished(begun("run"))
    assert events("run") == rows("run")
    assert set(events("run")) == set(COLUMNS) - {"update"}
    assert [update for update, _ in events("run")["mean_return"]] == list(range(1, 13))
    assert len(events("run")["objective"]) < 12  # a row without the exact numbers has no event of them


def test_a_resumed_run_goes_on_and_what_a_kill_had_left_counts_no_more() -> None:
    whole = finished(begun("whole"))
    left_after(begun("killed"), 5)
    left_after(begun("longer"), 8)
    # A kill between two checkpoints: the events are three updates ahead.
    name = f"{PREFIX}{0:012d}"
    shutil.copy(Path("longer", name), Path("killed", name))
    left_after(again("killed"), 2)
    assert fingerprint(finished(again("killed")).trainer) == fingerprint(whole.trainer)
    assert without_seconds(events("killed")) == without_seconds(events("whole"))
    assert len(list(Path("killed").glob(f"{PREFIX}*"))) == 3


def test_events_that_went_on_from_an_update_that_comes_again_are_dropped() -> None:
    left_after(begun("run"), 2)
    shutil.copy("run/checkpoint.safetensors", "second")
    left_after(again("run"), 3)
    left_after(again("run"), 2)
    shutil.copy("second", "run/checkpoint.safetensors")  # as where the newer ones are damaged
    finished(again("run"))
    assert without_seconds(events("run")) == without_seconds(rows("run"))
    assert [path.name[-2:] for path in sorted(Path("run").glob(f"{PREFIX}*"))] == ["00", "02"]


def test_nothing_that_is_learned_or_written_beside_depends_on_it() -> None:
    with_events, without = finished(begun("with")), finished(begun("without", tensorboard=False))
    assert fingerprint(with_events.trainer) == fingerprint(without.trainer)
    assert without_seconds(rows("with")) == without_seconds(rows("without"))
    more = {path.name for path in Path("with").iterdir()} - {path.name for path in Path("without").iterdir()}
    assert more == {f"{PREFIX}{0:012d}"}


def test_a_run_that_is_restarted_keeps_events_too() -> None:
    world = world_of(EVERYTHING)
    session = Session(world, settings_for(world.dynamics, batch=20, episodes=60), None, Path("run"), tensorboard=True)
    session.begin()
    session.restart()
    for _ in session.updates():
        pass
    session.close()
    assert [update for update, _ in events("run-again")["mean_return"]] == [1, 2, 3]


def test_a_write_that_fails_is_made_good_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    run = begun("run")
    assert run.events is not None
    updates = run.updates()
    next(updates)
    whole = Path.open

    def torn(self: Path, mode: str = "r", **rest: Any) -> Any:
        if self.name.startswith(PREFIX):
            with whole(self, "ab") as file:
                file.write(b"half a record" * 1000)
            raise OSError("No space left on device")
        return whole(self, mode, **rest)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", torn)
        with pytest.raises(OSError, match="No space"):
            run.events.flush()
    for _ in updates:
        pass
    assert events("run") == rows("run")
    assert run.events.path.stat().st_size == run.events.end  # and nothing is left of the torn one


def test_without_tensorboard_it_is_one_sentence_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard.compat.proto.event_pb2", None)
    result = CliRunner().invoke(cli, ["train", "line_world", "--tensorboard", "--view", "none", "--out", "run"])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: --tensorboard needs the package tensorboard, which cannot be imported here")
    assert result.stderr.count("\n") == 1
    assert not Path("run").exists()


def test_the_command_keeps_them_where_asked_also_when_it_resumes() -> None:
    quick = ["train", "line_world", "--batch", "20", "--view", "none", "--out", "run"]
    assert CliRunner().invoke(cli, [*quick, "--episodes", "40", "--tensorboard"]).exit_code == 0
    more = ["train", "--resume", "run", "--episodes", "100", "--view", "none", "--tensorboard"]
    result = CliRunner().invoke(cli, more)
    assert result.exit_code == 0, result.output
    assert events("run") == rows("run")
    assert events("run")["episodes"][-1] == (5, 100.0)
