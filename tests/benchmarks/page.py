"""Fills in the tables of the pages in ``docs/`` that hold measured numbers, each with what its own benchmark prints.

    python -m tests.benchmarks.page                       all but those that take long or need peers
    python -m tests.benchmarks.page throughput update     these
    python -m tests.benchmarks.page peers time_to_95 --peers /tmp/peers/bin/python

A table stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``, and is what the command printed, nothing
added and nothing left out.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from dataclasses import dataclass

from game.files import write_whole
from tests.root import ROOT

_MODULE = ("-m",)
_TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m")


@dataclass(frozen=True)
class Table:
    """A page, and what to run: a module of this folder and its arguments; ``usual`` ones are made unasked."""

    page: str
    arguments: tuple[str, ...]
    launcher: tuple[str, ...] = _MODULE
    usual: bool = True
    peers: bool = False

    def printed(self, peers: str) -> str:
        """What the benchmark prints."""
        module, *arguments = self.arguments
        command = [sys.executable, *self.launcher, f"tests.benchmarks.{module}", *([peers] * self.peers), *arguments]
        return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.strip()


TABLES = {
    "throughput": Table("benchmarks.md", ("throughput", "5")),
    "update": Table("benchmarks.md", ("update", "20")),
    "peers": Table("benchmarks.md", ("peers", "5"), peers=True, usual=False),
    "time_to_95": Table("benchmarks.md", ("time_to_95", "2"), peers=True, usual=False),
    "scaling": Table("benchmarks.md", ("scaling", "3")),
    "startup": Table("benchmarks.md", ("startup", "5")),
    "frame_time": Table("benchmarks.md", ("frame_time",)),
    "slow_line": Table("benchmarks.md", ("slow_line",)),
    "ranks": Table("ranks.md", ("ranks",), launcher=_TORCHRUN),
    "memory": Table("presets.md", ("memory",)),
    "mazes": Table("presets.md", ("mazes",)),
    "large_mazes": Table("presets.md", ("mazes", "--sizes", "127")),
    "presets": Table("presets.md", ("presets",), usual=False),
    "gym_problems": Table("presets.md", ("gym_problems",), usual=False),
}


def filled(text: str, name: str, printed: str) -> str:
    """A page with what was printed between its markers, tables and lists set apart from the lines around them."""
    marked = re.compile(rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
    assert marked.search(text), f"the page has no place for {name}"
    apart = re.sub(r"(?m)^(?!\|)(.+)\n(?=\|)", r"\1\n\n", printed)
    apart = re.sub(r"(?m)^(?![|-])(.+)\n(?=- )", r"\1\n\n", apart)
    apart = re.sub(r"(?m)^(\|.*)\n(?=[^|\n])", r"\1\n\n", apart)
    return marked.sub(lambda found: f"{found[1]}{apart}\n{found[2]}", text)


def main() -> None:
    """Run what was asked for, and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TABLES))
    parser.add_argument("--peers", default=sys.executable, help="the Python that has the peers")
    options = parser.parse_args()
    if unknown := set(options.names) - set(TABLES):
        parser.error(f"no table is called {', '.join(sorted(unknown))}; expected some of {', '.join(TABLES)}")
    for name in options.names or [name for name, table in TABLES.items() if table.usual]:
        began = time.perf_counter()
        printed = TABLES[name].printed(options.peers)
        page = ROOT / "docs" / TABLES[name].page
        write_whole(page, filled(page.read_text(encoding="utf-8"), name, printed).encode())
        print(f"{name}: {time.perf_counter() - began:.0f} s, written into docs/{TABLES[name].page}", flush=True)


if __name__ == "__main__":
    main()
