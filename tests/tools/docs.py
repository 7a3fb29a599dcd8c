"""Makes what the repository ships but nobody wrote by hand: the shipped policies and the README's pictures.

python -m tests.tools.docs policies     train every shipped level with its defaults into assets/policies/
python -m tests.tools.docs readme       fill in the README's tables of keys and levels
python -m tests.tools.docs pictures     draw docs/pictures/ with the program's own window, without a display
python -m tests.tools.docs terminal     draw docs/pictures/terminal.png with the app of the terminal, without one
python -m tests.tools.docs film         record docs/pictures/four_rooms.gif with the program's own command
python -m tests.tools.docs compare      draw docs/pictures/compare.png with the program's own command
python -m tests.tools.docs page         export docs/lesson-frozen_lake.html from the shipped policy
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tests.root import ROOT

if TYPE_CHECKING:
    from pygame import Surface


from game.files import write_whole

PICTURES = ROOT / "docs" / "pictures"


def policies() -> None:
    """One ordinary run folder for each shipped level, seed 0; the checkpoint from before the last is left out."""
    from game.world.catalog import ASSETS, shipped

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


def pictures() -> None:
    """The training window and the match, each driven by its own clock into a moment worth showing."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        training_picture(Path(folder) / "four_rooms-1")
    match_picture()
    race_picture()


def training_picture(folder: Path) -> None:
    """Four rooms after a few dozen updates, an episode half replayed."""
    import pygame

    from agent.reinforce.settings import settings_for
    from agent.runs.session import Session
    from game.view.shared.playback import SPEEDS
    from game.view.train.window import TrainingWindow
    from game.view.window.display import open_window
    from game.world.catalog import load

    world = load("four_rooms")
    session = Session(world, settings_for(world.dynamics, batch=200), None, folder)
    window = TrainingWindow(session, open_window("Arrowgrad"))
    window.model.feed.start()
    window.model.playback.change_speed(len(SPEEDS))
    window.model.playback.change_speed(-1)  # whole updates, with time for the exact numbers of each …
    while window.model.playback.snapshot is None or window.model.playback.snapshot.update < 64:
        window.update(0.07)
        time.sleep(0.01)
    window.model.playback.change_speed(-4)  # … then step by step
    while not (
        window.model.playback.snapshot.angle and (replay := window.model.playback.replay) and 6.5 < replay.position < 7
    ):
        window.update(0.02)
        time.sleep(0.01)
    window.draw()
    pygame.image.save(window.window.get_surface(), PICTURES / "train.png")
    window.model.close()
    while not window.model.closed:
        window.update(0.05)
        time.sleep(0.01)
    pygame.display.quit()


def match_picture() -> None:
    """The first steps, in the middle of a round, and looked back on at its end."""
    import pygame

    from agent.runs.opponents import Opponents
    from game.view.play.model import PlayModel
    from game.view.play.rules import Rules
    from game.view.play.window import MatchWindow
    from game.view.window.display import close_window, open_window

    opponents = Opponents("first_steps", None)
    window = MatchWindow(open_window("Arrowgrad"), PlayModel(opponents, "first_steps", Rules(seed=4)))
    while window.screen is None:
        window.frame(0.02)
        time.sleep(0.02)
    keys = [pygame.K_v, pygame.K_DOWN, pygame.K_DOWN, pygame.K_UP, pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_UP]
    for key in keys:
        pygame.event.post(pygame.Event(pygame.KEYDOWN, key=key, unicode="", mod=0))
        for _ in range(20):
            window.frame(0.05)
    pygame.image.save(window.window.get_surface(), PICTURES / "play.png")
    contest = window.screen.contest
    while not contest.person_has_ended:
        best = contest.opponent.probabilities[contest.match.current.person.states[-1]].argmax()
        contest.do(contest.dynamics.actions[best])
    contest.finish()
    window.model.act("review")
    assert window.screen.review is not None
    window.screen.review.task.wait()
    window.frame(0.02)
    window.draw()
    save_small(surface_file(window.window.get_surface()), "review")
    window.finish()
    close_window(window.window)


