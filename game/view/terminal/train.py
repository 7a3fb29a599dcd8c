"""Training in the terminal, with the window's keys."""

from __future__ import annotations

from typing import ClassVar

from game.keys import Screen as Table
from game.snapshots.snapshot import Briefing
from game.snapshots.sources import Training
from game.view.lines.train import learned_text
from game.view.shared.overlays import Overlays
from game.view.shared.playback import FASTEST
from game.view.shared.record import Record
from game.view.shared.showing import Showing
from game.view.terminal.run import RunView
from game.view.train.model import Watching

#: Seconds between two snapshots drawn while training runs freely.
FREE_INTERVAL = 1 / 3
#: Seconds to wait for the worker where a person did not want to wait: leaving within torch can crash Python.
HURRY = 2.0


class TrainView(RunView):
    """Watches a training; until a person asks to follow it more slowly, it runs as fast as possible."""

    table: ClassVar[Table] = "train"

    def __init__(self, training: Training, can_play: bool = False) -> None:
        overlays = Overlays()
        super().__init__(training.world, overlays)
        self.watching = Watching(training, overlays, free_interval=FREE_INTERVAL, speed=FASTEST, can_play=can_play)
        self._hurried = False

    # -- time ---------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The worker begins only when there is something to see: it imports torch, which takes a while."""
        self.watching.feed.start()

    def advance(self, seconds: float) -> None:
        """Take what the worker has, move on, and notice the end."""
        watching = self.watching
        watching.update(seconds)
        if watching.changed or watching.worked_long():
            watching.changed, self.changed = False, True
        if watching.closed:
            self.leave()

    def interrupted(self, signals: int) -> None:
        """Save after the update under way; asked for again, end at once."""
        if not self.watching.closing:
            self.watching.close()
        elif signals > 1 and not self._hurried:
            self._hurried = True
            self.watching.close()

    def finish(self) -> None:
        """Wait a little for the worker."""
        self.watching.feed.close()
        self.watching.feed.join(HURRY)

    @property
    def wants_match(self) -> bool:
        """Whether it was left to play against the policy as it is now."""
        return self.watching.wants_match

    @property
    def error(self) -> Exception | None:
        """What the training raised last."""
        return self.watching.error

    @property
    def farewell(self) -> str:
        """How it ended."""
        return self.watching.farewell

    @property
    def learned(self) -> str:
        """The policy in characters, which stay when the app has gone."""
        snapshot = self.watching.playback.snapshot
        return learned_text(self.world, snapshot, self.look.unicode) if snapshot is not None else ""

    # -- what a person does -------------------------------------------------------------------------------

    def act(self, action: str, name: str) -> None:
        """Do what a key says."""
        watching = self.watching
        if watching.closing and action != "quit":
            return
        if not self.point_or_zoom(action, name) and action in watching.controls:
            watching.controls[action]()

    def note(self, words: str) -> None:
        """Say it for some seconds."""
        self.watching.say(words)

    def demonstrate(self, state: int | None) -> None:
        """Show an episode that nothing is learned from."""
        self.watching.demonstrate(state)

    # -- what is shown ------------------------------------------------------------------------------------

    @property
    def showing(self) -> Showing:
        """The update on screen."""
        return self.watching.playback

    @property
    def briefing(self) -> Briefing | None:
        """What the training said of itself."""
        return self.watching.briefing

    @property
    def record(self) -> Record:
        """The learning curve so far."""
        return self.watching.record

    def message(self) -> tuple[str, bool]:
        """The words above the bar, and whether they are a warning."""
        return self.watching.message()

    def status(self) -> str:
        """What is going on, in words."""
        return self.watching.status()
