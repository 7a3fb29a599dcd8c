#!/usr/bin/env python3
"""Arrowgrad's commands.  This file only wires: it hands views what they draw, and prints what they end with."""

from __future__ import annotations

import codecs
import io
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from agent.ranks.ranks import Ranks
    from agent.reinforce.settings import Settings
    from agent.runs.folder import SavedRun
    from agent.runs.run import Run
    from agent.runs.session import Session
    from game.view.terminal.kit.shell import Script
    from game.world.catalog import World

VIEWS = ("auto", "window", "terminal", "none")
ESTIMATORS = ("total-return", "reward-to-go", "baseline", "exact")
OPTIMIZERS = ("adam", "sgd")
FEATURES = ("one-hot", "position")
FIRST_LEVEL = "first_steps"
SPELLED = {"α": "alpha", "γ": "gamma", "θ": "theta", "×": "x", "–": "-", "−": "-", "…": "...", "’": "'"}


class Interrupted(KeyboardInterrupt):
    """A signal that asks the program to end; ``status`` is the exit status that says which."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


class Command(click.Command):
    """A command whose help can be written in any encoding."""

    def get_help(self, ctx: click.Context) -> str:
        return writable(super().get_help(ctx), sys.stdout)


class Commands(Command, click.Group):
    """A group whose commands end with one sentence and status 2 where a person can mend something."""

    command_class = Command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        codecs.register_error("spelled", spelled)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="spelled")
        return super().main(*args, **kwargs)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            refuse(error.format_message())

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            sys.exit(interrupt.status if isinstance(interrupt, Interrupted) else 130)
        except click.UsageError as error:
            refuse(error.format_message())
        except (click.ClickException, click.Abort, click.exceptions.Exit):  # --help ends so, and imports nothing
            raise
        except MemoryError:
            refuse("there is not enough memory for this; try a smaller --batch, --hidden or --max-steps")
        except Exception as error:
            from game.errors import ArrowgradError

            if not isinstance(error, ArrowgradError):
                raise
            refuse(str(error))


def refuse(sentence: str) -> NoReturn:
    """Say what is wrong in one sentence, and end with status 2."""
    say(f"Error: {sentence}", err=True)
    sys.exit(2)


def say(text: str = "", err: bool = False) -> None:
    """Write a line on standard output, or with ``err`` on standard error."""
    click.echo(writable(text, sys.stderr if err else sys.stdout), err=err)


def writable(text: str, stream: TextIO) -> str:
    """The text without signs that the stream's encoding lacks.  (Where that is ASCII, click writes UTF-8.)"""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "spelled").decode(encoding)


def spelled(error: UnicodeError) -> tuple[str, int]:
    """What to write where the encoding of a terminal lacks a sign: its name, or a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(SPELLED.get(sign, "?") for sign in missing), error.end


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Watch a policy gradient learn on a grid world, and play against what it learned.

    \b
    Examples:
      python main.py train                 watch learning on the first level
      python main.py play cliff            play against the learned policy
    """
    if ctx.invoked_subcommand is None:
        say(
            "Arrowgrad: a policy gradient learns on a grid world while you watch.\n"
            "  python main.py train [LEVEL]     watch it learn\n"
            "  python main.py play [LEVEL]      play against what it learned\n"
            "  python main.py lesson            the derivation, with live numbers\n"
            "  python main.py levels            all levels    (--help: evaluate, compare, plot and more)"
        )