def race_picture() -> None:
    """Coins against the clock: the policy is done, and the person still has some seconds."""
    from agent.runs.opponents import Opponents
    from game.view.play.model import PlayModel
    from game.view.play.rules import Rules
    from game.view.play.window import MatchWindow
    from game.view.window.display import close_window, open_window

    opponents = Opponents("coins", None)
    window = MatchWindow(open_window("Arrowgrad"), PlayModel(opponents, "coins", Rules(greedy=True, seed=3, tempo=3.0)))
    while window.screen is None:
        window.frame(0.02)
        time.sleep(0.02)
    contest = window.screen.contest
    policy = contest.opponent.probabilities
    for _ in range(230):
        window.frame(0.05)
        if len(contest.match.current.policy) > 1.6 * len(contest.match.current.person):
            state = contest.match.current.person.states[-1]
            contest.do(contest.dynamics.actions[policy[state].argmax()])
    window.draw()
    save_small(surface_file(window.window.get_surface()), "race")
    window.finish()
    close_window(window.window)


def surface_file(surface: Surface) -> IO[bytes]:
    """A surface as a PNG in memory."""
    import pygame

    file = io.BytesIO()
    pygame.image.save(surface, file, "surface.png")
    file.seek(0)
    return file


def terminal() -> None:
    """Training in the terminal, in characters."""
    from tests.tools.terminal import training

    file = io.BytesIO()
    training().save(file, "PNG")
    file.seek(0)
    save_small(file, "terminal")


def film() -> None:
    """How the shipped policy of four rooms was learned."""
    from game.world.catalog import ASSETS

    PICTURES.mkdir(exist_ok=True)
    run, path = ASSETS / "policies" / "four_rooms", PICTURES / "four_rooms.gif"
    subprocess.run([sys.executable, "main.py", "record", str(run), "--out", str(path)], check=True, cwd=ROOT)


def compare() -> None:
    """Cliff walking with ten episodes an update."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "compare.png"
        command = [sys.executable, "main.py", "compare", "cliff", "--batch", "10", "--out", str(path)]
        subprocess.run(command, check=True, cwd=ROOT)
        save_small(path, "compare")


def page() -> None:
    """The run behind the shipped policy of the slippery lake, for people who install nothing."""
    run, out = "assets/policies/frozen_lake", "docs/lesson-frozen_lake.html"
    subprocess.run([sys.executable, "main.py", "export", run, "--out", out], check=True, cwd=ROOT)


def save_small(picture: IO[bytes] | Path, name: str) -> None:
    """A picture in 256 colours: a page should not wait for it."""
    from PIL import Image

    PICTURES.mkdir(exist_ok=True)
    with Image.open(picture) as whole:
        whole.convert("RGB").quantize(256).save(PICTURES / f"{name}.png", optimize=True)


def filled(text: str) -> str:
    """The README's text with its tables as the program has them now."""
    from game.keys import KEYS
    from game.world.catalog import load, shipped

    tables = {}
    for screen, table in KEYS.items():
        rows = [f"| {' '.join(f'`{cap}`' for cap in key.cap.split())} | {key.help} |" for key in table]
        tables[f"keys {screen}"] = ["| key | what it does |", "|---|---|", *rows]
    worlds = [load(name) for name in shipped()]
    rows = [f"| `{world.name}` | {world.teaches} |" for world in worlds]
    tables["levels"] = ["| level | what it teaches |", "|---|---|", *rows]
    return with_tables(text, tables)


def with_tables(text: str, tables: dict[str, list[str]]) -> str:
    """A page's text with these lines between the markers of their names."""
    for name, lines in tables.items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, found, rest = text.partition(begin)
        if found:
            text = before + begin + "\n".join(lines) + "\n" + end + rest.partition(end)[2]
    return text


def main() -> None:
    """Make what the arguments name."""
    named = (policies, readme, pictures, terminal, film, compare, page)
    makers = {maker.__name__: maker for maker in named}
    wanted = sys.argv[1:]
    if not wanted or any(name not in makers for name in wanted):
        sys.exit(f"usage: python -m tests.tools.docs [{'|'.join(makers)}] …")
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    for name in wanted:
        makers[name]()


if __name__ == "__main__":
    main()
