"""The match where there is no display: two boards as text, one action per line; it also works over a pipe."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np

from game import race
from game.errors import ArrowgradError
from game.keys import KEYS, action_of
from game.level import ACTIONS
from game.view.match_words import how_ended, match_sentence, number, round_sentence, score

if TYPE_CHECKING:
    from typing import TextIO

    from numpy.typing import NDArray

    from game.snapshot import Trajectory
    from game.view.session import Opponents

_ARROWS = dict(zip(ACTIONS, "↑↗→↘↓↙←↖·", strict=True))
#: Where the encoding has no arrows, a diagonal is shown by the key that plays it.
_ASCII = dict(zip(ACTIONS, "^e>cvz<qx", strict=True))
_GAP = "     "


def play_terminal(
    opponents: Opponents,
    argument: str,
    *,
    rounds: int,
    greedy: bool,
    seed: int | None,
    stdin: TextIO,
    stdout: TextIO,
) -> str:
    """Play a match line by line; returns a sentence about how it ended.

    ``rounds`` is N of best of N.  Raises :class:`~game.errors.ArrowgradError` when the first level or its opponent
    cannot be had.
    """
    table = _Table(opponents, rounds, greedy, seed, stdout)
    table.sit_down(argument)
    for line in stdin:
        word, _, rest = line.strip().partition(" ")
        if word in ("q!", "quit"):
            break
        table.answer(word, rest.strip())
    return match_sentence(table.opponent.world.title, table.match)


class _Table:
    """One match at a time, and what the person has switched on."""

    def __init__(self, opponents: Opponents, rounds: int, is_greedy: bool, seed: int | None, stdout: TextIO) -> None:
        self.opponents, self.rounds, self.stdout = opponents, rounds, stdout
        self.greedy, self.arrows = is_greedy, False
        self.rng = np.random.default_rng(seed)
        self.encoding = getattr(stdout, "encoding", None) or "utf-8"
        try:
            "→".encode(self.encoding)
            self.glyphs = _ARROWS
        except (UnicodeEncodeError, LookupError):
            self.glyphs = _ASCII

    def say(self, text: str) -> None:
        """Print, with ? for what the encoding lacks."""
        self.stdout.write(text.encode(self.encoding, "replace").decode(self.encoding) + "\n")
        self.stdout.flush()

    def sit_down(self, argument: str) -> None:
        """Begin a match on a level; the one before goes on where the level cannot be had."""
        self.opponent = self.opponents.opponent(argument)
        self.match = race.new_match(self.opponent.world.dynamics, self.rounds, self.rng)
        self.say(f"\n{self.opponent.world.title}: you against {self.opponent.label}, best of {self.rounds}")
        if self.opponent.optimum is not None:
            self.say(f"best possible on average: {number(self.opponent.optimum)}")
        self.say(self.help())
        self.show()

    def help(self) -> str:
        """What can be typed on this level."""
        moves = [f"{key.keys[-1]} = {key.action}" for key in KEYS["play"] if key.action in self.actions]
        others = "Enter = next round, v = show the policy, g = greedy or sampling, n = new match"
        return f"moves: {', '.join(moves)}\n{others}, l NAME = another level, h = help, q! = end\n"

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions of the level."""
        return self.opponent.world.dynamics.actions

    def answer(self, word: str, rest: str) -> None:
        """Do what a line says."""
        action = "next" if not word else word if word in ACTIONS else action_of("play", word)
        if action in ACTIONS:
            self.move(action)
        elif action == "next":
            self.go_on()
        elif action == "arrows":
            self.arrows = not self.arrows
            self.show()
        elif action == "greedy":
            self.greedy = not self.greedy
            self.say(f"the policy {'takes its most probable action' if self.greedy else 'samples its action'}")
        elif action == "restart":
            self.match = race.new_match(self.match.dynamics, self.rounds, self.rng)
            self.show()
        elif action == "level" and rest:
            self.change_level(rest)
        elif action == "level":
            self.say("levels: " + ", ".join(world.argument for world in self.opponents.levels()))
        elif action == "help":
            self.say(self.help())
        else:
            self.say(f"'{word}' is nothing to do here; h shows what is")

    def change_level(self, argument: str) -> None:
        """Another level, or a word on why not."""
        try:
            self.sit_down(argument)
        except ArrowgradError as error:
            self.say(str(error))

    def move(self, action: str) -> None:
        """The person's move, the policy's answer, and the policy's way to the end once the person has ended."""
        if self.match.current.over:
            self.say("the round is over; Enter goes on")
        elif action not in self.actions:
            self.say(f"this level has no action {action}; expected one of {', '.join(self.actions)}")
        else:
            table = self.opponent.probabilities
            strategy = race.greedy(table) if self.greedy else race.sampling(table)
            self.match = race.take_turn(self.match, strategy, self.actions.index(action), race.throw(self.rng))
            blocked = action != "stay" and race.stood_still(self.match.current.person)
            if race.has_ended(self.match.current.person):
                self.match = race.play_on(self.match, strategy, self.rng)
            self.show()
            if blocked:
                self.say("you stayed where you were; it counts as a step")

    def go_on(self) -> None:
        """The next round, or a new match after the last one."""
        if not self.match.current.over:
            self.say("the round still goes on")
            return
        if self.match.decided:
            self.match = race.new_match(self.match.dynamics, self.rounds, self.rng)
        else:
            self.match = race.next_round(self.match, self.rng)
        self.show()

    def show(self) -> None:
        """Both boards, both returns and what is decided."""
        current, discount = self.match.current, self.match.dynamics.discount
        self.say(f"round {len(self.match.rounds)} of {self.match.best_of}, score {score(self.match)}")
        strategy = self.opponent.probabilities if self.arrows else None
        blocks = []
        for name, side, table in (("you", current.person, None), ("policy", current.policy, strategy)):
            total = number(side.total_return(discount))
            blocks.append([f"{name}: return {total}", how_ended(side), *self.board(side, table)])
        width = max(map(len, blocks[0]))
        if width + len(_GAP) + max(map(len, blocks[1])) > shutil.get_terminal_size().columns:
            self.say("\n".join(["", *blocks[0], "", *blocks[1], ""]))
        else:
            pairs = zip(*blocks, strict=True)
            self.say("\n".join(["", *(f"{one:{width}}{_GAP}{other}".rstrip() for one, other in pairs), ""]))
        if current.over:
            self.say(round_sentence(self.match))
            if self.match.decided:
                self.say(match_sentence(self.opponent.world.title, self.match) + " Enter plays again.")
            else:
                self.say("Enter: next round.")

    def board(self, side: Trajectory, table: NDArray[np.float64] | None) -> list[str]:
        """The map as text, brackets around where a side stands; with ``table``, each state's best arrow beside."""
        layout, state = self.match.dynamics.layout, int(side.states[-1])
        if layout is None:
            best = "" if table is None else f", most probable: {self.actions[table[state].argmax()]}"
            return [f"in state {state}{best}"]
        states = layout.cell_states[layout.coin_set(state)]
        gone = {(int(r), int(c)) for r, c in layout.coins[layout.taken[state]]}
        lines = []
        for row, letters in enumerate(layout.rows):
            line = ""
            for column, letter in enumerate(letters):
                here = int(states[row, column])
                mark = "." if (row, column) in gone else letter
                if table is not None and here >= 0 and not self.match.dynamics.terminal[here]:
                    mark += self.glyphs[self.actions[table[here].argmax()]]
                elif table is not None:
                    mark += " "
                line += f"[{mark}]" if here == state else f" {mark} "
            lines.append(line)
        return lines