def layers(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """``8,8`` as (8, 8)."""
    if value is None:
        return None
    try:
        return tuple(int(size) for size in value.split(","))
    except ValueError:
        raise click.BadParameter(f"'{value}' names no layers; expected sizes such as 64 or 8,8") from None


def whole_level(ctx: click.Context, _parameter: click.Parameter, options: tuple[str, ...]) -> None:
    """Put the options of an environment of Gymnasium into the LEVEL that they belong to."""
    if options:
        from game.world.gym_argument import with_options

        ctx.params["level"] = with_options(ctx.params.get("level") or FIRST_LEVEL, options)


gym_arg = click.option(
    "--gym-arg",
    multiple=True,
    metavar="KEY=VALUE",
    expose_value=False,
    callback=whole_level,
    help="An option of a gym:ID, such as map_name=8x8; may be repeated.",
)


@cli.command()
@click.argument("level", required=False, is_eager=True)
@gym_arg
@click.option("--view", type=click.Choice(VIEWS), default="auto", show_default=True, help="Where to show it.")
@click.option("--episodes", type=int, help="Total number of episodes.  [default: by size of the level]")
@click.option("--batch", type=int, help="Episodes per update, N of (17).  [default: by size of the level]")
@click.option("--estimator", type=click.Choice(ESTIMATORS), help="What a step is credited with.  [default: baseline]")
@click.option("--optimizer", type=click.Choice(OPTIMIZERS), help="What makes a step of the gradient.  [default: adam]")
@click.option("--learning-rate", type=float, help="α of (4).  [default: adam 0.1, sgd 0.2; with --hidden 0.02]")
@click.option("--entropy", type=float, help="Weight of the entropy bonus at first.  [default: by size of the level]")
@click.option("--hidden", callback=layers, metavar="SIZES", help="Layers of tanh units, as 64 or 8,8.  [default: none]")
@click.option("--features", type=click.Choice(FEATURES), help="What a network sees.  [default: one-hot]")
@click.option("--discount", type=float, help="γ of (6), instead of the level's.")
@click.option("--max-steps", type=int, help="Steps after which an episode is truncated, instead of the level's.")
@click.option("--seed", type=int, help="The same seed gives the same run.  [default: 0]")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="The run's folder.  [default: runs/LEVEL-1]"
)
@click.option("--resume", metavar="RUN", help="Go on with a run: its folder, or its name under runs/.")
@click.option("--tensorboard", is_flag=True, help="Keep the metrics for TensorBoard too, in the run's folder.")
@click.option("--json", "as_json", is_flag=True, help="End with the result as one line of JSON.")
@click.pass_context
def train(
    ctx: click.Context,
    /,
    level: str | None,
    view: str,
    out: Path | None,
    resume: str | None,
    tensorboard: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Watch REINFORCE learn LEVEL (first_steps if left out).

    LEVEL is a name from `levels`, the path of a level file, maze:SIZE[:SEED[:BRAID]], or gym:ID for an environment
    of Gymnasium with a transition table.

    \b
    Examples:
      python main.py train
      python main.py train maze:31
      python main.py train gym:FrozenLake-v1 --gym-arg map_name=8x8
      python main.py train cliff --view terminal --seed 3
      python main.py train four_rooms --batch 1 --estimator total-return --optimizer sgd
      python main.py train --resume cliff-1 --episodes 500000
    """
    from agent.ranks.ranks import ranks_here

    ranks = ranks_here()
    if ranks.rank > 0:
        sys.exit(follow_rank_0(ranks))
    view = chosen_view(view)
    if tensorboard:
        from agent.runs.tensorboard import require

        require()
    if resume is not None:
        saved, settings = resumed(ctx, resume, level, given)
        world = saved.world
    else:
        saved = None
        world, settings = prepared(level or FIRST_LEVEL, out, given)
    for warning in world.warnings:
        say(f"Warning: {warning}", err=True)
    from agent.runs.session import Session

    session = Session(world, settings, saved, out, ranks, tensorboard)
    status, session = show_training(session, view)
    if session.note:
        say(f"Warning: {session.note}", err=True)
    if session.run is not None:
        report(session.run, as_json)
    sys.exit(status)


def prepared(argument: str, out: Path | None, given: dict[str, Any]) -> tuple[World, Settings]:
    """The world and the settings of a new run."""
    from agent.reinforce.settings import settings_for
    from agent.runs.folder import refuse_run
    from game.world.catalog import load

    world = load(argument)
    settings = settings_for(world.dynamics, **given)
    if out is not None:
        refuse_run(out)
    return world.with_options(settings.discount, settings.max_steps), settings


def resumed(ctx: click.Context, name: str, level: str | None, given: dict[str, Any]) -> tuple[SavedRun, Settings]:
    """The run to go on with, and its settings with the new total of episodes."""
    from agent.reinforce.settings import with_episodes
    from agent.runs.folder import find
    from game.errors import SettingsError

    fixed = [f"--{option.replace('_', '-')}" for option in (*given, "out") if option != "episodes"]
    used = [option for option in fixed if ctx.params.get(option[2:].replace("-", "_")) is not None]
    if used:
        raise SettingsError(f"--resume goes on with the run's own settings; leave out {' and '.join(used)}")
    saved = find(name)
    if level is not None and level not in (saved.world.argument, saved.world.name):
        raise SettingsError(f"{name} is a run of '{saved.world.argument}', not of '{level}'; leave the level out")
    return saved, with_episodes(saved.settings, given["episodes"])


def chosen_view(view: str) -> str:
    """The view to use: ``auto`` is the window where a display exists, otherwise the terminal.

    The terminal's is the ``app`` where a person sits at one, else plain ``lines``.
    """
    from game.errors import ViewError
    from game.view.window.display import display_available, terminal_available

    if view == "auto":
        view = "window" if display_available() else "terminal"
    if view == "terminal":
        return "app" if terminal_available((sys.stdin, sys.stdout)) else "lines"
    if view == "window" and not display_available() and not os.environ.get("SDL_VIDEODRIVER"):
        raise ViewError("--view window needs a display, and there is none here; use --view terminal")
    return view


def show_training(session: Session, view: str) -> tuple[int, Session]:
    """Train in a view; the exit status is 0, or says which signal ended it; and what was trained last."""
    ended: list[int] = []

    def at_signal(number: int, _frame: FrameType | None) -> None:
        ended.append(number)
        # A second signal does not wait for the update to end; the app sees to that itself, and leaves the terminal.
        if view == "window" or (len(ended) > 1 and view != "app"):
            raise Interrupted(number)

    at_signals(at_signal)
    if view in ("window", "app"):
        return watch_training(session, view, ended)
    if view == "lines":
        from game.view.lines.train import watch_terminal

        watch_terminal(session, sys.stdout, lambda: bool(ended))
    else:
        session.begin()
        updates = session.updates()
        for _ in updates:
            if ended:
                break
        updates.close()
    session.close()
    return 128 + ended[0] if ended else 0, session


def watch_training(session: Session, view: str, ended: list[int]) -> tuple[int, Session]:
    """Train in the window or the app, where one can also play against what was learned; as :func:`show_training`.

    ``ended`` are the signals that have come.
    """
    from agent.runs.folder import RUNS, open_run
    from agent.runs.opponents import Opponents
    from game.match.record import Matches
    from game.view.programs import Rules

    found: list[Opponents] = []

    def opponents() -> Opponents:
        assert session.run is not None
        found.append(Opponents(session.world.argument, open_run(session.run.folder)))
        return found[0]

    playable = opponents if session.world.playable and session.ranks.size == 1 else None
    status, rules = 0, Rules(matches=Matches(RUNS / "matches.json"))
    try:
        if view == "window":
            from game.view.programs import watch
            from game.view.window.display import display_available

            sentence = watch(session, close_when_done=not display_available(), opponents=playable, rules=rules)
        else:
            from game.view.terminal.programs import training

            sentence = on_terminal(training(session, playable, rules), ended)
            if len(ended) > 1:
                raise Interrupted(ended[0])
        if sentence:
            say(sentence)
    except Interrupted as interrupt:
        status = interrupt.status
    if not status:
        session.close()
    if ended:
        status = 128 + ended[0]
    return status, found[0].session or session if found else session


def on_terminal(script: Script, ended: list[int]) -> str:
    """Show the screens of the terminal's app, until they end or a signal comes; the sentence to end with."""
    from game.view.terminal.kit.shell import show

    return show(
        script,
        sys.stdout.encoding,
        signals=lambda: len(ended),
        interrupt=lambda: signal.raise_signal(signal.SIGINT),
    )


def on_terminal_alone(script: Script) -> str:
    """The same where nothing is to be saved: a signal ends it at once."""
    ended: list[int] = []
    at_signals(lambda number, _frame: ended.append(number))
    sentence = on_terminal(script, ended)
    if ended:
        raise Interrupted(ended[0])
    return sentence


def at_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    """Have ``handler`` called at each signal that asks the program to end."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handler)


def interrupt(number: int, _frame: FrameType | None) -> NoReturn:
    """End at once, as Ctrl-C does: what is half written is removed on the way."""
    raise Interrupted(number)


def follow_rank_0(ranks: Ranks) -> int:
    """Train as one of several processes beside rank 0, which reads, writes and speaks for all; the exit status."""
    from agent.runs.follower import follow
    from game.errors import RanksError

    ended: list[int] = []

    def at_signal(number: int, _frame: FrameType | None) -> None:
        ended.append(number)
        ranks.stopping = True
        if len(ended) > 1:
            raise Interrupted(number)

    at_signals(at_signal)
    try:
        follow(ranks)
    except RanksError:  # rank 0 says so, or has said why it ended
        return 128 + ended[0] if ended else 2
    return 128 + ended[0] if ended else 0


def report(run: Run, as_json: bool) -> None:
    """What was learned, where it is, and what to type next."""
    from agent.studies.evaluation import summary
    from game.world.gym_argument import typed

    numbers = summary(run)
    level, folder = typed(run.world.argument), run.folder
    say(
        f"{run.world.title}: {numbers['updates']:,} updates from {numbers['episodes']:,} episodes "
        f"({numbers['steps']:,} steps) in {numbers['seconds']:.1f} s of training."
    )
    success = f"of 1,000 fresh episodes {numbers['goal_rate']:.1%} reach the goal"
    if numbers["objective"] is None:
        say(f"Mean return {numbers['mean_return']:.5g} (too large a level for the exact J); {success}.")
    else:
        share = "" if numbers["ratio"] is None else f", ratio {numbers['ratio']:.3f}"
        say(f"J = {numbers['objective']:.5g}, best possible {numbers['optimum']:.5g}{share}; {success}.")
        if not run.world.dynamics.fully_observed:
            best = run.trainer.exact.optimum_observed()
            say(f"The policy does not see its cell; the best that such a policy can attain is {best:.5g}.")
    say(f"Saved in {folder}.")
    played = level if folder.parent == Path("runs") else f"{level} --run {quoted(str(folder))}"
    say(f"Next: python main.py play {played}")
    if as_json:
        say(json.dumps(numbers))


def quoted(argument: str) -> str:
    """An argument as a person types it to a shell, on Windows too."""
    return f'"{argument}"' if " " in argument else argument


def checked_tempo(_ctx: click.Context, _parameter: click.Parameter, value: float | None) -> float | None:
    """The tempo of a clock, if it is one (no number at all is in no range)."""
    if value is not None and not 0.1 <= value <= 30.0:
        raise click.BadParameter(f"{value:g} is no tempo; expected steps a second from 0.1 to 30")
    return value


@cli.command()
@click.argument("level", required=False, is_eager=True)
@gym_arg
@click.option("--run", "run_name", metavar="RUN", help="Play this run.  [default: the newest, else the shipped]")
@click.option("--view", type=click.Choice(("auto", "window", "terminal")), default="auto", show_default=True)
@click.option("--rounds", type=click.IntRange(1, 99), default=5, show_default=True, help="Best of this many rounds.")
@click.option("--greedy", is_flag=True, help="The policy takes its most probable action instead of sampling.")
@click.option("--seed", type=click.IntRange(0), help="The same dice again.  [default: new dice each time]")
@click.option(
    "--clock",
    "tempo",
    type=float,
    callback=checked_tempo,
    metavar="TEMPO",
    help="Against the clock: so many steps of the policy a second.",
)
@click.option("--update", type=click.IntRange(0), metavar="K", help="Race the policy as it was after update K.")
def play(
    level: str | None,
    run_name: str | None,
    view: str,
    rounds: int,
    greedy: bool,
    seed: int | None,
    tempo: float | None,
    update: int | None,
) -> None:
    """Play LEVEL against the learned policy: the same start, the same dice, turn by turn or against the clock.

    \b
    Examples:
      python main.py play
      python main.py play ice_bridge --rounds 3
      python main.py play cliff --clock 2 --update 50
      python main.py play --run cliff-1 --greedy
    """
    from agent.runs.folder import RUNS, find
    from agent.runs.opponents import Opponents
    from game.errors import SettingsError
    from game.match.record import Matches
    from game.world.catalog import load

    view = chosen_view(view)
    chosen = find(run_name) if run_name is not None else None
    argument = level or (chosen.world.argument if chosen is not None else FIRST_LEVEL)
    if chosen is not None and argument not in (chosen.world.argument, chosen.world.name):
        raise SettingsError(f"{run_name} is a run of '{chosen.world.argument}', not of '{argument}'; leave that out")
    (chosen.world if chosen is not None else load(argument)).require_playable()
    opponents, matches = Opponents(argument, chosen), Matches(RUNS / "matches.json")
    from game.view.programs import Rules

    rules = Rules(rounds, greedy, seed, matches, tempo, update)
    if view == "window":
        from game.view.programs import play as play_window

        def at_signal(number: int, _frame: FrameType | None) -> None:
            raise Interrupted(number)

        at_signals(at_signal)
        sentence = play_window(opponents, argument, rules)
    elif view == "app":
        from game.view.terminal.programs import match

        sentence = on_terminal_alone(match(opponents, argument, rules))
    else:
        from game.view.lines.play import play_terminal

        sentence = play_terminal(opponents, argument, rules, stdin=sys.stdin, stdout=sys.stdout)
    if sentence:
        say(sentence)


@cli.command()
@click.argument("run", required=False)
@click.option("--view", type=click.Choice(("auto", "window", "terminal")), default="auto", show_default=True)
def watch(run: str | None, view: str) -> None:
    """Look back on a RUN (the newest if left out): its policy, episodes and credit, update by update.

    \b
    Examples:
      python main.py watch
      python main.py watch cliff-1
      python main.py watch cliff-1 --view terminal
    """
    from agent.runs.folder import RUNS, find, newest_of_all
    from agent.runs.kept_run import Watched
    from agent.runs.opponents import Opponents
    from game.match.record import Matches
    from game.view.programs import Rules

    saved = newest_of_all() if run is None else find(run)
    watched, rules = Watched(saved), Rules(matches=Matches(RUNS / "matches.json"))
    opponents = (lambda: Opponents(saved.world.argument, saved)) if saved.world.playable else None
    view = chosen_view(view)
    if view == "window":
        from game.view.programs import look_back

        sentence = look_back(watched, opponents, rules)
        if sentence:
            say(sentence)
    elif view == "app":
        from game.view.terminal.programs import looking_back

        on_terminal_alone(looking_back(watched, opponents, rules))
    else:
        from game.view.lines.watch import watch_text
        from game.view.shared.text_board import has_arrows

        say(watch_text(watched, has_arrows(sys.stdout.encoding)))


@cli.command()
@click.option("--page", type=int, help="Begin with this page of eleven; over a pipe, print only this one.")
@click.option("--view", type=click.Choice(("auto", "window", "terminal")), default="auto", show_default=True)
def lesson(page: int | None, view: str) -> None:
    """The derivation of the policy gradient, equation by equation, with live numbers.

    \b
    Examples:
      python main.py lesson
      python main.py lesson --page 7 --view terminal
    """
    from game.snapshots.lesson_page import check_page

    check_page(1 if page is None else page)
    view = chosen_view(view)
    from agent.lesson.course import Course

    if view == "window":
        from game.view.lesson.window import lesson_window

        sentence = lesson_window(Course(), page=page or 1)
    elif view == "app":
        from game.view.terminal.programs import lesson as lesson_app

        sentence = on_terminal_alone(lesson_app(Course(), page or 1))
    else:
        from game.view.lines.lesson import lesson_terminal

        sentence = lesson_terminal(Course(), page=page, stdin=sys.stdin, stdout=sys.stdout)
    if sentence:
        say(sentence)


@cli.command()
@click.argument("level", is_eager=True)
@gym_arg
@click.option("--policy", default="uniform", show_default=True, help="uniform, optimal, shipped, p=0.6, or a run.")
@click.option("--greedy", is_flag=True, help="Take the most probable action instead of sampling.")
@click.option("--discount", type=float, help="γ of (6), instead of the level's.")
@click.option("--max-steps", type=int, help="Steps after which an episode is truncated, instead of the level's.")
@click.option("--json", "as_json", is_flag=True, help="As one line of JSON.")
def evaluate(
    level: str, policy: str, greedy: bool, discount: float | None, max_steps: int | None, as_json: bool
) -> None:
    """What a policy attains on LEVEL, exactly, by dynamic programming.

    p=0.6 is a policy for levels with two actions: the probability of the one listed last.

    \b
    Examples:
      python main.py evaluate frozen_lake --policy shipped --greedy
      python main.py evaluate short_corridor --policy p=0.586
    """
    from agent.reinforce.settings import check_physics
    from agent.studies.evaluation import evaluate as evaluated
    from game.world.catalog import load

    check_physics(discount, max_steps)
    world = load(level).with_options(discount, max_steps)
    for warning in world.warnings:
        say(f"Warning: {warning}", err=True)
    numbers, note = evaluated(world, policy, greedy)
    if note:
        say(f"Warning: {note}", err=True)
    if as_json:
        say(json.dumps(numbers))
        return
    for name, value in numbers.items():
        missing = "none, since the optimum is 0" if numbers["optimum"] == 0.0 else "too costly here"
        shown = missing if value is None else f"{value:.8g}" if isinstance(value, float) else value
        say(f"{name:>17}  {shown}")


def names(_ctx: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """``a,b`` as (a, b)."""
    return tuple(name.strip() for name in value.split(",") if name.strip())


@cli.command()
@click.argument("level", is_eager=True)
@gym_arg
@click.option("--estimators", callback=names, default=",".join(ESTIMATORS), show_default=True, metavar="A,B,…")
@click.option("--seeds", type=click.IntRange(1, 1000), default=10, show_default=True, help="Runs of each estimator.")
@click.option("--batch", type=int, help="Episodes per update, N of (17).  [default: by size of the level]")
@click.option("--updates", type=int, help="Updates of each run.  [default: by size of the level]")
@click.option("--jobs", type=click.IntRange(1, 256), default=2, show_default=True, help="Processes to share the work.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The picture, .png or .svg; two CSV files go beside it.  [default: compare-LEVEL.png]",
)
def compare(
    level: str,
    estimators: tuple[str, ...],
    seeds: int,
    batch: int | None,
    updates: int | None,
    jobs: int,
    out: Path | None,
) -> None:
    """Hold estimators of the gradient against each other and against the truth: a table and a picture.

    All train on the same seeds; and at two fixed policies their bias, variance and angle are measured.

    \b
    Examples:
      python main.py compare cliff --batch 3
      python main.py compare frozen_lake --estimators reward-to-go,baseline --seeds 20 --out lake.svg
    """
    from agent.studies.compare import compare as compared
    from agent.studies.compare import count_tasks, plan
    from game.view.figures.comparison import refuse_path, save
    from game.view.figures.tables import comparison_text, has_signs
    from game.view.shared.progress import counted
    from game.world.catalog import load

    world = load(level)
    out = out or Path(f"compare-{world.name}.png")
    refuse_path(out)
    for warning in world.warnings:
        say(f"Warning: {warning}", err=True)
    work = plan(world, estimators, seeds, batch, updates)
    with counted("runs", count_tasks(work), sys.stderr) as tick:
        comparison = compared(work, jobs, tick)
    paths = save(comparison, out)
    say(comparison_text(comparison, has_signs(sys.stdout.encoding)))
    say(f"\nWritten: {', '.join(map(str, paths))}.")


@cli.command()
@click.argument("run")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .gif, .webp or .mp4 (which needs PyAV), or a new folder for PNGs.  [default: RUN.gif]",
)
@click.option("--seconds", type=float, default=10.0, show_default=True, help="Its length.")
@click.option("--size", default="800x450", show_default=True, metavar="WIDTHxHEIGHT", help="Its size in pixels.")
@click.option("--fps", type=int, default=20, show_default=True, help="Pictures a second: 5, 10, 20, 25 or 50.")
def record(run: str, out: Path | None, seconds: float, size: str, fps: int) -> None:
    """Film how a RUN learned: its arrows from the first update to the last, beside the learning curve.

    Half of the time is for the first quarter of the updates, in which most is learned.

    \b
    Examples:
      python main.py record cliff-1
      python main.py record runs/cliff-1 --out cliff.webp --seconds 20 --size 1280x720
    """
    from agent.runs.folder import find
    from agent.runs.kept_run import Watched
    from game.view.film.reel import even, film_pictures, film_size, refuse_film, write_film
    from game.view.shared.progress import counted

    saved = find(run)
    out = out or Path(f"{saved.folder.resolve().name}.gif")
    pixels, pictures = film_size(size), film_pictures(seconds, fps)
    refuse_film(out, pixels)
    at_signals(interrupt)
    from game.view.film.time_lapse import Film

    with counted("pictures", 2 * pictures, sys.stderr) as tick:
        film = Film(Watched(saved), pixels, pictures, fps, tick)
        written = write_film(out, even(film.picture, pictures, fps), tick)
    say(f"Written: {out} ({pictures / fps:g} s, {pictures} pictures of {size}, {written / 1000:,.0f} kB).")


@cli.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The picture.  [default: plot-LEVEL.png]")
def plot(runs: tuple[str, ...], out: Path | None) -> None:
    """Draw the learning curves of runs of one level, .png or .svg.

    Runs whose settings differ in nothing but the seed become one curve with a band.

    \b
    Examples:
      python main.py plot cliff-1
      python main.py plot runs/cliff-* --out cliff.svg
    """
    from agent.runs.folder import find
    from agent.studies.curves import learned
    from game.view.figures.comparison import refuse_path
    from game.view.figures.curves import learned_text, save

    saved = [find(name) for name in runs]
    out = out or Path(f"plot-{saved[0].world.name}.png")
    refuse_path(out)
    curves, notes = learned(saved)
    for note in notes:
        say(f"Warning: {note}", err=True)
    save(curves, out)
    say(learned_text(curves))
    say(f"\nWritten: {out}.")


@cli.command()
@click.argument("run")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The page.  [default: RUN.html]")
def export(run: str, out: Path | None) -> None:
    """Write a RUN as one page of HTML, to be looked back on in any browser, without a network or an installation.

    \b
    Examples:
      python main.py export cliff-1
      python main.py export runs/cliff-1 --out lesson.html
    """
    from agent.runs.folder import find
    from agent.runs.kept_run import Watched
    from game.view.page.export import export as write_page
    from game.view.page.export import most_frames, refuse
    from game.view.shared.progress import counted

    saved = find(run)
    out = out or Path(f"{saved.folder.resolve().name}.html")
    refuse(saved.world, out)
    watched = Watched(saved)
    with counted("frames", most_frames(watched), sys.stderr) as tick:
        exported = write_page(watched, out, tick)
    frames = f"{exported.frames:,} of {exported.of:,} kept frames"
    less = "" if exported.full else ", with the most probable action of each cell alone"
    say(f"Written: {out} ({exported.size / 1000:,.0f} kB; {frames}{less}).")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.option("--write", nargs=2, metavar="LEVEL FILE", help="Write a level, such as maze:63:7, as a level file.")
def levels(as_json: bool, write: tuple[str, str] | None) -> None:
    """List the levels, each with a small picture; or write one into a file of one's own.

    \b
    Examples:
      python main.py levels
      python main.py levels --json
      python main.py levels --write maze:63:7 my_maze.toml
    """
    if write is not None:
        from game.world.catalog import write_level

        write_level(write[0], Path(write[1]))
        click.echo(f"Written: {write[1]}.  Next: python main.py train {write[1]}")
        return
    from game.view.lines.levels import levels_json, levels_text
    from game.view.shared.text_board import has_arrows
    from game.world.catalog import load, shipped

    worlds = [load(name) for name in shipped()]
    if as_json:
        say(json.dumps(levels_json(worlds), indent=2))
        return
    width = shutil.get_terminal_size((100, 24)).columns
    say(levels_text(worlds, width, has_arrows(sys.stdout.encoding)))


@cli.command()
def keys() -> None:
    """List the keys of the windows.

    \b
    Examples:
      python main.py keys
      python main.py keys > keys.txt
    """
    from game.keys import KEYS

    for screen, table in KEYS.items():
        say(f"python main.py {screen}")
        for key in table:
            say(f"  {key.cap:<7}{key.help}")


if __name__ == "__main__":
    cli()
