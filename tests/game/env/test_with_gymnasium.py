"""The grid world among Gymnasium's own tools: specification and cap, vectors, copies, films."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec

from game.errors import SettingsError
from game.world.catalog import load

NAME = "arrowgrad/GridWorld-v0"


def length(env: Any) -> int:
    """How many steps an episode takes until it is truncated."""
    env.reset(seed=0)
    for step in range(1, 1000):
        *_, terminated, truncated, _ = env.step(0)
        assert not terminated
        if truncated:
            return step
    raise AssertionError("no end")


def test_the_specification_shows_the_levels_cap_and_makes_the_same_again() -> None:
    env = gymnasium.make(NAME, level="cliff", max_steps=70)
    assert env.spec is not None
    assert env.spec.max_episode_steps == 70
    again = env.spec.make()
    by_text = gymnasium.make(EnvSpec.from_json(env.spec.to_json()))
    for other in (again, by_text):
        assert other.spec is not None
        assert (other.spec.max_episode_steps, other.spec.kwargs) == (70, {"level": "cliff", "max_steps": 70})
        assert length(other) == length(env) == 70


def test_fewer_steps_than_the_cap_truncate_earlier() -> None:
    env = gymnasium.make(NAME, level="cliff", max_episode_steps=30)
    assert env.spec is not None
    assert env.spec.max_episode_steps == length(env) == 30


@pytest.mark.parametrize("again", [False, True])
def test_more_steps_than_the_cap_are_refused_with_the_option_that_gives_them(again: bool) -> None:
    made_from: Any = gymnasium.make(NAME, level="cliff").spec if again else NAME
    level: dict[str, Any] = {} if again else {"level": "cliff"}
    message = "max_episode_steps is 501, but cliff truncates an episode after 500 steps; .* or max_steps=501"
    with pytest.raises(SettingsError, match=message):
        gymnasium.make(made_from, max_episode_steps=501, **level)
    assert length(gymnasium.make(made_from, max_episode_steps=501, max_steps=501, **level)) == 501


def test_no_limit_of_gymnasiums_leaves_the_levels_cap() -> None:
    assert length(gymnasium.make(NAME, level="cliff", max_episode_steps=-1)) == 500


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_vectors_of_worlds_step_as_single_worlds_do(mode: str) -> None:
    singles = [gymnasium.make(NAME, level="frozen_lake") for _ in range(3)]
    vector = gymnasium.make_vec(NAME, num_envs=3, vectorization_mode=mode, level="frozen_lake")
    try:
        states: Any = vector.reset(seed=5)[0]
        assert states.tolist() == [env.reset(seed=5 + k)[0] for k, env in enumerate(singles)]
        for actions in ([2, 1, 2], [1, 1, 0], [2, 2, 2]):
            stepped = vector.step(np.array(actions))
            alone = [env.step(action) for env, action in zip(singles, actions, strict=True)]
            for k in range(4):  # states, rewards, terminated, truncated
                assert np.asarray(stepped[k]).tolist() == [one[k] for one in alone]
    finally:
        vector.close()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copy_goes_on_as_the_environment_does(copied: Any) -> None:
    env = gymnasium.make(NAME, level=load("coins"), render_mode="rgb_array")
    env.reset(seed=3)
    env.render()
    rules: Any = env.unwrapped
    assert rules.P
    for action in (0, 1, 0):
        env.step(action)
    other: Any = copied(env)
    walk = [0, 1, 1, 2, 3, 0, 0, 1]
    assert [env.step(action) for action in walk] == [other.step(action) for action in walk]
    assert np.array_equal(np.asarray(env.render()), np.asarray(other.render()))
    assert other.unwrapped.P == rules.P
    assert other.unwrapped.state == rules.state
    env.reset()
    assert other.unwrapped.state is not None


def test_a_video_shows_the_episode(tmp_path: Path) -> None:
    pytest.importorskip("moviepy", reason="RecordVideo needs moviepy")
    import av

    env = gymnasium.make(NAME, level="cliff", render_mode="rgb_array", max_episode_steps=6)
    with gymnasium.wrappers.RecordVideo(env, str(tmp_path / "films"), episode_trigger=lambda episode: True) as recorded:
        assert length(recorded) == 6
    (film,) = tmp_path.glob("films/*.mp4")
    with av.open(str(film)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 7
