"""The tables of random worlds against the rules written down a second time, one cell and one outcome at a time."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from game.world.dynamics import build
from game.world.level import ACTIONS, DIRECTIONS, EFFECTS, STANDARD_TILES, Level, Tile, may_start

Cell = tuple[int, int]
State = tuple[Cell, frozenset[Cell]]
Outcomes = dict[tuple[State, float, bool, bool], float]

#: Directions by the opposite and by the two quarter turns.
NAMES = list(DIRECTIONS)


def random_tile(letter: str, rng: random.Random) -> Tile:
    effect = rng.choice(EFFECTS)
    ends = effect != "restart" and rng.random() < 0.2
    tile = Tile(
        letter=letter,
        name=letter,
        reward=rng.choice((None, 0.0, -1.0, 2.5)),
        ends=ends,
        goal=effect != "restart" and rng.random() < 0.3,
        slip=rng.choice((None, 0.0, 0.25, 1.0)),
        push=rng.choice((None, *NAMES)),
        push_cells=rng.randint(1, 3),
        effect=effect,
    )
    if may_start(tile) and rng.random() < 0.3:
        return Tile(**{**{name: getattr(tile, name) for name in Tile.__slots__}, "start": rng.choice((0.5, 2.0))})
    return tile


def random_level(rng: random.Random) -> Level:
    letters = "abcd"
    tiles = {**STANDARD_TILES, **{letter: random_tile(letter, rng) for letter in letters}}
    while True:
        height, width = rng.randint(1, 4), rng.randint(1, 5)
        rows = tuple("".join(rng.choice(".....S#G~^>?*" + letters * 2) for _ in range(width)) for _ in range(height))
        text = "".join(rows)
        if sum(tiles[letter].effect == "coin" for letter in text) <= 4 and any(may_start(tiles[c]) for c in text):
            break
    return Level(
        name="random",
        title="random",
        rows=rows,
        tiles=tiles,
        slip=rng.choice((0.0, 0.1, 2 / 3)),
        step_reward=rng.choice((0.0, -1.0)),
        actions=tuple(rng.sample(ACTIONS, rng.randint(1, 9))),
    )


class Rules:
    """docs/levels.md, read literally."""

    def __init__(self, level: Level) -> None:
        self.level = level
        places = [(row, column) for row in range(level.height) for column in range(level.width)]
        self.cells = [place for place in places if level.tile(*place).effect != "wall"]
        weights = {cell: level.tile(*cell).start for cell in self.cells}
        if not any(weights.values()):
            weights = {cell: float(may_start(level.tile(*cell))) for cell in self.cells}
        total = sum(weights.values())
        self.start = {cell: weight / total for cell, weight in weights.items() if weight}

    def tile(self, cell: Cell, taken: frozenset[Cell]) -> Tile:
        return self.level.tiles["."] if cell in taken else self.level.tile(*cell)

    def moved(self, cell: Cell, direction: str) -> Cell:
        row, column = DIRECTIONS[direction]
        ahead = (cell[0] + row, cell[1] + column)
        return ahead if ahead in self.cells else cell

    def step(self, state: State, action: str) -> Outcomes:
        cell, taken = state
        tile = self.tile(cell, taken)
        if tile.effect == "swap" and action != "stay":
            action = NAMES[(NAMES.index(action) + 4) % 8]
        slip = self.level.slip if tile.slip is None else tile.slip
        ways = {action: 1.0}
        if action != "stay":
            place = NAMES.index(action)
            ways = {action: 1 - slip, NAMES[(place + 2) % 8]: slip / 2, NAMES[(place - 2) % 8]: slip / 2}
        found: Outcomes = defaultdict(float)
        for way, chance in ways.items():
            final = cell if way == "stay" else self.moved(cell, way)
            for _ in range(tile.push_cells if tile.push else 0):
                final = self.moved(final, tile.push or "")
            for outcome, part in self.landed(cell, final, taken).items():
                found[outcome] += chance * part
        return {outcome: chance for outcome, chance in found.items() if chance > 0}

    def landed(self, cell: Cell, final: Cell, taken: frozenset[Cell]) -> Outcomes:
        tile = self.tile(final, taken)
        reward = self.level.step_reward if tile.reward is None or final == cell else tile.reward
        if tile.effect == "restart":
            return {((start, taken), reward, False, False): chance for start, chance in self.start.items()}
        after = taken | {final} if tile.effect == "coin" else taken
        return {((final, after), reward, tile.ends, tile.goal): 1.0}


@pytest.mark.parametrize("seed", range(60))
def test_every_reachable_state_and_action_has_the_outcomes_of_the_rules(seed: int) -> None:
    level = random_level(random.Random(seed))
    rules, dynamics = Rules(level), build(level)
    layout = dynamics.layout
    assert layout is not None
    places = [tuple(place) for place in layout.position.tolist()]
    coins = [tuple(coin) for coin in layout.coins.tolist()]
    names: list[State] = [
        (places[state], frozenset(coin for coin, is_taken in zip(coins, taken, strict=True) if is_taken))
        for state, taken in enumerate(layout.taken.tolist())
    ]
    assert len(set(names)) == dynamics.n_states == len(rules.cells) * 2 ** len(coins)
    begins = {names[state][0]: float(chance) for state, chance in enumerate(dynamics.start) if chance > 0}
    assert begins == pytest.approx(rules.start, abs=1e-15)
    for state in range(dynamics.n_states):
        if not dynamics.reachable[state] or dynamics.terminal[state]:
            continue
        for number, action in enumerate(dynamics.actions):
            found: Outcomes = {}
            for k in range(dynamics.n_outcomes):
                at = state, number, k
                if dynamics.probability[at] > 0:
                    key = (
                        names[dynamics.next_state[at]],
                        float(dynamics.reward[at]),
                        bool(dynamics.ends[at]),
                        bool(dynamics.goal[at]),
                    )
                    assert key not in found
                    found[key] = float(dynamics.probability[at])
            expected = rules.step(names[state], action)
            assert found.keys() == expected.keys(), (names[state], action)
            assert found == pytest.approx(expected, abs=1e-14)
