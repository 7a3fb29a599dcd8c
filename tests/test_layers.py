"""Imports run one way: the game knows no agent, the agent no view, a view no trainer, and no folder one above it.

And importing does nothing.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.root import ROOT

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("game", "agent")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
GAME = [name for name in FILES if name == "game" or name.startswith("game.")]
AGENT = [name for name in FILES if name == "agent" or name.startswith("agent.")]
VIEWS = [name for name in GAME if name.startswith("game.view")]
#: What draws an environment needs pygame.
PICTURES = ("game.env.picture", "game.env.window")
APP = [name for name in VIEWS if name.startswith("game.view.terminal")]

#: What each part must not import, wherever in a file the import stands.
FORBIDDEN = {
    "game": (GAME, ("torch", "agent", "main", "numba", "safetensors")),
    "agent": (AGENT, ("pygame", "game.view", "main", "rich", "textual", "gymnasium", "game.env.grid_world")),
    "views": (VIEWS, ("torch", "agent", "main")),
}

#: The folders and modules of ``game`` and of ``agent`` from the bottom: each imports only what is within it and what
#: stands on the lines before its own.  What shares a line does not know each other.
ORDER = {
    "game": (
        ("game", "game.errors", "game.files", "game.keys"),
        ("game.world",),
        ("game.snapshots",),
        ("game.match",),
        ("game.view", "game.view.shared"),
        ("game.view.draw",),
        ("game.view.film",),
        ("game.view.window",),
        ("game.env",),
        ("game.view.edit",),
        ("game.view.train", "game.view.lesson", "game.view.play"),
        ("game.view.watch",),
        ("game.view.programs",),
        ("game.view.lines", "game.view.page", "game.view.figures"),
        ("game.view.terminal", "game.view.windows"),
        ("game.view.medium",),
    ),
    "agent": (
        ("agent", "agent.command_line"),
        ("agent.reinforce",),
        ("agent.exact", "agent.ranks"),
        ("agent.fast",),
        ("agent.trainer",),
        ("agent.runs",),
        ("agent.lesson", "agent.studies"),
    ),
}
#: Packages whose own line is about their ``__init__`` alone.
ROOTS = ("game", "game.view", "agent")


def imported(path: Path, module: str, package: bool) -> set[str]:
    """Every module that a file names in an import, also within functions and for type checking."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                parents = module.split(".")[: None if package and node.level == 1 else -(node.level - package)]
                source = ".".join([*parents, *([source] if source else [])])
            found |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
            "import_module",
            "__import__",
        ):
            found |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
    return found


def offences(names: list[str], forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{name} imports {other}"
        for name in names
        for other in sorted(imported(FILES[name], name, FILES[name].name == "__init__.py"))
        if any(other == bad or other.startswith(f"{bad}.") for bad in forbidden)
    ]


@pytest.mark.parametrize("part", FORBIDDEN)
def test_imports_run_one_way(part: str) -> None:
    names, forbidden = FORBIDDEN[part]
    assert names
    assert offences(names, forbidden) == []


def part_of(module: str) -> str:
    """The folder or module of the order that a module lies in: the longest name, or "" where it has no place."""
    names = (name for line in ORDER[module.partition(".")[0]] for name in line)
    return max(
        (name for name in names if module == name or (name not in ROOTS and module.startswith(f"{name}."))),
        key=len,
        default="",
    )


def arrows() -> set[tuple[str, str]]:
    """Who imports whom, within ``game`` and within ``agent``, imports in functions and for type checking included."""
    return {
        (name, other)
        for name, path in FILES.items()
        for other in imported(path, name, path.name == "__init__.py") & FILES.keys()
        if other != name and other not in ROOTS and other.partition(".")[0] == name.partition(".")[0]
    }


