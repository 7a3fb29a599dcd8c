"""The window on a run that is over: its keys and its slider, what is shown between two updates, and that all fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pygame
import pytest

from game.errors import RunError
from game.keys import KEYS
from game.snapshots.snapshot import Briefing, Frame
from game.view.lines.watch import watch_text
from game.view.shared.theme import TEXT_SIZES
from game.view.watch.exact_numbers import Reckoner
from game.view.watch.timeline import GLIDE
from game.view.watch.window import WatchWindow
from game.view.window.display import open_window
from tests.game.view.kept import Kept
from tests.game.view.learner import Learner, world_of_text
from tests.game.view.train.test_training_window import LONG, faults
from tests.waiting import until

#: J of the thirteen policies of a run, by hand: it rises most from update 4 to 5, then from 9 to 10; and falls most
#: from 7 to 8.
OBJECTIVE = (0.0, 0.05, 0.06, 0.07, 0.47, 0.5, 0.5, 0.2, 0.21, 0.45, 0.5, 0.5, 0.52)


class Given(Kept):
    """A run of twelve updates whose J is OBJECTIVE."""

    def __init__(self, kept: Sequence[int] | None = None, text: str | None = None) -> None:
        world = world_of_text() if text is None else world_of_text(text)
        super().__init__(Learner(world), 12, kept)
        self.metrics["objective"] = np.array(OBJECTIVE[:-1])

    def objective(self, index: int) -> float | None:
        return OBJECTIVE[self.updates[index] - 1]


class Sitting:
    """The window on a run, whose clock and events the test gives; it begins paused at the first update."""

    def __init__(self, kept: Kept, size: tuple[int, int] = (800, 600)) -> None:
        self.kept = kept
        self.view = WatchWindow(kept, open_window("test", size))
        self.view.begin()
        until(lambda: self.view.model.reckoner.done)
        self.press("play")
        self.rest()

    def frame(self, seconds: float = 0.0) -> None:
        self.view.frame(seconds)
        self.view.draw()

    def rest(self) -> None:
        """Let a glide come to its end."""
        self.frame(GLIDE)
        self.frame()

    def press(self, action: str) -> None:
        name = next(key for key in KEYS["watch"] if key.action == action).keys[0]
        character = " " if name == "space" else name if len(name) == 1 else ""
        pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.key.key_code(name), unicode=character, mod=0))
        self.frame()

    def mouse(self, kind: int, at: tuple[float, float]) -> None:
        pos = round(at[0]), round(at[1])
        extra = {"rel": (0, 0), "buttons": (1, 0, 0)} if kind == pygame.MOUSEMOTION else {"button": 1}
        pygame.event.post(pygame.Event(kind, pos=pos, **extra))
        self.frame()

    def on_slider(self, update: float) -> tuple[float, float]:
        """The pixel of an update on the slider's track."""
        assert self.view.screen.places is not None
        return self.view.slider.x_of(update), self.view.screen.places.strip.bottom - 9

    def cell(self, row: int, column: int) -> tuple[float, float]:
        assert self.view.board.board is not None
        return self.view.board.board.centre(row, column)

    @property
    def update(self) -> int:
        """The number of the update on screen."""
        assert self.view.model.snapshot is not None
        return self.view.model.snapshot.update

    @property
    def written(self) -> list[str]:
        return [written.text for written in self.view.pen.written]

    def says(self, words: str) -> bool:
        return any(words in text for text in self.written)

    def end(self) -> None:
        self.view.model.close()
        self.view.window.destroy()


@pytest.fixture
def sitting(driver: None) -> Iterator[Sitting]:
    """The window on a run all of whose frames were kept."""
    sitting = Sitting(Given())
    yield sitting
    sitting.end()


# -- keys ---------------------------------------------------------------------------------------------------


def test_every_key_has_its_control(sitting: Sitting) -> None:
    own = {"point", "zoom", *sitting.view.shared_actions}
    assert {key.action for key in KEYS["watch"] if key.keys} == set(sitting.view.model._controls) | own


def test_keys_next_back_ahead_behind_first_last(sitting: Sitting) -> None:
    seen = []
    for action in ("next", "next", "back", "ahead", "last", "behind", "first"):
        sitting.press(action)
        sitting.rest()
        seen.append(sitting.update)
    assert seen == [2, 3, 2, 3, 13, 12, 1]  # a tenth of twelve updates is one
    assert sitting.says("update 1 of 12")
    sitting.press("last")
    sitting.rest()
    assert sitting.view.model.heading() == "after all 12 updates"


