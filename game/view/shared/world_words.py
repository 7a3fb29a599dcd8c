"""The rules of a world in words: how its ground behaves, what its tiles do and pay.

Window, terminal, page, gallery and chooser all say it with these words.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from game.view.shared.numbers import number
from game.world.dynamics import Dynamics, Layout
from game.world.level import Tile

#: How many steps away the reward is by which a discount is explained.
FAR = 10
#: A share is told as "1 of 5" where it is such a fraction, else in percent.
LARGEST_DENOMINATOR = 20
#: What stands between a rule and its explanation.
EXPLAINED = ": a reward"


def signed(value: float) -> str:
    """Return a reward with its sign: +1, −0.02, 0."""
    text = f"{value:+.10g}" if value else "0"
    return text.replace("-", "−")


def share(chance: float) -> tuple[str, bool]:
    """Return a chance as "1 of 5 steps" or "13.7 % of steps", and whether that is one step: "goes", not "go"."""
    fraction = Fraction(chance).limit_denominator(LARGEST_DENOMINATOR)
    if fraction and abs(float(fraction) - chance) < 1e-9:
        return f"{fraction.numerator} of {fraction.denominator} steps", fraction.numerator == 1
    return f"{100 * chance:.3g} % of steps", False


def rules(dynamics: Dynamics) -> tuple[str, ...]:
    """Return the world's rules: slip, step reward, what stands on the board pays, γ, the cap."""
    found, layout = [], dynamics.layout
    if layout is not None and layout.slip is not None and layout.step_reward is not None:
        tiles = tiles_on(layout)
        own = [f"on {tile.name} {share(tile.slip)[0]}" for tile in tiles if tile.slip is not None]
        found.append(", ".join([slips(layout.slip), *own]))
        found.append(f"each step {signed(layout.step_reward)}")
        paying = [tile for tile in tiles if tile.reward is not None and tile.effect != "wall"]
        if paying:
            found.append(", ".join(f"{tile.name} {signed(tile.reward or 0.0)}" for tile in paying))
    discount = dynamics.discount
    counts = number(discount**FAR, 2 if discount**FAR < 0.99 else 3, exact=True)
    far = f"{EXPLAINED} {FAR} steps away counts {counts}" if discount < 1.0 else ""
    found.append(f"γ {discount:.10g}{far}")
    found.append(f"at most {dynamics.max_steps:,} step{'s' * (dynamics.max_steps != 1)}")
    return tuple(found)


def slips(chance: float) -> str:
    """Return how often a step goes to one side: "1 of 5 steps goes to one side"."""
    if chance == 0.0:
        return "no step slips"
    words, one = share(chance)
    if chance == 1.0:
        return "every step goes to one side"
    return f"{words} {'goes' if one else 'go'} to one side"


def tiles_on(layout: Layout) -> Sequence[Tile]:
    """Return the kinds of tile on the board but plain floor, in the order in which a reader meets them."""
    letters = dict.fromkeys(letter for row in layout.rows for letter in row)
    return [layout.tiles[letter] for letter in letters if letter != "." or deeds(layout.tiles[letter], layout)]


def deeds(tile: Tile, layout: Layout) -> str:
    """Return what a tile does, in a few words, "" for plain floor: "−1 and the end", "2 of 3 steps slip".

    Where only the tables of a world are known, its tiles have a look and no rules, and nothing is said.
    """
    found = []
    if layout.slip is None:
        return ""
    if tile.effect == "wall":
        return "blocks the way"
    if tile.reward is not None:
        found.append(f"{signed(tile.reward)}{', once' * (tile.effect == 'coin')}")
    if tile.effect == "coin" and tile.reward is None:
        found.append("taken once")
    if tile.ends:
        found.append("the end")
    if tile.effect == "restart":
        found.append("back to a start")
    if tile.slip is not None:
        words, one = share(tile.slip)
        found.append("no step slips" if tile.slip == 0.0 else f"{words} slip{'s' * one}")
    if tile.push is not None:
        found.append(f"pushes {tile.push}" + (f" {tile.push_cells} cells" if tile.push_cells > 1 else ""))
    if tile.effect == "swap":
        found.append("turns each action into its opposite")
    if tile.start > 0 and not found and "start" not in tile.name:
        found.append("where episodes start")
    if tile.reward is None and tile.ends and layout.step_reward is not None:
        found.insert(0, signed(layout.step_reward))
    return " and ".join(found) if len(found) < 3 else ", ".join(found[:-1]) + " and " + found[-1]


def tile_words(tile: Tile, layout: Layout) -> str:
    """Return a tile's name and what it does: "pit: −1 and the end"."""
    words = deeds(tile, layout)
    return f"{tile.name}: {words}" if words else tile.name


def cell_words(tile: Tile, layout: Layout) -> str:
    """Return all about a cell: its tile's words, and how slippery it is where the tile itself does not say so."""
    words = tile_words(tile, layout)
    stood_on = not tile.ends and tile.effect not in ("wall", "restart")
    if not stood_on or not layout.slip or tile.slip is not None:
        return words
    amount, one = share(layout.slip)
    return f"{words}{' and ' if ': ' in words else ', '}{amount} slip{'s' * one}"
