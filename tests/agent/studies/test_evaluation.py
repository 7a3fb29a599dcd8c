"""The numbers of ``evaluate`` where a recursion up to the cap would take hours, and which best its ratio divides by."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agent.exact.exact import Exact
from agent.studies import evaluation
from agent.studies.evaluation import PARTS, evaluate
from game.world.catalog import load
from tests.agent.worlds import LEVELS, world_of
from tests.root import ROOT

LARGE = ROOT / "tests" / "benchmarks" / "levels"


def numbers_of(argument: str, policy: str, greedy: bool = False) -> dict[str, Any]:
    numbers, note = evaluate(load(argument), policy, greedy)
    assert note == ""
    assert None not in numbers.values()
    return numbers


@pytest.mark.parametrize("size", [127, 255])
def test_on_a_large_maze_who_walks_into_a_wall_for_ever_is_told_so(size: int) -> None:
    numbers = numbers_of(f"maze:{size}", "uniform", greedy=True)  # of equal probabilities the first: up
    assert (numbers["objective"], numbers["goal_probability"]) == (0.0, 0.0)
    assert numbers["expected_steps"] == 16_000_000
    assert numbers["ratio"] == 0.0
    best = numbers_of(f"maze:{size}", "optimal")
    assert best["objective"] == best["optimum"] == numbers["optimum"]
    gamma = load(f"maze:{size}").dynamics.discount
    assert best["optimum"] == pytest.approx(gamma ** (best["expected_steps"] - 1), rel=1e-10)


def test_a_large_open_world_is_as_good_as_value_iteration_says() -> None:
    world = load(str(LARGE / "open_128x128.toml")).with_options(discount=0.95)
    numbers, note = evaluate(world, "optimal", False)
    assert note == ""
    exact = Exact(world.dynamics)
    value = np.zeros(exact.dynamics.n_states)
    for _ in range(700):  # 0.95 ** 700 is 3e-16
        value = (exact.expected_reward + 0.95 * np.einsum("sam,sm->sa", exact.weight, value[exact.successor])).max(
            axis=1
        )
    assert numbers["optimum"] == pytest.approx(float(exact.dynamics.start @ value), rel=1e-10)
    assert numbers["goal_probability"] == pytest.approx(1.0, abs=1e-9)
    assert 254 < numbers["expected_steps"] < 400


def test_a_large_lake_is_answered() -> None:
    numbers = numbers_of(str(LARGE / "lake_100x100.toml"), "optimal")
    assert 0.0 < numbers["optimum"] < numbers["goal_probability"] < 1.0


def test_where_the_policy_sees_less_the_best_found_is_no_less_than_what_it_attains(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = world_of(LEVELS["corridor"], observe="nothing")
    numbers, _ = evaluate(world, "p=0.586", False)
    assert numbers["ratio_of"] == "optimum"
    assert numbers["objective"] <= numbers["optimum_observed"] < numbers["optimum"]
    monkeypatch.setattr(Exact, "optimum_observed", lambda _: -1000.0)
    assert evaluate(world, "p=0.586", False)[0]["optimum_observed"] == numbers["objective"]
    assert evaluate(world, "optimal", False)[0]["optimum_observed"] == -1000.0  # it sees more


def test_what_is_out_of_reach_is_null_and_a_sentence_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Exact, "affordable", False)
    monkeypatch.setattr(evaluation, "evaluated", lambda *_: None)
    numbers, note = evaluate(world_of(LEVELS["nine"]), "uniform", False)
    assert numbers["optimum"] is numbers["objective"] is numbers["ratio"] is numbers["ratio_of"] is None
    assert note == f"{evaluation.NO_OPTIMUM} {evaluation.NO_VALUE}"
    monkeypatch.undo()
    monkeypatch.setattr(Exact, "affordable", False)
    numbers, note = evaluate(world_of(LEVELS["corridor"], observe="nothing"), "p=0.5", False)
    assert numbers["ratio_of"] == "best_found"
    assert numbers["ratio"] == pytest.approx(
        1 - (numbers["optimum_observed"] - numbers["objective"]) / 11.657, abs=1e-3
    )


@pytest.mark.parametrize("policy", ["uniform", "optimal"])
def test_every_part_of_the_work_is_counted(policy: str) -> None:
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1

    evaluate(world_of(LEVELS["nine"]), policy, False, advance)
    assert done == PARTS
