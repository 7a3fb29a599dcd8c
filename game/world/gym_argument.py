"""The LEVEL argument ``gym:ID``, and the environment of Gymnasium that it names.

The options of an environment follow its ID in the argument, apart by spaces, as in
``gym:FrozenLake-v1 map_name=8x8``: so one text says all, in a run's folder too.  On the command line
``--gym-arg map_name=8x8`` adds one.
"""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import sys
import warnings
from collections.abc import Sequence
from typing import Any

from game.errors import ArrowgradError, LevelError, nearest

PREFIX = "gym:"


def with_options(level: str, options: Sequence[str]) -> str:
    """The LEVEL that says the same as ``level`` with ``--gym-arg`` options.  Raises LevelError."""
    if not options:
        return level
    if not level.startswith(PREFIX):
        raise LevelError(f"--gym-arg is for environments of Gymnasium, such as gym:FrozenLake-v1, not for '{level}'")
    argument = " ".join([level, *map(shlex.quote, options)])
    parsed(argument)
    return argument


def typed(level: str) -> str:
    """A LEVEL as a person types it into a shell, on Windows too."""
    if not level.startswith(PREFIX):
        return f'"{level}"' if " " in level else level
    name, *options = shlex.split(level)
    shown = [option if re.fullmatch(r"[\w.=/:-]+", option) else f"'{option}'" for option in options]
    return " ".join([name, *(f"--gym-arg {option}" for option in shown)])


def parsed(level: str) -> tuple[str, dict[str, Any]]:
    """The ID and the options of a LEVEL; values are Python literals where they can be, else text.

    Raises :class:`~game.errors.LevelError`.
    """
    try:
        name, *given = shlex.split(level.removeprefix(PREFIX)) or [""]
    except ValueError:
        raise LevelError(f"'{level}' has a quotation mark without its second one") from None
    if not name:
        raise LevelError(f"'{level}' names no environment; expected an ID such as gym:FrozenLake-v1")
    options: dict[str, Any] = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not (sign and key.isidentifier()):
            raise LevelError(f"--gym-arg is '{text}'; expected key=value, such as map_name=8x8")
        if key in options:
            raise LevelError(f"--gym-arg {key} is given twice; expected it once")
        options[key] = _literal(value)
    return name, options


def _literal(text: str) -> Any:
    if text in ("true", "false"):  # as other languages spell them; the text "false" would count as true
        return text == "true"
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return text


def make(level: str) -> tuple[Any, int | None]:
    """The environment of a LEVEL without its wrappers, and its cap, None where it has none.

    Raises :class:`~game.errors.LevelError`.
    """
    import gymnasium  # takes a while, and only worlds from there need it

    name, options = parsed(level)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _import_module(name)
        try:
            environment = gymnasium.make(name, disable_env_checker=True, **options)
        except gymnasium.error.UnregisteredEnv:
            near = nearest(name, gymnasium.registry)
            hint = near if near.startswith("did you mean") else "expected one such as FrozenLake-v1"
            raise LevelError(f"there is no environment '{name}' in Gymnasium; {hint}") from None
        except Exception as error:  # whatever an environment by others may raise
            kind = "" if isinstance(error, (gymnasium.error.Error, ArrowgradError)) else f"{type(error).__name__}: "
            said = kind + " ".join(str(error).split())[:200]
            shown = "".join(f" {key}={value!r}" for key, value in options.items())
            raise LevelError(f"{PREFIX}{name}{shown} cannot be made: {said}") from error
    return environment.unwrapped, getattr(environment.spec, "max_episode_steps", None)


def _import_module(name: str) -> None:
    """Import the module of an ID such as ``my_module:MyEnv-v0``, from the current folder as well."""
    module, sign, _ = name.rpartition(":")
    if not sign:
        return
    sys.path.insert(0, "")
    try:
        importlib.import_module(module)
    except Exception as error:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise LevelError(f"{PREFIX}{name}: the module '{module}' cannot be imported: {said}") from error
    finally:
        sys.path.remove("")
