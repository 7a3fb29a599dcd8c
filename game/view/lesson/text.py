"""A page of the lesson as plain text, with the same numbers as in the window."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from game.snapshots.lesson_page import (
    BoardPart,
    Curve,
    Equation,
    Film,
    Numbers,
    Page,
    Part,
    Plot,
    Slider,
    Table,
    Words,
    in_digits,
)
from game.view.shared.text_board import board_text

#: Points of a curve that are printed.
POINTS = 7
HIDDEN = "?"
_LETTERS = {
    **{"θ": "theta", "π": "pi", "τ": "tau", "γ": "gamma", "α": "alpha", "ρ": "rho", "Σ": "Sum", "Π": "Prod"},
    **{"∇": "grad ", "∂": "d", "Ĵ": "J^", "ŷ": "y^", "→": ">", "←": "<", "−": "-", "·": "*", "…": "...", "√": "sqrt"},
    **{"∞": "inf", "²": "^2", "₀": "_0", "ₜ": "_t", "₊": "+", "₁": "1", "∫": "Integral", "“": '"', "”": '"', "×": "x"},
    **{"█": "#", "○": "o", "↑": "^", "↓": "v", "⁻": "-", "\u00a0": " "},
    **{"↗": "/", "↘": "\\", "↙": "/", "↖": "\\", "‖": "|", "°": " deg", "–": "-", "½": "1/2", "⇄": "<>"},
}


def holds(encoding: str) -> bool:
    """Whether ``encoding`` has the letters of the lesson."""
    try:
        "".join(_LETTERS).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def spelt(text: str) -> str:
    """``text`` in ASCII: Greek letters and signs spelt out."""
    text = "".join(_LETTERS.get(letter, letter) for letter in text.replace("∇ ", "∇"))
    return text.encode("ascii", "replace").decode("ascii")


def spelt_out(value: Any) -> Any:
    """A page, or a piece of one, whose every text is spelt out, so that columns line up afterwards."""
    if isinstance(value, str):
        return spelt(value)
    if isinstance(value, tuple):
        return tuple(map(spelt_out, value))
    if not is_dataclass(value) or type(value).__module__ != Page.__module__:
        return value
    return replace(value, **{f.name: spelt_out(getattr(value, f.name)) for f in fields(value) if f.init})  # type: ignore[type-var]


def page_text(page: Page, count: int, width: int, hidden: bool, unicode: bool = True) -> str:
    """The page in lines of about ``width`` characters; answers are ``hidden`` or shown.

    Without ``unicode`` it is all ASCII.
    """
    if not unicode:
        page = spelt_out(page)
    head = f"Page {page.number} of {count}: {page.title}   {page.equations}"
    lines = [head, "=" * len(head)]
    for card in (*page.left, *page.right):
        aside = f"   ({card.aside})" if card.aside else ""
        lines += ["", f"{card.title}{aside}", "-" * len(card.title)]
        for part in card.parts:
            lines += part_text(part, width, hidden, unicode)
    lines += ["", "What can be changed (name value):"]
    lines += [_slider(slider) for slider in page.sliders]
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    return text if unicode else spelt(text)


def _slider(slider: Slider) -> str:
    shown = f" ({slider.text})" if slider.power else ""
    span = f"{in_digits(slider.low, slider.decimals)} to {in_digits(slider.high, slider.decimals)}"
    what = f"{slider.label} is 2 to this power" if slider.power else slider.label
    return f"  {slider.name:<15} {in_digits(slider.value, slider.decimals)}{shown}   {span}   {what}"


def part_text(part: Part, width: int, hidden: bool, unicode: bool) -> Iterator[str]:
    """One part of a card in lines."""
    if isinstance(part, Equation):
        yield from _equation(part, width)
    elif isinstance(part, Words):
        yield from textwrap.wrap(part.text, width)
        yield ""
    elif isinstance(part, Numbers):
        wide = max(len(item.label) for item in part.items)
        for item in part.items:
            yield f"  {item.label:<{wide}}  {HIDDEN if hidden and item.answer else item.text:>14}"
        yield ""
    elif isinstance(part, Table):
        yield from _table(part, hidden)
    elif isinstance(part, Film):
        yield from _table(part.table, hidden)
    elif isinstance(part, Plot):
        yield from _plot(part, hidden)
    else:
        yield from _board(part, hidden, unicode)


def _equation(equation: Equation, width: int) -> Iterator[str]:
    yield f"  {equation.plain}   {equation.number}"
    word, sentence = equation.remark
    if word:
        yield from textwrap.wrap(f"{word} {sentence}", width, initial_indent="      ", subsequent_indent="      ")


def _table(table: Table, hidden: bool) -> Iterator[str]:
    """Heads, rows, and totals below a rule; the chosen row has a mark."""
    columns = []
    for column in table.columns:
        entries, total = list(column.texts), column.total_text
        if hidden and column.answer:
            entries, total = [HIDDEN] * len(entries), HIDDEN if total else ""
        columns.append([column.label, *entries, total])
    widths = [max(map(len, column)) for column in columns]
    rows = list(zip(*columns, strict=True))
    for number, row in enumerate(rows):
        if number == len(rows) - 1 and not any(row):
            continue
        if number in (1, len(rows) - 1):
            yield "  " + "  ".join("-" * wide for wide in widths)
        cells = [
            text.ljust(wide) if column.is_words else text.rjust(wide)
            for text, wide, column in zip(row, widths, table.columns, strict=True)
        ]
        mark = "*" if table.marked is not None and number == table.marked + 1 else " "
        yield f"{mark} " + "  ".join(cells)
    yield ""


def _plot(plot: Plot, hidden: bool) -> Iterator[str]:
    """The curves as points (x, y), few of each."""
    yield f"  {plot.y_label} over {plot.x_label}:"
    if plot.field is not None:
        low, high = float(plot.field.z.min()), float(plot.field.z.max())
        yield f"    the landscape lies between {in_digits(low, 4)} and {in_digits(high, 4)}"
    for curve in plot.curves:
        points = "hidden" if hidden and curve.answer else _points(curve)
        yield f"    {curve.label or curve.name}: {points}"
    yield ""


def _points(curve: Curve) -> str:
    chosen = np.unique(np.linspace(0, len(curve.x) - 1, POINTS).round().astype(int))
    return " ".join(f"({curve.x[k]:.4g}, {curve.y[k]:.4g})".replace("-", "−") for k in chosen)


def _board(part: BoardPart, hidden: bool, unicode: bool) -> Iterator[str]:
    """The board with what is drawn as arrows in figures below it."""
    yield from ("    " + line for line in board_text(part.dynamics, unicode=unicode).splitlines())
    if part.labels:
        yield "    " + ", ".join(f"cell {state}: {words}" for state, words in part.labels)
    table, what = (part.credit, "∂J/∂θ") if part.credit is not None else (part.probabilities, "π")
    if table is not None:
        actions = part.dynamics.actions
        for state in np.flatnonzero(~part.dynamics.terminal).tolist():
            values = [HIDDEN if hidden and part.answer else in_digits(float(value), 4) for value in table[state]]
            yield f"    {what}(·|{state})  " + "  ".join(
                f"{action} {value}" for action, value in zip(actions, values, strict=True)
            )
    yield ""
