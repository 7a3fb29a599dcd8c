"""The command line: faults, help, what it prints, signals, pipes, encodings; and no view changes what is learned."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from traceback import walk_stack
from typing import Any

import pytest
import torch
from click.testing import CliRunner, Result

import main
from agent.reinforce import credit, settings
from agent.runs.folder import open_run
from agent.runs.metrics import COLUMNS, FILE
from agent.runs.opponents import Opponents
from agent.runs.run import trained
from agent.runs.session import Session
from game.view import medium
from game.view import windows as program
from game.view.play.rules import Rules
from game.view.train.worker import Feed
from game.world import catalog
from tests.agent.worlds import EVERYTHING, fingerprint
from tests.root import ROOT

MAIN = ROOT / "main.py"
QUICK = ["--episodes", "60", "--batch", "20"]
KEYS = "level run seed episodes updates steps seconds mean_return goal_rate objective optimum ratio".split()


@pytest.fixture(autouse=True)
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty folder, no display, and the signal handlers as they were afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, handlers, strict=True):
        signal.signal(number, handler)


def run(*arguments: str, charset: str = "utf-8") -> Result:
    return CliRunner(charset=charset).invoke(main.cli, list(arguments))


def trained_quickly(*arguments: str) -> Result:
    result = run("train", *QUICK, *arguments)
    assert result.exit_code == 0, result.output
    return result


FAULTS = [
    ("trian", "did you mean|Did you mean"),
    ("--nosuch", "No such option"),
    ("train nosuch", "there is no level 'nosuch'; expected one of cliff, "),
    ("train clif", r"there is no level 'clif'; did you mean cliff\?"),
    ("train nosuch.toml", "there is no such file"),
    ("train .", "there is no level '.'|is a folder"),
    ("train cliff windy", "unexpected extra argument"),
    ("train --nosuch", "No such option"),
    ("train --episodes 0", "--episodes is 0; expected a whole number from 1"),
    ("train --episodes -1", "--episodes is -1; expected a whole number from 1"),
    ("train --episodes 1e30", "'1e30' is not a valid integer"),
    (f"train --episodes {10**30}", "expected a whole number from 1 to 1,000,000,000,000"),
    ("train --episodes", "requires an argument"),
    ("train --batch 0", "--batch is 0; expected a whole number from 1"),
    (f"train --batch {10**12}", "--batch is 1000000000000; expected a whole number from 1 to 100,000,000"),
    ("train --learning-rate 0", "--learning-rate is 0.0; expected a finite number above 0"),
    ("train --learning-rate -1", "--learning-rate is -1.0"),
    ("train --learning-rate nan", "--learning-rate is nan; expected a finite number"),
    ("train --learning-rate inf", "--learning-rate is inf; expected a finite number"),
    ("train --entropy -0.1", "--entropy is -0.1; expected a finite number of at least 0"),
    ("train --hidden x", "'x' names no layers; expected sizes such as 64 or 8,8"),
    ("train --hidden 8,,8", "'8,,8' names no layers"),
    ("train --hidden 0", "--hidden is 0; expected a whole number from 1"),
    ("train --hidden 8,-8", "--hidden is -8; expected a whole number from 1"),
    ("train --hidden 65536,65536", "makes [0-9,]+ weights here; expected at most 20,000,000"),
    ("train --features position", "--features position needs a network; expected --hidden as well"),
    ("train short_corridor --features position --hidden 4", "--features position needs a level on a grid"),
    ("train --features pixels", "'pixels' is not one of 'one-hot', 'position'"),
    ("train --estimator best", "'best' is not one of 'total-return', 'reward-to-go', 'baseline'"),
    ("train --optimizer rms", "'rms' is not one of"),
    ("train --view cinema", "'cinema' is not one of"),
    ("train --view window", "--view window needs a display"),
    ("train --discount nan", "--discount is nan; expected a number from 0 to 1"),
    ("train --discount 2", "--discount is 2.0; expected a number from 0 to 1"),
    ("train --discount -0.5", "--discount is -0.5; expected a number from 0 to 1"),
    ("train --max-steps 0", "--max-steps is 0; expected a whole number from 1"),
    ("train --max-steps 2000000000", "--max-steps is 2000000000; expected a whole number from 1 to 100,000,000"),
    ("train --seed -1", "--seed is -1; expected a whole number from 0"),
    ("train --seed x", "'x' is not a valid integer"),
    ("train --resume nosuch", "there is no run 'nosuch'; there are none yet"),
    ("train --resume .", "is a folder without a run"),
    ("train --resume nosuch --seed 3 --out x", "leave out --seed and --out"),
    ("evaluate", "Missing argument 'LEVEL'"),
    ("evaluate nosuch", "there is no level 'nosuch'"),
    ("evaluate cliff --policy p=0.5", "needs a level with two actions; 'cliff' has 4"),
    ("evaluate line_world --policy p=1.5", "expected p=NUMBER with a number from 0 to 1"),
    ("evaluate line_world --policy p=nan", "expected p=NUMBER with a number from 0 to 1"),
    ("evaluate line_world --policy p=x", "expected p=NUMBER with a number from 0 to 1"),
    ("evaluate line_world --policy nosuch", "there is no run 'nosuch'"),
    ("evaluate line_world --discount 1.01", "--discount is 1.01"),
    ("evaluate line_world --max-steps -3", "--max-steps is -3"),
    ("compare nosuch", "there is no level 'nosuch'"),
    ("compare cliff --estimators best", "names 'best'"),
    ("compare cliff --estimators ,", "expected different names"),
    ("compare cliff --updates 0", "--updates is 0"),
    ("compare cliff --batch 0", "--batch is 0"),
    ("compare cliff --seeds 0", "0 is not in the range"),
    ("compare cliff --out no/such/folder.png --updates 1 --seeds 1", "no/such"),
    ("play nosuch", "there is no level 'nosuch'"),
    ("play --run nosuch", "there is no run 'nosuch'"),
    ("play --rounds 0", "0 is not in the range"),
    ("play --clock nan", "nan is no tempo; expected steps a second from 0.1 to 30"),
    ("play --clock 0", "0 is no tempo"),
    ("play --update -1", "-1 is not in the range"),
    ("play --view window", "--view window needs a display"),
    ("levels --nosuch", "No such option"),
]


@pytest.mark.parametrize(("line", "expected"), FAULTS, ids=[line for line, _ in FAULTS])
def test_a_fault_of_the_command_line_is_one_sentence(line: str, expected: str, tmp_path: Path) -> None:
    result = run(*line.split())
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1
    assert re.search(expected, result.stderr), result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "odd", ["x" * 5000, "a\x1b[31mb", "\udcff", "a/b", "ü"], ids=["long", "escape", "byte", "path", "letter"]
)
@pytest.mark.parametrize(
    "line", ["train {}", "train --resume {}", "evaluate {}", "evaluate cliff --policy {}", "play --run {}"]
)
def test_an_odd_name_is_one_sentence_too(line: str, odd: str) -> None:
    result = run(*(odd if word == "{}" else word for word in line.split()))
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1
    assert "\x1b" not in result.stderr


def test_a_level_without_a_goal_is_a_warning(tmp_path: Path) -> None:
    level = tmp_path / "loop.toml"
    level.write_text('max_steps = 5\nmap = "S.."\n')
    result = trained_quickly(str(level), "--view", "none", "--out", "loop")
    assert re.fullmatch(r"Warning: .*no goal can be reached.*\n", result.stderr)


def test_out_is_the_runs_own_folder_and_a_run_is_never_overwritten(tmp_path: Path) -> None:
    trained_quickly("--view", "none", "--out", "deep/run")
    before = sorted((path, path.read_bytes()) for path in Path("deep/run").iterdir())
    assert not Path("runs").exists()
    result = run("train", *QUICK, "--out", "deep/run")
    assert result.exit_code == 2
    assert "deep/run holds a run already" in result.stderr
    assert sorted((path, path.read_bytes()) for path in Path("deep/run").iterdir()) == before
    Path("file").write_text("mine")
    result = run("train", *QUICK, "--out", "file")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: file")
    assert Path("file").read_text() == "mine"


def test_resume_takes_a_name_under_runs_and_refuses_other_settings() -> None:
    first = trained_quickly("line_world", "--view", "none", "--seed", "4")
    assert "Saved in runs/line_world-1." in first.stdout
    for option in ("--seed 4", "--batch 20", "--hidden 4", "--discount 0.9", "--estimator baseline", "--out elsewhere"):
        result = run("train", "--resume", "line_world-1", *option.split())
        assert result.exit_code == 2
        assert f"leave out {option.split()[0]}" in result.stderr
    result = run("train", "cliff", "--resume", "line_world-1")
    assert result.exit_code == 2
    assert "line_world-1 is a run of 'line_world', not of 'cliff'" in result.stderr
    result = run("train", "--resume", "line_word-1")
    assert result.exit_code == 2
    assert "did you mean line_world-1?" in result.stderr
    result = run("train", "line_world", "--resume", "line_world-1", "--episodes", "100", "--view", "none", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout.splitlines()[-1])["episodes"] == 100
    assert [path.name for path in Path("runs").iterdir()] == ["line_world-1"]


def test_runs_are_numbered_and_a_level_file_is_kept_with_its_run(tmp_path: Path) -> None:
    level = tmp_path / "mine.toml"
    level.write_text(EVERYTHING)
    for number in (1, 2):
        assert f"Saved in runs/mine-{number}." in trained_quickly(str(level), "--view", "none").stdout
    spaced = trained_quickly("--view", "none", "--out", "my run").stdout
    assert spaced.endswith('Next: python main.py play first_steps --run "my run"\n')
    level.unlink()  # a run can be resumed without the file that it was made from
    result = run("train", "--resume", "mine-2", "--episodes", "80", "--view", "none")
    assert result.exit_code == 0, result.output


def test_the_last_line_of_json_holds_what_is_documented() -> None:
    result = trained_quickly("--view", "none", "--seed", "5", "--out", "run", "--json")
    numbers = json.loads(result.stdout.splitlines()[-1])
    assert list(numbers) == KEYS
    assert (numbers["level"], numbers["run"], numbers["seed"]) == ("first_steps", "run", 5)
    assert (numbers["episodes"], numbers["updates"]) == (60, 3)
    rows = [line.split(",") for line in (Path("run") / FILE).read_text().splitlines()]
    assert numbers["steps"] == int(rows[-1][COLUMNS.index("steps")])
    assert numbers["ratio"] == pytest.approx(1 - (numbers["optimum"] - numbers["objective"]) / numbers["optimum"])
    world = catalog.load("first_steps")
    assert -1.8 < numbers["mean_return"] < 1
    # 1,000 fresh episodes: the mean return lies near the exact J; five standard errors of returns within [−1.8, 1].
    assert abs(numbers["mean_return"] - numbers["objective"]) < 5 * 1.4 / 1000**0.5
    evaluated = json.loads(run("evaluate", "first_steps", "--policy", "run", "--json").stdout)
    assert evaluated["objective"] == numbers["objective"]
    assert abs(evaluated["goal_probability"] - numbers["goal_rate"]) < 5 * 0.5 / 1000**0.5
    assert world.dynamics.max_steps >= evaluated["expected_steps"] > 1


def test_a_ratio_to_an_optimum_of_nothing_is_said_to_be_none(tmp_path: Path) -> None:
    level = tmp_path / "still.toml"
    level.write_text('max_steps = 5\nmap = "S."\n')
    assert re.search(r"ratio +none, since the optimum is 0\n", run("evaluate", str(level)).stdout)
    assert json.loads(run("evaluate", str(level), "--json").stdout)["ratio"] is None


def test_evaluate_prints_the_documented_keys() -> None:
    numbers = json.loads(run("evaluate", "cliff", "--json").stdout)
    assert list(numbers) == "level policy objective optimum ratio ratio_of goal_probability expected_steps".split()
    assert "optimum_observed" in json.loads(run("evaluate", "short_corridor", "--json").stdout)
    shown = run("evaluate", "cliff", "--policy", "optimal").stdout
    assert re.search(r"objective +-13\n", shown)


def test_without_a_display_training_goes_to_the_terminal_in_plain_lines() -> None:
    result = trained_quickly("line_world", "--out", "run")
    assert result.stderr == ""
    assert "\x1b" not in result.stdout
    assert "\r" not in result.stdout
    assert re.match(r"Line world: making ready.* …\n", result.stdout)
    assert re.search(r"^update 3 of 3  episodes 60  mean return ", result.stdout, re.MULTILINE)
    assert "→" in result.stdout
    assert "Saved in run." in result.stdout
    assert result.stdout.rstrip().splitlines()[-1] == "Next: python main.py play line_world --run run"


@pytest.mark.parametrize("charset", ["ascii", "latin-1"])
def test_every_command_speaks_in_any_encoding(charset: str) -> None:
    lines = [
        "--help",
        "train --help",
        "play --help",
        "evaluate --help",
        "levels --help",
        "keys --help",
        "keys",
        "levels",
    ]
    lines += ["levels --json", "evaluate short_corridor", "evaluate nosüch", "train nosüch", ""]
    lines += ["train line_world --episodes 40 --batch 20 --hidden 3,3 --out ü"]
    for line in lines:
        result = run(*line.split(), charset=charset)
        assert result.exception is None or isinstance(result.exception, SystemExit), (line, result.exception)
        result.output_bytes.decode(charset)
    assert b"gamma 0.95" in result.stdout_bytes
    assert re.search(rb"making ready.* \.\.\.\r?\n", result.stdout_bytes)
    assert b"MLP 3x3" in result.stdout_bytes if charset == "ascii" else True
    assert b"> > >" in result.stdout_bytes or b"^ ^ ^" in result.stdout_bytes or b"< < <" in result.stdout_bytes


def test_main_alone_says_in_five_lines_what_can_be_done() -> None:
    result = run()
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 5
    for name in ("train", "play", "lesson", "levels"):
        assert f"python main.py {name}" in result.stdout
    for name in ("evaluate", "compare", "plot"):
        assert name in result.stdout


def test_the_lists_of_the_command_line_are_the_agents() -> None:
    assert main.ESTIMATORS == credit.ESTIMATORS
    assert main.OPTIMIZERS == settings.OPTIMIZERS
    assert main.FEATURES == settings.FEATURES


HELP = """
import os, runpy, sys
sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(sys.argv[0])  # as where Python is given the script itself
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    assert not end.code
heavy = "numpy torch gymnasium pygame numba matplotlib rich textual safetensors".split()
print("imported:", *(name for name in heavy if name in sys.modules))
"""


@pytest.mark.parametrize("command", ["", "--help", *(f"{name} --help" for name in main.cli.commands)])
def test_help_imports_no_heavy_library_and_has_an_example(command: str) -> None:
    ran = process("-c", HELP, str(MAIN), *command.split())
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "imported:"
    assert "python main.py " in ran.stdout


def test_the_keys_of_every_window_are_listed() -> None:
    from game.keys import KEYS as TABLE

    shown = run("keys").stdout
    for screen, table in TABLE.items():
        assert f"python main.py {screen}" in shown
        for key in table:
            assert key.help in shown


def test_levels_as_json_names_every_level() -> None:
    listed = json.loads(run("levels", "--json").stdout)
    assert [level["name"] for level in listed] == list(catalog.shipped())


@pytest.mark.parametrize("given", [[], ["--hidden", "5"], ["--batch", "2"]], ids=str)
def test_no_view_changes_a_bit_of_what_is_learned(given: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for view in ("none", "terminal", "window"):
        if view == "window":
            monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
        trained_quickly("--view", view, "--out", view, "--seed", "3", *given)
        trainer, note = trained(open_run(Path(view)))
        assert note == ""
        assert trainer.episodes == 60
        seconds = COLUMNS.index("seconds")
        rows = [line.split(",") for line in (Path(view) / FILE).read_text().splitlines()]
        found[view] = (fingerprint(trainer), [row[:seconds] + row[seconds + 1 :] for row in rows])
    assert found["none"] == found["terminal"]
    assert found["none"] == found["window"]


def test_a_number_that_is_not_finite_ends_with_status_2_and_the_run_loads() -> None:
    result = run("train", "--learning-rate", "1e308", "--view", "terminal", "--out", "run")
    assert result.exit_code == 2
    assert re.fullmatch(
        r"Error: update \d+: .* not finite, .*try a smaller --learning-rate than 1e\+308.*\n", result.stderr
    )
    assert run("evaluate", "first_steps", "--policy", "run").exit_code == 0


def test_a_damaged_checkpoint_is_said_wherever_it_is_read(tmp_path: Path) -> None:
    trained_quickly("--view", "none", "--out", "run")
    (tmp_path / "run" / "checkpoint.safetensors").write_bytes(b"damaged")
    for arguments in (["evaluate", "first_steps", "--policy", "run"], ["train", "--resume", "run", "--view", "none"]):
        result = run(*arguments)
        assert result.exit_code == 0, result.output
        assert re.search(r"^Warning: run/checkpoint\.safetensors is damaged: .* is used instead$", result.stderr, re.M)


# -- real processes: signals, pipes and the locale --------------------------------------------------------------


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, *arguments],
        env=known | environment,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )


#: The command, which says of each update that its window shows it.
TELLS = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from game.view.shared.playback import Playback
from main import cli

take = Playback.take

def tells(playback, snapshot):
    take(playback, snapshot)
    print("update", snapshot.update, "is shown")

Playback.take = tells
cli(prog_name="main.py")
"""


