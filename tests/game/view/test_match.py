"""The window of a match: what each key does, that nothing is cut or overlaps, and a real window under Xvfb."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from game.catalog import World, load, shipped, world_from_text
from game.errors import LevelError, RunError
from game.keys import KEYS
from game.snapshot import Opponent
from game.view.match import MatchWindow, play
from game.view.theme import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from game.view.contest import Contest
    from game.view.match_screen import MatchScreen
    from tests.game.view.conftest import Display

ROOM = 'title = "Room"\ndiscount = 0.9\nmax_steps = 9\nstep_reward = -0.01\nmap = """\n..G\nS..\n..X"""'
KING = """
title = "King"
max_steps = 9
step_reward = -1
actions = ["up", "up-right", "right", "down-right", "down", "down-left", "left", "up-left", "stay"]
map = \"\"\"
.....
.....
..S..
.....
....G
\"\"\"
"""
CLIFF = 'title = "Cliff"\nmax_steps = 9\nstep_reward = -1\nmap = """\n...\nSCG"""'
CLIFF += '\n[tiles.C]\nname = "cliff"\nreward = -100\neffect = "restart"'


def table(world: World, action: str, share: float = 1.0) -> NDArray[np.float64]:
    """A policy that takes ``action`` with probability ``share`` everywhere, the others alike."""
    n_actions = world.dynamics.n_actions
    probabilities = np.full((world.dynamics.n_states, n_actions), (1.0 - share) / (n_actions - 1))
    probabilities[:, world.dynamics.actions.index(action)] = share
    return probabilities


class Given:
    """Opponents on three small levels; ``hold`` keeps one from being had until it is set."""

    def __init__(self, action: str = "left", share: float = 1.0) -> None:
        self.action, self.share = action, share
        self.hold = threading.Event()
        self.hold.set()

    def levels(self) -> list[World]:
        texts = {"room": ROOM, "king": KING, "cliff": CLIFF}
        return [world_from_text(text, name, name, name) for name, text in texts.items()]

    def opponent(self, argument: str) -> Opponent:
        self.hold.wait(10)
        if argument == "cliff":
            raise RunError("cliff has no policy; expected a run")
        for world in self.levels():
            if world.argument == argument:
                return Opponent(world, table(world, self.action, self.share), "the test's run", 0.7, 0.1)
        raise LevelError(f"there is no level '{argument}'")


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")


class Table:
    """A window whose clock the test drives."""

    def __init__(self, given: Given, level: str = "room", rounds: int = 3, greedy: bool = True) -> None:
        self.window = MatchWindow(given, level, rounds, greedy, seed=1)

    def seated(self) -> Table:
        """Once the opponent and the levels are there."""
        self.wait_for_opponent()
        assert self.window._levels is not None
        self.window._levels.wait()
        return self

    def wait_for_opponent(self) -> None:
        while self.window._loading is not None:
            time.sleep(0.002)
            self.window.frame(0.002)

    def pass_time(self, seconds: float = 0.5) -> None:
        for _ in range(max(1, round(seconds * 50))):
            self.window.frame(0.02)

    def press(self, *names: str) -> None:
        """Press keys by pygame's names, as the window's own events."""
        for name in names:
            character = {"return": "\r", "space": " "}.get(name, name if len(name) == 1 else "")
            event = pygame.Event(pygame.KEYDOWN, key=pygame.key.key_code(name), unicode=character, mod=0)
            pygame.event.post(event)
            self.window.frame(0.0)

    @property
    def screen(self) -> MatchScreen:
        assert self.window.screen is not None
        return self.window.screen

    @property
    def contest(self) -> Contest:
        return self.screen.contest

    @property
    def written(self) -> list[str]:
        return [written.text for written in self.window.pen.written]

    def position(self, side: str = "person") -> tuple[int, int]:
        layout = self.contest.dynamics.layout
        assert layout is not None
        row, column = layout.position[getattr(self.contest.match.current, side).states[-1]]
        return int(row), int(column)


@pytest.fixture
def given() -> Given:
    return Given()


@pytest.fixture
def at(driver: None, given: Given) -> Iterator[Table]:
    """A match on the room against a policy that always goes left."""
    sitting = Table(given).seated()
    yield sitting
    sitting.window.close()


# -- keys -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "to"),
    [("up", (0, 0)), ("w", (0, 0)), ("right", (1, 1)), ("d", (1, 1)), ("down", (2, 0)), ("s", (2, 0))],
)
def test_arrows_and_wasd_move_the_person_and_with_them_the_policy(at: Table, key: str, to: tuple[int, int]) -> None:
    at.press(key)
    assert at.position() == to
    assert len(at.contest.match.current.policy) == 1


@pytest.mark.parametrize("key", ["left", "a"])
def test_left_moves_left_and_a_blocked_move_gets_a_hint(at: Table, key: str) -> None:
    at.press("right", key)
    assert at.position() == (1, 0)
    assert at.contest.hint == ""
    at.press(key)
    assert at.position() == (1, 0)
    assert len(at.contest.match.current.person) == 3
    assert any("stayed where you were" in words for words in at.written)


@pytest.mark.parametrize(
    ("key", "step"), [("q", (-1, -1)), ("e", (-1, 1)), ("z", (1, -1)), ("c", (1, 1)), ("x", (0, 0)), ("w", (-1, 0))]
)
def test_diagonals_and_stay_where_the_level_has_them(driver: None, key: str, step: tuple[int, int]) -> None:
    sitting = Table(Given("stay"), "king").seated()
    sitting.press(key)
    assert sitting.position() == (2 + step[0], 2 + step[1])
    assert sitting.contest.hint == ""
    sitting.window.close()


@pytest.mark.parametrize("key", ["q", "e", "z", "c", "x"])
def test_a_key_that_is_no_action_of_the_level_only_gets_a_hint(at: Table, key: str) -> None:
    at.press(key)
    assert len(at.contest.match.current.person) == 0
    assert any(words.startswith("No ") and "here: the moves are" in words for words in at.written)


def test_a_key_that_does_nothing_says_so(at: Table) -> None:
    at.press("k")
    assert any("K does nothing here" in words for words in at.written)


def test_the_policy_plays_on_by_itself_and_enter_skips_to_its_end(at: Table) -> None:
    at.press("right", "right", "up")
    assert at.contest.match.current.person.goal
    assert not at.contest.match.current.over
    at.pass_time(1.5)
    assert 3 < len(at.contest.match.current.policy) < 9
    at.press("return")
    assert at.contest.match.current.policy.truncated
    assert at.contest.match.outcomes == ("win",)
    assert "You win the round" in at.written


def test_left_alone_the_policy_reaches_the_cap_within_seconds(at: Table) -> None:
    at.press("right", "right", "up")
    at.pass_time(4)
    assert at.contest.match.current.over


@pytest.mark.parametrize("key", ["return", "space"])
def test_enter_begins_the_next_round_and_after_the_last_a_new_match(at: Table, key: str) -> None:
    for number in (1, 2):
        at.press("right", "right", "up", key)
        assert at.contest.match.outcomes == ("win",) * number
        assert len(at.contest.match.rounds) == number
        if number == 1:
            at.press(key)
            assert len(at.contest.match.rounds) == 2
    assert at.contest.match.result == "win"
    assert "You win the match" in at.written
    assert "Room: you win the match, 2 : 0." in at.window.summary()
    at.press(key)
    assert at.contest.match.outcomes == ()
    assert at.contest.match.result is None


def test_enter_in_the_middle_of_a_round_only_gets_a_hint(at: Table) -> None:
    at.press("right", "return")
    assert len(at.contest.match.current.person) == 1
    assert any("still goes on" in words for words in at.written)


def test_a_loss_and_a_draw_are_plain_to_see(driver: None) -> None:
    sitting = Table(Given("right")).seated()
    sitting.press("right", "down", "right", "return")
    assert "The policy wins the round" in sitting.written
    assert "L" in sitting.written
    sitting.press("return", *["right"] * 9)
    assert "The round is a draw" in sitting.written
    assert "D" in sitting.written
    sitting.window.close()


def test_v_shows_and_hides_the_policys_arrows(at: Table) -> None:
    def picture() -> bytes:
        at.window.draw()
        return pygame.image.tobytes(at.window.window.get_surface(), "RGB")

    hidden = picture()
    at.press("v")
    shown = picture()
    assert at.screen.show_arrows
    assert shown != hidden
    at.press("v")
    assert picture() == hidden


def test_an_arrow_of_the_policy_lies_left_of_the_cells_middle_when_it_goes_left(at: Table) -> None:
    at.press("v")
    board = at.screen.sides[1].board
    surface = at.window.window.get_surface()
    x, y = board.centre(0, 1)
    left = surface.get_at((round(x - board.cell * 0.25), round(y)))[:3]
    right = surface.get_at((round(x + board.cell * 0.25), round(y)))[:3]
    assert left == LIGHT.policy
    assert right == LIGHT.floor


def test_g_switches_between_sampling_and_greedy(driver: None) -> None:
    sitting = Table(Given("left", share=0.4), greedy=False).seated()
    assert set(np.unique(sitting.contest.strategy.probabilities).round(9)) == {0.2, 0.4}
    sitting.press("g")
    assert sitting.contest.is_greedy
    assert set(np.unique(sitting.contest.strategy.probabilities)) == {0.0, 1.0}
    assert any("most probable action" in words for words in sitting.written)
    sitting.press("g")
    assert not sitting.contest.is_greedy
    sitting.window.close()


def test_n_begins_a_new_match(at: Table) -> None:
    at.press("right", "right", "up", "return", "n")
    assert at.contest.match.outcomes == ()
    assert len(at.contest.match.current.person) == 0


def test_l_opens_the_chooser_and_enter_switches_the_level(at: Table) -> None:
    at.press("l")
    assert at.window.chooser is not None
    assert at.window.chooser.choice.name == "room"
    assert {"Room", "King", "Cliff"} <= set(at.written)
    at.press("right", "return")
    at.wait_for_opponent()
    assert at.window.chooser is None
    assert at.contest.opponent.world.name == "king"
    assert at.contest.is_greedy


def test_escape_closes_the_chooser_and_the_match_goes_on(at: Table) -> None:
    at.press("right", "l", "right", "escape")
    assert at.window.chooser is None
    assert at.window.running
    assert at.contest.opponent.world.name == "room"
    assert len(at.contest.match.current.person) == 1


def test_a_click_chooses_a_level_and_a_click_beside_does_not(at: Table) -> None:
    at.press("l")
    at.window.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(2, 2)))
    assert at.window.chooser is not None
    card = at.window.chooser._cards[1][1]
    at.window.handle(pygame.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=card.center))
    at.wait_for_opponent()
    assert at.contest.opponent.world.name == "king"


def test_escape_while_a_level_is_being_loaded_goes_back_to_the_match(at: Table, given: Given) -> None:
    given.hold.clear()
    at.press("right", "l", "right", "return")
    assert any("Loading" in words and "King" in words for words in at.written)
    at.press("escape")
    given.hold.set()
    at.pass_time(0.1)
    assert at.window.running
    assert at.contest.opponent.world.name == "room"
    assert len(at.contest.match.current.person) == 1


def test_a_level_that_cannot_be_had_is_said_and_the_match_goes_on(at: Table) -> None:
    at.press("right", "l", "right", "right", "return")
    at.wait_for_opponent()
    assert at.contest.opponent.world.name == "room"
    assert len(at.contest.match.current.person) == 1
    at.window.draw()
    assert any("cliff has no policy" in words for words in at.written)


def test_a_first_level_that_cannot_be_had_is_raised(driver: None) -> None:
    with pytest.raises(LevelError, match="nowhere"):
        play(Given(), "nowhere", rounds=3, greedy=False, seed=0)


def test_t_switches_the_theme(at: Table) -> None:
    surface = at.window.window.get_surface()
    assert surface.get_at((0, 0))[:3] == LIGHT.paper
    at.press("t")
    assert surface.get_at((0, 0))[:3] == DARK.paper
    at.press("t")
    assert surface.get_at((0, 0))[:3] == LIGHT.paper


def test_b_makes_text_bigger_four_sizes_in_turn(at: Table) -> None:
    sizes = [at.window.pen.style.text]
    for _ in range(4):
        at.press("b")
        sizes.append(at.window.pen.style.text)
    assert sizes[0] < sizes[1] < sizes[2] < sizes[3]
    assert sizes[4] == sizes[0]


def test_p_saves_a_picture(at: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    at.press("p")
    pictures = list((tmp_path / "screenshots").glob("*.png"))
    assert len(pictures) == 1
    assert pygame.image.load(pictures[0]).get_size() == at.window.window.get_surface().get_size()
    assert any("Saved as" in words for words in at.written)


def test_f11_switches_full_screen(at: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    before = at.window.window.size
    at.press("f11")
    assert at.window.full_screen
    at.press("f11")
    assert not at.window.full_screen
    assert at.window.window.size == before


def test_h_shows_every_key_and_hides_them(at: Table) -> None:
    at.press("h")
    for key in KEYS["play"]:
        assert key.cap in at.written
        assert key.help in at.written
    at.press("right")
    assert len(at.contest.match.current.person) == 0
    at.press("h")
    assert "You" in at.written


def test_escape_ends_and_so_does_closing_the_window(at: Table) -> None:
    at.press("right", "h", "escape")
    assert at.window.running
    at.press("escape")
    assert not at.window.running
    assert at.window.summary() == "Room: left in round 1 of 3, you 0 : 0 policy."
    at.window.running = True
    at.window.handle(pygame.Event(pygame.WINDOWCLOSE))
    assert not at.window.running


# -- what is seen -----------------------------------------------------------------------------------------


def test_the_screen_says_whom_one_plays_both_returns_and_the_best_possible(at: Table) -> None:
    at.press("right")
    assert "you against the test's run" in at.written
    assert "best possible on average" in at.written
    assert "0.700" in at.written
    assert at.written.count("−0.010") == 2
    assert "Round 1 of 3" in at.written


def test_the_first_frame_comes_at_once_and_the_window_goes_on_while_loading(driver: None) -> None:
    given = Given()
    given.hold.clear()
    begun = time.perf_counter()
    sitting = Table(given)
    sitting.window.frame(0.0)
    assert time.perf_counter() - begun < 1.0
    assert any("room" in words for words in sitting.written)
    sitting.press("right", "l", "return", "v", "g")
    assert sitting.window.screen is None
    given.hold.set()
    sitting.seated().press("right")
    assert sitting.position() == (1, 1)
    sitting.window.close()


def test_the_agent_moves_smoothly_between_two_cells(at: Table) -> None:
    at.press("right")
    side = at.screen.sides[0]
    seen = []
    for _ in range(12):
        at.window.frame(0.02)
        seen.append(side._place_between(at.contest.match.current.person, int(side.shown))[1])
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len({round(place, 3) for place in seen if 0 < place < 1}) >= 4


def test_falling_back_to_the_start_is_said(driver: None) -> None:
    given = Given()
    world = given.levels()[2]
    given.opponent = lambda argument: Opponent(world, table(world, "up"), "a run", None, None)  # type: ignore[method-assign]
    sitting = Table(given, "cliff").seated()
    sitting.press("right")
    assert any("Into the cliff and back to the start: -100" in words for words in sitting.written)
    sitting.window.close()


class Shipped:
    """Every shipped level, against a policy that knows nothing."""

    def levels(self) -> list[World]:
        return [load(name) for name in shipped()]

    def opponent(self, argument: str) -> Opponent:
        world = load(argument)
        shape = (world.dynamics.n_states, world.dynamics.n_actions)
        return Opponent(world, np.full(shape, 1 / shape[1]), f"the shipped policy '{argument}'", -11.657, None)


def check_writing(sitting: Table, where: str) -> None:
    """No two words overlap, and none leaves the window."""
    sitting.window.draw()
    bounds = sitting.window.window.get_surface().get_rect()
    written = sitting.window.pen.written
    assert written, where
    for one in written:
        assert bounds.contains(one.rect), f"{where}: {one.text!r} leaves the window"
    for one, other in combinations(written, 2):
        lap = one.rect.clip(other.rect)
        assert min(lap.size) <= 2, f"{where}: {one.text!r} overlaps {other.text!r}"


class NoGrid(Shipped):
    """A world without a grid, whose best is not known."""

    def opponent(self, argument: str) -> Opponent:
        opponent = super().opponent(argument)
        dynamics = replace(opponent.world.dynamics, layout=None)
        return replace(opponent, world=replace(opponent.world, dynamics=dynamics), optimum=None)


def test_a_world_without_a_grid_is_played_by_the_names_of_its_states(driver: None) -> None:
    sitting = Table(NoGrid(), "line_world", rounds=25, greedy=False).seated()  # type: ignore[arg-type]
    sitting.press("right", "v")
    check_writing(sitting, "no grid")
    assert f"in state {sitting.contest.match.current.person.states[-1]}" in sitting.written
    assert "Round 1 of 25" in sitting.written
    sitting.window.close()


@pytest.mark.parametrize("size", [(640, 480), (800, 600), (1280, 800), (1920, 1080), (700, 900)])
def test_nothing_is_cut_and_nothing_overlaps(driver: None, size: tuple[int, int]) -> None:
    for level in ("first_steps", "line_world", "cliff", "four_rooms"):
        sitting = Table(Shipped(), level, rounds=5).seated()  # type: ignore[arg-type]
        sitting.window.window.size = size
        for text_size in range(4):
            sitting.window.text_size = text_size
            where = f"{level} {size} {text_size}"
            check_writing(sitting, f"{where} start")
            sitting.press("right", "left", "k")
            check_writing(sitting, f"{where} hint")
            sitting.contest.hint = (
                "a sentence about a level that cannot be had, with its file and what was expected " * 2
            )
            check_writing(sitting, f"{where} long hint")
            sitting.contest.finish()
            while not sitting.contest.person_has_ended:
                sitting.contest.do("left")
            sitting.contest.finish()
            check_writing(sitting, f"{where} end of round")
            assert any("round" in words or "match" in words for words in sitting.written), where
            sitting.press("return", "l")
            check_writing(sitting, f"{where} chooser")
            sitting.press("escape", "h")
            check_writing(sitting, f"{where} help")
            sitting.press("h", "n")
        sitting.window.close()


def test_a_frame_takes_at_most_16_ms(driver: None) -> None:
    sitting = Table(Shipped(), "four_rooms").seated()  # type: ignore[arg-type]
    sitting.press("v")
    times = []
    for _ in range(60):
        sitting.contest.do("right")
        sitting.window._changed = True
        begun = time.perf_counter()
        sitting.window.frame(0.016)
        times.append(time.perf_counter() - begun)
    assert np.median(times) < 0.016
    sitting.window.close()


# -- a real window ----------------------------------------------------------------------------------------

PROGRAM = """
import sys
sys.path[:0] = sys.argv[1:]
from test_match import Given
from game.view.match import play
print(play(Given(), "room", rounds=3, greedy=True, seed=1))
"""


@pytest.mark.window
def test_a_real_window_is_played_resized_and_closed(display: Display, tmp_path: Path) -> None:
    here = Path(__file__).resolve()
    command = [sys.executable, "-c", PROGRAM, str(here.parents[3]), str(here.parent)]
    program = subprocess.Popen(command, env=display.environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        window = display.window()
        time.sleep(0.5)
        display.press("Right", "d", "Up", "Return")  # the first round: to the goal, and the policy to its end
        display.press("space", "d", "d", "w", "Return")
        display.do("windowsize", window, 900, 700)
        time.sleep(0.3)
        display.press("v", "p")
        time.sleep(0.3)
        display.close(window)
        out, _ = program.communicate(timeout=10)
    finally:
        program.kill()
        program.communicate()
    assert "Room: you win the match, 2 : 0." in out
    pictures = list((tmp_path / "screenshots").glob("*.png"))
    assert len(pictures) == 1
    assert pygame.image.load(pictures[0]).get_size() == (900, 700)


@pytest.mark.window
def test_escape_ends_a_real_window(display: Display, tmp_path: Path) -> None:
    here = Path(__file__).resolve()
    command = [sys.executable, "-c", PROGRAM, str(here.parents[3]), str(here.parent)]
    program = subprocess.Popen(command, env=display.environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        display.window()
        time.sleep(0.5)
        display.press("Right", "Escape")
        out, _ = program.communicate(timeout=10)
    finally:
        program.kill()
        program.communicate()
    assert program.returncode == 0
    assert "Room: left in round 1 of 3, you 0 : 0 policy." in out