def test_between_two_updates_the_arrows_lie_on_a_straight_line(sitting: Sitting) -> None:
    before, after = (sitting.kept.frame(index).probabilities for index in (0, 1))
    sitting.press("next")
    sitting.frame(0.5 * GLIDE)
    assert np.abs(sitting.view.model.probabilities() - (before + after) / 2).max() < 1e-12
    assert np.abs(before - after).max() > 0.01, "or there would be nothing to see"
    assert sitting.view.model.heading() == "update 1 → 2 of 12"
    sitting.rest()
    assert (sitting.view.model.probabilities() == after).all()


def test_frames_that_were_not_kept_are_bridged(driver: None) -> None:
    sitting = Sitting(Given(kept=(1, 5, 9)))
    before, after = (sitting.kept.frame(index).probabilities for index in (0, 1))
    sitting.view.model.timeline.go(0.25, at_once=True)
    sitting.frame()
    assert np.abs(sitting.view.model.probabilities() - (0.75 * before + 0.25 * after)).max() < 1e-12
    assert sitting.says("every 4th update was kept")
    sitting.end()


def test_keys_play_faster_and_slower(sitting: Sitting) -> None:
    sitting.press("play")
    assert sitting.says("1 updates a second") or sitting.says("2 updates a second")
    speed = sitting.view.model.timeline.speed
    sitting.frame(1.0)
    assert sitting.view.model.timeline.position == pytest.approx(speed)
    sitting.press("faster")
    assert sitting.view.model.timeline.speed == 2 * speed
    sitting.press("slower")
    assert sitting.view.model.timeline.speed == speed
    sitting.press("play")
    sitting.rest()
    assert sitting.says("paused")
    sitting.press("slower")
    assert sitting.says("Space plays")


def test_the_time_lapse_goes_to_the_end_and_waits(sitting: Sitting) -> None:
    sitting.press("play")
    for _ in range(200):
        sitting.view.update(0.1)
    sitting.frame()
    assert sitting.update == 13
    assert sitting.view.model.waiting
    assert sitting.says("after all 12 updates")


def test_key_rise_goes_to_the_largest_rise_of_all_then_to_the_next(sitting: Sitting) -> None:
    sitting.press("rise")
    sitting.rest()
    assert sitting.update == 4
    assert sitting.says("J rose by 0.400 here, update 4 → 5 (largest rise)")
    sitting.press("rise")
    sitting.rest()
    assert sitting.update == 9
    assert sitting.says("J rose by 0.240 here, update 9 → 10 (2nd largest rise)")
    sitting.press("next")
    sitting.rest()
    assert not sitting.says("rose by"), "it is not said of another update"


def test_key_fall(sitting: Sitting) -> None:
    for _ in range(2):  # there is but one fall: it comes again
        sitting.press("fall")
        sitting.rest()
        assert sitting.update == 7
        assert sitting.says("J fell by 0.300 here, update 7 → 8 (largest fall)")


def test_a_run_that_never_fell_says_so(driver: None) -> None:
    class Rising(Given):
        def objective(self, index: int) -> float | None:
            return float(index)

    sitting = Sitting(Rising())
    sitting.press("fall")
    assert sitting.update == 1
    assert sitting.says("J never fell")
    sitting.end()


def test_key_episode_replays_the_episode_of_the_update(sitting: Sitting) -> None:
    sitting.press("rise")
    sitting.rest()
    sitting.press("episode")
    replay = sitting.view.model.current
    assert replay is not None
    assert (replay.episode.actions == sitting.kept.snapshots[3].episode.actions).all()
    assert replay.position == 0.0
    sitting.frame(0.1)
    assert 0.0 < replay.position <= len(replay.episode)
    sitting.press("play")  # pauses it
    at = replay.position
    sitting.frame(1.0)
    assert replay.position == at
    sitting.press("play")
    for _ in range(40):
        sitting.frame(0.2)
    assert replay.done
    assert not sitting.view.model.replaying
    assert sitting.update == 4


def test_there_is_no_episode_of_the_policy_at_the_end(sitting: Sitting) -> None:
    sitting.press("last")
    sitting.rest()
    sitting.press("episode")
    assert sitting.says("no episode was sampled from the policy at the end; D plays one")


