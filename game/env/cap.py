"""The level's cap, as Gymnasium's specification and its own limit of steps have it."""

from __future__ import annotations

from typing import Any

import gymnasium

from game import WITHIN_CAP
from game.errors import SettingsError


def within_cap(env: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
    """The same environment, its ``spec`` showing the level's cap.

    ``max_episode_steps`` below the cap truncates earlier, by Gymnasium's own wrapper.  Raises
    :class:`~game.errors.SettingsError` where it is above, since the level would truncate first.
    """
    world: Any = env.unwrapped
    cap = world.dynamics.max_steps
    world.spec.max_episode_steps = cap
    world.spec.additional_wrappers = (WITHIN_CAP,)  # so that what is made from this specification comes by here too
    assert env.spec is not None
    asked = env.spec.max_episode_steps or cap
    if asked > cap:
        raise SettingsError(
            f"max_episode_steps is {asked}, but {world.world.name} truncates an episode after {cap} steps; "
            f"expected at most {cap}, or max_steps={asked} for a higher cap"
        )
    return env
