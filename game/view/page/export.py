"""A run as one page of HTML that needs nothing else: no network, no program, no installation.

The page's parts lie in ``assets/export/``; here they become one file with the run's numbers inside.  What comes from a
level or a run reaches the page as text only, and its Content-Security-Policy lets no script run but its own, and
nothing be fetched.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from game.errors import ViewError
from game.files import write_whole
from game.snapshots.sources import Watched
from game.view.page.data import PageData, chosen, css_colour
from game.view.shared.theme import DARK, LIGHT, Theme
from game.world.catalog import ASSETS, World

PARTS = ASSETS / "export"
SCRIPTS = ("data.js", "board.js", "curve.js", "show.js", "page.js")
#: Bytes of a page: small enough to be sent by mail.
LIMIT = 1_900_000
#: Of more frames a slider on a telephone cannot tell one from the next.
MOST_FRAMES = 401
#: Where fewer frames than these would fit, each is told in less detail; a page with fewer than the second is refused.
ENOUGH_FRAMES, FEWEST_FRAMES = 40, 8

#: What an action is credited with, by estimator.
CREDITED = {
    "total-return": "the whole return R(τ) of its episode, as (17) says",
    "reward-to-go": "the rewards that came after it: those from before it cannot have been its doing",
    "baseline": "the rewards that came after it, less what its cell has brought on average so far",
    "exact": "its exact expected return, by dynamic programming, instead of episodes",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the size of the page in bytes, how many frames it holds and how many there were.

    ``full`` is false where only the most probable action of each cell was kept.
    """

    size: int
    frames: int
    of: int
    full: bool


def refuse(world: World, path: Path) -> None:
    """Raise :class:`~game.errors.ViewError` where no page could be made or written, before any work is done."""
    if world.dynamics.layout is None:
        raise ViewError(f"{world.argument} has no grid, so there is no board to export; plot draws its learning curve")
    if path.suffix.lower() not in (".html", ".htm"):
        raise ViewError(f"the page '{path}' {_ending(path)}; expected .html")
    if not path.parent.is_dir():
        raise ViewError(f"the page '{path}' cannot be written: there is no folder '{path.parent}'")
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise ViewError(f"the page '{path}' cannot be written there; expected a file in a folder of yours")


def _ending(path: Path) -> str:
    return f"ends in '{path.suffix}'" if path.suffix else "has no ending"


def export(watched: Watched, path: Path, tick: Callable[[], None] = lambda: None) -> Exported:
    """Write a run's page, whole; ``tick`` is called after each frame.  Raises :class:`~game.errors.ViewError`."""
    refuse(watched.world, path)
    data, exported = page(watched, tick)
    try:
        write_whole(path, data)
    except OSError as error:
        raise ViewError(f"the page '{path}' cannot be written: {error.strerror or error}") from error
    return exported


def most_frames(watched: Watched) -> int:
    """How many frames :func:`export` takes at most."""
    return min(len(watched.updates), MOST_FRAMES)


def page(watched: Watched, tick: Callable[[], None] = lambda: None, limit: int = LIMIT) -> tuple[bytes, Exported]:
    """A run's page of at most ``limit`` bytes, and what it holds."""
    count = len(watched.updates)
    data = PageData(watched, full=True)
    if limit // max(data.frame_size, 1) < min(count, ENOUGH_FRAMES):
        data = PageData(watched, full=False)
    fitting = limit // max(data.frame_size, 1)
    if fitting < min(count, FEWEST_FRAMES):
        cells = limit // FEWEST_FRAMES * len(data.shown) // data.frame_size
        raise ViewError(
            f"{watched.world.argument} has {len(data.shown):,} states, too many for a page; "
            f"expected at most {cells:,} (record makes a picture of any size)"
        )
    told: dict[int, dict[str, Any]] = {}
    kept = min(count, MOST_FRAMES, fitting)
    while True:
        indices = chosen(count, kept).tolist()
        for index in indices:
            if index not in told:
                told[index] = data.frame(index)
                tick()
        frames = [told[index] for index in indices]
        written = _filled(watched, data.run() | {"frames": frames})
        if len(written) <= limit or kept <= 2:
            return written, Exported(len(written), kept, count, data.full)
        kept = max(2, min(kept - 1, int(kept * 0.98 * limit / len(written))))


def _filled(watched: Watched, run: dict[str, Any]) -> bytes:
    """The page with its style, its scripts and a run's numbers inside."""
    style = _read("page.css").replace("/* colours */", _colours(), 1)
    script = "\n".join(map(_read, SCRIPTS))
    settings = dict(watched.briefing.settings)
    credited = CREDITED.get(settings.get("estimator", ""))
    words = {
        "title": watched.world.title,
        "teaches": watched.world.teaches,
        "run": watched.briefing.run,
        "settings": " · ".join(f"{label} {value}" for label, value in watched.briefing.settings),
        "credited": f"In this run an action is credited with {credited}." if credited else "",
    }
    parts = {name: html.escape(text) for name, text in words.items()} | {
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        # A "<" could end the block that the numbers stand in.
        "numbers": json.dumps(run, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _read("page.html")).encode()


def _colours() -> str:
    """The themes' colours as custom properties of a style sheet."""
    light, dark = _properties(LIGHT), _properties(DARK)
    return f":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"


def _properties(theme: Theme) -> str:
    colours = {name: value for name, value in dataclasses.asdict(theme).items() if name != "name"}
    return " ".join(f"--{name.replace('_', '-')}: {css_colour(colour)};" for name, colour in colours.items())


def _read(name: str) -> str:
    return (PARTS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """How a Content-Security-Policy names a script or a style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
