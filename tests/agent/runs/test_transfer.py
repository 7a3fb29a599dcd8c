"""A run that begins from the policy of another one: what is kept in another world, and that it is a run like any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.ranks.ranks import Ranks
from agent.runs.checkpoint_file import read_newest
from agent.runs.folder import open_run
from agent.runs.session import Session
from agent.runs.start import session_for
from agent.runs.transfer import kept_observations, kept_states
from game.errors import SettingsError
from game.world.catalog import World, world_from_text

ROOM = 'title = "Room"\nmax_steps = 20\nstep_reward = -0.01\nmap = """\nS.*\n.#.\n..G\n"""'


def world(text: str) -> World:
    return world_from_text(text, "room", "room", "room")


def session(folder: Path, level: str, source: str | None = None, **options: Any) -> Session:
    named = ("discount", "max_steps", "slip", "step_reward", "episodes", "batch", "hidden", "features", "seed")
    options = dict.fromkeys(named) | options
    return session_for(level, None, source, options, folder, Ranks(), False)


def learned(folder: Path, level: str, source: str | None = None, **options: Any) -> Session:
    found = session(folder, level, source, **options)
    found.train(lambda: False)
    return found


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A level, and the same with its goal elsewhere, its coin gone and a new row."""
    old, new = tmp_path / "room.toml", tmp_path / "other.toml"
    old.write_text(ROOM)
    new.write_text(ROOM.replace("S.*\n.#.\n..G", "S..\n.#G\n...\n..."))
    return str(old), str(new)


def test_each_cell_and_set_of_coins_finds_the_state_that_it_was() -> None:
    old = world(ROOM).dynamics
    new = world(ROOM.replace("S.*\n.#.\n..G", "S.*\n...\n..G\n..*")).dynamics
    kept = kept_states(old, new)
    assert old.layout is not None
    assert new.layout is not None
    for state, before in enumerate(kept.tolist()):
        place = tuple(new.layout.position[state].tolist())
        if place in ((1, 1), (3, 0), (3, 1), (3, 2)):
            assert before == -1
        else:
            assert tuple(old.layout.position[before].tolist()) == place
            assert old.layout.taken[before, 0] == new.layout.taken[state, 0], "the coin that both worlds have"


def test_a_coin_that_is_gone_counts_as_taken() -> None:
    old, new = world(ROOM).dynamics, world(ROOM.replace("*", ".")).dynamics
    assert old.layout is not None
    assert old.layout.taken[kept_states(old, new)].all()


def test_tiles_that_are_all_a_policy_sees_keep_what_it_does_on_them() -> None:
    seen = 'observe = "tile"\nmap = """\nS~X\n.?G\n"""'
    other = 'observe = "tile"\nmap = """\nS?.\n^.G\n"""'
    old, new = world(seen).dynamics, world(other).dynamics
    kept = kept_observations(old, new, kept_states(old, new))
    letters = sorted("?.^G")
    before = sorted("~X.?G")
    assert [before[k] if k >= 0 else "new" for k in kept.tolist()] == [
        letter if letter in before else "new" for letter in letters
    ]


@pytest.mark.parametrize("options", [{}, {"hidden": (8,)}, {"hidden": (8,), "features": "position"}])
def test_a_run_goes_on_in_another_world_from_where_the_policy_stands(
    tmp_path: Path, files: tuple[str, str], options: dict[str, Any]
) -> None:
    first = learned(tmp_path / "first", files[0], batch=20, episodes=200, **options)
    source = str(tmp_path / "first")
    second = session(tmp_path / "second", files[1], source)
    second.begin()
    trainer = second.running.trainer
    old, new = first.world.dynamics, second.world.dynamics
    kept = kept_states(old, new)
    known = kept >= 0
    assert 0 < known.sum() < len(kept)
    before, after = first.running.trainer.probabilities(), trainer.probabilities()
    if options.get("features") != "position":
        assert np.array_equal(after[known], before[kept[known]])
        assert np.array_equal(trainer.baseline.sums[known], first.running.trainer.baseline.sums[kept[known]])
    if not options:
        assert (after[~known] == 0.25).all()
    moments = trainer.optimizer.moments[0][0].numpy()
    assert np.abs(moments).max() > 0.0
    assert trainer.optimizer.steps == 10
    assert (trainer.update, trainer.episodes, trainer.steps) == (0, 0, 0)
    saved = open_run(tmp_path / "second")
    assert saved.origin is not None
    assert (saved.origin.run, saved.origin.updates) == ("first", 10)


def test_a_run_from_another_is_resumed_bit_for_bit(tmp_path: Path, files: tuple[str, str]) -> None:
    learned(tmp_path / "first", files[0], batch=20, episodes=200)
    source = str(tmp_path / "first")
    whole = learned(tmp_path / "whole", files[1], source, episodes=300)
    left = session(tmp_path / "left", files[1], source, episodes=300)
    left.train(lambda: left.running.trainer.update == 7)
    resumed = session_for(None, str(tmp_path / "left"), None, {"episodes": 300}, None, Ranks(), False)
    resumed.train(lambda: False)
    one, two = read_newest(tmp_path / "whole")[0], read_newest(tmp_path / "left")[0]
    assert one.keys() == two.keys()
    assert all(np.array_equal(one[name], two[name]) for name in one)
    assert open_run(tmp_path / "left").origin == open_run(tmp_path / "whole").origin
    assert whole.running.trainer.update == 15


def test_the_settings_are_those_of_the_run_but_for_what_is_given(tmp_path: Path, files: tuple[str, str]) -> None:
    learned(tmp_path / "first", files[0], batch=20, episodes=200, seed=4)
    source = str(tmp_path / "first")
    found = session(tmp_path / "second", files[1], source, batch=30, slip=0.25, max_steps=9)
    assert (found.settings.batch, found.settings.episodes, found.settings.seed) == (30, 200, 4)
    assert (found.settings.max_steps, found.world.dynamics.max_steps) == (9, 9)
    found.begin()
    assert "slip = 0.25" in (tmp_path / "second" / "level.toml").read_text(encoding="utf-8")
    kept = open_run(tmp_path / "second").world.dynamics
    assert np.array_equal(kept.probability, found.world.dynamics.probability)


def test_what_cannot_be_carried_over_is_one_sentence(tmp_path: Path, files: tuple[str, str]) -> None:
    learned(tmp_path / "first", files[0], batch=20, episodes=40)
    with pytest.raises(SettingsError, match="first was learned with the actions up, right, down, left; expected those"):
        session(tmp_path / "second", "short_corridor", str(tmp_path / "first"))
    with pytest.raises(SettingsError, match="--from goes on with the run's own kind of policy; leave out --hidden"):
        session(tmp_path / "second", files[1], str(tmp_path / "first"), hidden=(4,))
    assert not (tmp_path / "second").exists()
