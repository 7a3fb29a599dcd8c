"""From a LEVEL argument, a shipped name, the path of a level file, ``maze:SIZE`` or ``gym:ID``, to a world."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from game.errors import LevelError, SettingsError, nearest
from game.files import write_whole
from game.world.dynamics import Dynamics, build
from game.world.gym_argument import PREFIX as GYM
from game.world.gym_tables import gym_dynamics
from game.world.level import ACTIONS, Level
from game.world.level_file import parse_level, read_level
from game.world.level_text import with_values
from game.world.maze import PREFIX as MAZE
from game.world.maze import maze_level
from game.world.physics import check_physics

ASSETS = Path(__file__).resolve().parents[2] / "assets"
DEFAULT_LEVEL = "first_steps"


@dataclass(frozen=True, eq=False)
class World:
    """A world that can be walked: its dynamics and what is said about it.

    ``name`` is how a run folder and a person call it; ``argument`` is the LEVEL argument that gives it again;
    ``text`` is the level file's content ("" where there is no file); ``warnings`` are sentences for a person.
    """

    name: str
    argument: str
    title: str
    source: str
    teaches: str
    dynamics: Dynamics
    text: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def playable(self) -> bool:
        """Whether a person sees a board and has a key for each action."""
        return self.dynamics.layout is not None and all(action in ACTIONS for action in self.dynamics.actions)

    def require_playable(self) -> None:
        """Raise :class:`~game.errors.LevelError` where a person could see no board or had no keys to move."""
        trained = f"train and evaluate can take {self.argument}"
        if self.dynamics.layout is None:
            raise LevelError(f"{self.argument} has no grid, so it cannot be played; {trained}")
        unnamed = [action for action in self.dynamics.actions if action not in ACTIONS]
        if unnamed:
            raise LevelError(f"{self.argument} has actions without a key ({', '.join(unnamed)}); {trained}")

    def with_options(
        self,
        discount: float | None = None,
        max_steps: int | None = None,
        slip: float | None = None,
        step_reward: float | None = None,
    ) -> World:
        """Return the same world with other physics, where given; its text then says so.

        ``slip`` is the level's: a tile with a slip of its own keeps it, and a warning says that.  Raises
        :class:`~game.errors.SettingsError` for a number that makes no sense, and where the world has no level file
        that a slip or a step reward is of.
        """
        dynamics, layout = self.dynamics, self.dynamics.layout
        check_physics(discount, max_steps, slip, step_reward)
        given = {"discount": discount, "max_steps": max_steps, "slip": slip, "step_reward": step_reward}
        now: dict[str, float | None] = {"discount": dynamics.discount, "max_steps": dynamics.max_steps}
        if layout is not None:
            now |= {"slip": layout.slip, "step_reward": layout.step_reward}
        changed = {name: value for name, value in given.items() if value is not None and value != now.get(name)}
        if not changed:
            return self
        rules = [name for name in ("slip", "step_reward") if name in changed]
        if rules and not self.text:
            option = rules[0].replace("_", "-")
            raise SettingsError(
                f"--{option} is for levels of tiles, and {self.argument} is a table of outcomes that has none to change"
            )
        text = with_values(self.text, changed) if self.text else ""
        if not rules:
            return replace(self, dynamics=replace(dynamics, **changed), text=text)  # type: ignore[arg-type]
        world = world_from_text(text, self.name, self.argument, self.argument)
        return replace(world, warnings=(*world.warnings, *_keeping_their_slip(world, changed.get("slip"))))


def _keeping_their_slip(world: World, slip: float | None) -> tuple[str, ...]:
    """Return a sentence about the tiles on the board that a changed slip leaves as they are."""
    layout = world.dynamics.layout
    if slip is None or layout is None:
        return ()
    letters = sorted(set("".join(layout.rows)))
    names = [
        f"{layout.tiles[a].name} ({layout.tiles[a].slip:.3g})" for a in letters if layout.tiles[a].slip is not None
    ]
    if not names:
        return ()
    keeps = f"{names[0]} keeps its" if len(names) == 1 else f"{', '.join(names)} keep their"
    return (f"--slip {slip:g} is the level's; {keeps} own slip",)


def shipped() -> dict[str, Path]:
    """The shipped levels by name, the default first, then in the order in which a course would take them."""
    paths = {path.stem: path for path in sorted((ASSETS / "levels").glob("*.toml"))}
    order = (
        "first_steps line_world short_corridor cliff windy dyna_maze four_rooms frozen_lake frozen_lake_8x8 "
        "coins ice_bridge saturation"
    ).split()
    return {name: paths[name] for name in (*order, *paths) if name in paths}


def find_level(argument: str) -> Path:
    """The file of a LEVEL argument: a shipped name, or a path.

    Raises :class:`~game.errors.LevelError` for what is neither.
    """
    levels = shipped()
    if argument in levels:
        return levels[argument]
    path = Path(argument)
    # os.path.exists, unlike Path.exists, answers for any text at all.
    if os.path.exists(path) or path.suffix == ".toml" or "/" in argument or "\\" in argument:
        return path
    others = "or a path to a level file, maze:SIZE, or gym:ID"
    raise LevelError(f"there is no level '{argument}'; {nearest(argument, levels)} ({others})")


def load(argument: str) -> World:
    """The world of a LEVEL argument.  Raises :class:`~game.errors.LevelError`."""
    if argument.startswith(GYM):
        return gym_world(argument)
    if argument.startswith(MAZE):
        return world_of(maze_level(argument), argument)
    return world_of(read_level(find_level(argument)), argument)


def write_level(argument: str, path: Path) -> None:
    """Write the level of a LEVEL argument as a level file, whole; a file that is there already stays.

    Raises :class:`~game.errors.LevelError`.
    """
    text = load(argument).text
    if not text:
        raise LevelError(f"{argument} is no level of tiles, so it cannot be written as a level file")
    if os.path.lexists(path):
        raise LevelError(f"{path} is there already; expected the name of a new file")
    try:
        write_whole(path, text.encode())
    except OSError as error:
        raise LevelError(f"{path} cannot be written: {error.strerror or error}") from error


def world_from_text(text: str, name: str, argument: str, where: str) -> World:
    """The world of a level file's content that was kept elsewhere.  Raises LevelError."""
    return world_of(parse_level(text, name, where), argument)


def gym_world(argument: str) -> World:
    """The world of an environment of Gymnasium.  Raises LevelError."""
    dynamics = gym_dynamics(argument)
    return World(
        name=re.sub(r"[^\w.]+", "-", argument).strip("-")[:80],
        argument=argument,
        title=argument.removeprefix(GYM),
        source="Gymnasium",
        teaches="",
        dynamics=dynamics,
        warnings=_warnings(dynamics, argument),
    )


def _warnings(dynamics: Dynamics, argument: str) -> tuple[str, ...]:
    no_goal = f"{argument}: no goal can be reached from the start, so the success rate stays at zero"
    return () if dynamics.goal_reachable else (no_goal,)


def world_of(level: Level, argument: str) -> World:
    """The world of a level that was read."""
    dynamics = build(level)
    return World(
        name=level.name,
        argument=argument,
        title=level.title,
        source=level.source,
        teaches=level.teaches,
        dynamics=dynamics,
        text=level.text,
        warnings=_warnings(dynamics, argument),
    )
