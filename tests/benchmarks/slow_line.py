"""Training watched over a slow line, held against training without a view, in turns: what a terminal costs.

    python -m tests.benchmarks.slow_line [--rate BYTES] [--turns N]

A pseudo-terminal is read at so many bytes a second, as the far end of a slow connection would; it never answers, so
nothing but the line's own slowness holds the app back.  Measured from the first update to the last, as the loop
around the updates sees it: the time by the clock, the processor time of the whole program, which the machine's other
work changes less, and the part of it that is spent outside the thread that trains, which it hardly changes at all.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from tests.benchmarks.measure import machine, ratios, spread
from tests.root import ROOT

#: Trains by the program's own command, and writes when the first update and the last one were done.
PROGRAM = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
import main
from agent.runs.session import Session
updates = Session.updates

def timed(self):
    times = []
    for snapshot in updates(self):
        times.append((time.monotonic(), time.process_time(), time.thread_time()))
        yield snapshot
    with open(sys.argv[2], "w") as file:
        json.dump([times[0], times[-1]], file)

Session.updates = timed
main.cli(sys.argv[3:])
"""


def run(arguments: list[str], rate: int | None, size: tuple[int, int] = (80, 24)) -> tuple[float, float, float, float]:
    """The updates' seconds, processor seconds and those of their thread, and the bytes read a second, at most ``rate``.

    None: without a view.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "times.json"
        view = "none" if rate is None else "terminal"
        command = [sys.executable, "-c", PROGRAM, str(ROOT), str(told), "train", *arguments]
        command += ["--view", view, "--out", str(Path(folder) / "run")]
        environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "NO_COLOR")}
        environment |= {"TERM": "xterm-256color"}
        if rate is None:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
            return *_seconds(told), 0.0
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        program = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment)
        os.close(slave)
        count = _read_slowly(master, rate, program, told)
        os.close(master)
        program.wait(60)
        return *_seconds(told), count


def _seconds(told: Path) -> tuple[float, float, float]:
    first, last = json.loads(told.read_text())
    clock, process, thread = (float(end - begin) for begin, end in zip(first, last, strict=True))
    return clock, process, thread


def _read_slowly(master: int, rate: int, program: subprocess.Popen[bytes], told: Path) -> float:
    """Read until the program has ended; press Esc when all updates are done.  Returns the bytes a second until then."""
    count, escaped, begun, seconds = 0, False, 0.0, 1.0
    part = max(1, rate // 20)
    while program.poll() is None:
        if told.exists() and not escaped:
            os.write(master, b"\x1b")
            escaped, seconds = True, time.monotonic() - begun
        try:
            if select.select([master], [], [], 0.05)[0]:
                begun = begun or time.monotonic()
                read = len(os.read(master, 4096 if escaped else part))
                count += 0 if escaped else read
        except OSError:
            break
        if not escaped:
            time.sleep(0.05)
    return count / seconds


LEVELS = {
    "`first_steps`, one episode an update": ["first_steps", "--batch", "1", "--episodes", "6000"],
    "`four_rooms`, defaults": ["four_rooms", "--episodes", "2000000"],
    "`frozen_lake_8x8`, defaults": ["frozen_lake_8x8", "--episodes", "2000000"],
}


def main() -> None:
    """Print a line for each kind of training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=1500)
    parser.add_argument("--turns", type=int, default=5)
    given = parser.parse_args()
    print(machine())
    print(
        "| training | times the time without a view | times the processor time | outside the training's thread "
        f"| bytes a second of at most {given.rate:,} |"
    )
    print("|---|---|---|---|---|")
    for name, arguments in LEVELS.items():
        pairs = [(run(arguments, None), run(arguments, given.rate)) for _ in range(given.turns)]
        clock, work = (ratios([watched[k] for _, watched in pairs], [alone[k] for alone, _ in pairs]) for k in (0, 1))
        outside = spread([1.0 - watched[2] / watched[1] for _, watched in pairs], ".0f", 100.0)
        sent = spread([watched[3] for _, watched in pairs], ",.0f")
        print(f"| {name} | {spread(clock)} | {spread(work)} | {outside} % | {sent} |", flush=True)


if __name__ == "__main__":
    main()
