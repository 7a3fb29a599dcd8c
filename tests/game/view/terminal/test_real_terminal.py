"""The app in a real terminal: tmux gives it one, presses keys, changes its size, and shows what is on it."""

from __future__ import annotations

from pathlib import Path

from tests.game.view.terminal.tmux import Tmux
from tests.root import ROOT

#: A small learner in the app, without torch; what the terminal has answered is told at the end.
PROGRAM = """
import signal, sys
sys.path.insert(0, sys.argv[1])
from game.view.terminal.kit import line
from game.view.terminal import programs
from game.view.terminal.kit import shell
from tests.game.view.learner import Learner, world_of_text
ended, kept = [], []
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda number, _frame: ended.append(number))
whole = line.open_line
def opened():
    kept.append(whole())
    return kept[0]
shell.open_line = opened
said = shell.show(
    programs.training(Learner(world_of_text(), total=400)), "utf-8",
    signals=lambda: len(ended), interrupt=lambda: signal.raise_signal(signal.SIGINT),
)
print(said)
print("answered:", kept[0].answers, "signals:", ended, flush=True)
"""


def right_of_the_board(screen: list[str]) -> int:
    return next(line.index("Is it getting better?") for line in screen if "Is it getting better?" in line)


def test_the_app_lays_itself_out_for_each_size_and_leaves_the_terminal_as_it_was(tmux: Tmux, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    tmux.type("echo what was here before")
    tmux.run("program.py", str(ROOT))
    small = tmux.until("J = ")
    assert small[0].startswith("Small room")
    assert not any("what was here before" in line for line in small)
    assert right_of_the_board(small) == 42
    assert "H help" in small[23]
    assert "as fast as possible" in small[23] or "all updates done" in small[23]
    tmux.resize(120, 40)
    large = tmux.until(lambda screen: len(screen) == 40 and "H help" in screen[39])
    assert right_of_the_board(large) == 64
    assert any("←" in line and "→" in line for line in large), "all arrows of large cells"
    tmux.resize(80, 24)
    again = tmux.until(lambda screen: len(screen) == 24 and "H help" in screen[23])
    assert right_of_the_board(again) == 42
    tmux.press("h")
    tmux.until("Play one episode to its end")
    tmux.press("Escape")
    tmux.until("Is the gradient right?")
    tmux.press("Escape")
    end = tmux.until("answered:")
    assert any("answered: True signals: []" in line for line in end)
    assert any("saved in runs/small" in line for line in end)
    assert any("what was here before" in line for line in end), "the other screen is back"
    tmux.type("stty -a | tr ' ' '\\n' | grep -cx -e echo -e icanon -e isig")
    tmux.until(lambda screen: "3" in screen)


def test_ctrl_c_is_the_signal_that_it_is_elsewhere(tmux: Tmux, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM.replace("total=400", "total=None"))
    tmux.run("program.py", str(ROOT))
    tmux.until("J = ")
    tmux.press("C-c")
    tmux.until("signals: [2]")


def test_a_byte_that_is_not_utf_8_is_passed_over_and_the_key_behind_it_is_taken(tmux: Tmux, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM.replace("total=400", "total=None"))
    tmux.run("program.py", str(ROOT))
    tmux.until("J = ")
    tmux.press("-H", "e9", "68")  # é as a Latin-1 terminal sends it, then H
    tmux.until("Play one episode to its end")
    tmux.press("-H", "e9", "03")  # and Ctrl-C
    tmux.until("signals: [2]")
