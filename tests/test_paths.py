"""What README, docs/code.md and docs/equations.md say is called is called: functions are followed as a screen works."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pygame
import pytest

import main
from agent.fast.sampler import KERNEL_STEPS
from agent.lesson.course import Course
from agent.reinforce.settings import settings_for
from agent.runs.session import Session
from game.env.grid_world import GridWorld
from game.view.shared.overlays import OVERLAYS
from game.view.train.window import TrainingWindow
from game.view.window.display import open_window
from game.world.catalog import load, shipped
from tests.root import ROOT
from tests.waiting import PATIENCE, until

#: A function or a class that stands in a file: (file, name).
Place = tuple[str, str]
FILE, NAME = r"(?:agent|game)/[\w/]+\.py", r"[A-Za-z_][\w.]*"
#: No call of what is compiled to machine code, or of a constructor that nobody wrote, can be seen: who calls it can.
SEEN_BY = {("agent/fast/kernel.py", "_learn"): ("agent/fast/kernel.py", "Kernel.batch")}


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of the rows of the first table after a heading."""
    text = (ROOT / page).read_text(encoding="utf-8").partition(heading)[2]
    lines = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert lines, heading
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()[2:]]


def places(cell: str) -> list[Place]:
    """The functions that a cell names, each with the file that stands before it."""
    found, path = [], ""
    for quoted in re.findall(r"`([^`]+)`", cell):
        if re.fullmatch(FILE, quoted):
            path = quoted
        elif path and re.fullmatch(NAME, quoted):
            found.append((path, quoted))
    return found


def functions(cell: str, page: int) -> list[Place]:
    """The functions, as file:name, of an equation on one page of the lesson.

    After the first one may stand another, ``on page N`` instead of it or, with ``also``, beside it.
    """
    found: list[Place] = []
    for on, also, path, name in re.findall(rf"(?:on page (\d+)( also)? )?`({FILE}):({NAME})`", cell):
        if on and int(on) == page and not also:
            found = []
        if not on or int(on) == page:
            found.append((path, name))
    return found


@contextmanager
def followed() -> Iterator[set[Place]]:
    """Collect the functions of the project that are called meanwhile, also in threads that begin meanwhile.

    A class counts as called where an object of it is made.
    """
    seen: set[Place] = set()
    codes: set[CodeType] = set()
    made: set[type] = set()

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            codes.add(frame.f_code)
            if frame.f_code.co_name == "__init__":  # that of a dataclass stands in no file
                made.add(type(next(iter(frame.f_locals.values()))))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        files = {code: Path(code.co_filename) for code in codes}
        seen |= {
            (path.relative_to(ROOT).as_posix(), code.co_qualname)
            for code, path in files.items()
            if path.is_relative_to(ROOT)
        }
        seen |= {(f"{one.__module__.replace('.', '/')}.py", one.__qualname__) for one in made}


def trained(folder: Path, **given: Any) -> set[Place]:
    """What is called while three updates are watched in a window, each overlay of the board in turn."""
    with pytest.MonkeyPatch.context() as patch, followed() as seen:
        patch.setenv("SDL_VIDEODRIVER", "dummy")
        world = load("saturation")  # a level with tiles of its own
        settings = settings_for(world.dynamics, **given)
        settings = replace(settings, episodes=3 * settings.batch)
        session = Session(world, settings, None, folder / f"batch-{settings.batch}")
        window = TrainingWindow(session, open_window("followed", (1280, 800)), close_when_done=False)
        window.model.feed.start()

        def frame() -> None:
            window.frame(0.25)
            window.draw()

        playback = window.model.playback
        until(lambda: playback.snapshot is not None and playback.snapshot.update == 3, between=frame)
        for _ in OVERLAYS:
            pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.K_o, unicode="o", mod=0))
            frame()
        window.model.feed.close()
        assert window.model.feed.join(PATIENCE)
        window.window.destroy()
    return seen


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> set[Place]:
    """What a run with the default settings calls."""
    return trained(tmp_path_factory.mktemp("default"))


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> set[Place]:
    """What a run of single episodes calls."""
    return trained(tmp_path_factory.mktemp("single"), batch=1)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> set[Place]:
    """What a run of a network calls."""
    return trained(tmp_path_factory.mktemp("network"), hidden=(8,))


