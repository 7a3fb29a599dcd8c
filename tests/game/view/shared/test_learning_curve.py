"""What a learning curve says: of which update its J is, and what can be attained."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from game.snapshots.snapshot import Briefing, Snapshot
from game.view.shared.gradient import GradientNumbers
from game.view.shared.learning_curve import entries
from game.view.shared.overlays import Overlays
from game.view.shared.record import History
from game.view.shared.run import objective_words
from tests.game.view.learner import Learner, world_of_text


@pytest.fixture
def learner() -> Learner:
    learner = Learner(world_of_text(), total=4)
    learner.begin()
    return learner


@dataclass
class Shown:
    """A run with an update on screen."""

    snapshot: Snapshot | None
    overlays: Overlays

    @property
    def showing(self) -> Shown:
        return self

    def mark(self) -> None:
        return None


def test_an_exact_number_that_is_older_says_of_which_update_it_is(learner: Learner) -> None:
    shown, numbers = Shown(None, Overlays()), GradientNumbers()
    assert objective_words(shown) == "J"  # type: ignore[arg-type]
    for snapshot in learner.updates():
        shown.snapshot = snapshot
        shown.overlays.see(snapshot)
        words = objective_words(shown)  # type: ignore[arg-type]
        angle = {name: value for name, _, value in numbers.lines(snapshot)}["angle"]
        if snapshot.update % 2:
            assert words == f"J = {snapshot.objective:.3f}"
            assert angle.endswith("°")
            assert numbers.current(snapshot) is snapshot
        else:
            assert words.startswith(f"J of update {snapshot.update - 1} = ")
            assert angle == "–", "the dial is empty rather than old"
            assert numbers.current(snapshot) is None
            last = f"∇J not computed in this update; last in update {snapshot.update - 1}"
            assert numbers.why_empty(snapshot, None) == last


def test_what_a_run_attains_replaces_the_best_found_at_once(learner: Learner) -> None:
    history, briefing = History(), Briefing("run", (), 0.96, 4, best_found=0.1)
    first = next(learner.updates())
    history.add(replace(first, objective=0.05))
    said = dict(entries(history.record(), briefing, "J"))
    assert (said["optimum"], said["found"]) == ("best possible 0.960", "best found of what it sees 0.100")
    history.add(replace(first, update=2, objective=0.3))
    assert dict(entries(history.record(), briefing, "J"))["found"] == "best found of what it sees 0.300"
    assert "found" not in dict(entries(history.record(), replace(briefing, best_found=None), "J"))
