"""What is shown when, with time as a number: no window, no thread."""

from __future__ import annotations

import numpy as np
import pytest

from game.view.shared.playback import FASTEST, SPEEDS, STEPS_PER_DOUBLING, Playback, Replay
from tests.game.view.learner import Learner, world_of_text


@pytest.fixture
def learner() -> Learner:
    learner = Learner(world_of_text())
    learner.begin()
    return learner


def pass_time(playback: Playback, seconds: float) -> None:
    for _ in range(round(seconds * 100)):
        playback.update(0.01)


def test_an_episode_is_replayed_before_the_next_update_is_asked_for(learner: Learner) -> None:
    playback, updates = Playback(2), learner.updates()  # four steps a second
    assert playback.wants_update()
    assert not playback.wants_update(), "one ask for one update"
    snapshot = next(updates)
    playback.take(snapshot)
    assert playback.probabilities() is snapshot.probabilities
    seen = []
    while not playback.wants_update():
        playback.update(0.01)
        assert playback.replay is not None
        seen.append(playback.replay.steps)
    assert sorted(seen) == seen
    assert set(seen) >= set(range(1, len(snapshot.episode) + 1)), "every step was shown"
    assert playback.probabilities() is snapshot.after, "the arrows end at the policy that the update led to"


def test_the_arrows_move_from_one_policy_to_the_next(learner: Learner) -> None:
    playback = Playback(4)
    snapshot = next(learner.updates())
    playback.take(snapshot)
    while playback.learned == 0.0:
        playback.update(0.01)
    shown = playback.probabilities()
    assert shown is not None
    share = playback.learned
    assert 0 < share < 1
    assert np.allclose(shown, (1 - share) * snapshot.probabilities + share * snapshot.after)


def test_a_long_random_walk_takes_no_longer_than_forty_steps(learner: Learner) -> None:
    world = world_of_text('title = "Long"\nmax_steps = 5000\nmap = """\n' + "\n".join(["." * 40] * 40) + 'G"""')
    walker = Learner(world, batch=1)
    walker.begin()
    episode = next(walker.updates()).episode
    assert len(episode) > 2000
    replay, seconds = Replay(episode), 0.0
    while not replay.done:
        replay.advance(0.01, 8.0)
        seconds += 0.01
    assert seconds == pytest.approx(2 * STEPS_PER_DOUBLING / 8, abs=0.1)


def test_as_fast_as_possible_asks_for_nothing_and_shows_the_newest_policy(learner: Learner) -> None:
    playback = Playback(FASTEST)
    assert playback.free
    assert not playback.wants_update()
    snapshot = next(learner.updates())
    playback.take(snapshot)
    assert playback.probabilities() is snapshot.after
    playback.pause()
    assert not playback.free


def test_whole_updates_are_shown_at_their_speed(learner: Learner) -> None:
    playback = Playback(next(k for k, speed in enumerate(SPEEDS) if speed.updates == 4))
    playback.take(next(learner.updates()))
    pass_time(playback, 0.2)
    assert not playback.wants_update()
    pass_time(playback, 0.1)
    assert playback.wants_update()


def test_a_replay_under_way_is_cut_short_when_whole_updates_are_chosen(learner: Learner) -> None:
    playback = Playback(0)
    snapshot = next(learner.updates())
    playback.take(snapshot)
    pass_time(playback, 0.5)
    playback.change_speed(FASTEST)
    assert playback.update(0.01), "something on screen changes"
    assert playback.replay is not None
    assert playback.replay.steps == len(snapshot.episode)
    assert playback.probabilities() is snapshot.after


def test_watching_speeds_up_by_itself_until_a_person_chooses(learner: Learner) -> None:
    playback, updates = Playback(), learner.updates()
    first = playback.speed_index
    for _ in range(8):
        playback.take(next(updates))
    assert playback.speed_index > first
    playback.change_speed(-1)
    chosen = playback.speed_index
    for _ in range(40):
        playback.take(next(updates))
    assert playback.speed_index == chosen


def test_a_minute_of_watching_shows_at_least_fifty_updates(learner: Learner) -> None:
    playback, updates, taken = Playback(), learner.updates(), 0
    for _ in range(60 * 50):
        playback.update(0.02)
        if playback.wants_update():
            playback.take(next(updates))
            taken += 1
    assert taken >= 50


def test_a_demonstration_is_shown_and_then_watching_goes_on_where_it_was(learner: Learner) -> None:
    playback = Playback(2)
    snapshot = next(learner.updates())
    playback.take(snapshot)
    pass_time(playback, 0.5)
    assert playback.replay is not None
    position = playback.replay.position
    episode = learner.demonstrate(snapshot.probabilities, None)
    playback.demonstrate(episode)
    assert playback.current is not None
    assert playback.current.episode is episode
    assert not playback.wants_update()
    while playback.demonstration is not None:
        playback.update(0.01)
    assert playback.replay.position == position
    playback.update(0.01)
    assert playback.replay.position > position
