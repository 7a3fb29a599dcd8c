"""One window for playing and watching: a key leads from one to the other and back, and nothing is left running."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pygame
import pytest
from pygame.window import Window

from game.errors import NumericalError
from game.view.play.rules import Rules
from game.view.play.window import MatchWindow
from game.view.shared.theme import DARK
from game.view.train.window import TrainingWindow
from game.view.watch.window import WatchWindow
from game.view.windows import look_back, play, watch
from tests.game.view.kept import Kept
from tests.game.view.learner import Learner, world_of_text
from tests.game.view.play.table import Given
from tests.waiting import PATIENCE, until


class Script:
    """Presses keys, each as soon as the window that it is meant for is ready; remembers what was on which window."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *steps: tuple[str, str]) -> None:
        self.steps: Iterator[tuple[str, str]] = iter(steps)
        self.next: tuple[str, str] | None = next(self.steps, None)
        self.windows: list[Window] = []
        self.seen: list[MatchWindow | TrainingWindow] = []
        self.until = time.monotonic() + PATIENCE
        frame, training_frame = MatchWindow.frame, TrainingWindow.frame

        def match_frame(window: MatchWindow, seconds: float) -> None:
            self._now("match", window, window.screen is not None and window.model.loading is None)
            frame(window, seconds)

        def training(window: TrainingWindow, seconds: float) -> None:
            model = window.model
            ready = model.playback.snapshot is not None or model.error is not None
            self._now("training", window, ready and not model.closing)
            training_frame(window, seconds)

        monkeypatch.setattr(MatchWindow, "frame", match_frame)
        monkeypatch.setattr(TrainingWindow, "frame", training)

    def _now(self, kind: str, view: MatchWindow | TrainingWindow, ready: bool) -> None:
        assert time.monotonic() < self.until, f"waiting for {self.next}"
        if not self.seen or self.seen[-1] is not view:
            self.seen.append(view)
            self.windows.append(view.window)
        if ready and self.next is not None and self.next[0] == kind:
            key, self.next = self.next[1], next(self.steps, None)
            if key == "cross":
                pygame.event.post(pygame.Event(pygame.WINDOWCLOSE))
                return
            character = key if len(key) == 1 else ""
            pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.key.key_code(key), unicode=character, mod=0))


@pytest.fixture(autouse=True)
def _nothing_left(driver: None) -> Iterator[None]:
    before = threading.active_count()
    yield
    until(lambda: threading.active_count() <= before)  # an idle thread of an earlier test may have gone meanwhile
    assert not pygame.display.get_init()


@pytest.mark.parametrize("back", ["escape", "tab"])
def test_from_a_match_to_its_opponents_training_and_back(monkeypatch: pytest.MonkeyPatch, back: str) -> None:
    given = Given()
    script = Script(
        monkeypatch, ("match", "k"), ("match", "t"), ("match", "tab"), ("training", back), ("match", "escape")
    )
    said = play(given, "room", Rules(rounds=3, greedy=True, seed=1))
    assert said == "Room: left in round 1 of 3, you 0 : 0 policy."
    assert [type(view).__name__ for view in script.seen] == ["MatchWindow", "TrainingWindow", "MatchWindow"]
    assert len(set(map(id, script.windows))) == 1  # the same window all the time
    match, training, again = script.seen
    assert match is again
    assert match.theme is training.theme is DARK
    assert isinstance(match, MatchWindow)
    assert match.screen is not None
    assert match.screen.contest.clock is not None  # the mode stays
    assert match.screen.contest.hint == "saved in runs/small"
    assert given.trained[0].saved


def test_the_cross_ends_all_from_the_training_too(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Given()
    Script(monkeypatch, ("match", "tab"), ("training", "cross"))
    assert play(given, "room", Rules()) == "saved in runs/small"
    assert given.trained[0].saved


def test_from_training_to_a_match_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given, asked = Given(), []
    first = Learner(given.levels()[0], total=500)

    def opponents() -> Given:
        asked.append(len(first.saved))
        return given

    script = Script(monkeypatch, ("training", "tab"), ("match", "escape"), ("training", "tab"), ("match", "cross"))
    said = watch(first, close_when_done=False, opponents=opponents)
    assert said == "Room: left in round 1 of 5, you 0 : 0 policy."
    assert asked == [1]  # after saving
    assert len(script.seen) == 4
    assert len(set(map(id, script.windows))) == 1


def test_escape_ends_where_one_began(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Given()
    Script(monkeypatch, ("training", "tab"), ("match", "tab"), ("training", "escape"))
    said = watch(Learner(given.levels()[0], total=500), close_when_done=False, opponents=lambda: given)
    assert said == "saved in runs/small"


def test_a_training_that_fails_leads_back_to_the_match_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Given()
    failing = Learner(world_of_text(), fails={1: NumericalError("J is no number")})
    monkeypatch.setattr(given, "training", lambda _argument: failing)
    script = Script(monkeypatch, ("match", "tab"), ("training", "escape"), ("match", "escape"))
    play(given, "room", Rules())
    match = script.seen[-1]
    assert isinstance(match, MatchWindow)
    assert match.screen is not None
    assert match.screen.contest.hint == "J is no number"


@pytest.mark.parametrize("where", ["match", "training"])
def test_ctrl_c_ends_at_once_and_saves_what_learns(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    given = Given()
    Script(monkeypatch, ("match", "tab"))
    view: Any = MatchWindow if where == "match" else TrainingWindow
    draw = view.draw

    def interrupted(window: MatchWindow | TrainingWindow) -> None:
        draw(window)
        if not isinstance(window, TrainingWindow) or window.model.playback.snapshot is not None:
            raise KeyboardInterrupt

    monkeypatch.setattr(view, "draw", interrupted)
    with pytest.raises(KeyboardInterrupt):
        play(given, "room", Rules())
    assert bool(given.trained) is (where == "training")
    assert all(learner.saved for learner in given.trained)


def test_from_a_run_looked_back_on_to_a_race_against_its_policy_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given, seen = Given(), list[WatchWindow]()
    given.past = (0, 1, 2, 3, 4, 5, 6)
    kept = Kept(Learner(given.levels()[0]), 6)
    frame = WatchWindow.frame

    def by_script(view: WatchWindow, seconds: float) -> None:
        if view not in seen:
            seen.append(view)
            if len(seen) == 1:
                view.model.timeline.go(3, at_once=True)
                view.update(0.0)
            keys = [pygame.K_t, pygame.K_TAB] if len(seen) == 1 else [pygame.K_ESCAPE]
            for key in keys:
                pygame.event.post(pygame.Event(pygame.KEYDOWN, key=key, unicode="", mod=0))
        frame(view, seconds)

    monkeypatch.setattr(WatchWindow, "frame", by_script)
    script = Script(monkeypatch, ("match", "escape"))
    assert look_back(kept, lambda: given, Rules()) == ""
    first, second = seen
    assert first.model.updates_done() == 3
    (match,) = script.seen
    assert isinstance(match, MatchWindow)
    assert match.screen is not None
    assert match.screen.contest.opponent.update == 3, "the policy of the fourth update is the one after three"
    assert second.model.timeline.position == 3.0
    assert second.theme is match.theme is DARK
    assert second.window is first.window
