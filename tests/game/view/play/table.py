"""A table to play at, for tests of the match: opponents without an agent, and a window whose clock the test drives."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pygame
from numpy.typing import NDArray

from game.errors import LevelError, RunError
from game.match.record import Matches
from game.snapshots.snapshot import Opponent
from game.snapshots.sources import Opponents
from game.view.play.contest import Contest
from game.view.play.model import PlayModel
from game.view.play.rules import Rules
from game.view.play.screen import MatchScreen
from game.view.play.window import MatchWindow
from game.view.window.display import close_window, open_window
from game.world.catalog import World, load, shipped, world_from_text
from tests.game.view.learner import Learner
from tests.waiting import PATIENCE, until

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
        self.past: tuple[int, ...] = ()
        self.trained: list[Learner] = []
        self.hold = threading.Event()
        self.hold.set()

    def levels(self) -> list[World]:
        texts = {"room": ROOM, "king": KING, "cliff": CLIFF}
        return [world_from_text(text, name, name, name) for name, text in texts.items()]

    def training(self, argument: str) -> Learner:
        """What learns on is a small learner of its own."""
        self.trained.append(Learner(next(world for world in self.levels() if world.argument == argument), total=500))
        return self.trained[-1]

    def opponent(self, argument: str) -> Opponent:
        assert self.hold.wait(PATIENCE)
        if argument == "cliff":
            raise RunError("cliff has no policy; expected a run")
        for world in self.levels():
            if world.argument == argument:
                return with_past(
                    Opponent(world, table(world, self.action, self.share), "the test's run", 0.7, 0.1), self.past
                )
        raise LevelError(f"there is no level '{argument}'")


def with_past(opponent: Opponent, updates: tuple[int, ...]) -> Opponent:
    """The opponent with kept policies after these updates: at the first it goes up, later it knows nothing."""
    if not updates:
        return opponent

    def after(index: int) -> Opponent:
        world = opponent.world
        earlier = (
            table(world, "up") if index == 0 else np.full_like(opponent.probabilities, 1 / world.dynamics.n_actions)
        )
        label = f"the test's run after update {updates[index]} of {updates[-1]}"
        return replace(opponent, probabilities=earlier, label=label, objective=-0.01 * index, update=updates[index])

    return replace(opponent, updates=np.array(updates), after=after)


class Shipped:
    """Every shipped level, against a policy that knows nothing."""

    def training(self, argument: str) -> Learner:
        return Learner(load(argument))

    def levels(self) -> list[World]:
        return [load(name) for name in shipped()]

    def opponent(self, argument: str) -> Opponent:
        world = load(argument)
        shape = (world.dynamics.n_states, world.dynamics.n_actions)
        return Opponent(world, np.full(shape, 1 / shape[1]), f"the shipped policy '{argument}'", -11.657, None)


class NoGrid(Shipped):
    """A world without a grid, whose best is not known."""

    def opponent(self, argument: str) -> Opponent:
        opponent = super().opponent(argument)
        dynamics = replace(opponent.world.dynamics, layout=None)
        return replace(opponent, world=replace(opponent.world, dynamics=dynamics), optimum=None)


class Table:
    """A window whose clock the test drives."""

    def __init__(
        self,
        given: Opponents,
        level: str = "room",
        rounds: int = 3,
        greedy: bool = True,
        matches: Matches | None = None,
        tempo: float | None = None,
        update: int | None = None,
    ) -> None:
        rules = Rules(rounds, greedy, seed=1, matches=matches, tempo=tempo, update=update)
        self.window = MatchWindow(open_window("test"), PlayModel(given, level, rules))

    def close(self) -> None:
        """Wait for what is loaded, and close the window."""
        self.window.finish()
        close_window(self.window.window)

    def seated(self) -> Table:
        """Once the opponent and the levels are there."""
        self.wait_for_opponent()
        assert self.window.model._levels is not None
        self.window.model._levels.wait()
        return self

    def wait_for_opponent(self) -> None:
        until(lambda: not self.window.model.loading, between=lambda: self.window.frame(0.002))

    def pass_time(self, seconds: float = 0.5) -> None:
        for _ in range(max(1, round(seconds * 50))):
            self.window.frame(0.02)

    def leap(self, seconds: float) -> None:
        """Let time pass in one frame."""
        self.window.frame(seconds)

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