README = table("README.md", "## Where the equations are")
EQUATIONS = table("docs/equations.md", "# The equations")
CHANGES = table("docs/code.md", "## Where to change what")
FOLDERS = table("CONTRIBUTING.md", "## How the code is laid out")


@pytest.mark.parametrize("row", README, ids=[row[0] for row in README])
def test_a_row_of_the_readme_names_what_a_run_calls(row: list[str], default: set[Place], single: set[Place]) -> None:
    _, always, instead, _ = row
    assert places(always)
    assert set(places(always)) <= default
    if places(instead):
        assert set(places(instead)) <= single - default
        assert not set(places(always)) & single
    else:
        assert set(places(always)) <= single


@pytest.mark.parametrize("row", CHANGES, ids=[row[0] for row in CHANGES])
def test_what_is_to_be_changed_has_an_effect_on_a_run(
    row: list[str], default: set[Place], single: set[Place], network: set[Place]
) -> None:
    _, where = row
    for place in places(where):
        assert SEEN_BY.get(place, place) in default | single | network
    for path in re.findall(r"`([\w/]+(?:/|\.py))`", where):
        assert (ROOT / path).exists()


@pytest.mark.parametrize("number", range(1, 12))
def test_a_page_of_the_lesson_calls_the_functions_of_its_equations(number: int) -> None:
    expected = {
        place
        for equation, _, function, _, pages in EQUATIONS
        if str(number) in pages.split(", ")
        for place in functions(function, number)
    }
    assert expected
    with followed() as seen:
        Course().page(number, {"seeds": 1.0}).parts()
    assert expected <= seen


@pytest.mark.parametrize("name", shipped())
def test_the_default_batch_of_a_shipped_level_is_walked_in_machine_code(name: str) -> None:
    dynamics = load(name).dynamics
    assert settings_for(dynamics).batch * dynamics.max_steps >= KERNEL_STEPS


@pytest.mark.parametrize("page", ["README.md", "docs/equations.md"])
def test_a_page_says_from_which_size_on_a_batch_is_walked_in_machine_code(page: str) -> None:
    assert f"fewer than {KERNEL_STEPS} steps in all" in " ".join((ROOT / page).read_text(encoding="utf-8").split())


def test_the_calls_that_main_lists_are_made_from_the_worker_on(default: set[Place], single: set[Place]) -> None:
    listed = re.findall(r"^    ((?:agent|game)\.[\w.]+) ", main.__doc__ or "", re.MULTILINE)
    module = re.compile(r"((?:\.?[a-z_]+)+)\.([A-Z]\w*\.\w+)")
    found = [match.groups() for match in map(module.fullmatch, listed) if match]
    calls = [(f"{path.replace('.', '/')}.py", name) for path, name in found]
    beside = calls[calls.index(("game/view/train/worker.py", "Feed._run")) :]
    assert len(beside) > 3
    assert set(beside) <= default & single


def test_no_command_steps_through_the_environment_of_gymnasium(default: set[Place], single: set[Place]) -> None:
    with followed() as seen:
        world = GridWorld("first_steps")
        world.reset(seed=1)
        world.step(1)
    assert ("game/env/grid_world.py", "GridWorld.step") in seen
    assert not any(path == "game/env/grid_world.py" for path, _ in default | single)


def test_every_folder_has_its_row_and_every_row_its_folder() -> None:
    named = {path for row in FOLDERS for path in re.findall(r"`((?:agent|game)/[\w/]*(?:/|\.py))`", row[0])}
    assert all((ROOT / path).exists() for path in named)
    inside = {f"{folder}{inner}" for folder in named for row in FOLDERS for inner in re.findall(r"`(\w+/)`", row[1])}
    folders = {
        f"{path.parent.relative_to(ROOT).as_posix()}/"
        for package in ("agent", "game")
        for path in (ROOT / package).rglob("*.py")
    }
    assert folders - named - inside == {"agent/", "game/", "game/view/"}
