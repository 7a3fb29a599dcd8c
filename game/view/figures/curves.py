"""The picture of what runs have learned (matplotlib, into memory), and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from game.snapshots.curves import Band, Learned, Pool
from game.view.figures.comparison import (
    EXACT_STYLE,
    INK,
    STYLES,
    axis_of_objective,
    banded,
    remark,
    sheet,
    short,
    tidy,
    write_all,
    written,
)

#: Inches: 1600 by 900 pixels.
SIZE = (16.0, 9.0)
#: In the order of the curves; green is the exact gradient's, and another's only where all the rest are in use.
LOOKS = (STYLES[1], STYLES[0], *STYLES[2:], EXACT_STYLE)
STRAIGHT = "J: straight lines between the updates for which it was computed"
BANDS = "thin: single runs · thick: their interquartile mean · pale: its pointwise 95 % bootstrap interval"


def save(learned: Learned, path: Path) -> None:
    """Write the picture, whole.  Raises :class:`~game.errors.ViewError` where that fails."""
    write_all(path, {path: picture(learned, path.suffix)})


def picture(learned: Learned, ending: str) -> bytes:
    """The picture as the bytes of a PNG or SVG file, by its ``ending``; the same bytes for the same numbers."""
    exact = [pool.objective for pool in learned.pools]
    returns = [pool.returns for pool in learned.pools]
    with sheet(SIZE) as figure:
        panels = figure.subplots(1, 2 if any(exact) else 1, sharex=True, sharey=True, squeeze=False)[0]
        if any(exact):
            _panel(panels[0], learned, exact)
            panels[0].set_title("Is it getting better?", loc="left", pad=14)
            panels[0].set_ylabel("objective J, exactly")
        _panel(panels[-1], learned, returns)
        panels[-1].set_title("What its episodes brought", loc="left", pad=14)
        panels[-1].set_ylabel(_averaged(learned))
        panels[-1].tick_params(labelleft=True)
        _axes(panels, learned, [part for part in (*exact, *returns) if part is not None])
        handles, labels = panels[-1].get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="outside lower center",
            ncols=2,
            frameon=False,
            handlelength=3.2,
            title=_caption(learned),
        )
        title = f"{learned.title}: {learned.settings}" if learned.settings else learned.title
        figure.suptitle(title, fontsize=22.0, fontweight="bold")
        return written(figure, ending)


def _panel(axes: Any, learned: Learned, bands: list[Band | None] | list[Band]) -> None:
    for pool, part, look in zip(learned.pools, bands, looks(learned.pools), strict=True):
        if part is not None:
            _curve(axes, part, pool, look)
    if learned.best is not None:
        axes.axhline(learned.best, color=INK, linewidth=1.5, linestyle=(0, (2, 3)))
        remark(axes, learned.best, f"best possible {short(learned.best)}", (0.0, 6.0), "left")
    axes.set_xlabel("episodes")
    axes.xaxis.set_major_formatter(lambda value, _place: f"{value:,.0f}")
    axes.locator_params(axis="x", nbins=4)
    tidy(axes)


def looks(pools: Sequence[Pool]) -> list[tuple[str, Any, str]]:
    """Colour, line and mark of each curve: no two alike, and the exact gradient in the truth's green."""
    first = next((place for place, pool in enumerate(pools) if pool.exact), None)
    others = iter(LOOKS)
    return [EXACT_STYLE if place == first else next(others) for place in range(len(pools))]


def _caption(learned: Learned) -> str:
    bands = [BANDS] if any(len(pool.seeds) > 1 for pool in learned.pools) else []
    return "\n".join([*bands, *([STRAIGHT] if any(pool.objective for pool in learned.pools) else [])])


def _curve(axes: Any, part: Band, pool: Pool, look: tuple[str, Any, str]) -> None:
    banded(
        axes,
        part.episodes,
        part.runs,
        (part.middle, part.low, part.high),
        look,
        linewidth=3.0,
        markersize=10.0,
        markevery=0.12,
        label=legend(pool),
    )


def _axes(panels: NDArray[Any], learned: Learned, bands: list[Band]) -> None:
    """One scale for both panels, with room above for the words on the best."""
    lowest = min(float(part.runs.min()) for part in bands)
    highest = max(float(part.runs.max()) for part in bands)
    last = max(float(part.episodes[-1]) for part in bands)
    panels[0].set_xlim(0, max(last, 1.0))
    if learned.best is None:
        return
    axis_of_objective(panels[0], lowest, learned.best)
    bottom, top = panels[0].get_ylim()
    panels[0].set_ylim(bottom, max(top, highest + 0.02 * abs(highest)))


def _averaged(learned: Learned) -> str:
    sizes = [pool.updates_a_point for pool in learned.pools]
    if max(sizes) == 1:
        return "mean return of a batch"
    one = f"{min(sizes)}" if min(sizes) == max(sizes) else f"{min(sizes)} to {max(sizes)}"
    return f"mean return, {one} updates a point"


def legend(pool: Pool) -> str:
    """The settings that make a pool different, and its seeds."""
    seeds = f"seed {pool.seeds[0]}" if len(pool.seeds) == 1 else f"{len(pool.seeds)} seeds"
    return f"{pool.label} ({seeds})" if pool.label else seeds


def learned_text(learned: Learned) -> str:
    """The end of each curve in words, for a person without the picture."""
    lines = [f"{learned.title}: {learned.settings}" if learned.settings else learned.title]
    for pool in learned.pools:
        words = []
        for name, part in (("J", pool.objective), ("mean return", pool.returns)):
            if part is not None:
                spread = f" ({short(part.low[-1])} to {short(part.high[-1])})" if len(part.runs) > 1 else ""
                words.append(f"{name} = {short(part.middle[-1])}{spread} after {part.episodes[-1]:,.0f} episodes")
        lines.append(f"  {legend(pool)}: {'; '.join(words)}")
    if learned.best is not None:
        lines.append(f"  best possible: {short(learned.best)}")
    return "\n".join(lines)
