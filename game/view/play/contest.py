"""A match as a person plays it, the same for window and terminal: what a control does, and what is said then."""

from __future__ import annotations

import numpy as np

from game.match import match as race
from game.match.clock import FIRST_TEMPO, Clock
from game.match.match import Match, Strategy
from game.match.record import Matches
from game.snapshots.snapshot import Opponent
from game.view.shared.numbers import counted
from game.view.shared.step_words import happened, sentence
from game.world.dynamics import Dynamics
from game.world.level import ACTIONS

#: The policy alone takes a step each so many seconds at first …
PLAY_ON_SECONDS = 0.3
#: … and each step after these is faster by this factor, so that the longest episode is soon over.
PLAY_ON_CALM_STEPS = 6
PLAY_ON_FACTOR = 0.9


class Contest:
    """One match at a time against one opponent, as it is now or as it was after an update of its training.

    ``newest`` is the opponent as it is now, ``opponent`` the one played against.  ``match`` is how it stands;
    ``clock`` its time, None where one plays turn by turn; ``is_greedy`` whether the policy takes its most probable
    action; ``hint`` a sentence for the person about the last control, "" where there is nothing to say; ``happened``
    one about what their last step did; ``standing``
    how matches of this kind on this level have ended so far, in more and in fewer words, () where none has or none
    are kept.
    """

    def __init__(
        self,
        opponent: Opponent,
        rounds: int,
        is_greedy: bool,
        rng: np.random.Generator,
        matches: Matches | None = None,
        tempo: float | None = None,
    ) -> None:
        self.newest, self.rounds, self.rng, self.matches = opponent, rounds, rng, matches
        self.is_greedy = is_greedy
        self.clock = None if tempo is None else Clock(tempo)
        self._tempo = tempo or FIRST_TEMPO
        self.match: Match
        self.standing: tuple[str, ...] = ()
        self.hint = self.happened = ""
        self._face(opponent)

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
        """Whether the person's part of the round is over."""
        return self.match.current.person_has_ended

    @property
    def kind(self) -> str:
        """What kind of match this is, for the record: "" for turn by turn against the policy as it is now."""
        against = [] if self.opponent.update is None else [f"update {self.opponent.update}"]
        against += [] if self.clock is None else ["the clock"]
        return f" against {' and '.join(against)}" if against else ""

    def do(self, action: str) -> bool:
        """Do what a control of :data:`game.keys.KEYS` says; False for one that is not about the match."""
        self.hint = self.happened = ""
        if action in ACTIONS:
            self._move(action)
        elif action == "next":
            self._go_on()
        elif action == "restart":
            self._new_match()
            self.hint = "A new match."
        elif action == "greedy":
            self.is_greedy = not self.is_greedy
            how = "takes its most probable action" if self.is_greedy else "samples its action"
            self.hint = f"From now on the policy {how}."
        elif action == "clock":
            self._change_mode()
        elif action in ("faster", "slower"):
            self._change_tempo(1 if action == "faster" else -1)
        else:
            return False
        self._keep()
        return True

    def face(self, opponent: Opponent) -> None:
        """A new match, against ``newest`` or as it was after an update."""
        self._face(opponent)
        self.hint = f"A new match, against {opponent.label}."

    def update(self, seconds: float) -> bool:
        """Let time pass: for the clock, and for a policy that plays on alone.  False where nothing has changed."""
        if self.match.current.over:
            return False
        if self.person_has_ended:
            return self._play_on(seconds)
        return self.clock is not None and self._race(self.clock, seconds)

    def finish(self) -> None:
        """Let the policy play on to its end at once."""
        self.match = race.play_on(self.match, self.strategy)
        self.hint = self._why() or self.hint
        self._keep()

    # -- inside -------------------------------------------------------------------------------------------

    def _face(self, opponent: Opponent) -> None:
        self.opponent = opponent
        self._strategies = (race.sampling(opponent.probabilities), race.greedy(opponent.probabilities))
        self._new_match()

    def _new_match(self) -> None:
        self._kept = False
        self._begin(race.new_match(self.dynamics, self.rounds, self.rng, timed=self.clock is not None))
        if self.matches is not None:
            self.standing = self.matches.sentences(self.opponent.world.argument, self.kind)
            self.hint = self.matches.hint

    def _begin(self, match: Match) -> None:
        self.happened = ""
        self.match, self._waited, self._alone = match, -PLAY_ON_SECONDS, 0
        if self.clock is not None:
            self.clock.begin()

    def _keep(self) -> None:
        """Count a match in the record, once, when it has been decided."""
        decided, before, self._kept = self.match.result, self._kept, self.match.decided
        if decided is not None and not before and self.matches is not None:
            level = self.opponent.world.argument
            self.matches.add(level, self.kind, self.newest.label, decided)
            self.hint = self.matches.hint or self.hint
            self.standing = self.matches.sentences(level, self.kind)

    def _move(self, action: str) -> None:
        actions = self.dynamics.actions
        if self.match.current.over:
            self.hint = "The round is over: Enter goes on."
        elif self.person_has_ended:
            self.hint = "The policy plays on: Enter skips to its end."
        elif self.clock is not None and not self.clock.running:
            self.hint = "Paused: Enter goes on." if self.clock.paused else ""
        elif action not in actions:
            self.hint = f"No {action} here: the moves are {', '.join(actions)}."
        else:
            walk = race.take_turn if self.clock is None else race.step
            self.match = walk(self.match, self.strategy, actions.index(action))
            self.happened = sentence(happened(self.dynamics, self.match.current.person))
            self.hint = self._why()

    def _why(self) -> str:
        """What decided a round that time has decided, else ""."""
        played = self.match.current
        if played.late:
            return "Your time ran out."
        if not played.by_time(self.dynamics.discount):
            return ""
        return f"Equal returns: {'you were' if played.first == 'person' else 'the policy was'} there first."

    def _go_on(self) -> None:
        if not self.match.current.over:
            if self.person_has_ended:
                self.finish()
            elif self.clock is not None:
                self.clock.paused = not self.clock.paused
            else:
                self.hint = "The round still goes on: your move."
        elif self.match.decided:
            self._new_match()
        else:
            self._begin(race.next_round(self.match, self.rng))

    # -- time ---------------------------------------------------------------------------------------------

    def _change_mode(self) -> None:
        if self.clock is None:
            self.clock = Clock(self._tempo)
            self._new_match()
            self.hint = "Against the clock, a new match: the policy moves whether you do or not."
        else:
            self.clock = None
            self._new_match()
            self.hint = "Turn by turn, a new match: the policy moves when you do."

    def _change_tempo(self, by: int) -> None:
        if self.clock is None:
            self.hint = "Turn by turn the policy moves when you do: K plays against the clock."
            return
        self.clock.change_tempo(by)
        self._tempo = self.clock.tempo
        self.hint = f"The policy's tempo: {counted(self._tempo, 'step')} a second."

    def _race(self, clock: Clock, seconds: float) -> bool:
        """Both are on their way, or the person alone."""
        before = clock.countdown
        steps = clock.pass_time(seconds)
        if before > 0.0 and clock.countdown == 0.0:
            self.hint = ""
        if steps:
            self.match = race.play_on(self.match, self.strategy, steps)
            if race.has_ended(self.match.current.policy):
                clock.grant()
        elif clock.left == 0.0:
            self.match = race.run_out(self.match)
            self.hint = self._why()
            self._keep()
        return not clock.paused

    def _play_on(self, seconds: float) -> bool:
        """The policy alone, at a tempo to watch; False if it took no step."""
        self._waited += seconds
        steps = 0
        while self._waited > 0.0 and steps < self.dynamics.max_steps:
            self._waited -= PLAY_ON_SECONDS * PLAY_ON_FACTOR ** max(0, self._alone - PLAY_ON_CALM_STEPS)
            self._alone += 1
            steps += 1
        if steps:
            self.match = race.play_on(self.match, self.strategy, steps)
            if self.match.current.over:
                self.hint = self._why() or self.hint
            self._keep()
        return steps > 0
