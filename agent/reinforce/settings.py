"""Training options and their defaults, which depend on the size of a world only (states, cap), never on its name.

``docs/presets.md`` says how the defaults were chosen.
"""

from __future__ import annotations

import itertools
import math
import sys
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from agent.reinforce.credit import ESTIMATORS
from game.errors import SettingsError, nearest
from game.world.dynamics import Dynamics

OPTIMIZERS = ("adam", "sgd")
FEATURES = ("one-hot", "position")
#: The largest count of episodes, steps or units that is accepted; larger ones are slips of the keyboard.
LARGEST = 10**12
#: What the memory of a laptop holds: episodes in a batch, steps in an episode, weights of a network.
LARGEST_BATCH, LARGEST_CAP, LARGEST_NETWORK = 10**8, 10**8, 2 * 10**7


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a run, complete.

    ``episodes`` is the run's total; ``batch`` is N of (17); ``learning_rate`` is α of (4).  ``entropy`` is β₀: at
    update u (from 0) the bonus has weight β₀ · (1 − u/anneal)³ · σ, and 0 from update ``anneal`` on, where σ is the
    spread of the batch's returns (see ``trainer.py``).  ``hidden`` are the layers of tanh units, () for a tabular
    policy.  ``discount`` and ``max_steps`` are the world's, perhaps overridden.
    """

    estimator: str
    episodes: int
    batch: int
    optimizer: str
    learning_rate: float
    entropy: float
    anneal: int
    hidden: tuple[int, ...]
    features: str
    seed: int
    discount: float
    max_steps: int

    def shown(self) -> tuple[tuple[str, str], ...]:
        """(label, value) pairs for a person."""
        layers = "tabular" if not self.hidden else "MLP " + "×".join(map(str, self.hidden))
        pairs = [
            ("estimator", self.estimator),
            ("N", f"{self.batch:,}"),
            ("α", f"{self.learning_rate:g}"),
            ("γ", f"{self.discount:.12g}"),
            ("policy", layers),
            ("optimizer", self.optimizer),
            ("cap", f"{self.max_steps:,}"),
            ("seed", str(self.seed)),
        ]
        if self.entropy:
            pairs.insert(6, ("entropy", f"{self.entropy:g}"))
        return tuple(pairs)

    @property
    def updates(self) -> int:
        """How many updates the run has at its end; the last batch takes the remainder."""
        return -(-self.episodes // self.batch)


@dataclass(frozen=True, slots=True)
class Preset:
    """Defaults for one range of sizes: worlds of at most ``n_states`` states and a cap of at most ``max_steps``.

    ``learning_rate`` is that of Adam on a table.
    """

    n_states: int
    max_steps: int
    batch: int
    updates: int
    entropy: float
    anneal: int
    learning_rate: float = 0.1


_ANY = 2**31
PRESETS = (
    Preset(n_states=40, max_steps=_ANY, batch=300, updates=200, entropy=0.3, anneal=100),
    Preset(n_states=400, max_steps=_ANY, batch=1000, updates=300, entropy=0.3, anneal=250),
    Preset(n_states=4000, max_steps=2000, batch=1000, updates=300, entropy=0.3, anneal=250),
    Preset(n_states=4000, max_steps=_ANY, batch=32, updates=1000, entropy=0.0, anneal=1),
    Preset(n_states=_ANY, max_steps=_ANY, batch=32, updates=1000, entropy=0.0, anneal=1, learning_rate=0.05),
)
LEARNING_RATES = {("adam", True): 0.02, ("sgd", False): 0.2, ("sgd", True): 0.02}


def settings_for(dynamics: Dynamics, **given: Any) -> Settings:
    """The settings of a run in a world: what is ``given`` (None counts as not given), else the preset.

    Raises :class:`~game.errors.SettingsError` for a value that makes no sense.
    """
    options = {name: value for name, value in given.items() if value is not None}
    size = dynamics.n_states, dynamics.max_steps
    preset = next(preset for preset in PRESETS if size[0] <= preset.n_states and size[1] <= preset.max_steps)
    hidden = tuple(options.get("hidden", ()))
    optimizer = options.get("optimizer", "adam")
    # What learns from the exact gradient needs no batch: one episode is sampled, to look at.
    batch = options.get("batch", 1 if options.get("estimator") == "exact" else preset.batch)
    defaults = {
        "estimator": "baseline",
        "batch": batch,
        "episodes": preset.updates * batch if isinstance(batch, int) else 0,
        "optimizer": optimizer,
        "learning_rate": LEARNING_RATES.get((optimizer, bool(hidden)), preset.learning_rate),
        # The bonus is there to outweigh the noise of batches, which the exact gradient does not have.
        "entropy": preset.entropy if optimizer == "adam" and options.get("estimator") != "exact" else 0.0,
        "anneal": preset.anneal,
        "hidden": hidden,
        "features": "one-hot",
        "seed": 0,
        "discount": dynamics.discount,
        "max_steps": dynamics.max_steps,
    }
    settings = Settings(**{**defaults, **options, "hidden": hidden})
    check(settings)
    _check_network(dynamics, settings)
    return settings


def _check_network(dynamics: Dynamics, settings: Settings) -> None:
    """Raise :class:`~game.errors.SettingsError` for a network that does not fit the world or the memory."""
    if settings.features == "position" and (dynamics.layout is None or not dynamics.fully_observed):
        raise SettingsError("--features position needs a level on a grid whose policy sees its cell; use one-hot here")
    n_inputs = 2 if settings.features == "position" else dynamics.n_observations
    sizes = (n_inputs, *settings.hidden, dynamics.n_actions)
    weights = sum(size * n_units for size, n_units in itertools.pairwise(sizes))
    if settings.hidden and weights > LARGEST_NETWORK:
        shown = ",".join(map(str, settings.hidden))
        raise SettingsError(f"--hidden {shown} makes {weights:,} weights here; expected at most {LARGEST_NETWORK:,}")


def with_episodes(settings: Settings, episodes: int | None) -> Settings:
    """The same settings with another total of episodes, where given.  Raises SettingsError."""
    changed = settings if episodes is None else replace(settings, episodes=episodes)
    check(changed)
    return changed


def check(settings: Settings) -> None:
    """Raise :class:`~game.errors.SettingsError` for a setting that makes no sense."""
    for name, choices in (("estimator", ESTIMATORS), ("optimizer", OPTIMIZERS), ("features", FEATURES)):
        value = getattr(settings, name)
        if value not in choices:
            raise SettingsError(f"--{name} is '{value}'; {nearest(str(value), choices)}")
    _number("discount", settings.discount, 0.0, 1.0)
    _whole("max_steps", settings.max_steps, low=1, high=LARGEST_CAP)
    _whole("batch", settings.batch, low=1, high=LARGEST_BATCH)
    for name in ("episodes", "anneal"):
        _whole(name, getattr(settings, name), low=1)
    _whole("seed", settings.seed, low=0)
    for size in settings.hidden:
        _whole("hidden", size, low=1, high=65536)
    if len(settings.hidden) > 16:
        raise SettingsError(f"--hidden names {len(settings.hidden)} layers; expected at most 16")
    _number("learning_rate", settings.learning_rate, 0.0, math.inf, open_low=True)
    _number("entropy", settings.entropy, 0.0, math.inf)
    if settings.features == "position" and not settings.hidden:
        raise SettingsError("--features position needs a network; expected --hidden as well, for example --hidden 64")


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _whole(name: str, value: object, low: int, high: int = LARGEST) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise SettingsError(f"{_option(name)} is {value!r}; expected a whole number from {low} to {high:,}")


def _number(name: str, value: object, low: float, high: float, open_low: bool = False) -> None:
    ok = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    if not ok or not (low <= float(value) <= high) or (open_low and value == low):  # type: ignore[arg-type]
        above = f"above {low:g}" if open_low else f"of at least {low:g}"
        expected = f"a finite number {above}" if math.isinf(high) else f"a number from {low:g} to {high:g}"
        raise SettingsError(f"{_option(name)} is {value!r}; expected {expected}")


def to_table(settings: Settings) -> dict[str, Any]:
    """The settings as plain values for a JSON file."""
    return asdict(settings) | {"hidden": list(settings.hidden)}


def from_table(table: dict[str, Any]) -> Settings:
    """The settings that :func:`to_table` wrote.  Raises SettingsError for anything else."""
    names = {field.name for field in fields(Settings)}
    if set(table) != names or not isinstance(table.get("hidden"), list):
        raise SettingsError(f"expected the settings {', '.join(sorted(names))}")
    settings = Settings(**{**table, "hidden": tuple(table["hidden"])})
    check(settings)
    return settings
