"""A match as a person plays it, the same for window and terminal: what a control does, and what is said then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from game import race
from game.level import ACTIONS

if TYPE_CHECKING:
    import numpy as np

    from game.dynamics import Dynamics
    from game.matches import Matches
    from game.race import Match, Strategy
    from game.snapshot import Opponent

#: The policy alone takes a step each so many seconds at first …
PLAY_ON_SECONDS = 0.3
#: … and each step after these is faster by this factor, so that the longest episode is soon over.
PLAY_ON_CALM_STEPS = 6
PLAY_ON_FACTOR = 0.9


class Contest:
    """One match at a time against one opponent.

    ``match`` is how it stands; ``is_greedy`` whether the policy takes its most probable action; ``hint`` a sentence
    for the person about the last control, "" where there is nothing to say; ``standing`` how the matches on this
    level have ended so far, in more and in fewer words, () where none has or none are kept.
    """

    def __init__(
        self,
        opponent: Opponent,
        rounds: int,
        is_greedy: bool,
        rng: np.random.Generator,
        matches: Matches | None = None,
    ) -> None:
        self.opponent, self.rounds, self.rng, self.matches = opponent, rounds, rng, matches
        self.is_greedy = is_greedy
        self.hint = ""
        self._strategies = (race.sampling(opponent.probabilities), race.greedy(opponent.probabilities))
        self.match: Match = race.new_match(self.dynamics, rounds, rng)
        self._waited, self._alone = -PLAY_ON_SECONDS, 0
        self._kept = False
        self.standing: tuple[str, ...] = ()
        if matches is not None:
            self.standing = matches.sentences(opponent.world.argument)
            self.hint = matches.hint

    @property
    def dynamics(self) -> Dynamics:
        """The world that both play in."""
        return self.opponent.world.dynamics

    @property
    def strategy(self) -> Strategy:
        """How the policy picks at present."""
        return self._strategies[self.is_greedy]

    @property
    def person_has_ended(self) -> bool:
        """Whether the person's episode is over."""
        return race.has_ended(self.match.current.person)

    def do(self, action: str) -> bool:
        """Do what a control of :data:`game.keys.KEYS` says; False for one that is not about the match."""
        self.hint = ""
        if action in ACTIONS:
            self._move(action)
        elif action == "next":
            self._go_on()
        elif action == "restart":
            self._begin(race.new_match(self.dynamics, self.rounds, self.rng))
            self.hint = "A new match."
        elif action == "greedy":
            self.is_greedy = not self.is_greedy
            how = "takes its most probable action" if self.is_greedy else "samples its action"
            self.hint = f"From now on the policy {how}."
        else:
            return False
        self._keep()
        return True

    def update(self, seconds: float) -> bool:
        """Let the policy play on at a watchable tempo once the person has ended; False if it took no step."""
        if self.match.current.over or not self.person_has_ended:
            return False
        self._waited += seconds
        turns = 0
        while self._waited > 0.0 and turns < self.dynamics.max_steps:
            self._waited -= PLAY_ON_SECONDS * PLAY_ON_FACTOR ** max(0, self._alone - PLAY_ON_CALM_STEPS)
            self._alone += 1
            turns += 1
        if turns:
            self.match = race.play_on(self.match, self.strategy, self.rng, turns)
            self._keep()
        return turns > 0

    def finish(self) -> None:
        """Let the policy play on to its end at once."""
        self.match = race.play_on(self.match, self.strategy, self.rng)
        self._keep()

    def _begin(self, match: Match) -> None:
        self.match, self._waited, self._alone = match, -PLAY_ON_SECONDS, 0

    def _keep(self) -> None:
        """Count a match in the record, once, when it has been decided."""
        decided, before, self._kept = self.match.result, self._kept, self.match.decided
        if decided is not None and not before and self.matches is not None:
            level = self.opponent.world.argument
            self.matches.add(level, self.opponent.label, decided)
            self.hint = self.matches.hint or self.hint
            self.standing = self.matches.sentences(level)

    def _move(self, action: str) -> None:
        actions = self.dynamics.actions
        if self.match.current.over:
            self.hint = "The round is over: Enter goes on."
        elif self.person_has_ended:
            self.hint = "The policy plays on: Enter skips to its end."
        elif action not in actions:
            self.hint = f"No {action} here: the moves are {', '.join(actions)}."
        else:
            self.match = race.take_turn(self.match, self.strategy, actions.index(action), race.throw(self.rng))
            self.hint = self._what_happened(action)

    def _what_happened(self, action: str) -> str:
        """A word on a move that may look as if nothing, or something odd, had come of it."""
        person = self.match.current.person
        tiles = self.dynamics.layout.tiles.values() if self.dynamics.layout is not None else ()
        if self.dynamics.start[person.states[-1]] > 0.0:
            for tile in tiles:
                if tile.effect == "restart" and tile.reward == person.rewards[-1]:
                    return f"Into the {tile.name} and back to the start: {tile.reward:g}."
        if action != "stay" and race.stood_still(person):
            return "You stayed where you were: it counts as a step."
        return ""

    def _go_on(self) -> None:
        if not self.match.current.over:
            if self.person_has_ended:
                self.finish()
            else:
                self.hint = "The round still goes on: your move."
        elif self.match.decided:
            self._begin(race.new_match(self.dynamics, self.rounds, self.rng))
        else:
            self._begin(race.next_round(self.match, self.rng))
