"""One program that steps or trains on slippery FrozenLake 8×8, for a few seconds; ``peers.py`` runs them all.

    python -m tests.benchmarks.peer gymnasium|gymnax|a2c|kernel|defaults|batches

prints a line of JSON: steps, seconds by the clock, and seconds of processor time.  What comes once (imports,
compilation, the first call) is not counted.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable

#: How long each of them runs.
SECONDS = 1.5
BATCH = 20_000


def gymnasium_random() -> Callable[[], int]:
    """Gymnasium's own environment, random actions, as its documentation steps it."""
    import gymnasium

    world = gymnasium.make("FrozenLake8x8-v1")
    world.reset(seed=0)
    world.action_space.seed(0)

    def steps() -> int:
        for _ in range(5000):
            *_, terminated, truncated, _ = world.step(world.action_space.sample())
            if terminated or truncated:
                world.reset()
        return 5000

    return steps


def gymnax_random(worlds: int = 32768, length: int = 50) -> Callable[[], int]:
    """gymnax on the processor: ``worlds`` environments at once, random actions, one compiled program.

    Of 256 to 32,768 worlds at once the most were the fastest.
    """
    import jax
    from gymnax.environments.misc.frozen_lake import FrozenLake

    lake = FrozenLake(map_name="8x8")
    parameters = lake.default_params

    def step(carry: tuple[jax.Array, object], _: None) -> tuple[tuple[jax.Array, object], jax.Array]:
        key, state = carry
        key, choosing, stepping = jax.random.split(key, 3)
        actions = jax.random.randint(choosing, (worlds,), 0, 4)
        every = jax.vmap(lake.step, in_axes=(0, 0, 0, None))
        _, state, reward, *_ = every(jax.random.split(stepping, worlds), state, actions, parameters)
        return (key, state), reward.sum()

    def rollout(key: jax.Array) -> jax.Array:
        _, state = jax.vmap(lake.reset, in_axes=(0, None))(jax.random.split(key, worlds), parameters)
        return jax.lax.scan(step, (key, state), None, length)[1].sum()

    compiled, seeds = jax.jit(rollout), itertools.count()

    def steps() -> int:
        compiled(jax.random.key(next(seeds))).block_until_ready()
        return worlds * length

    return steps


def a2c_training() -> Callable[[], int]:
    """Stable-Baselines3's A2C with its defaults, training; one thread, since with two it is slower."""
    import torch
    from stable_baselines3 import A2C

    torch.set_num_threads(1)
    model = A2C("MlpPolicy", "FrozenLake8x8-v1", seed=0, device="cpu")

    def steps() -> int:
        model.learn(1000, reset_num_timesteps=False)
        return 1000

    return steps


def kernel_random() -> Callable[[], int]:
    """Arrowgrad's rollouts of the uniform policy, credit included."""
    import numpy as np

    from agent.fast.kernel import Kernel
    from game.world.catalog import load

    dynamics = load("gym:FrozenLake8x8-v1").dynamics
    kernel = Kernel(dynamics)
    S, A = dynamics.n_states, dynamics.n_actions
    uniform, baseline = np.full((S, A), 1.0 / A), np.zeros(S)
    numbers = itertools.count()
    return lambda: int(kernel.batch(uniform, "baseline", baseline, 0, next(numbers), 0, BATCH).lengths.sum())


def training(batch: int | None) -> Callable[[], int]:
    """Arrowgrad's training, with the default or another number of episodes an update; run after run."""
    from agent.reinforce.settings import settings_for
    from agent.trainer import Trainer
    from game.world.catalog import load

    dynamics = load("gym:FrozenLake8x8-v1").dynamics
    trainer = Trainer(dynamics, settings_for(dynamics, batch=batch))
    updates = trainer.run()

    def steps() -> int:
        nonlocal trainer, updates
        before = trainer.steps
        if next(updates, None) is None:
            trainer = Trainer(dynamics, settings_for(dynamics, batch=batch, seed=trainer.settings.seed + 1))
            trainer.prepare()
            updates = trainer.run()
            return 0
        return trainer.steps - before

    return steps


PROGRAMS: dict[str, Callable[[], Callable[[], int]]] = {
    "gymnasium": gymnasium_random,
    "gymnax": gymnax_random,
    "a2c": a2c_training,
    "kernel": kernel_random,
    "defaults": lambda: training(None),
    "batches": lambda: training(BATCH),
}


def main() -> None:
    """Run one of them."""
    steps = PROGRAMS[sys.argv[1]]()
    steps()
    done, began, used = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < SECONDS:
        done += steps()
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    print(json.dumps({"steps": done, "seconds": seconds, "processor": processor}))


if __name__ == "__main__":
    main()
