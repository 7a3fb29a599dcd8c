"""The match where there is no display: two boards as text, one action per line; it also works over a pipe."""

from __future__ import annotations

import shutil
from typing import TextIO

import numpy as np

from game.errors import ArrowgradError
from game.keys import KEYS, action_of
from game.snapshots.sources import Opponents
from game.view.lines.review import review_lines
from game.view.play.contest import Contest
from game.view.play.handicap import NOT_KEPT, Handicap, nearest
from game.view.play.rules import Rules
from game.view.play.words import how_ended, match_sentence, number, round_sentence, score
from game.view.shared.text_board import board_text, has_arrows
from game.view.shared.world_words import rules
from game.world.level import ACTIONS

_GAP = "     "
#: Controls that make no sense line by line.
NOT_HERE = ("clock", "faster", "slower", "learn", "sound")


def play_terminal(opponents: Opponents, argument: str, rules: Rules, *, stdin: TextIO, stdout: TextIO) -> str:
    """Play a match line by line; returns a sentence about how it ended.

    Raises :class:`~game.errors.ArrowgradError` when the first level or its opponent cannot be had.
    """
    table = _Table(opponents, rules, stdout)
    table.sit_down(argument, rules.update)
    if rules.tempo is not None:
        table.say("Line by line there is no clock: the policy moves when you do.")
    for line in stdin:
        word, _, rest = line.strip().partition(" ")
        if word in ("q!", "quit"):
            break
        table.answer(word, rest.strip())
    return match_sentence(table.contest.opponent.world.title, table.contest.match)


class _Table:
    """The match being played, and how it is printed."""

    def __init__(self, opponents: Opponents, rules: Rules, stdout: TextIO) -> None:
        self.opponents, self.rules, self.stdout = opponents, rules, stdout
        self.greedy, self.arrows = rules.greedy, False
        self.rng = np.random.default_rng(rules.seed)
        self.encoding = getattr(stdout, "encoding", None) or "utf-8"

    def say(self, text: str) -> None:
        """Print, with ? for what the encoding lacks."""
        self.stdout.write(text.encode(self.encoding, "replace").decode(self.encoding) + "\n")
        self.stdout.flush()

    def sit_down(self, argument: str, update: int | None = None) -> None:
        """Begin a match on a level, against its policy as it is now or as it was after an update."""
        opponent = self.opponents.opponent(argument)
        if update is not None:
            nearest(opponent, update)
        self.contest = Contest(opponent, self.rules.rounds, self.greedy, self.rng, self.rules.matches)
        if update is not None:
            self.contest.face(Handicap(opponent, update).chosen)
        label = self.contest.opponent.label
        self.say(f"\n{opponent.world.title}: you against {label}, best of {self.rules.rounds}")
        if opponent.optimum is not None:
            self.say(f"best possible on average: {number(opponent.optimum)}")
        self.say(" · ".join(rules(opponent.world.dynamics)))
        self.say(self.help())
        if self.contest.hint:
            self.say(self.contest.hint)
        self.show()

    def help(self) -> str:
        """What can be typed on this level."""
        moves = [
            f"{key.keys[-1]} = {key.action}" for key in KEYS["play"] if key.action in self.contest.dynamics.actions
        ]
        others = "Enter = next round, r = review of a round, v = show the policy, g = greedy or sampling, n = new match"
        more = "u K = the policy as it was after update K, l NAME = another level, h = help, q! = end"
        return f"moves: {', '.join(moves)}\n{others},\n{more}\n"

    def answer(self, word: str, rest: str) -> None:
        """Do what a line says."""
        action = "next" if not word else word if word in ACTIONS else action_of("play", word)
        before = self.contest.match
        if action in NOT_HERE:
            self.say(f"'{word}' needs a screen of its own: a window, or a terminal.")
        elif action and self.contest.do(action):
            if self.contest.person_has_ended:
                self.contest.finish()
            self.greedy = self.contest.is_greedy
            if self.contest.match is not before:
                self.show()
            for words in filter(None, (self.contest.happened, self.contest.hint)):
                self.say(words)
        elif action == "review":
            self.review()
        elif action == "arrows":
            self.arrows = not self.arrows
            self.show()
        elif action == "level" and rest:
            try:
                self.sit_down(rest)
            except ArrowgradError as error:
                self.say(str(error))
        elif action == "level":
            self.say("levels: " + ", ".join(world.argument for world in self.opponents.levels()))
        elif action == "handicap":
            self.handicap(rest)
        elif action == "help":
            self.say(self.help())
        else:
            self.say(f"'{word}' is nothing to do here; h shows what is")

    def handicap(self, update: str) -> None:
        """Play against the policy as it was after an update, or say which were kept."""
        opponent = self.contest.newest
        if opponent.after is None:
            self.say(NOT_KEPT)
        elif not update.isdecimal():
            kept = f"{len(opponent.updates):,} policies were kept, up to update {opponent.updates[-1]:,}"
            self.say(f"{kept}: u 50 plays against the one after update 50.")
        else:
            self.contest.face(Handicap(opponent, int(update)).chosen)
            self.say(self.contest.hint)
            self.show()

    def show(self) -> None:
        """Both boards, both returns and what is decided."""
        match, opponent = self.contest.match, self.contest.opponent
        self.say(f"round {len(match.rounds)} of {match.best_of}, {score(match)}")
        strategy = opponent.probabilities if self.arrows else None
        blocks = []
        for name, side, table in (("you", match.current.person, None), ("policy", match.current.policy, strategy)):
            total = number(side.total_return(match.dynamics.discount))
            board = board_text(match.dynamics, int(side.states[-1]), table, has_arrows(self.encoding))
            blocks.append([f"{name}: return {total}", how_ended(side), *board.splitlines()])
        width = max(map(len, blocks[0]))
        if width + len(_GAP) + max(map(len, blocks[1])) > shutil.get_terminal_size().columns:
            self.say("\n".join(["", *blocks[0], "", *blocks[1], ""]))
        else:
            pairs = zip(*blocks, strict=True)
            self.say("\n".join(["", *(f"{one:{width}}{_GAP}{other}".rstrip() for one, other in pairs), ""]))
        if match.current.over:
            self.say(round_sentence(match))
            self.say(
                f"{match_sentence(opponent.world.title, match)} Enter plays again. r: review."
                if match.decided
                else "Enter: next round; r: review."
            )
            for words in self.contest.standing[:1] if match.decided else ():
                self.say(words)

    def review(self) -> None:
        """The round that is over, looked back on."""
        played, opponent = self.contest.match.current, self.contest.opponent
        if not played.over:
            self.say("The round still goes on: r looks back on it at its end.")
            return
        for line in review_lines(opponent, played, has_arrows(self.encoding)):
            self.say(line)
