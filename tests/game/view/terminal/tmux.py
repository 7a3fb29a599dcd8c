"""A real terminal for tests: tmux gives it one, presses keys, changes its size, and shows what is on it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.waiting import PATIENCE, until


class Tmux:
    """A terminal of 80 by 24 characters with a shell in it, on a server of its own."""

    def __init__(self, folder: Path) -> None:
        self.name = f"arrowgrad-{os.getpid()}-{folder.name}"
        unwanted = ("DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR", "TMUX")
        environment = {name: value for name, value in os.environ.items() if name not in unwanted}
        self.do("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "bash --norc", environment=environment)
        self.type(f"cd {shlex.quote(str(folder))}; export LANG=C.UTF-8 PS1='$ '; clear")

    def do(self, *words: str, environment: dict[str, str] | None = None) -> str:
        ran = subprocess.run(
            ["tmux", "-L", self.name, *words],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        return ran.stdout

    def type(self, line: str) -> None:
        self.do("send-keys", "-l", line)
        self.do("send-keys", "Enter")

    def press(self, *names: str) -> None:
        self.do("send-keys", *names)

    def resize(self, width: int, height: int) -> None:
        until(
            lambda: (
                self.do("display-message", "-p", "#{pane_width} #{pane_height}").split() == [str(width), str(height)]
            ),
            lambda: f"tmux never made the window {width} by {height}",
            lambda: self.do("resize-window", "-x", str(width), "-y", str(height)),
        )

    @property
    def screen(self) -> list[str]:
        return self.do("capture-pane", "-p").split("\n")[:-1]

    def until(self, words: str | Callable[[list[str]], bool]) -> list[str]:
        """The screen, as soon as it says so."""

        def says() -> list[str] | None:
            screen = self.screen
            found = any(words in line for line in screen) if isinstance(words, str) else words(screen)
            return screen if found else None

        screen = until(says, lambda: "\n".join([f"never {words}:", *self.screen]), every=0.05)
        assert screen is not None
        return screen

    def program(self) -> int:
        """The number of the process that the shell runs."""
        shell = self.do("display-message", "-p", "#{pane_pid}").strip()
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", shell], capture_output=True, text=True, check=True)
        return int(found.stdout.split()[0])

    def run(self, *arguments: str) -> None:
        self.type(shlex.join([sys.executable, *arguments]) + "; echo status $?")
