"""The best policy found of those that see less than the state: memoryless, of what is seen, and possibly random.

Its J has many local maxima, so that this is a search and no proof.  Every deterministic policy is tried where that is
affordable, else they are improved one observation at a time from several places; then J is climbed with its exact
gradient (L-BFGS) from the uniform policy, from the best deterministic ones, and from random ones, blunt and sharp,
unless the optimum of policies of state and time is reached before, which nothing passes.
The random numbers are fixed, so the same world has the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from agent.exact.climbing import climbed
from agent.exact.tables import Tables, settled

#: Most elementary operations of trying deterministic policies, and of climbing.
TRYING, CLIMBING = 3e8, 4e9
#: How many policies are valued at once, as far as 4 million numbers go.
AT_ONCE = 4_000_000
#: Deterministic policies that are kept to climb from, and how many are improved where not all can be tried.
KEPT, IMPROVED = 12, 40
#: Random places to climb from for each decision, at most, and the widths of their normally distributed logits, for each
#: of which there is one: on 18 random levels at least 1 of 40 such climbs ended at the best of 300, mostly a quarter.
RANDOM, MOST, WIDTHS = 8, 40, (1.0, 2.0, 3.0)
#: How far to climb from each place, and from the few that led highest: on the way to a sharp policy the way gets flat.
ROUGHLY, FULLY = (60, 1e-8), (200, 1e-15)
FINISHED = 4
#: Logit of the action that a deterministic policy takes, where climbing starts from it: 2 can still be left, 6 hardly.
SHARPNESS = (2.0, 6.0)


def best_found(exact: Tables, optimum: float | None) -> float:
    """J of the best memoryless policy of what is seen that is found: a lower bound of what can be attained.

    The search ends where it has reached the ``optimum`` of policies of state and time, where that is known.
    """
    search = Search(exact)
    bound = np.inf if optimum is None else optimum
    best, places = search.deterministic()
    reached = []
    for logits in search.starts(places):
        if best >= bound - 1e-12 * abs(bound) or search.spent > CLIMBING:
            break
        reached.append(climbed(search.objective, logits, *ROUGHLY))
        best = max(best, reached[-1][0])
    reached.sort(key=lambda end: -end[0])
    return max([best, *(climbed(search.objective, logits, *FULLY)[0] for _, logits in reached[:FINISHED])])


class Search:
    """A search over the policies of one world.

    ``spent`` counts elementary operations of climbing.
    """

    def __init__(self, exact: Tables) -> None:
        self.exact, self.dynamics = exact, exact.dynamics
        self.shape = (self.dynamics.n_observations, self.dynamics.n_actions)
        acting = self.dynamics.reachable & ~self.dynamics.terminal
        #: What is seen where an action is taken: nothing else has to be decided.
        self.decided = np.unique(self.dynamics.observation[acting])
        self.spent = 0.0

    # -- deterministic policies -----------------------------------------------------------------------------

    def deterministic(self) -> tuple[float, NDArray[np.intp]]:
        """The best J of the deterministic policies that were tried, and the best of them (n, O), the best first."""
        found, actions = [], []
        for block in self.choices():
            objectives = self.objectives(block)
            order = np.argsort(-objectives, kind="stable")[:KEPT]
            found.append(objectives[order])
            actions.append(block[order])
        objectives, every = np.concatenate(found), np.concatenate(actions)
        _, first = np.unique(every, axis=0, return_index=True)
        order = first[np.argsort(-objectives[first], kind="stable")][:KEPT]
        return float(objectives[order[0]]), every[order]

    def choices(self) -> Iterator[NDArray[np.intp]]:
        """Blocks (n, O) intp of deterministic policies: all of them, or those that one change does not better."""
        A, decided = self.dynamics.n_actions, len(self.decided)
        one = self.exact.successor.size * self.dynamics.max_steps  # operations of one policy
        size = max(1, AT_ONCE // self.exact.successor.size)
        if A**decided * one <= TRYING:
            for begin in range(0, A**decided, size):
                numbers = np.arange(begin, min(begin + size, A**decided))
                yield self.of(
                    np.stack(np.unravel_index(numbers, (A,) * decided), axis=1) if decided else numbers[:, None]
                )
            return
        generator = np.random.default_rng(1)
        rounds = TRYING / (one * A * decided)  # in each, all single changes of one policy are tried
        for _ in range(IMPROVED):
            chosen = generator.integers(A, size=decided)
            while rounds > 0:
                changed = self.changes(chosen)
                objectives = np.concatenate(
                    [self.objectives(changed[b : b + size]) for b in range(0, len(changed), size)]
                )
                rounds -= 1
                best = changed[objectives.argmax()]
                if objectives.max() <= objectives[0]:
                    break
                chosen = best[self.decided]
            yield self.of(chosen[None])

    def changes(self, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
        """(1 + n, O) intp: a policy of what is decided, and then each that differs from it in one action."""
        A, decided = self.dynamics.n_actions, len(chosen)
        changed = np.repeat(chosen[None], 1 + A * decided, axis=0)
        row = np.arange(A * decided)
        changed[1 + row, row // A] = row % A
        return self.of(changed)

    def of(self, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
        """(n, O) intp: policies of everything, from actions (n, number of what is decided)."""
        actions = np.zeros((len(chosen), self.shape[0]), dtype=np.intp)
        actions[:, self.decided] = chosen[:, : len(self.decided)]
        return actions

    def objectives(self, actions: NDArray[np.intp]) -> NDArray[np.float64]:
        """(n,) float64: J of deterministic policies (n, O), all at once, by the recursion of ``exact.sweeps``."""
        exact, states = self.exact, np.arange(self.dynamics.n_states)
        taken = actions[:, self.dynamics.observation]
        step = exact.weight[states, taken] * self.dynamics.discount  # (n, S, M)
        constant = exact.expected_reward[states, taken]
        value = np.zeros(constant.shape)
        for done in range(1, self.dynamics.max_steps + 1):
            following = constant + (step * value[:, exact.successor]).sum(axis=2)
            change, value = np.abs(following - value).max(), following
            if settled(change, value, self.dynamics.max_steps - done):
                break
        return np.asarray(value @ self.dynamics.start)

    # -- climbing -------------------------------------------------------------------------------------------

    def starts(self, places: NDArray[np.intp]) -> Iterator[NDArray[np.float64]]:
        """Logits (O · A,) to climb from; what is likely to lead furthest comes first."""
        yield np.zeros(self.shape).ravel()
        generator = np.random.default_rng(0)
        for number in range(min(MOST, RANDOM * len(self.decided))):
            if number < len(places):
                yield from (sharp * np.eye(self.shape[1])[places[number]].ravel() for sharp in SHARPNESS)
            for width in WIDTHS:
                yield generator.normal(scale=width, size=self.shape).ravel()

    def objective(self, logits: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """J and its gradient (O · A,) at logits (O · A,)."""
        observation = self.dynamics.observation
        weight = np.exp(logits.reshape(self.shape) - logits.reshape(self.shape).max(axis=1, keepdims=True))
        probabilities = (weight / weight.sum(axis=1, keepdims=True))[observation]
        values, credit = self.exact.truth(probabilities)
        self.spent += self.exact.swept * self.exact.successor.size + self.exact.weight.size
        gradient = np.zeros(self.shape)
        np.add.at(gradient, observation, credit - probabilities * credit.sum(axis=1, keepdims=True))
        return self.exact.objective(values), gradient.ravel()
