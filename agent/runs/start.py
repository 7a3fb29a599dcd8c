"""What ``train`` begins with: a new run of a level, or a saved one to go on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.ranks.ranks import Ranks
from agent.reinforce.settings import Settings, check, settings_for, with_episodes
from agent.runs.folder import SavedRun, find, refuse_run
from agent.runs.session import Session
from agent.runs.tensorboard import require
from game.errors import SettingsError
from game.world.catalog import DEFAULT_LEVEL, World, load
from game.world.physics import PHYSICS


def session_for(
    level: str | None,
    resume: str | None,
    source: str | None,
    options: Mapping[str, Any],
    out: Path | None,
    ranks: Ranks,
    tensorboard: bool,
) -> Session:
    """Return the training that the options of ``train`` ask for: of a new run, or of the run ``resume``.

    ``level`` is the LEVEL argument and ``out`` the run's folder, None where they were left out; ``source`` is the run
    from whose policy a new one begins; ``options`` are those of the world's physics and of the settings, again with
    None.  Raises :class:`~game.errors.ArrowgradError`, before anything is written.
    """
    if tensorboard:
        require()
    if resume is not None:
        saved, settings = _resumed(resume, level, {**options, "from": source, "out": out})
        return Session(saved.world, settings, saved, None, ranks, tensorboard)
    physics = {name: options[name] for name in PHYSICS}
    others = {name: value for name, value in options.items() if name not in PHYSICS}
    origin = None if source is None else find(source)
    world = load(level or DEFAULT_LEVEL) if origin is None or level is not None else origin.world
    world = world.with_options(**physics)
    settings = settings_for(world.dynamics, **others) if origin is None else _following(origin, world, others)
    if out is not None:
        refuse_run(out)
    return Session(world, settings, None, out, ranks, tensorboard, origin)


def _following(source: SavedRun, world: World, options: Mapping[str, Any]) -> Settings:
    """Return the settings of a run that begins from another one's policy: that one's, but for what is given."""
    source.require_actions(world.dynamics)
    given = {name: value for name, value in options.items() if value is not None}
    kind = [f"--{name}" for name in ("hidden", "features") if name in given]
    if kind:
        raise SettingsError(f"--from goes on with the run's own kind of policy; leave out {' and '.join(kind)}")
    dynamics = world.dynamics
    settings = replace(source.settings, discount=dynamics.discount, max_steps=dynamics.max_steps, **given)
    check(settings)
    return settings


def _resumed(name: str, level: str | None, options: Mapping[str, Any]) -> tuple[SavedRun, Settings]:
    """Return the run to go on with, and its settings with the new total of episodes; it keeps its other options."""
    used = [f"--{option.replace('_', '-')}" for option, value in options.items() if value is not None]
    used = [option for option in used if option != "--episodes"]
    if used:
        raise SettingsError(f"--resume goes on with the run's own settings; leave out {' and '.join(used)}")
    saved = find(name)
    if level is not None and level not in (saved.world.argument, saved.world.name):
        raise SettingsError(f"{name} is a run of '{saved.world.argument}', not of '{level}'; leave the level out")
    return saved, with_episodes(saved.settings, options["episodes"])
