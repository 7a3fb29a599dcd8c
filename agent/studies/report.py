"""What ``train`` and ``evaluate`` end with, in words: what was learned, where it lies, what a policy attains."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from game.world.gym_argument import typed

if TYPE_CHECKING:
    from agent.runs.run import Run


def report(run: Run, numbers: dict[str, Any]) -> str:
    """Return what was learned, where it is, and what to type next.

    ``numbers`` are those of :func:`agent.studies.evaluation.summary`.
    """
    world, folder = run.world, run.folder
    lines = [
        f"{world.title}: {numbers['updates']:,} updates from {numbers['episodes']:,} episodes "
        f"({numbers['steps']:,} steps) in {numbers['seconds']:.1f} s of training."
    ]
    success = f"of 1,000 fresh episodes {numbers['goal_rate']:.1%} reach the goal"
    if numbers["objective"] is None:
        lines.append(f"Mean return {numbers['mean_return']:.5g} (too large a level for the exact J); {success}.")
    else:
        share = "" if numbers["ratio"] is None else f", ratio {numbers['ratio']:.3f}"
        optimum = "unknown" if numbers["optimum"] is None else f"{numbers['optimum']:.5g}"
        lines.append(f"J = {numbers['objective']:.5g}, best possible {optimum}{share}; {success}.")
        if not world.dynamics.fully_observed:
            best = max(run.trainer.exact.optimum_observed(), numbers["objective"])
            lines.append(f"The policy does not see its cell; the best found of such policies is {best:.5g}.")
    level = typed(world.argument)
    played = level if folder.parent == Path("runs") else f"{level} --run {_quoted(str(folder))}"
    return "\n".join([*lines, f"Saved in {folder}.", f"Next: python main.py play {played}"])


def evaluation_text(numbers: dict[str, Any]) -> str:
    """Return the numbers of :func:`agent.studies.evaluation.evaluate`, one a line."""
    shown = {
        name: f"{value:.8g}" if isinstance(value, float) else "too costly here" if value is None else value
        for name, value in numbers.items()
        if name != "ratio_of" or value is not None
    }
    if numbers["optimum"] == 0.0:
        shown["ratio"] = "none, since the optimum is 0"
    return "\n".join(f"{name:>17}  {value}" for name, value in shown.items())


def _quoted(argument: str) -> str:
    """Return an argument as a person types it to a shell, on Windows too."""
    return f'"{argument}"' if " " in argument else argument