def upward(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the imports that do not lead from a part to one on a line before."""
    line = {part: number for lines in ORDER.values() for number, parts in enumerate(lines) for part in parts}
    parts = {pair: (part_of(pair[0]), part_of(pair[1])) for pair in pairs}
    return {pair for pair, (one, other) in parts.items() if one != other and line[other] >= line[one]}


def circle(pairs: set[tuple[str, str]]) -> list[str]:
    """Modules that import each other in a circle, or nothing."""
    graph: dict[str, set[str]] = {}
    for name, other in pairs:
        graph.setdefault(name, set()).add(other)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_module_has_a_place_in_the_order() -> None:
    assert [name for name in FILES if not part_of(name)] == []


def test_folders_import_one_way() -> None:
    assert upward(arrows()) == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(arrows()) == []


def test_the_order_sees_what_goes_up_across_and_round() -> None:
    down, across, up = (
        ("agent.trainer", "agent.exact.exact"),
        ("agent.ranks.ranks", "agent.exact.exact"),
        ("game.view.draw.pen", "game.view.train.screen"),
    )
    within = ("agent.exact.exact", "agent.exact.budget")
    assert upward({down, across, up, within}) == {across, up}
    assert circle({down, across, within}) == []
    assert set(circle({down, within, within[::-1]})) == set(within)


def test_the_walk_over_imports_sees_every_kind_of_import(tmp_path: Path) -> None:
    path = tmp_path / "sample.py"
    path.write_text(
        "import a.b\nfrom c import d\nfrom . import e\nfrom .f import g\nfrom ..h import i\n"
        "def later():\n    from importlib import import_module\n    import_module('j')\n"
    )
    found = imported(path, "game.view.sample", package=False)
    assert {"a.b", "c", "c.d", "game.view.e", "game.view.f", "game.view.f.g", "game.h", "game.h.i", "j"} <= found


#: Imports everything but views, then says what came along and what happened.
PROGRAM = """
import sys
names, heavy = sys.argv[1].split(","), sys.argv[2].split(",")
import random, builtins, threading
state = random.getstate()
opened = []
whole = builtins.open
def recording(file, mode="r", *rest, **options):
    if any(letter in mode for letter in "wax+"):
        opened.append(str(file))
    return whole(file, mode, *rest, **options)
builtins.open = recording
if "numpy" not in heavy:
    import numpy
    numbers = numpy.random.get_state()[1].tolist()
    place = numpy.random.get_state()[2]
for name in names:
    __import__(name)
print("imported:", *(name for name in heavy if name in sys.modules))
print("random numbers drawn:", random.getstate() != state)
print("numpy seeded:", numpy.random.get_state()[1].tolist() != numbers or numpy.random.get_state()[2] != place)
print("files written:", *opened)
print("threads:", threading.active_count())
if "pygame" in sys.modules:
    import pygame
    print("window:", pygame.display.get_init() or pygame.font.get_init())
if "torch" in sys.modules:
    import torch
    print("torch seeded:", torch.initial_seed() != torch.default_generator.initial_seed())
"""


def outcome(names: list[str], heavy: list[str], cwd: Path) -> dict[str, str]:
    program = PROGRAM.replace("import sys\n", f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n", 1)
    ran = subprocess.run(
        [sys.executable, "-c", program, ",".join(names), ",".join(heavy)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    pairs = (line.partition(":") for line in ran.stdout.splitlines())
    return {name: value.strip() for name, _, value in pairs}


def quiet(heavy: str) -> dict[str, str]:
    return {
        "imported": heavy,
        "random numbers drawn": "False",
        "numpy seeded": "False",
        "files written": "",
        "threads": "1",
    }


def test_importing_the_game_brings_no_torch_no_pygame_and_has_no_effect(tmp_path: Path) -> None:
    names = [name for name in GAME if name not in VIEWS and name not in PICTURES]
    assert outcome(names, ["torch", "agent", "pygame", "numba", "matplotlib"], tmp_path) == quiet("")
    assert not list(tmp_path.iterdir())


def test_importing_the_views_brings_no_agent_and_opens_no_window(tmp_path: Path) -> None:
    windows = [name for name in VIEWS if name not in APP]
    found = outcome(windows, ["torch", "agent", "numba", "safetensors"], tmp_path)
    assert found == quiet("") | {"window": "False"}
    assert not list(tmp_path.iterdir())


def test_the_app_of_the_terminal_needs_no_window(tmp_path: Path) -> None:
    found = outcome(APP, ["pygame", "torch", "agent", "numba", "matplotlib"], tmp_path)
    # Textual draws some of Python's own random numbers, which nothing here uses.
    assert found == quiet("") | {"random numbers drawn": "True"}
    assert not list(tmp_path.iterdir())


def test_importing_the_agent_brings_no_pygame_and_has_no_effect(tmp_path: Path) -> None:
    found = outcome(AGENT, ["pygame", "rich", "textual", "matplotlib"], tmp_path)
    assert found == quiet("") | {"torch seeded": "False"}
    assert not list(tmp_path.iterdir())


def test_what_a_view_is_handed_needs_numpy_only(tmp_path: Path) -> None:
    # gymnasium comes with the package itself, which registers the grid world by name.
    found = outcome(
        ["game.snapshots.snapshot"],
        ["torch", "pygame", "numba", "game.env.grid_world"],
        tmp_path,
    )
    assert found == quiet("")


def test_importing_main_brings_click_and_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import main; print(*sorted(set(sys.argv[2:]) & set(sys.modules)))"
    )
    heavy = "numpy torch gymnasium pygame numba rich textual game agent.reinforce agent.runs".split()
    ran = subprocess.run(
        [sys.executable, "-c", program, str(ROOT), *heavy], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ""
