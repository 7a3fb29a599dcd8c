"""Several processes learn what one does, and end together."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from agent.ranks.ranks import Ranks, ranks_here
from agent.ranks.shares import pooled
from agent.reinforce.batch import Batch, summarised
from agent.runs.folder import open_run
from agent.runs.metrics import FILE
from agent.runs.run import trained as loaded
from tests.agent.ranks.rank_runs import KINDS, trained
from tests.root import ROOT

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
#: torchrun itself warns that it sets this where it is not set.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
LEVEL = 'title = "Strip"\nmax_steps = 40\nmap = """\nS...G\n"""\n'


class Slots(Ranks):
    """Two ranks without processes: the sum of what this one and an earlier one said."""

    def __init__(self, rank: int, earlier: NDArray[np.float64] | None) -> None:
        super().__init__(rank, 2)
        self.earlier = earlier

    def reduce(self, numbers: NDArray[np.float64]) -> NDArray[np.float64]:
        self.said = numbers.copy()
        return numbers if self.earlier is None else numbers + self.earlier


# -- shares and sums, without processes ---------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "size"), [(10, 1), (10, 3), (2, 5), (1, 2), (20_000, 7)])
def test_shares_are_contiguous_cover_every_episode_once_and_differ_by_at_most_one(count: int, size: int) -> None:
    shares = [Ranks(rank, size).share(count) for rank in range(size)]
    episodes = [first + number for first, own in shares for number in range(own)]
    assert episodes == list(range(count))
    assert max(own for _, own in shares) - min(own for _, own in shares) <= 1


def test_a_process_that_torchrun_did_not_start_is_alone_and_uses_every_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RANK", raising=False)
    ranks = ranks_here()
    assert (ranks.rank, ranks.size, ranks.threads) == (0, 1, None)


def test_the_cores_of_a_machine_are_shared_out_among_its_ranks_each_with_at_least_one() -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    assert Ranks(0, 2, 2).threads == max(1, cores // 2)
    assert Ranks(0, 99, 99).threads == 1


def test_the_spread_of_all_returns_keeps_its_digits_where_returns_are_large_and_alike() -> None:
    returns = 1e6 + np.random.default_rng(3).normal(size=1001)  # Σ R² − N m² would leave four digits
    whole = summarised(batch_of(returns))
    first = Slots(0, None)
    pooled(first, batch_of(returns[:400]))
    both = pooled(Slots(1, first.said), batch_of(returns[400:]))
    assert both.spread == pytest.approx(whole.spread, rel=1e-12)
    assert both.mean_return == pytest.approx(whole.mean_return, rel=1e-15)


def batch_of(returns: NDArray[np.float64]) -> Batch:
    count = len(returns)
    return Batch(np.zeros((2, 3)), np.zeros((2, 2)), returns, np.ones(count, dtype=np.int32), returns > 0.0)


# -- two processes against one ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What each of two ranks has at the end of every kind of run."""
    folder = tmp_path_factory.mktemp("ranks")
    command = [*TORCHRUN, "-m", "tests.agent.ranks.rank_runs", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, env=ENVIRONMENT, timeout=120)
    return [pickle.loads((folder / f"{rank}.pickle").read_bytes()) for rank in range(2)]


@pytest.mark.parametrize("kind", KINDS)
def test_two_ranks_learn_what_one_process_learns(kind: str, learned: list[dict[str, Any]]) -> None:
    alone, two = trained(kind, None), learned[0][kind]
    np.testing.assert_array_equal(two["counters"], alone["counters"])
    np.testing.assert_array_equal(two["visits"], alone["visits"])
    for one, other in zip(two["parameters"], alone["parameters"], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(two["baseline"], alone["baseline"], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(two["shown"], alone["shown"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_both_ranks_hold_the_same_bits(kind: str, learned: list[dict[str, Any]]) -> None:
    zero, one = (
        [part.tobytes() for part in (*ranks[kind]["parameters"], ranks[kind]["baseline"])] for ranks in learned
    )
    assert zero == one


def test_all_ranks_stop_at_the_same_update_when_one_is_asked_to_end(learned: list[dict[str, Any]]) -> None:
    assert [ranks["stopped"] for ranks in learned] == [(3, 2), (3, 2)]


def test_the_others_follow_rank_0_from_one_run_to_the_next(learned: list[dict[str, Any]]) -> None:
    assert [ranks["restarted"] for ranks in learned] == [[2, 0, 5], []]


# -- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A run of two processes that would go on for hours, a few updates old, and its folder."""
    (tmp_path / "strip.toml").write_text(LEVEL)
    out = tmp_path / "kept"
    options = ["--view", "terminal", "--batch", "2", "--episodes", "1000000000", "--out", str(out)]
    command = [*TORCHRUN, str(ROOT / "main.py"), "train", "strip.toml", *options]
    with subprocess.Popen(
        command, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert any(line.startswith("update ") for line in process.stdout), process.communicate()
            yield process, out
        finally:
            process.kill()


def children(pid: int) -> list[int]:
    """The processes that a process started; the ranks, in their order."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sorted(int(child) for child in found)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the ranks in /proc, which is Linux's")
def test_a_rank_that_dies_ends_the_others_in_one_sentence_and_the_run_can_go_on(
    endless: tuple[subprocess.Popen[str], Path],
) -> None:
    process, out = endless
    ranks = children(process.pid)
    os.kill(ranks[1], signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert not any(alive(rank) for rank in ranks)
    said, _, of_torchrun = errors.partition("one of the 2 processes of this run has ended, or cannot be reached")
    assert "Traceback" not in said
    assert "main.py" not in of_torchrun.split("Traceback")[0]  # no traceback of ours, only torchrun's own
    assert f"is saved, go on with --resume {out}" in of_torchrun
    trainer, note = loaded(open_run(out))
    assert note == ""
    assert trainer.update > 0
    assert len((out / FILE).read_text().splitlines()) == trainer.update + 1


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="signals as POSIX has them")
def test_a_signal_to_torchrun_saves_what_was_learned_and_ends_all(
    endless: tuple[subprocess.Popen[str], Path],
) -> None:
    process, out = endless
    ranks = children(process.pid)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=60)
    assert not any(alive(rank) for rank in ranks)
    assert "one of the 2 processes" not in errors
    assert f"Saved in {out}." in output
    assert output.count("Saved in") == 1  # rank 0 alone speaks
    trainer, _ = loaded(open_run(out))
    assert trainer.update > 0
    assert len((out / FILE).read_text().splitlines()) == trainer.update + 1


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_alone_begins_nothing_that_only_several_need(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("init_process_group", "all_reduce", "broadcast_object_list"):
        monkeypatch.delattr(torch.distributed, name)
    trained("plain", None)
    assert not torch.distributed.is_initialized()
