"""A comparison as text: tables for a terminal or a pipe, and CSV files to go on with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from game.snapshots.comparison import Comparison, FixedPolicy, Quality

#: What stands for a sign that an encoding lacks.
PLAIN = {"∇": "grad ", "Σ": "Sigma", "²": "^2", "±": "+-", "°": " deg", "α": "alpha", "–": "-", "√": "sqrt "}
NOTHING = "–"
NOTES = """\
bias²: inner product of the errors of two independent halves of the episodes,
  ± its standard error without bias; about 0 where there is none.
trΣ: variance of the estimate from one episode; from N episodes the error is √(trΣ/N).
error: root-mean-square distance to ∇J over |∇J|.
angle: to ∇J, mean over the estimates that are not zero; in brackets the share that is."""


def has_signs(encoding: str | None) -> bool:
    """Whether text in ``encoding`` can hold the signs of the tables."""
    try:
        "".join(PLAIN).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def comparison_text(comparison: Comparison, unicode: bool) -> str:
    """The tables of a comparison: what each estimator attained, and how good it is at the fixed policies."""
    parts = [_learned(comparison, unicode)]
    for policy, checked in zip(comparison.policies, comparison.checked, strict=True):
        qualities = [quality for quality in comparison.qualities if quality.policy == policy.name]
        if qualities:
            parts.append(_fixed(policy, qualities, checked, unicode))
    if comparison.qualities:
        parts.append(_spelled(NOTES, unicode))
    return "\n\n".join(parts)


def _learned(comparison: Comparison, unicode: bool) -> str:
    seeds = "1 seed" if comparison.n_seeds == 1 else f"{comparison.n_seeds} seeds"
    head = (
        f"{comparison.title}: {comparison.steps}, {comparison.updates[-1]:,} updates, {seeds}, no entropy bonus.\n"
        f"Best possible J {comparison.best:.5g}."
    )
    rows = [("estimator", "J at the end", "95 % band", "lowest", "highest")]
    for curve in comparison.curves:
        end = curve.objective[:, -1]
        band = f"{curve.low[-1]:.5g} to {curve.high[-1]:.5g}" if len(end) > 1 else NOTHING
        rows.append((curve.estimator, f"{curve.middle[-1]:.5g}", band, f"{end.min():.5g}", f"{end.max():.5g}"))
    note = "J at the end: interquartile mean over the seeds, exact for each."
    return _spelled(head, unicode) + "\n\n" + aligned(rows, unicode) + "\n" + _spelled(note, unicode)


def _fixed(policy: FixedPolicy, qualities: Sequence[Quality], checked: int, unicode: bool) -> str:
    head = (
        f"At the {policy.name} policy: J = {policy.objective:.5g}, |∇J| = {policy.norm:.4g}; {checked:,} episodes each."
    )
    variances = [("estimator", "bias²/|∇J|²", "trΣ", "trΣ/|∇J|²")]
    sizes = [part.episodes for part in qualities[0].accuracies]
    errors = [("error, N =", *(f"{size:,}" for size in sizes))]
    angles = [("angle, N =", *(f"{size:,}" for size in sizes))]
    for quality in qualities:
        bias, doubt = policy.relative(quality.squared_bias), policy.relative(quality.squared_bias_error)
        shown = NOTHING if bias is None or doubt is None else f"{_clean(bias)} ± {_clean(doubt)}"
        variances.append(
            (quality.estimator, shown, f"{quality.variance:.4g}", _digits(policy.relative(quality.variance)))
        )
        errors.append((quality.estimator, *(_digits(part.error) for part in quality.accuracies)))
        angles.append((quality.estimator, *(_angle(part.angle, part.silent) for part in quality.accuracies)))
    tables = (aligned(table, unicode) for table in (variances, errors, angles))
    return _spelled(head, unicode) + "\n\n" + "\n\n".join(tables)


def _digits(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3g}"


def _clean(value: float) -> str:
    """Two digits, without an exponent where four decimals show them."""
    return f"{value:.4f}" if abs(value) >= 1e-3 else f"{value:.1e}"


def _angle(angle: float | None, silent: float) -> str:
    zero = f" ({silent:.1%} zero)" if silent > 0.0 else ""
    return (NOTHING if angle is None else f"{angle:.1f}°") + zero


def aligned(rows: Sequence[Sequence[str]], unicode: bool) -> str:
    """Rows as columns two spaces apart: the first to the left, the others to the right."""
    spelled = [[_spelled(cell, unicode) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in spelled) for column in range(len(spelled[0]))]
    lines = []
    for row in spelled:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


def _spelled(text: str, unicode: bool) -> str:
    if unicode:
        return text
    for sign, word in PLAIN.items():
        text = text.replace(sign, word)
    return text


# -- files --------------------------------------------------------------------------------------------------------


def curves_csv(comparison: Comparison) -> bytes:
    """One row per point and run: estimator, seed, update, episodes, J; then the mean and band over seeds."""
    rows: list[Sequence[object]] = [
        ("estimator", "seed", "update", "episodes", "objective", "interquartile_mean", "band_low", "band_high")
    ]
    for curve in comparison.curves:
        for seed, objective in enumerate(curve.objective):
            for place, (update, episodes) in enumerate(zip(comparison.updates, comparison.episodes, strict=True)):
                over_seeds = (float(part[place]) for part in (curve.middle, curve.low, curve.high))
                rows.append((curve.estimator, seed, update, episodes, float(objective[place]), *over_seeds))
    return _csv(rows)


def gradients_csv(comparison: Comparison) -> bytes:
    """One row per policy, estimator and N: bias, variance, error and angle."""
    header = "policy policy_objective gradient_norm estimator checked_episodes squared_bias squared_bias_error variance"
    rows: list[Sequence[object]] = [(*header.split(), "episodes", "relative_error", "angle", "zero_share")]
    for policy, checked in zip(comparison.policies, comparison.checked, strict=True):
        for quality in comparison.qualities:
            if quality.policy != policy.name:
                continue
            spread = (quality.squared_bias, quality.squared_bias_error, quality.variance)
            for part in quality.accuracies:
                found = (part.episodes, part.error, part.angle, part.silent)
                rows.append((policy.name, policy.objective, policy.norm, quality.estimator, checked, *spread, *found))
    return _csv(rows)


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        writer.writerow("" if value is None else repr(value) if isinstance(value, float) else value for value in row)
    return text.getvalue().encode()