def test_key_demonstrate_plays_this_policy_and_changes_nothing(sitting: Sitting) -> None:
    learner = sitting.kept.training
    assert isinstance(learner, Learner)
    logits = learner.logits.copy()
    sitting.press("demonstrate")
    assert learner.demonstrated == [None]
    assert sitting.says("not learned from")
    sitting.press("next")
    assert sitting.view.model.demonstration is None
    sitting.mouse(pygame.MOUSEBUTTONDOWN, sitting.cell(0, 1))
    assert len(learner.demonstrated) == 2
    for _ in range(60):
        sitting.frame(0.2)
    assert sitting.view.model.demonstration is None
    assert (learner.logits == logits).all()


def test_key_overlay_has_the_credit_and_leaves_out_what_was_not_kept(sitting: Sitting) -> None:
    seen = []
    for _ in range(8):
        seen.append(sitting.view.board.overlay)
        sitting.press("overlay")
    assert seen[:3] == ["policy", "credit", "exact credit"]
    assert "visits" not in seen
    assert not sitting.says("visited")
    sitting.mouse(pygame.MOUSEMOTION, sitting.cell(0, 1))
    assert sitting.says("row 0, column 1")
    assert not sitting.says("visits")


def test_keys_point_demonstrate_and_zoom(sitting: Sitting) -> None:
    learner = sitting.kept.training
    assert isinstance(learner, Learner)
    sitting.press("first")
    sitting.view._press("5", "5")
    sitting.view._press("6", "6")  # at first the cell of the agent
    for key in "8844":
        sitting.view._press(key, key)
    sitting.frame()
    assert sitting.says("row 0, column 0 · start")
    sitting.press("demonstrate")
    layout = sitting.view.model.world.dynamics.layout
    assert layout is not None
    assert learner.demonstrated == [int(layout.cell_states[0][0, 0])]
    assert sitting.view.board.board is not None
    before = sitting.view.board.board.cell
    sitting.view._press("z", "z")
    sitting.frame()
    assert sitting.view.board.board.cell == before, "large cells cannot grow"
    sitting.view._press("5", "5")
    assert sitting.view.screen.mouse is None
    sitting.press("demonstrate")
    assert learner.demonstrated[1:] == [None]


# -- the mouse ----------------------------------------------------------------------------------------------


def test_the_slider_is_dragged_and_settles_at_the_nearest_update(sitting: Sitting) -> None:
    sitting.mouse(pygame.MOUSEBUTTONDOWN, sitting.on_slider(6))
    assert sitting.update in (5, 6)
    sitting.mouse(pygame.MOUSEMOTION, sitting.on_slider(8.4))
    assert sitting.view.model.timeline.update == pytest.approx(8.4, abs=0.01)
    assert 0.35 < sitting.view.model.timeline.share < 0.45
    sitting.mouse(pygame.MOUSEMOTION, (9999, 9999))
    assert sitting.update == 13
    sitting.mouse(pygame.MOUSEMOTION, sitting.on_slider(8.4))
    sitting.mouse(pygame.MOUSEBUTTONUP, sitting.on_slider(8.4))
    sitting.rest()
    assert sitting.update == 8
    assert sitting.view.model.timeline.share == 0.0
    sitting.mouse(pygame.MOUSEMOTION, sitting.on_slider(2))
    assert sitting.update == 8, "the button is up"


def test_the_wheel_over_the_slider_goes_on_and_back(sitting: Sitting) -> None:
    sitting.mouse(pygame.MOUSEMOTION, sitting.on_slider(6))
    for notches, wanted in ((2, 3), (-1, 2)):
        pygame.event.post(pygame.Event(pygame.MOUSEWHEEL, x=0, y=notches))
        sitting.frame()
        sitting.rest()
        assert sitting.update == wanted


def test_a_click_on_the_curve_goes_there(sitting: Sitting) -> None:
    curve = sitting.view.screen.panel.curve
    surface = sitting.view.window.get_surface().get_rect()
    points = [(x, y) for y in range(0, surface.height, 5) for x in range(surface.width)]
    found = [(point, episodes) for point in points if (episodes := curve.episodes_at(point)) is not None]
    point = min(found, key=lambda one: abs(one[1] - 40))[0]  # eight episodes a batch: five updates are over
    sitting.mouse(pygame.MOUSEBUTTONDOWN, point)
    sitting.rest()
    assert sitting.update == 6
    assert sitting.view.model.mark().episodes == 40


# -- what is said -------------------------------------------------------------------------------------------


