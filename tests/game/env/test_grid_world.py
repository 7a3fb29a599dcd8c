"""The grid world as an environment: Gymnasium's own checks, and one conformance test on every shipped level."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env

import game
from game.env.grid_world import GridWorld
from game.errors import ArrowgradError, LevelError, SettingsError
from game.world.catalog import World, shipped, world_from_text
from tests.root import ROOT

NAME = "arrowgrad/GridWorld-v0"


def small_world(text: str) -> World:
    return world_from_text(text, "small", "small.toml", "small.toml")


class Scripted(GridWorld):
    """A grid world whose dice show what a test has written down."""

    dice: list[float]

    def _uniform(self) -> float:
        return self.dice.pop(0)


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


@pytest.mark.usefixtures("no_display")
@pytest.mark.parametrize("level", shipped())
def test_gymnasiums_checker_finds_nothing(level: str) -> None:
    # Warnings are errors in this project's tests, so this covers the checker's warnings.
    check_env(gymnasium.make(NAME, level=level).unwrapped)


@pytest.mark.parametrize("level", shipped())
def test_an_episode_keeps_to_the_tables(level: str) -> None:
    env = GridWorld(level)
    dynamics = env.dynamics
    rng = np.random.default_rng(3)
    for episode in range(5):
        state, info = env.reset(seed=episode)
        assert info == {"start_probability": dynamics.start[state]}
        assert dynamics.start[state] > 0
        assert env.reward == 0.0
        for step in range(1, dynamics.max_steps + 1):
            action = int(rng.integers(dynamics.n_actions))
            following, reward, terminated, truncated, info = env.step(action)
            at = np.flatnonzero(
                (dynamics.next_state[state, action] == following)
                & (dynamics.reward[state, action] == reward)
                & (dynamics.ends[state, action] == terminated)
                & (dynamics.probability[state, action] > 0)
            )
            assert len(at) == 1
            assert info["transition_probability"] == dynamics.probability[state, action, at[0]]
            assert info["goal"] == dynamics.goal[state, action, at[0]]
            assert (env.state, env.reward) == (following, reward)
            assert type(following) is int
            assert type(reward) is float
            assert type(terminated) is type(truncated) is bool
            assert truncated == (not terminated and step == dynamics.max_steps)
            state = following
            if terminated or truncated:
                break
        assert terminated == dynamics.terminal[state]
        with pytest.raises(ResetNeeded, match="expected reset"):
            env.step(0)


def test_the_registered_world_is_ours_and_takes_a_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('map = "S.G"\n')
    env = gymnasium.make(NAME, level=str(path))
    assert isinstance(env.unwrapped, GridWorld)
    assert env.observation_space == gymnasium.spaces.Discrete(3)
    assert env.action_space == gymnasium.spaces.Discrete(4)
    assert gymnasium.spec(NAME).max_episode_steps is None


def test_importing_the_game_twice_registers_once() -> None:
    code = "import importlib, game; importlib.reload(game)"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=os.path.dirname(game.__path__[0]))


def test_importing_the_game_loads_neither_torch_nor_pygame() -> None:
    code = (
        "import sys, game, game.env.grid_world, game.world.catalog\n"
        "import game.view.shared.text_board, game.view.lines.levels\n"
        "assert not {'torch', 'pygame', 'agent', 'numba', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=os.path.dirname(game.__path__[0]))


def test_a_seeded_reset_followed_by_unseeded_ones_is_deterministic() -> None:
    def walk() -> list[Any]:
        env = GridWorld("four_rooms")
        seen: list[Any] = [env.reset(seed=11)]
        for _ in range(3):
            seen += [env.step(turn % 4) for turn in range(30)]
            seen.append(env.reset())
        return seen

    assert walk() == walk()


def test_one_uniform_picks_the_start_and_one_each_outcome() -> None:
    env = Scripted(small_world("map = '''\nS..\nS..\nS..\n'''\nslip = 0.5"))
    env.dice = [0.5, 0.1, 0.6, 0.9]
    state, _ = env.reset()
    assert state == 3
    # The first half of the unit interval is no slip, then a quarter for the left turn and one for the right.
    assert [env.step(1)[0] for _ in range(2)] == [4, 1]
    assert env.step(1)[0] == 4
    assert env.dice == []


def test_a_given_start_needs_no_uniform_and_says_its_probability() -> None:
    env = Scripted(small_world("map = 'S..G'"))
    env.dice = []
    assert env.reset(options={"start": (0, 2)}) == (2, {"start_probability": 0.0})
    assert env.reset(options={"start": np.array([0, 0])}) == (0, {"start_probability": 1.0})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"begin": (0, 0)}, "unknown option 'begin' of reset; expected start"),
        ({"start": 3}, r"start is 3; expected \(row, column\)"),
        ({"start": (0, 1, 2)}, r"start is \(0, 1, 2\); expected \(row, column\)"),
        ({"start": (0.0, 1.0)}, r"start is \(0.0, 1.0\); expected \(row, column\)"),
        ({"start": (0, 9)}, r"start \(0, 9\) lies outside; expected rows 0–0, columns 0–4"),
        ({"start": (-1, 0)}, r"start \(-1, 0\) lies outside; expected rows 0–0, columns 0–4"),
        ({"start": (0, 1)}, r"no episode can start at \(0, 1\), wall; expected a cell to stand on"),
        ({"start": (0, 3)}, r"no episode can start at \(0, 3\), coin; expected a cell to stand on"),
        ({"start": (0, 4)}, r"no episode can start at \(0, 4\), goal; expected a cell to stand on"),
    ],
)
def test_a_start_that_cannot_be_is_refused_in_one_sentence(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ArrowgradError, match=message):
        GridWorld(small_world("map = 'S#.*G'")).reset(options=options)


@pytest.mark.parametrize("action", [4, -1, 1.0, "up", None])
def test_an_action_that_there_is_not_is_refused_in_one_sentence(action: Any) -> None:
    env = GridWorld("cliff")
    env.reset(seed=0)
    with pytest.raises(ArrowgradError, match=r"there is no action .*; expected one of 0 up, 1 right, 2 down, 3 left"):
        env.step(action)


def test_numpy_integers_are_actions() -> None:
    env = GridWorld("cliff")
    env.reset(seed=0)
    assert env.step(np.int64(0))[0] == 24


def test_stepping_and_drawing_before_the_first_reset_are_refused() -> None:
    with pytest.raises(ResetNeeded, match="expected reset"):
        GridWorld("cliff").step(0)
    with pytest.raises(ResetNeeded, match="expected reset"):
        GridWorld("cliff", render_mode="ansi").render()


def test_ending_on_the_last_step_of_the_cap_is_terminated() -> None:
    env = GridWorld(small_world("map = 'S.G'\nmax_steps = 2"))
    env.reset()
    assert env.step(1)[2:4] == (False, False)
    assert env.step(1)[2:4] == (True, False)


def test_the_cap_truncates() -> None:
    env = GridWorld(small_world("map = 'S.G'\nmax_steps = 2"))
    env.reset()
    assert env.step(3)[2:4] == (False, False)
    assert env.step(1)[2:4] == (False, True)


def test_unknown_levels_and_render_modes_are_refused() -> None:
    with pytest.raises(LevelError, match="did you mean cliff"):
        GridWorld("clif")
    with pytest.raises(ArrowgradError, match="unknown render_mode 'video'; expected one of human, rgb_array, ansi"):
        GridWorld("cliff", render_mode="video")


def test_a_world_without_a_grid_is_drawn_as_text_only() -> None:
    world = small_world("map = 'S.G'")
    bare = replace(world, dynamics=replace(world.dynamics, layout=None))
    env = GridWorld(bare, render_mode="ansi")
    env.reset()
    assert env.render() == "state 0 of 3"
    with pytest.raises(ArrowgradError, match="small has no grid to draw"):
        GridWorld(bare, render_mode="rgb_array")
    with pytest.raises(ArrowgradError, match="small has no cells to start in"):
        env.reset(options={"start": (0, 0)})


def test_a_level_file_may_be_given_as_a_path() -> None:
    given = GridWorld(ROOT / "assets/levels/cliff.toml").dynamics
    assert given.max_steps == GridWorld("cliff").dynamics.max_steps


def test_without_a_render_mode_drawing_warns() -> None:
    env = GridWorld("cliff")
    env.reset()
    with pytest.warns(UserWarning, match="render_mode"):
        assert env.render() is None


def test_ansi_is_the_map_with_the_agent_and_the_coins_that_are_left() -> None:
    env = GridWorld(small_world("map = '''\nS*.\n#.G\n'''"), render_mode="ansi")
    env.reset()
    assert env.render() == "@*.\n#.G"
    env.step(1)
    assert env.render() == "S@.\n#.G"
    env.step(1)
    assert env.render() == "S.@\n#.G"


def test_rgb_array_shows_the_agent_move() -> None:
    env = GridWorld("cliff", render_mode="rgb_array")
    env.reset(seed=0)
    before = env.render()
    env.step(0)
    after = env.render()
    assert isinstance(before, np.ndarray)
    assert isinstance(after, np.ndarray)
    assert before.dtype == np.uint8
    assert before.shape[2] == 3
    assert max(before.shape) <= 512
    changed = np.argwhere((before != after).any(axis=2))
    cell = before.shape[1] / 12
    # The agent left the lower left cell for the one above it; nothing else changed.
    assert changed[:, 1].max() < cell
    assert changed[:, 0].min() >= 2 * cell - 1


@pytest.mark.usefixtures("no_display")
def test_human_shows_each_step_and_stays_closed_once_closed() -> None:
    import pygame

    env = GridWorld("cliff", render_mode="human")
    env.reset(seed=0)
    assert env.render() is None
    env.step(0)
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    env.step(0)
    env.step(0)
    env.close()
    env.close()


@pytest.mark.usefixtures("no_display")
def test_of_two_windows_the_one_that_is_closed_closes_whichever_of_them_is_looked_at() -> None:
    import pygame

    one, other = GridWorld("cliff", render_mode="human"), GridWorld("first_steps", render_mode="human")
    one.reset(seed=0)
    other.reset(seed=0)
    windows = one._window, other._window
    assert windows[0] is not None
    assert windows[1] is not None
    pygame.event.post(pygame.event.Event(pygame.WINDOWCLOSE, window=windows[0]._window))
    other.step(0)
    assert (windows[0]._window, windows[1]._window is None) == (None, False)
    one.step(0)  # unseen
    one.close()
    other.step(0)
    other.close()
    assert not pygame.display.get_init()


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these always have a display")
def test_human_without_a_display_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ArrowgradError, match="display"):
        GridWorld("cliff", render_mode="human").reset()


def test_physics_can_be_given_where_the_environment_is_made() -> None:
    env = gymnasium.make("arrowgrad/GridWorld-v0", level="cliff", slip=0.1, step_reward=-2, discount=0.9, max_steps=7)
    dynamics = env.unwrapped.dynamics  # type: ignore[attr-defined]
    assert (dynamics.discount, dynamics.max_steps, dynamics.layout.slip, dynamics.layout.step_reward) == (
        0.9,
        7,
        0.1,
        -2,
    )
    with pytest.raises(SettingsError, match="--slip is 2; expected a number from 0 to 1"):
        gymnasium.make("arrowgrad/GridWorld-v0", slip=2)
