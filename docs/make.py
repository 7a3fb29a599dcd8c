"""Makes what the repository ships but nobody wrote by hand: the shipped policies and the README's pictures.

    python docs/make.py policies     train every shipped level with its defaults into assets/policies/
    python docs/make.py pictures     draw docs/pictures/ with the program's own window, without a display
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
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


def main() -> None:
    """Make what the arguments name."""
    makers = {"policies": policies}
    wanted = sys.argv[1:]
    if not wanted or any(name not in makers for name in wanted):
        sys.exit(f"usage: python docs/make.py [{'|'.join(makers)}] …")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    for name in wanted:
        makers[name]()


if __name__ == "__main__":
    main()
