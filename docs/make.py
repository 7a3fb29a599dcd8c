"""Makes what the repository ships but nobody wrote by hand: the shipped policies and the README's pictures.

python docs/make.py policies     train every shipped level with its defaults into assets/policies/
python docs/make.py readme       fill in the README's tables of keys and levels
python docs/make.py pictures     draw docs/pictures/ with the program's own window, without a display
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from game.files import write_whole  # noqa: E402 (the folder above has to be on the path first)

PICTURES = ROOT / "docs" / "pictures"


def policies() -> None:
    """One ordinary run folder for each shipped level, seed 0; the checkpoint from before the last is left out."""
    from game.catalog import ASSETS, shipped

    for name in shipped():
        folder = ASSETS / "policies" / name
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "main.py", "train", name, "--view", "none", "--out", str(folder)]
        subprocess.run(command, check=True, cwd=ROOT)
        (folder / "previous.safetensors").unlink()


def readme() -> None:
    """The README's tables, between their markers."""
    path = ROOT / "README.md"
    write_whole(path, filled(path.read_text(encoding="utf-8")).encode())


def filled(text: str) -> str:
    """The README's text with its tables as the program has them now."""
    from game.catalog import load, shipped
    from game.keys import KEYS

    tables = {}
    for screen, table in KEYS.items():
        rows = [f"| {' '.join(f'`{cap}`' for cap in key.cap.split())} | {key.help} |" for key in table]
        tables[f"keys {screen}"] = ["| key | what it does |", "|---|---|", *rows]
    worlds = [load(name) for name in shipped()]
    rows = [f"| `{world.name}` | {world.teaches} |" for world in worlds]
    tables["levels"] = ["| level | what it teaches |", "|---|---|", *rows]
    for name, lines in tables.items():
        pattern = re.compile(f"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        text = pattern.sub(lambda found, lines=lines: found[1] + "\n".join(lines) + "\n" + found[2], text)
    return text


def main() -> None:
    """Make what the arguments name."""
    makers = {"policies": policies, "readme": readme}
    wanted = sys.argv[1:]
    if not wanted or any(name not in makers for name in wanted):
        sys.exit(f"usage: python docs/make.py [{'|'.join(makers)}] …")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    for name in wanted:
        makers[name]()


if __name__ == "__main__":
    main()
