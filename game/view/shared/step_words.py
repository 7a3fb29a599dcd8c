"""What the last step did that its action alone did not say: slipped, blocked, blown, turned round, fallen, paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from game.snapshots.snapshot import Trajectory
from game.view.shared.world_words import signed
from game.world.dynamics import Dynamics, Layout
from game.world.level import DIRECTIONS, Tile

_NAMES = tuple(DIRECTIONS)
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Way:
    """One way that a step may have gone.

    ``turn`` is 0 where it went as it was meant, else −2 or 2 of eight directions; ``direction`` is where it moved,
    None for stay; ``blocked`` is what kept it there, "wall" or "edge" or ""; ``final`` is the cell it came to.
    """

    turn: int
    direction: str | None
    blocked: str
    final: Place


def happened(dynamics: Dynamics, walked: Trajectory) -> str:
    """Return what the last step of an episode did, in a few words; "" where it went as it was meant and met floor.

    Only what is certain is said: where several ways lead to what happened, what they have in common.
    """
    layout = dynamics.layout
    if layout is None or layout.slip is None or len(walked) == 0:
        return ""
    before, after = int(walked.states[-2]), int(walked.states[-1])
    action, reward = dynamics.actions[int(walked.actions[-1])], float(walked.rewards[-1])
    stood = _ground(layout, before)
    ways = [
        way
        for way in possible_ways(layout, _place(layout, before), stood, action)
        if _leads(dynamics, way, before, after, reward)
    ]
    if not ways:
        return ""
    parts = (_went(layout, before, ways, stood, action), _met(layout, before, ways, reward))
    return ", ".join(part for part in parts if part)


def sentence(words: str) -> str:
    """Return what happened as a sentence of its own, "" for nothing."""
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def possible_ways(layout: Layout, here: Place, stood: Tile, action: str) -> Sequence[Way]:
    """Return all ways that an action may go from a cell, events 1 to 4 of a step in ``docs/levels.md``."""
    if action not in DIRECTIONS:
        return [Way(0, None, "", _blown(layout, here, stood))]
    intended = _NAMES.index(action) + 4 * (stood.effect == "swap")
    slip = layout.slip if stood.slip is None else stood.slip
    turns = (0,) if not slip else (-2, 2) if slip == 1.0 else (0, -2, 2)
    found = []
    for turn in turns:
        direction = _NAMES[(intended + turn) % 8]
        place, blocked = _moved(layout, here, direction)
        found.append(Way(turn, direction, blocked, _blown(layout, place, stood)))
    return found


def _leads(dynamics: Dynamics, way: Way, before: int, after: int, reward: float) -> bool:
    """Return whether a way may have led to the next state and its reward."""
    layout = dynamics.layout
    assert layout is not None
    tile = layout.tile(*way.final)
    if way.final != _place(layout, before) and tile.effect == "restart":
        pays = layout.step_reward if tile.reward is None else tile.reward
        cells = len(layout.position) >> len(layout.coins)
        return bool(pays == reward and dynamics.start[after % cells] > 0.0)
    return _place(layout, after) == way.final


def _went(layout: Layout, before: int, ways: Sequence[Way], stood: Tile, action: str) -> str:
    """Return how the move differed from the key that was pressed."""
    words = []
    meant = action
    if stood.effect == "swap" and action in DIRECTIONS:
        meant = _NAMES[(_NAMES.index(action) + 4) % 8]
        words.append(f"the {stood.name} turned {action} into {meant}")
    if all(way.turn for way in ways):
        words.append(f"you slipped: {ways[0].direction} instead of {meant}" if len(ways) == 1 else "you slipped")
    blocks = {way.blocked for way in ways}
    if "" not in blocks:
        what = "the wall" if blocks == {"wall"} else "the edge" if blocks == {"edge"} else "a wall or the edge"
        stayed = all(way.final == _place(layout, before) for way in ways)
        words.append(f"{what}: you stayed, it counts as a step" if stayed else f"{what} blocked the move")
    if stood.push is not None and any(way.final != _place(layout, before) for way in ways):
        words.append(f"the wind pushed {stood.push}")
    return ", ".join(words)


def _met(layout: Layout, before: int, ways: Sequence[Way], reward: float) -> str:
    """Return what the cell that was entered did and paid, where that is more than floor."""
    finals = {way.final for way in ways}
    tiles = {layout.tile(*final) for final in finals}
    if len(tiles) != 1 or _place(layout, before) in finals:
        return ""
    (tile,) = tiles
    if tile.effect == "coin":
        return f"a {tile.name}: {signed(reward)}" if tile.reward is not None and reward == tile.reward else ""
    if tile.effect == "restart":
        return f"onto the {tile.name}: {signed(reward)}, back to a start"
    if tile.ends:
        return f"{'to' if tile.goal else 'into'} the {tile.name}: {signed(reward)}"
    return f"the {tile.name}: {signed(reward)}" if tile.reward is not None else ""


def _ground(layout: Layout, state: int) -> Tile:
    """Return the tile stood on: a coin that lay there is taken, and has left floor."""
    tile = layout.tile(*_place(layout, state))
    return layout.tiles["."] if tile.effect == "coin" else tile


def _place(layout: Layout, state: int) -> Place:
    row, column = layout.position[state].tolist()
    return row, column


def _moved(layout: Layout, here: Place, direction: str) -> tuple[Place, str]:
    """Return the next cell in a direction, or this one and what blocks the way."""
    row, column = here[0] + DIRECTIONS[direction][0], here[1] + DIRECTIONS[direction][1]
    if not (0 <= row < layout.height and 0 <= column < layout.width):
        return here, "edge"
    return (here, "wall") if layout.tile(row, column).effect == "wall" else ((row, column), "")


def _blown(layout: Layout, here: Place, stood: Tile) -> Place:
    """Return where the wind of the tile first stood on takes what has come to a cell."""
    if stood.push is not None:
        for _ in range(min(stood.push_cells, max(layout.height, layout.width))):
            here = _moved(layout, here, stood.push)[0]
    return here
