"""A small REINFORCE in numpy that stands in for the agent: it fulfils the ``Training`` protocol, for tests of views.

``game/view`` may not know the agent, and neither do its tests.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.snapshots.snapshot import Briefing, Snapshot, Trajectory
from game.world.catalog import World, world_from_text
from game.world.dice import cumulative, pick
from tests.waiting import PATIENCE

SMALL = """
title = "Small room"
teaches = "The shortest way past a pit."
max_steps = 30
step_reward = -0.01
map = \"\"\"
S..
.#X
..G
\"\"\"
"""

COINS = """
title = "Coins"
max_steps = 40
map = \"\"\"
S.*
.#.
*.G
\"\"\"
"""


def world_of_text(text: str = SMALL) -> World:
    """The world of a level's text."""
    return world_from_text(text, "small", "small", "small.toml")


class Learner:
    """Tabular softmax REINFORCE with reward-to-go; ``hold`` keeps an update from its end until it is set.

    ``fails`` is an error that the update of that number raises.
    """

    def __init__(
        self,
        world: World,
        total: int | None = None,
        batch: int = 8,
        rate: float = 2.0,
        fails: dict[int, Exception] | None = None,
    ) -> None:
        self.world, self.total, self.batch, self.rate = world, total, batch, rate
        self.fails = fails or {}
        self.hold = threading.Event()
        self.hold.set()
        self.saved: list[int] = []
        self.restarts = 0
        self.demonstrated: list[int | None] = []
        self.update = 0

    def begin(self) -> Briefing:
        """Start from the uniform policy."""
        dynamics = self.world.dynamics
        self.logits = np.zeros((dynamics.n_states, dynamics.n_actions))
        self.visits = np.zeros(dynamics.n_states, dtype=np.int64)
        self.update = self.episodes = self.steps = 0
        self.dice = np.random.default_rng(0)
        settings = (("estimator", "reward-to-go"), ("N", str(self.batch)), ("α", f"{self.rate:g}"), ("γ", "0.99"))
        return Briefing(f"run-{self.restarts}", settings, optimum=0.96, total_updates=self.total)

    def updates(self) -> Iterator[Snapshot]:
        """One snapshot per update."""
        while self.total is None or self.update < self.total:
            self.update += 1
            if self.update in self.fails:
                raise self.fails[self.update]
            assert self.hold.wait(PATIENCE)
            yield self._learn()

    def exactly(self, snapshot: Snapshot, seconds: float) -> Snapshot:
        """The same with stand-ins for its exact numbers."""
        if snapshot.objective is not None:
            return snapshot
        exact = self._as_if_exact(snapshot.probabilities, snapshot.credit, always=True)
        return replace(
            snapshot, objective=snapshot.mean_return, values=snapshot.probabilities.max(axis=1) - 0.5, **exact
        )

    def ended(self) -> Snapshot:
        """The policy that the last update led to."""
        policy = self.policy()
        return Snapshot(
            update=self.update + 1,
            episodes=self.episodes,
            steps=self.steps,
            probabilities=policy,
            after=policy,
            credit=np.zeros_like(policy),
            visits=self.visits.copy(),
            episode=self._episode(policy, self.dice).until(0),
            returns=np.array([]),
            mean_return=np.nan,
            goal_rate=np.nan,
            mean_length=np.nan,
            entropy=np.nan,
            gradient_norm=np.nan,
            seconds=0.01 * self.update,
            objective=0.5,
        )

    def save(self) -> str:
        """Remember that it was called, and at which update."""
        self.saved.append(self.update)
        return "saved in runs/small"

    def restart(self) -> Briefing:
        """Begin again."""
        self.saved.append(self.update)
        self.restarts += 1
        return self.begin()

    def demonstrate(self, probabilities: NDArray[np.float64], start: int | None) -> Trajectory:
        """An episode of a policy."""
        self.demonstrated.append(start)
        return self._episode(probabilities, np.random.default_rng(1), start)

    def policy(self) -> NDArray[np.float64]:
        """(S, A): the softmax of the logits."""
        weight = np.exp(self.logits - self.logits.max(axis=1, keepdims=True))
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))

    def _learn(self) -> Snapshot:
        discount = self.world.dynamics.discount
        before = self.policy()
        batch = [self._episode(before, self.dice) for _ in range(self.batch)]
        credit = np.zeros_like(before)
        for episode in batch:
            self.episodes, self.steps = self.episodes + 1, self.steps + len(episode)
            np.add.at(self.visits, episode.states[:-1], 1)
            paid = episode.rewards * discount ** np.arange(len(episode))
            np.add.at(credit, (episode.states[:-1], episode.actions), paid[::-1].cumsum()[::-1] / self.batch)
        centred = credit - before * credit.sum(axis=1, keepdims=True)
        self.logits += self.rate * centred
        returns = np.array([episode.total_return(discount) for episode in batch])
        visited = np.concatenate([episode.states[:-1] for episode in batch])
        return Snapshot(
            update=self.update,
            episodes=self.episodes,
            steps=self.steps,
            probabilities=before,
            after=self.policy(),
            credit=centred,
            visits=self.visits.copy(),
            episode=batch[0],
            returns=returns[:64],
            mean_return=float(returns.mean()),
            goal_rate=float(np.mean([episode.goal for episode in batch])),
            mean_length=float(np.mean([len(episode) for episode in batch])),
            entropy=float(-(before * np.log(before + 1e-300)).sum(axis=1)[visited].mean()),
            gradient_norm=float(np.linalg.norm(centred)),
            objective=float(returns.mean()) if self.update % 2 else None,
            values=before.max(axis=1) - 0.5 if self.update % 2 else None,
            seconds=0.01 * self.update,
            **self._as_if_exact(before, centred),
        )

    def _as_if_exact(
        self, policy: NDArray[np.float64], centred: NDArray[np.float64], always: bool = False
    ) -> dict[str, Any]:
        """Stand-ins for the exact numbers, in every other update: views only draw them."""
        if self.update % 2 == 0 and not always:
            return {}
        exact = np.roll(centred, 1, axis=1)
        product = float((exact * centred).sum())
        norm = float(np.linalg.norm(centred))
        angle = float(np.degrees(np.arccos(np.clip(product / norm**2, -1.0, 1.0)))) if norm > 0.0 else None
        ratio = 1.0 if norm > 0.0 else None
        return {"action_values": policy - 0.5, "exact_credit": exact, "angle": angle, "norm_ratio": ratio}

    def _episode(self, policy: NDArray[np.float64], dice: np.random.Generator, start: int | None = None) -> Trajectory:
        dynamics = self.world.dynamics
        cdf = cumulative(policy)
        states = [pick(dynamics.start_cdf, dice.random()) if start is None else start]
        actions: list[int] = []
        rewards: list[float] = []
        chosen: list[float] = []
        moved: list[float] = []
        ended = goal = False
        while not ended and len(actions) < dynamics.max_steps:
            s = states[-1]
            a = pick(cdf[s], dice.random())
            k = pick(dynamics.outcome_cdf[s, a], dice.random())
            ended, goal = bool(dynamics.ends[s, a, k]), bool(dynamics.goal[s, a, k])
            states.append(int(dynamics.next_state[s, a, k]))
            actions.append(a)
            rewards.append(float(dynamics.reward[s, a, k]))
            chosen.append(policy[s, a])
            moved.append(dynamics.probability[s, a, k])
        return Trajectory(
            states=np.array(states, dtype=np.int32),
            actions=np.array(actions, dtype=np.int32),
            rewards=np.array(rewards),
            policy_probability=np.array(chosen),
            transition_probability=np.array(moved),
            start_probability=float(dynamics.start[states[0]]),
            terminated=ended,
            truncated=not ended,
            goal=goal,
        )
