"""REINFORCE: what a seed fixes, what a budget does not change, and what happens when a number stops being finite."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agent.exact.exact import Exact
from agent.fast.kernel import Kernel
from agent.reinforce.credit import SAMPLED, centred
from agent.reinforce.settings import PRESETS, settings_for
from agent.runs.checkpoint import captured, restore
from agent.trainer import Trainer
from game.errors import NumericalError
from game.world.catalog import load
from game.world.dynamics import Dynamics
from tests.agent.worlds import EVERYTHING, LEVELS, fingerprint, random_policy, settings_of, world_of

EVERY = world_of(EVERYTHING).dynamics
KINDS: list[dict[str, Any]] = [{}, {"hidden": (6,)}, {"optimizer": "sgd"}, {"batch": 3}, {"batch": 1}]


def after(dynamics: Dynamics, updates: int, **given: Any) -> Trainer:
    trainer = Trainer(dynamics, settings_for(dynamics, **given))
    for _ in range(updates):
        trainer.step()
    return trainer


@pytest.mark.parametrize("given", KINDS, ids=str)
def test_the_same_seed_gives_the_same_run_bit_for_bit(given: dict[str, Any]) -> None:
    one, other = (after(EVERY, 6, seed=3, **given) for _ in range(2))
    assert fingerprint(one) == fingerprint(other)
    different = after(EVERY, 6, seed=4, **given)
    assert fingerprint(different)["weights.0"] != fingerprint(one)["weights.0"]


def test_the_number_of_threads_changes_nothing_in_what_is_learned() -> None:
    runs = []
    for threads in (1, 2, 5):
        trainer = Trainer(EVERY, settings_for(EVERY, batch=50), threads=threads)
        for _ in range(4):
            trainer.step()
        runs.append(fingerprint(trainer))
    assert runs[0] == runs[1] == runs[2]


@pytest.mark.parametrize("given", KINDS[:2], ids=str)
def test_a_longer_budget_begins_with_the_same_updates(given: dict[str, Any]) -> None:
    short = Trainer(EVERY, settings_for(EVERY, batch=20, episodes=80, **given))
    long = Trainer(EVERY, settings_for(EVERY, batch=20, episodes=10**9, **given))
    for _ in short.run():
        long.step()
    assert short.update == 4
    first, second = fingerprint(short), fingerprint(long)
    assert all(first[name] == second[name] for name in first if name != "counters")


def test_the_last_batch_takes_the_remainder() -> None:
    trainer = Trainer(EVERY, settings_of(EVERY, batch=10, episodes=25))
    counts = [(snapshot.episodes, len(snapshot.returns)) for snapshot in trainer.run()]
    assert counts == [(10, 10), (20, 10), (25, 5)]
    assert (trainer.update, trainer.episodes) == (3, 25)
    # The remainder is a mean over its own number of episodes: the same step as a batch of five.
    five = Trainer(EVERY, settings_of(EVERY, batch=5, episodes=25))
    ten = Trainer(EVERY, settings_of(EVERY, batch=10, episodes=5))
    assert five.step().gradient_norm == pytest.approx(ten.step().gradient_norm, rel=1e-12)


def test_the_entropy_bonus_fades_and_is_gone_at_its_update() -> None:
    settings = replace(settings_of(EVERY, batch=20, entropy=0.5), anneal=3)
    trainer = Trainer(EVERY, settings)
    with_bonus = []
    for _ in range(5):
        before = trainer.policy.logits().detach().numpy().copy()
        norm = trainer.step().gradient_norm
        moved = float(np.linalg.norm(trainer.policy.logits().detach().numpy() - before))
        with_bonus.append(abs(moved - norm) > 1e-9 * norm)
    # The uniform policy of update 0 has the largest entropy already, so the bonus has no gradient there.
    assert with_bonus == [False, True, True, False, False]


def test_the_bonus_shrinks_with_the_cube_of_what_remains() -> None:
    # One policy and one batch, at updates 0, 1 and 2 of 4: what the bonus adds is 1, (3/4)³ and (2/4)³ of β.
    added = []
    for update in range(3):
        steps = []
        for entropy in (0.0, 0.7):
            settings = replace(settings_of(EVERY, batch=20, entropy=entropy), anneal=4)
            trainer = Trainer(EVERY, settings)
            with_numbers = np.random.default_rng(1).normal(size=(EVERY.n_states, 4))
            trainer.policy.weights[0].data[:] = trainer.policy.weights[0].new_tensor(with_numbers)
            trainer.update = update
            before = trainer.policy.logits().detach().numpy().copy()
            snapshot = trainer.step()
            steps.append(trainer.policy.logits().detach().numpy() - before)
            spread = float(np.std(snapshot.returns))
            visits = trainer.visits / 20
        entropy_now = -(snapshot.probabilities * np.log(snapshot.probabilities)).sum(axis=1, keepdims=True)
        # dH/dlogit_a = −π_a (ln π_a + H)
        slope = -snapshot.probabilities * (np.log(snapshot.probabilities) + entropy_now)
        added.append((steps[1] - steps[0], 0.7 * spread * visits[:, None] * slope))
    for update, (found, full) in enumerate(added):
        np.testing.assert_allclose(found, (1 - update / 4) ** 3 * full, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("estimator", SAMPLED)
@pytest.mark.parametrize("name", ["everything", "corridor"])
def test_the_mean_of_many_estimates_approaches_the_exact_gradient(name: str, estimator: str) -> None:
    # 500 independent batches of 100 episodes, seed 2024.  Each of at most 60 components has to lie within five
    # standard errors; a right estimator fails that with probability below 60 · 5.8e-7 < 4e-5.
    dynamics = world_of(LEVELS[name], observe="cell").dynamics
    pi = random_policy(dynamics, 9)
    baseline = np.random.default_rng(1).normal(size=dynamics.n_states)
    kernel = Kernel(dynamics)
    estimates = np.array(
        [centred(kernel.batch(pi, estimator, baseline, 2024, update, 0, 100).credit, pi) for update in range(500)]
    )
    truth = centred(Exact(dynamics).credit(pi), pi)
    error = estimates.std(axis=0, ddof=1) / np.sqrt(len(estimates))
    assert np.linalg.norm(error) < 0.1 * np.linalg.norm(truth)  # so that a wrong factor would show
    assert (np.abs(estimates.mean(axis=0) - truth) <= 5 * error + 1e-12).all()


def huge_rewards() -> Dynamics:
    return replace(EVERY, reward=np.where(EVERY.reward != 0.0, 1.5e308, 0.0), discount=1.0)


@pytest.mark.parametrize(
    ("dynamics", "given"),
    [
        (huge_rewards(), {"batch": 20}),
        (huge_rewards(), {"batch": 2}),
        (EVERY, {"learning_rate": 1e308, "batch": 20}),
        (EVERY, {"learning_rate": 1e308, "batch": 20, "hidden": (4,)}),
        (replace(EVERY, reward=EVERY.reward * 1e6), {"learning_rate": 1e308, "batch": 20, "optimizer": "sgd"}),
        (EVERY, {"entropy": 1e308, "batch": 20}),
    ],
    ids=["rewards", "rewards, readable", "rate", "rate, network", "rate, sgd", "entropy"],
)
def test_a_number_that_is_not_finite_stops_the_update_and_changes_nothing(
    dynamics: Dynamics, given: dict[str, Any]
) -> None:
    trainer = Trainer(dynamics, settings_for(dynamics, **given))
    good = fingerprint(trainer)
    message = ""
    with np.errstate(over="ignore", invalid="ignore"):
        while not message:
            good = fingerprint(trainer)
            try:
                trainer.step()
            except NumericalError as error:
                message = str(error)
    assert fingerprint(trainer) == good
    assert np.isfinite(trainer.probabilities()).all()
    assert message.startswith(f"update {trainer.update + 1}: ")
    assert f"try a smaller --learning-rate than {trainer.settings.learning_rate:g}" in message
    assert ("--entropy" in message) == (trainer.settings.entropy > 0)


def test_the_presets_depend_on_the_size_of_a_level_only() -> None:
    # Two levels of one size and different names, tiles and physics share every default but those of the level.
    one = world_of('max_steps = 9\nmap = "S...G"').dynamics
    other = world_of('discount = 0.5\nmax_steps = 9\nslip = 0.2\nmap = "X~S*G"').dynamics
    first, second = settings_for(one), replace(settings_for(other), discount=one.discount)
    assert one.n_states != other.n_states  # the coin doubles the states, within the same preset
    assert other.n_states <= PRESETS[0].n_states
    assert first == second
    sizes = [preset.n_states for preset in PRESETS]
    assert sizes == sorted(sizes)


OPEN = 'step_reward = -0.1\ndiscount = 0.9\nmax_steps = 9\nslip = 0.3\nmap = """\nS.........\n..........\n'
OPEN += '.....*....\n.......G..\n..........\n"""\n'
SPARSE: list[dict[str, Any]] = [
    {},
    {"optimizer": "sgd", "entropy": 0.4},
    {"hidden": (5, 3)},
    {"hidden": (4,), "features": "position", "entropy": 0.4},
    {"estimator": "exact", "hidden": (5,), "optimizer": "sgd"},  # Adam would blow up what is 1e-17 instead of 0
    {"observe": "tile"},
    {"observe": "tile", "hidden": (5,)},
]


