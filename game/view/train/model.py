"""Watching a run learn, without a picture: what the controls do, what is said, and when to ask for the next update.

Window and terminal draw it, each in its own way and at its own tempo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from game.errors import ArrowgradError
from game.snapshots.snapshot import Briefing
from game.snapshots.sources import Training
from game.view.shared.model import Note
from game.view.shared.numbers import counted
from game.view.shared.overlays import Overlays
from game.view.shared.playback import Playback
from game.view.shared.record import History
from game.view.shared.run import run_facts
from game.view.train.worker import Feed
from game.world.dynamics import Layout

#: Seconds after which a person is told why it has not begun yet: torch alone takes some.
SLOW_START = 4.0
#: Seconds to wait at the end for an update under way and for saving.
PATIENCE = 20.0


class TrainModel:
    """A training with its worker, its playback and its messages.

    It begins at ``speed`` (None: a tour through the speeds).  While training runs freely, a snapshot is taken every
    ``free_interval`` seconds: drawing takes time from it.  With ``close_when_done`` it ends after the last update.
    ``closed``: there is nothing left to wait for, and ``farewell`` says how it ended; ``changed``: what is on the
    screen is no longer true.  Where ``can_play``, a person may ask for a match against the policy as it is now:
    ``wants_match`` is then true at the end.
    """

    def __init__(
        self,
        training: Training,
        overlays: Overlays,
        *,
        free_interval: float,
        speed: int | None = None,
        close_when_done: bool = False,
        can_play: bool = False,
    ) -> None:
        self.training, self.close_when_done = training, close_when_done
        self.can_play, self.wants_match = can_play, False
        self.world = training.world
        self.overlays, self.free_interval = overlays, free_interval
        self.feed = Feed(training)
        self.playback = Playback(speed)
        self.briefing: Briefing | None = None
        self.record = History().record()
        self.error: Exception | None = None
        self._unsaved = False
        self.closing = self.closed = False
        self.farewell = ""
        self._note = Note()
        self.changed = True
        self._since_taken, self._second, self._waited = 0.0, 0, 0.0
        self._controls: dict[str, Callable[[], None]] = {
            "pause": self.playback.pause,
            "step": self.playback.step,
            "episode": self.playback.episode,
            "update": self.playback.one_update,
            "faster": lambda: self.playback.change_speed(1),
            "slower": lambda: self.playback.change_speed(-1),
            "fast": self.playback.fast,
            "overlay": overlays.next,
            "restart": self.restart,
            "save": self.save,
            "demonstrate": lambda: self.demonstrate(None),
            "match": self.play,
            "quit": self._quit,
        }

    @property
    def showing(self) -> Playback:
        """The update on screen."""
        return self.playback

    # -- what a person does -------------------------------------------------------------------------------

    def act(self, action: str, _key: str = "") -> None:
        """Do what a control says; while the run is being saved at its end, only not to wait for that."""
        self.changed = True
        if not self.closing or action == "quit":
            self._controls[action]()

    def close(self) -> None:
        """Save and end."""
        self.closing = True
        self.feed.close()

    def hurry(self) -> None:
        """End without waiting."""
        self._end("the run was closed before it was saved to its end")

    def finish(self) -> None:
        """Let the worker come to its end."""
        self.feed.close()

    def _quit(self) -> None:
        if self.closing:
            self.hurry()
        else:
            self.close()

    def _end(self, farewell: str = "") -> None:
        self.closed, self.farewell = True, farewell or self.farewell

    def restart(self) -> None:
        """Save this run, then begin a new one."""
        self.say("saving this run, then beginning a new one …")
        self.feed.restart()

    def save(self) -> None:
        """Save now."""
        self.say("saving after this update …")
        self.feed.save()

    def play(self) -> None:
        """Save and end, to play against the policy as it is now."""
        if not self.can_play:
            self.say("this level cannot be played from here")
        elif self.briefing is None:
            self.say("the run is still being made ready …")
        else:
            self.wants_match = True
            self.close()

    def demonstrate(self, state: int | None) -> None:
        """Show an episode from ``state`` (None: from P0) that nothing is learned from."""
        probabilities = self.playback.probabilities()
        if probabilities is None:
            return
        try:
            self.playback.demonstrate(self.training.demonstrate(probabilities, state))
        except ArrowgradError as error:
            self.say(str(error))

    def update(self, seconds: float) -> None:
        """Let time pass: take what the worker has, move what moves, and ask for the next update."""
        self.changed |= self._note.update(seconds)  # before others are said, which then stay for their whole time
        self._take_reports()
        self._since_taken += seconds
        if not self.playback.free or self._since_taken >= self.free_interval:
            self._take_snapshot()
        self.changed |= self.playback.update(seconds) | self._worked_long()
        if self.closing:
            self._wait_for_end(seconds)
            return
        self.feed.run_freely(self.playback.free)
        if self.briefing is not None and self.playback.wants_update():
            self.feed.ask()
        if self.feed.finished and self.feed.working()[0] is None:
            self._after_the_last_update()

    def _take_snapshot(self) -> None:
        snapshot = self.feed.take()
        if snapshot is not None:
            self._since_taken = 0.0
            self.playback.take(snapshot)
            self.overlays.see(snapshot)
            self.record = self.feed.record()
            self.changed = True

    def _after_the_last_update(self) -> None:
        if self.playback.replay is not None and self.playback.learned < 1.0:
            return
        if self.close_when_done:
            self.close()
        elif self.playback.demonstration is None and not self.playback.paused and (not self.error or self._unsaved):
            self.demonstrate(None)

    def _take_reports(self) -> None:
        for report in self.feed.reports():
            self.changed = True
            if report.briefing is not None:
                if self.briefing is not None:
                    self.say("a new run has begun")
                self.briefing, self.error, self._unsaved = report.briefing, None, False
                self.playback.clear()
                self.overlays.forget()
                self.record = self.feed.record()
            elif report.error is not None:
                self.error, self._unsaved = report.error, report.saving
                self.say("")
                if self.close_when_done:
                    self.close()
            else:
                self.say(report.text)
                self.farewell = report.text
                if self._unsaved:
                    self.error, self._unsaved = None, False

    def _wait_for_end(self, seconds: float) -> None:
        self.changed = True
        self._waited += seconds
        if self.feed.closed:
            self._take_reports()
            self._end()
        elif self._waited > PATIENCE:
            self._end(f"the update under way took longer than {PATIENCE:.0f} seconds, so its end was not waited for")

    def say(self, text: str) -> None:
        """Show a note for some seconds."""
        self._note.say(text)
        self.changed = True

    # -- in words ------------------------------------------------------------------------------------------

    @property
    def warning(self) -> bool:
        """Whether the message is a warning."""
        return self.error is not None and not self._note.text and not self.closing

    def message(self) -> str:
        """Return the words above the bar."""
        if self.closing:
            return "saving … (Esc again ends without waiting)"
        if self.warning:
            again = "S: try again" if self._unsaved else "R: begin anew"
            return f"{self.error}   ({again} · Esc: end)"
        doing, seconds = self.feed.working()
        if doing == "begin" and seconds > SLOW_START and not self._note.text:
            return f"making ready, {seconds:.0f} s: the first time, the loops are compiled to machine code"
        return self._note.text

    def heading(self) -> str:
        """Return the number of the update on screen."""
        snapshot, total = self.playback.snapshot, self.briefing.total_updates if self.briefing else None
        if snapshot is not None and not snapshot.sampled:
            return f"after {counted(snapshot.update - 1, 'update')}"
        return f"update {snapshot.update if snapshot else 0:,}" + (f" of {total:,}" if total else "")

    def mark(self) -> None:
        """Return None: the newest update is on screen, not a moment of a finished run."""

    def facts(self) -> Sequence[tuple[str, str]]:
        """Return the run and the settings in force."""
        return run_facts(self.briefing)

    @property
    def layout(self) -> Layout | None:
        """The world's board."""
        return self.world.dynamics.layout

    def picture_name(self) -> str:
        """Return the level's name."""
        return self.world.name

    def status(self) -> str:
        """What is going on, in words."""
        playback, (doing, seconds) = self.playback, self.feed.working()
        if self.closing:
            return "saving …"
        if doing in ("save", "restart"):
            return "saving …"
        if playback.waiting:
            return "paused"
        if playback.demonstration is not None:
            return "all updates done" if self.feed.finished else "demonstration"
        if self.error is not None and not self._unsaved:
            return "stopped"
        if doing == "update" and seconds > 1:
            return f"update under way, {seconds:.0f} s"
        haste = playback.replay.haste() if playback.replay and playback.speed.steps and not playback.replay.done else 1
        return playback.speed.words + (f" × {haste}" if haste > 1 else "")

    def _worked_long(self) -> bool:
        """Whether the seconds of a long update have to be counted on."""
        doing, seconds = self.feed.working()
        second = int(seconds) if doing else 0
        changed = second != self._second
        self._second = second
        return changed