@pytest.mark.parametrize(
    ("number", "status", "view"),
    [(signal.SIGINT, 130, "terminal"), (signal.SIGTERM, 143, "terminal"), (signal.SIGINT, 130, "window")],
)
def test_a_signal_during_training_saves_and_ends(number: int, status: int, view: str, tmp_path: Path) -> None:
    options = ["--episodes", "100000000", "--batch", "1", "--view", view, "--out", "run"]
    program = [str(MAIN)] if view == "terminal" else ["-c", TELLS, str(ROOT)]
    command = [sys.executable, "-u", *program, "train", *options]
    environment = os.environ | ({"SDL_VIDEODRIVER": "dummy"} if view == "window" else {})
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path
    )
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("update "):
            break
    running.send_signal(number)
    said, complained = running.communicate(timeout=60)
    assert running.returncode == status, complained
    assert complained == ""
    assert "Saved in run." in said
    trainer, note = trained(open_run(Path("run")))
    assert note == ""
    assert trainer.update > 0
    more = trainer.episodes + 2 * trainer.settings.batch
    result = run("train", "--resume", "run", "--episodes", str(more), "--view", "none", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout.splitlines()[-1])["episodes"] == more


def test_a_reader_that_has_gone_is_no_traceback(tmp_path: Path) -> None:
    train = f"{sys.executable} {MAIN} train --episodes 2000 --batch 1 --view terminal --out run"
    for command in (train, f"{sys.executable} {MAIN} levels", f"{sys.executable} {MAIN} levels --json"):
        ran = subprocess.run(
            f"{command} | head -1", shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert ran.stderr == ""
        assert len(ran.stdout.splitlines()) == 1
    assert trained(open_run(tmp_path / "run"))[1] == ""


def test_a_terminal_without_arrows_gets_ascii() -> None:
    ran = process(
        str(MAIN),
        "train",
        "line_world",
        "--batch",
        "1",
        "--episodes",
        "400",
        "--out",
        "run",
        LC_ALL="C",
        PYTHONUTF8="0",
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    assert ran.stdout.isascii()
    assert re.match(r"Line world: making ready.* \.\.\.\n", ran.stdout)
    assert re.search(r"^([<>] ){10}G$", ran.stdout, re.MULTILINE)


def test_training_and_playing_by_turns_go_on_with_one_run_which_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the window does: it trains for an update, plays, trains for two more and ends."""

    def watch(session: Session, *, close_when_done: bool, opponents: Callable[[], Opponents], rules: Rules) -> str:
        training = session
        for updates in (1, 2):
            training.begin()
            learning = training.updates()
            for _ in range(updates):
                next(learning)
            learning.close()
            if updates == 1:
                found = opponents()
                assert found.opponent("line_world").label == "run mine after 20 episodes"
                training = found.training("line_world")
        return f"{close_when_done} {rules.rounds}"

    monkeypatch.setattr(program, "watch", watch)
    monkeypatch.setattr(medium, "chosen", lambda _view: "window")
    result = run("train", "line_world", *QUICK, "--out", "mine")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("True 5\nLine world: 3 updates from 60 episodes")
    assert "Saved in mine." in result.stdout


def test_from_train_to_the_gradient_the_calls_are_those_that_main_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = re.findall(r"^    ((?:main|game|agent)\.\S+)  ", str(main.__doc__), re.MULTILINE)
    assert (listed[0], listed[-1]) == ("main.train", "agent.reinforce.policy.Policy.gradients")
    stacks: dict[str, list[str]] = {}

    def recorded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            frames = list(walk_stack(sys._getframe(1)))[::-1]
            names = [f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}" for frame, _ in frames]
            stacks.setdefault(name, [called for called in names if called in listed])
            return function(*arguments, **options)

        return call

    monkeypatch.setattr(Feed, "start", recorded("start", Feed.start))
    monkeypatch.setattr(torch.autograd, "grad", recorded("gradient", torch.autograd.grad))
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    trained_quickly("--view", "window", "--out", "run")
    assert stacks["start"] + stacks["gradient"] == listed
