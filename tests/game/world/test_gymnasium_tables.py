"""Our levels against Gymnasium's own tables ``P``: the same world by an author of its own."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import gymnasium
import pytest

from game.world.catalog import load

#: Gymnasium's numbering of the actions, by environment.
ACTIONS = {
    "FrozenLake-v1": ("left", "down", "right", "up"),
    "CliffWalking-v1": ("up", "right", "down", "left"),
}
Outcomes = dict[tuple[int, float, bool], float]


def added_up(rows: list[tuple[float, int, float, bool]]) -> Outcomes:
    outcomes: defaultdict[tuple[int, float, bool], float] = defaultdict(float)
    for probability, following, reward, ends in rows:
        outcomes[int(following), float(reward), bool(ends)] += float(probability)
    return {key: chance for key, chance in outcomes.items() if chance > 0}


@pytest.mark.parametrize(
    ("level", "environment", "options"),
    [
        ("frozen_lake", "FrozenLake-v1", {"map_name": "4x4", "is_slippery": True}),
        ("frozen_lake_8x8", "FrozenLake-v1", {"map_name": "8x8", "is_slippery": True}),
        ("cliff", "CliffWalking-v1", {}),
    ],
)
def test_every_state_where_an_episode_can_stand_has_gymnasiums_outcomes(
    level: str, environment: str, options: dict[str, Any]
) -> None:
    dynamics = load(level).dynamics
    theirs: Any = gymnasium.make(environment, **options).unwrapped
    occupiable = [state for state in range(dynamics.n_states) if dynamics.reachable[state]]
    assert len(occupiable) > 10
    for state in occupiable:
        if dynamics.terminal[state]:
            continue
        for number, name in enumerate(ACTIONS[environment]):
            at = state, dynamics.actions.index(name)
            ours = added_up(
                list(
                    zip(
                        dynamics.probability[at],
                        dynamics.next_state[at],
                        dynamics.reward[at],
                        dynamics.ends[at],
                        strict=True,
                    )
                )
            )
            expected = added_up(theirs.P[state][number])
            assert ours.keys() == expected.keys()
            assert ours == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("level", ["frozen_lake", "frozen_lake_8x8"])
def test_the_start_is_gymnasiums(level: str) -> None:
    theirs: Any = gymnasium.make("FrozenLake-v1", map_name="4x4" if level == "frozen_lake" else "8x8").unwrapped
    assert load(level).dynamics.start == pytest.approx(theirs.initial_state_distrib, abs=1e-12)
