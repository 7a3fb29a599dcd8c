"""Runs published experiments again, draws them into docs/pictures/, and fills in the tables of docs/published.md.

python -m tests.published figure-13-1   Sutton and Barto's REINFORCE on the short corridor
python -m tests.published figure-13-2   the same with a baseline
python -m tests.published line-world    the tutorial's own experiment, 20 seeds
"""

from __future__ import annotations

import io
import sys

from game.files import write_whole
from tests.published.figures import CorridorFigure
from tests.root import ROOT
from tests.tools.docs import save_small, with_tables

PAGE = ROOT / "docs" / "published.md"


def figure_13_1() -> None:
    """REINFORCE without a baseline on the short corridor."""
    from tests.published.experiments import figure_13_1 as figure

    _corridor("figure-13-1", figure())


def figure_13_2() -> None:
    """REINFORCE with and without a baseline on the short corridor."""
    from tests.published.experiments import figure_13_2 as figure

    _corridor("figure-13-2", figure())


def line_world() -> None:
    """The tutorial's own experiment."""
    from tests.published.experiments import line_world as experiment
    from tests.published.figures import line_rows, time_row
    from tests.published.pictures import line_picture

    figure = experiment()
    _publish("line-world", line_picture(figure), [*line_rows(figure), "", time_row(figure)])


def _corridor(name: str, figure: CorridorFigure) -> None:
    from tests.published.figures import corridor_rows
    from tests.published.pictures import corridor_picture

    _publish(name, corridor_picture(figure), corridor_rows(figure))


def _publish(name: str, picture: bytes, lines: list[str]) -> None:
    """Write the picture, and the lines between the page's markers of that name."""
    save_small(io.BytesIO(picture), name)
    write_whole(PAGE, with_tables(PAGE.read_text(encoding="utf-8"), {name: lines}).encode())
    print("\n".join(lines))


def main() -> None:
    """Make what the arguments name."""
    makers = {"figure-13-1": figure_13_1, "figure-13-2": figure_13_2, "line-world": line_world}
    wanted = sys.argv[1:]
    if not wanted or any(name not in makers for name in wanted):
        sys.exit(f"usage: python -m tests.published [{'|'.join(makers)}] …")
    for name in wanted:
        makers[name]()


if __name__ == "__main__":
    main()