@pytest.mark.parametrize("one_in", [0, 2])  # those visited so far; or all, once they are half of all
@pytest.mark.parametrize("given", SPARSE, ids=str)
def test_passes_over_the_visited_states_are_those_over_all(
    given: dict[str, Any], one_in: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sparse = ((4096, 3, 2**16), (0, one_in, 7))  # all at once; the visited ones, seven at a time
    dynamics = world_of(OPEN, observe=given.get("observe", "cell")).dynamics
    options = {name: value for name, value in given.items() if name != "observe"}
    runs = []
    for few, share, portion in sparse:
        monkeypatch.setattr("agent.reinforce.states.FEW_STATES", few)
        monkeypatch.setattr("agent.reinforce.states.ONE_IN", share)
        monkeypatch.setattr("agent.reinforce.policy.PORTION", portion)
        trainer = Trainer(dynamics, settings_for(dynamics, batch=12, learning_rate=0.1, **options))
        runs.append((trainer, [trainer.step() for _ in range(6)]))
    (one, all_states), (other, visited) = runs
    assert (one.visits == 0).sum() > dynamics.n_states / 5
    for parameter, same in zip(one.policy.parameters(), other.policy.parameters(), strict=True):
        np.testing.assert_allclose(parameter.detach().numpy(), same.detach().numpy(), rtol=0, atol=1e-12)
    for first, second in zip(all_states, visited, strict=True):
        np.testing.assert_allclose(first.probabilities, second.probabilities, rtol=0, atol=1e-12)
        np.testing.assert_allclose(first.after, second.after, rtol=0, atol=1e-12)
        np.testing.assert_allclose(first.credit, second.credit, rtol=0, atol=1e-12)
        np.testing.assert_array_equal(first.visits, second.visits)
        assert first.gradient_norm == pytest.approx(second.gradient_norm, rel=1e-11)
        if first.angle is not None and second.angle is not None:  # more have exact numbers where there was time
            assert first.angle == pytest.approx(second.angle, abs=1e-5)
    np.testing.assert_allclose(visited[-1].after, other.probabilities(), rtol=0, atol=1e-15)


@pytest.mark.parametrize("given", [{}, {"hidden": (5,)}], ids=str)
def test_a_run_over_the_visited_states_goes_on_bit_for_bit(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.reinforce.states.FEW_STATES", 0)
    monkeypatch.setattr("agent.reinforce.states.ONE_IN", 0)
    dynamics = world_of(OPEN).dynamics
    settings = settings_for(dynamics, batch=12, optimizer="adam", **given)
    whole, part, rest = (Trainer(dynamics, settings) for _ in range(3))
    for _ in range(7):
        whole.step()
    for _ in range(3):
        part.step()
    restore(rest, *captured(part), "memory")
    for _ in range(4):
        rest.step()
    assert fingerprint(rest) == fingerprint(whole)


def test_the_exact_estimator_takes_the_exact_step() -> None:
    trainer = Trainer(EVERY, settings_of(EVERY, estimator="exact"))
    uniform = trainer.probabilities()
    trainer.step()
    expected = centred(Exact(EVERY).credit(uniform), uniform)
    np.testing.assert_allclose(trainer.policy.logits().detach().numpy(), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("level", ["first_steps", "line_world"])
def test_defaults_learn(level: str) -> None:
    assert_learned(level, 0)


def assert_learned(level: str, seed: int) -> tuple[float, float, float]:
    """Train with default settings; returns ratio, goal rate and seconds."""
    dynamics = load(level).dynamics
    trainer = Trainer(dynamics, settings_for(dynamics, seed=seed))
    for _ in trainer.run():
        pass
    exact = Exact(dynamics)
    best = exact.optimum()
    objective = exact.objective(exact.values(trainer.probabilities()))
    share = 1 - (best.objective - objective) / abs(best.objective)
    goal_rate = float(trainer.fresh(2**61, 1000).goals.mean())
    assert share >= 0.95, f"{level}, seed {seed}: ratio {share:.3f}"
    assert best.goal_probability <= 0.99 or goal_rate >= 0.95, f"{level}, seed {seed}: goal rate {goal_rate:.3f}"
    return share, goal_rate, trainer.seconds