def test_j_is_said_to_be_exact_or_not_known(driver: None) -> None:
    class Large(Given):
        def objective(self, index: int) -> float | None:
            return None

    exact = Sitting(Given())
    assert exact.view.model.captions()[0].startswith("J = 0.000, exactly · mean return of its batch")
    exact.end()
    kept = Large()
    kept.metrics["objective"][:] = np.nan
    kept.snapshot = lambda index, exact=True: _without_exact(kept, index)  # type: ignore[method-assign]
    sitting = Sitting(kept)
    assert sitting.view.model.captions()[0].endswith("(J is not known here)")
    sitting.press("rise")
    sitting.rest()
    assert sitting.says("the mean return rose by")
    sitting.end()


def _without_exact(kept: Given, index: int):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    update = min(int(kept.updates[index]), len(kept.snapshots))
    return replace(kept.snapshots[update - 1], update=int(kept.updates[index]), objective=None, exact_credit=None)


def test_a_cut_episode_is_said_to_be_cut(driver: None) -> None:
    class Cut(Given):
        def frame(self, index: int) -> Frame:
            from dataclasses import replace

            return replace(super().frame(index), length=1234, total_return=0.5)

    sitting = Sitting(Cut())
    kept = len(sitting.kept.snapshots[0].episode)
    said = f"of this update's episode, 1,234 steps with R(τ) = 0.500, the first {kept} were kept"
    assert sitting.view.model.message() == said
    sitting.end()


def test_what_goes_wrong_beside_the_window_is_raised(driver: None) -> None:
    class Damaged(Given):
        @property
        def briefing(self) -> Briefing:
            raise RunError("frames.bin is damaged")

        @briefing.setter
        def briefing(self, _: Briefing) -> None:
            pass

    view = WatchWindow(Damaged(), open_window("test"))
    view.begin()
    with pytest.raises(RunError, match="damaged"):
        until(lambda: False, between=lambda: view.update(0.01))
    view.window.destroy()


def test_j_becomes_known_from_the_end_and_from_coarse_to_fine() -> None:
    reckoner = Reckoner(Given())
    order = list(reckoner._order())
    assert order[:4] == [12, 0, 8, 4]
    assert sorted(order) == list(range(13))


def test_the_text_has_ten_updates_and_both_boards() -> None:
    lines = watch_text(Given(), unicode=False).splitlines()
    first = lines.index("") + 1
    rows = [line.split() for line in lines[first : lines.index("", first)]]
    assert [row[0] for row in rows] == "update 1 2 4 5 6 8 9 10 12 end".split()
    assert rows[1][1:3] == ["8", f"{OBJECTIVE[0]:.4f}"], "J as the screen computes it"
    assert rows[-1][1:] == ["96", f"{OBJECTIVE[-1]:.4f}", "–", "–"]
    assert lines[-3:] == [line for line in lines[-3:] if set(line) <= set("^>v< #XG")]
    assert "All actions are equally probable before the first update." in lines
    assert any("every update was kept" in line for line in lines)


# -- the picture --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(640, 480), (800, 600), (1280, 800)], ids=str)
def test_no_text_leaves_the_window_or_overlaps_at_any_text_size(driver: None, size: tuple[int, int]) -> None:
    sitting = Sitting(Given(kept=(1, 3, 7), text=LONG), size)
    for text_size in range(len(TEXT_SIZES)):
        for action in ("rise", "last", "demonstrate", "help"):
            sitting.press(action)
            sitting.rest()
            assert faults(sitting.view.pen.written, size) == [], (text_size, action)
        sitting.press("help")
        sitting.press("text_size")
    sitting.end()


def test_the_first_frame_needs_nothing_from_the_thread(driver: None) -> None:
    view = WatchWindow(Given(), open_window("test"))
    view.draw()
    texts = [written.text for written in view.pen.written]
    assert "Small room" in texts
    assert "update 1 of 12" in texts
    view.window.destroy()


def test_rises_point_up_and_falls_point_down(sitting: Sitting) -> None:
    """Rows of a filled triangle grow towards its foot."""
    surface = sitting.view.window.get_surface()
    sitting.press("first")
    sitting.rest()
    colour = surface.map_rgb(sitting.view.theme.policy)
    x, y = (round(value) for value in sitting.on_slider(9))
    counts = []
    for line in range(y - 25, y - 5):
        counts.append(sum(surface.get_at_mapped((column, line)) == colour for column in range(x - 8, x + 9)))
    inside = [count for count in counts if count]
    assert len(inside) > 4
    assert inside == sorted(inside)
