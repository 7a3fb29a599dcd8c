"""Storms of keys, mouse and sizes on the terminal app: `python -m tests.faults.storms [--seed S] [--events N]`.

After each hundred events, sent without waiting, a key must change the screen; in the end a signal must end the command
within seconds, with its status, the terminal as it was, and the run kept.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.terminal import Terminal
from tests.root import ROOT

#: The commands, by the screens they lead through.
COMMANDS = {
    "training": ("train", "first_steps", "--view", "terminal", "--episodes", "100000000"),
    "match": ("play", "frozen_lake", "--view", "terminal"),
    "looking back": ("watch", "stormed", "--view", "terminal"),
    "lesson": ("lesson", "--view", "terminal"),
}
LETTERS = [letter.encode() for letter in "abcdefghijklmnopqrstuvwxyzBD0123456789+-=?éф"]
CONTROLS = [b"\t", b"\r", b" ", b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1bOQ", b"\xe9", b"\x7f", b"\x1b[5~"]
ENDS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def event(dice: random.Random, terminal: Terminal, escapes: bool) -> bytes:
    """Do one thing at random: resize, or return what a key or the mouse sends."""
    kind = dice.random()
    if kind < 0.04:
        terminal.resize(dice.randint(20, 140), dice.randint(5, 50))
        return b""
    if kind < 0.12:
        button, end = dice.choice([(0, b"M"), (0, b"m"), (35, b"M"), (64, b"M"), (65, b"M")])
        return b"\x1b[<%d;%d;%d" % (button, dice.randint(1, 80), dice.randint(1, 24)) + end
    if escapes and kind < 0.13:
        return b"\x1b"
    return dice.choice(LETTERS if dice.random() < 0.7 else CONTROLS)


def storm(name: str, folder: Path, seed: int, events: int, patience: float = 20.0) -> tuple[int, str]:
    """Return how many events the command took, and what was wrong, "" for nothing."""
    dice = random.Random(f"{name} {seed}")
    escapes = bool(seed % 2)
    sent = 0
    terminal = Terminal(folder, *COMMANDS[name])
    try:
        while sent < events:
            if not terminal.begin(patience):
                return sent, "it never began"
            burst = [event(dice, terminal, escapes) for _ in range(min(100, events - sent))]
            size = dice.choice([1, 2, 7, 100])
            for first in range(0, len(burst), size):
                terminal.send(b"".join(burst[first : first + size]))
                time.sleep(dice.choice([0.0, 0.0, 0.016 * size]))
            sent += len(burst)
            if not terminal.alive(patience) or terminal.over:
                if not terminal.over:
                    return sent, "no key changes the screen any more"
                if terminal.process.returncode != 0 or not escapes:
                    return sent, f"it ended with {terminal.process.returncode}: {terminal.last[-600:]!r}"
                if not terminal.restored:
                    return sent, "it left the terminal in disorder"
                terminal.kill()  # Esc was among the keys; the rest is for a new one
                terminal = Terminal(folder, *COMMANDS[name])
        terminal.begin(patience)
        end = dice.choice(list(ENDS))
        if end is signal.SIGINT:
            terminal.send(b"\x03")
        else:
            terminal.process.send_signal(end)
        if not terminal.end(patience):
            return sent, f"{end.name} did not end it"
        if terminal.process.returncode != ENDS[end]:
            return sent, f"{end.name} ended it with {terminal.process.returncode}: {terminal.last[-600:]!r}"
        return sent, "" if terminal.restored else "it left the terminal in disorder"
    finally:
        terminal.kill()


def prepared(folder: Path) -> None:
    """Keep a run in the folder, to look back on."""
    command = [sys.executable, str(ROOT / "main.py"), "train", "first_steps", "--episodes", "400", "--view", "none"]
    subprocess.run([*command, "--out", "stormed"], cwd=folder, check=True, capture_output=True)


def main() -> None:
    """Print a line a command and seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=2, help="so many seeds, from --seed on")
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--only", choices=list(COMMANDS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared(folder)
        for command in COMMANDS:
            for seed in range(options.seed, options.seed + options.seeds):
                if options.only in (None, command):
                    sent, wrong = storm(command, folder, seed, options.events)
                    print(f"{command}, seed {seed}: {sent} events, {wrong or 'survived'}", flush=True)


if __name__ == "__main__":
    main()
