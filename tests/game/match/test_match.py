"""The rules of the match between a person and the policy, against hand-worked rounds and an exact recursion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from game.match.match import (
    Match,
    Round,
    greedy,
    has_ended,
    new_match,
    next_round,
    play_on,
    run_out,
    sampling,
    step,
    take_turn,
)
from game.snapshots.snapshot import Trajectory
from game.world.catalog import world_from_text
from game.world.dice import uniforms
from game.world.dynamics import Dynamics

LINE = 'discount = 0.5\nmax_steps = 6\nstep_reward = -1\nactions = ["left", "right"]\nmap = "S..G"'
ICE = 'discount = 0.9\nmax_steps = 12\nslip = "2/3"\nstep_reward = -0.1\nmap = """\nS..X\n.~..\n...G"""'
COINS = 'discount = 0.9\nmax_steps = 5\nactions = ["left", "right"]\nmap = ".*S*G"'
CLIFF = 'discount = 1\nmax_steps = 9\nstep_reward = -1\nmap = """\n...\nSCG"""'
CLIFF += '\n[tiles.C]\nreward = -100\neffect = "restart"'
WIND = 'discount = 1\nmax_steps = 9\nstep_reward = -1\nmap = """\n....\n....\nS^.G"""'


def dynamics(text: str) -> Dynamics:
    return world_from_text(text, "test", "test", "test").dynamics


def uniform(world: Dynamics) -> NDArray[np.float64]:
    return np.full((world.n_states, world.n_actions), 1.0 / world.n_actions)


def always(world: Dynamics, name: str) -> NDArray[np.float64]:
    table = np.zeros((world.n_states, world.n_actions))
    table[:, world.actions.index(name)] = 1.0
    return table


def positions(world: Dynamics, trajectory: Trajectory) -> list[tuple[int, int]]:
    assert world.layout is not None
    return [(int(row), int(column)) for row, column in world.layout.position[trajectory.states]]


def played(world: Dynamics, moves: Sequence[str], policy: str, best_of: int = 1, seed: int = 0) -> Match:
    """A match in which the person makes ``moves`` and the policy always the one move, to the end of the round."""
    rng = np.random.default_rng(seed)
    strategy = greedy(always(world, policy))
    match = new_match(world, best_of, rng)
    for move in moves:
        match = take_turn(match, strategy, world.actions.index(move))
    return play_on(match, strategy) if has_ended(match.current.person) else match


def exact_return(world: Dynamics, table: NDArray[np.float64]) -> float:
    """J by backward recursion from the cap: V_t(s) = Σ_a π Σ_k Pt (r + γ V_{t+1}(s'))."""
    value = np.zeros(world.n_states)
    for _ in range(world.max_steps):
        ahead = np.where(world.ends, 0.0, value[world.next_state])
        value = np.einsum("sa,sak,sak->s", table, world.probability, world.reward + world.discount * ahead)
    return float(world.start @ value)


def same(one: Trajectory, other: Trajectory) -> bool:
    arrays = ("states", "actions", "rewards", "policy_probability", "transition_probability")
    flags = ("start_probability", "terminated", "truncated", "goal")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays) and all(
        getattr(one, name) == getattr(other, name) for name in flags
    )


@pytest.mark.parametrize("text", [LINE, ICE, COINS, CLIFF, WIND])
def test_a_person_who_copies_the_policys_picks_walks_its_trajectory(text: str) -> None:
    world = dynamics(text)
    rng = np.random.default_rng(3)
    table = rng.dirichlet(np.ones(world.n_actions), world.n_states)
    strategy = sampling(table)
    for _ in range(20):
        match = new_match(world, 1, rng)
        while not match.current.over:
            u_action = uniforms(match.current.key, len(match.current.policy))[0]
            state = int(match.current.policy.states[-1])
            copied = int(np.searchsorted(np.cumsum(table[state]), u_action, side="right"))
            match = take_turn(match, strategy, copied)
        assert same(match.current.person, match.current.policy)
        assert match.result == "draw"


@pytest.mark.parametrize("text", [LINE, ICE, COINS, CLIFF, WIND])
@pytest.mark.parametrize("mode", [sampling, greedy])
def test_the_policys_mean_return_is_its_exact_j(text: str, mode: type) -> None:
    """Seed 11, 4,000 rounds, 4 standard errors (confidence 0.99994 each)."""
    world = dynamics(text)
    rng = np.random.default_rng(11)
    strategy = mode(np.random.default_rng(5).dirichlet(np.ones(world.n_actions), world.n_states))
    returns = [
        play_on(new_match(world, 1, rng), strategy).current.policy.total_return(world.discount) for _ in range(4000)
    ]
    error = 4 * np.std(returns) / np.sqrt(len(returns))
    assert abs(np.mean(returns) - exact_return(world, strategy.probabilities)) <= error + 1e-12


def test_greedy_takes_the_most_probable_action_and_the_first_of_equals() -> None:
    strategy = greedy(np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]]))
    for u in (0.0, 0.1, 0.5, 0.999999):
        assert [strategy.choose(0, u), strategy.choose(1, u)] == [1, 0]


