"""The numbers of a level that can be given anew: γ, the cap, slip and the step reward; and what each may be."""

from __future__ import annotations

import math

from game.errors import SettingsError
from game.world.level_file import MAX_SIZE

#: The options that give them, by the names of :meth:`~game.world.catalog.World.with_options`.
PHYSICS = ("discount", "max_steps", "slip", "step_reward")
#: Beyond it a cap is no whole number that the format knows.
LARGEST_CAP = 2**31 - 1


def check_physics(
    discount: float | None = None,
    max_steps: int | None = None,
    slip: float | None = None,
    step_reward: float | None = None,
) -> None:
    """Raise :class:`~game.errors.SettingsError` for a number that makes no sense; None is none given."""
    check_number("discount", discount, 0.0, 1.0)
    if max_steps is not None and not (_is_whole(max_steps) and 1 <= max_steps <= LARGEST_CAP):
        raise SettingsError(f"--max-steps is {max_steps!r}; expected a whole number from 1 to {LARGEST_CAP:,}")
    check_number("slip", slip, 0.0, 1.0)
    check_number("step-reward", step_reward, -MAX_SIZE, MAX_SIZE)


def check_number(option: str, value: float | None, low: float, high: float) -> None:
    """Raise :class:`~game.errors.SettingsError` for what is no finite number from ``low`` to ``high``."""
    if value is None:
        return
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or not low <= value <= high
    ):
        raise SettingsError(f"--{option} is {value!r}; expected a number from {low:g} to {high:g}")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
