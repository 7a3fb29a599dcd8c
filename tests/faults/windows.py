"""Storms of keys, mouse and sizes on the windows: `python -m tests.faults.windows [--seed S] [--events N]`.

After each hundred events a key must change the picture; in the end the cross of the window or a signal must end the
command within seconds, with its status.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.storms import prepared
from tests.game.view.display import Display, opened_display
from tests.root import ROOT

COMMANDS = {
    "training": ("train", "first_steps", "--episodes", "100000000"),
    "match": ("play", "frozen_lake"),
    "looking back": ("watch", "stormed"),
    "lesson": ("lesson",),
}
KEYS = [*"abcdefghijklmnopqrstuvwxyz0123456789", "plus", "minus", "equal", "question", "eacute", "Cyrillic_ef"]
MORE = [
    "Tab",
    "Return",
    "space",
    "Up",
    "Down",
    "Left",
    "Right",
    "F2",
    "F11",
    "BackSpace",
    "Prior",
    "shift+Tab",
    "ctrl+a",
]
ENDS = {"the cross": 0, "SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}


class Shown:
    """A command in its window."""

    def __init__(self, display: Display, folder: Path, *arguments: str) -> None:
        self.display = display
        self.log = (folder / "log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), *arguments, "--view", "window"],
            cwd=folder,
            env=display.environment | {"SDL_AUDIODRIVER": "dummy", "PYTHONFAULTHANDLER": "1"},
            stdout=self.log,
            stderr=self.log,
        )
        self.window = display.window()

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.process.poll() is not None

    def until(self, happened: Callable[[], bool], seconds: float) -> bool:
        """Wait until something ``happened``, at most for ``seconds``."""
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def ground(self) -> str:
        """The colour of the window's corner, which the theme decides."""
        words = ["import", "-window", str(self.window), "-crop", "1x1+1+1", "txt:-"]
        done = subprocess.run(words, env=self.display.environment, capture_output=True, text=True, check=False)
        return done.stdout

    def alive(self, seconds: float) -> bool:
        """Whether the key of the theme still changes the colour: the first press may only close the help."""
        for _ in range(3):
            before = self.ground()
            self.display.do("windowfocus", self.window, "key", "--clearmodifiers", "t")
            if self.until(lambda before=before: self.over or self.ground() != before, seconds / 3):  # type: ignore[misc]
                return True
        return False

    def said(self) -> str:
        """The end of what it printed."""
        self.log.seek(0)
        return self.log.read()[-2000:]


def events(dice: random.Random, window: int, count: int) -> list[str]:
    """The words for xdotool of so many things done at random."""
    words: list[str] = []
    for _ in range(count):
        kind = dice.random()
        if kind < 0.02:
            words += ["windowsize", str(window), str(dice.randint(200, 1500)), str(dice.randint(150, 950))]
        elif kind < 0.12:
            at = [str(dice.randint(0, 1200)), str(dice.randint(0, 800))]
            words += ["mousemove", "--window", str(window), *at]
            words += dice.choice(
                [[], ["click", str(dice.choice([1, 1, 3, 4, 5]))], ["mousedown", "1"], ["mouseup", "1"]]
            )
        else:
            words += ["key", "--delay", "0", dice.choice(KEYS if dice.random() < 0.75 else MORE)]
    return words


def storm(display: Display, name: str, folder: Path, seed: int, count: int, patience: float = 30.0) -> tuple[int, str]:
    """Return how many events the command took, and what was wrong, "" for nothing."""
    dice = random.Random(f"{name} {seed}")
    sent = 0
    shown = Shown(display, folder, *COMMANDS[name])
    try:
        while sent < count:
            burst = min(100, count - sent)
            display.do("windowfocus", shown.window, *events(dice, shown.window, burst))
            sent += burst
            if not shown.alive(patience):
                return sent, f"no key changes the picture any more: {shown.said()}"
            if shown.over:
                return sent, f"it ended with {shown.process.returncode}: {shown.said()}"
        end = dice.choice(list(ENDS))
        if end == "the cross":
            display.close(shown.window)
        else:
            shown.process.send_signal(getattr(signal, end))
        if not shown.until(lambda: shown.over, patience):
            return sent, f"{end} did not end it"
        wrong = shown.process.returncode != ENDS[end] or "Traceback" in shown.said()
        return sent, f"{end} ended it with {shown.process.returncode}: {shown.said()}" if wrong else ""
    finally:
        display.do("mouseup", 1)
        shown.process.kill()
        shown.process.wait()
        shown.log.close()


def main() -> None:
    """Print a line a command and seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=2, help="so many seeds, from --seed on")
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--only", choices=list(COMMANDS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, opened_display() as display:
        folder = Path(name)
        prepared(folder)
        for command in COMMANDS:
            for seed in range(options.seed, options.seed + options.seeds):
                if options.only in (None, command):
                    sent, wrong = storm(display, command, folder, seed, options.events)
                    print(f"{command}, seed {seed}: {sent} events, {wrong or 'survived'}", flush=True)


if __name__ == "__main__":
    main()