def test_a_person_who_is_faster_wins_by_the_discounted_return() -> None:
    """Straight to G: −1 − 0.5 + 0.25 = −1.25; one step back first costs −1 − 0.5 − 0.25 + 0.125 = −1.625."""
    match = played(dynamics(LINE), ["right", "right", "right"], policy="left")
    assert match.current.person.total_return(0.5) == -1.25
    assert match.current.person.terminated
    assert match.current.person.goal
    assert match.current.policy.truncated
    assert match.current.policy.total_return(0.5) == -sum(0.5**t for t in range(6))
    assert match.outcomes == ("win",)
    assert match.result == "win"
    slower = played(dynamics(LINE), ["left", "right", "right", "right"], policy="right")
    assert slower.current.person.total_return(0.5) == -1.625
    assert slower.result == "loss"
    assert played(dynamics(LINE), ["right"] * 3, policy="right").result == "draw"


def test_when_the_policy_has_ended_the_person_goes_on() -> None:
    world = dynamics(LINE)
    match = played(world, ["left", "right", "right"], policy="right")
    assert has_ended(match.current.policy)
    assert not match.current.over
    assert match.result is None
    after = take_turn(match, greedy(always(world, "right")), 1)
    assert same(after.current.policy, match.current.policy)
    assert after.current.over


def test_when_the_person_has_ended_the_policy_plays_on_turn_by_turn() -> None:
    world = dynamics(LINE)
    rng = np.random.default_rng(0)
    strategy = greedy(always(world, "left"))
    match = new_match(world, 1, rng)
    for _ in range(3):
        match = take_turn(match, strategy, 1)
    person = match.current.person
    lengths = []
    while not match.current.over:
        match = play_on(match, strategy, 1)
        lengths.append(len(match.current.policy))
    assert lengths == [4, 5, 6]
    assert match.current.person is person


def test_the_cap_truncates_and_an_ending_on_the_last_step_terminates() -> None:
    world = dynamics(LINE)
    capped = played(world, ["left"] * 6, policy="left").current.person
    assert (len(capped), capped.terminated, capped.truncated, capped.goal) == (6, False, True, False)
    ended = played(world, ["left"] * 3 + ["right"] * 3, policy="left").current.person
    assert (len(ended), ended.terminated, ended.truncated, ended.goal) == (6, True, False, True)


def test_coins_pay_once_to_each_side() -> None:
    """Right takes a coin (+1), left and left the other one (0, then γ² · 1 = 0.81), right back over it nothing."""
    world = dynamics(COINS)
    match = played(world, ["right", "left", "left", "right", "right"], policy="right")
    assert match.current.person.rewards.tolist() == [1.0, 0.0, 1.0, 0.0, 0.0]
    assert match.current.person.total_return(0.9) == pytest.approx(1.81, abs=1e-15)
    assert match.current.policy.rewards.tolist() == [1.0, 1.0]
    assert match.current.policy.terminated
    assert match.result == "loss"


def test_a_restart_pays_and_leads_back_to_the_start() -> None:
    world = dynamics(CLIFF)
    match = played(world, ["right", "up", "right", "right", "down"], policy="up")
    assert positions(world, match.current.person) == [(1, 0), (1, 0), (0, 0), (0, 1), (0, 2), (1, 2)]
    assert match.current.person.rewards.tolist() == [-100.0, -1.0, -1.0, -1.0, 1.0]
    assert match.current.policy.truncated
    assert match.result == "loss"


def test_wind_blows_both_sides() -> None:
    """From the wind at (2, 1) a step right also goes one cell up, as far as the edge."""
    world = dynamics(WIND)
    match = played(world, ["right", "right", "right", "down"], policy="right")
    expected = [(2, 0), (2, 1), (1, 2), (1, 3), (2, 3)]
    assert positions(world, match.current.person) == expected
    assert positions(world, match.current.policy)[:4] == expected[:4]


def test_a_blocked_move_stands_still_and_costs_a_turn() -> None:
    match = played(dynamics(LINE), ["left"], policy="right")
    assert len(set(match.current.person.states.tolist())) == 1
    assert len(set(match.current.policy.states.tolist())) == 2
    assert match.current.person.rewards.tolist() == [-1.0]


def test_both_share_the_luck_of_the_outcome() -> None:
    """Slip 2/3: forwards below 1/3, then a turn to one side or the other; both sides move alike in every third."""
    world = dynamics(ICE)
    strategy = greedy(always(world, "right"))
    ends: dict[int, set[int]] = {0: set(), 1: set(), 2: set()}
    rng = np.random.default_rng(0)
    for _ in range(50):
        match = take_turn(new_match(world, 1, rng), strategy, 1)
        assert same(match.current.person, match.current.policy)
        ends[int(3 * uniforms(match.current.key, 0)[1])].add(int(match.current.person.states[-1]))
    assert [len(cells) for cells in ends.values()] == [1, 1, 1]
    assert len(set.union(*ends.values())) == 3


def test_the_start_is_drawn_from_p0_and_shared() -> None:
    """Seed 2, 3,000 rounds on three start cells with weights 1, 2, 3: within 4 standard errors of the shares."""
    world = dynamics('map = "SABG"\n[tiles.A]\nstart = 2\n[tiles.B]\nstart = 3')
    rng = np.random.default_rng(2)
    counts = np.zeros(4)
    for _ in range(3000):
        begun = new_match(world, 1, rng).current
        assert begun.person.states.tolist() == begun.policy.states.tolist()
        assert begun.person.start_probability == world.start[begun.person.states[0]]
        counts[begun.person.states[0]] += 1
    share = np.array([1, 2, 3, 0]) / 6
    assert (abs(counts / 3000 - share) <= 4 * np.sqrt(share * (1 - share) / 3000)).all()


def decided_after(outcomes: str, best_of: int) -> tuple[int, str | None]:
    """After how many of the rounds ``w``in, ``l``oss and ``d``raw a match is decided, and how."""
    world = dynamics(LINE)
    rng = np.random.default_rng(0)
    right = greedy(always(world, "right"))
    moves = {"w": ("right", "left"), "l": ("left", "right"), "d": ("right", "right")}
    match = new_match(world, best_of, rng)
    for number, outcome in enumerate(outcomes, start=1):
        mine, theirs = moves[outcome]
        strategy = right if theirs == "right" else greedy(always(world, "left"))
        while not has_ended(match.current.person):
            match = take_turn(match, strategy, world.actions.index(mine))
        match = play_on(match, strategy)
        if match.decided:
            return number, match.result
        match = next_round(match, rng)
    return len(outcomes), None


@pytest.mark.parametrize(
    ("outcomes", "best_of", "after", "result"),
    [
        ("www", 5, 3, "win"),
        ("wlwlw", 5, 5, "win"),
        ("lllll", 5, 3, "loss"),
        ("wddd", 5, 4, None),
        ("wwdd", 5, 4, "win"),
        ("ddddd", 5, 5, "draw"),
        ("wlddd", 5, 5, "draw"),
        ("l", 1, 1, "loss"),
        ("wwl", 3, 2, "win"),
        ("wl", 2, 2, "draw"),
    ],
)
def test_best_of_n_ends_when_it_is_decided(outcomes: str, best_of: int, after: int, result: str | None) -> None:
    assert decided_after(outcomes, best_of) == (after, result)


def test_a_tie_up_to_rounding_is_a_draw() -> None:
    world = dynamics(LINE)
    episode = played(world, ["right"] * 3, policy="right").current.person
    for difference, outcome in ((0.0, "draw"), (3e-13, "draw"), (1e-9, "win"), (-1e-9, "loss")):
        nudged = replace(episode, rewards=episode.rewards + np.array([difference, 0.0, 0.0]))
        assert Round(person=nudged, policy=episode).outcome(0.5) == outcome


def test_the_same_seed_gives_the_same_match() -> None:
    world = dynamics(ICE)
    strategy = sampling(uniform(world))
    one, other = (play_on(new_match(world, 1, rng), strategy) for rng in map(np.random.default_rng, (4, 4)))
    assert same(one.current.policy, other.current.policy)


@pytest.mark.parametrize("text", [ICE, COINS, CLIFF, WIND])
def test_at_the_same_step_of_their_own_both_have_the_same_dice_whoever_is_ahead(text: str) -> None:
    """The policy goes any number of steps, then the person copies it from far behind: the same trajectory."""
    world = dynamics(text)
    rng = np.random.default_rng(8)
    strategy = sampling(rng.dirichlet(np.ones(world.n_actions), world.n_states))
    for ahead in (1, 3, 20):
        match = play_on(new_match(world, 1, rng, timed=True), strategy, ahead)
        while not match.current.person_has_ended:
            walked = match.current.policy.actions
            if len(match.current.person) == len(walked):
                match = play_on(match, strategy, 1)
            else:
                match = step(match, strategy, int(walked[len(match.current.person)]))
        assert same(match.current.person, match.current.policy)


def timed(moves: str, policy: str = "right") -> Match:
    """A round on the line against the clock: ``p`` is a step of the policy, ``l`` and ``r`` are the person's."""
    world = dynamics(LINE)
    strategy = greedy(always(world, policy))
    match = new_match(world, 1, np.random.default_rng(0), timed=True)
    for move in moves:
        match = play_on(match, strategy, 1) if move == "p" else step(match, strategy, "lr".index(move))
    return match


@pytest.mark.parametrize(
    ("moves", "policy", "result", "by_time"),
    [
        ("rrrppp", "right", "win", True),  # both straight to the goal, the person first
        ("rrpppr", "right", "loss", True),
        ("pprpr", "right", "", True),  # the person alone is not at the goal yet …
        ("lrrrppp", "right", "loss", False),  # first, but with the lower return
        ("pppppprrr", "left", "win", False),  # last, but with the higher one
    ],
)
def test_against_the_clock_time_decides_between_equal_returns(
    moves: str, policy: str, result: str, by_time: bool
) -> None:
    match = timed(moves, policy)
    assert (match.result or "") == result
    if result:
        assert match.current.by_time(0.5) is by_time


def test_who_runs_out_of_time_has_lost_whatever_the_returns() -> None:
    """The policy's six steps down the wrong side cost 1.97; the person stands at −1 and has lost all the same."""
    match = run_out(timed("rpppppp", "left"))
    assert match.current.person.total_return(0.5) > match.current.policy.total_return(0.5)
    assert match.current.over
    assert match.current.late
    assert match.result == "loss"
    assert len(step(match, greedy(always(match.dynamics, "left")), 1).current.person) == 1
    ended = timed("rrrp", "left")
    assert run_out(ended).current.late is False


def test_turn_by_turn_equal_returns_are_a_draw_whoever_was_first() -> None:
    world = dynamics(LINE)
    strategy = greedy(always(world, "right"))
    match = play_on(new_match(world, 1, np.random.default_rng(0)), strategy)
    for _ in range(3):
        match = step(match, strategy, 1)
    assert match.current.first == "policy"
    assert match.result == "draw"
    assert not match.current.by_time(0.5)
