#!/usr/bin/env python3
"""Arrowgrad's commands: options, and what each calls.  Agent and views meet here and nowhere else.

From ``train`` to the gradient, in a window (elsewhere the second to fourth differ):

    main.train                                  a LEVEL and options become a session of training
    game.view.medium.train                      shows it in a window, in the terminal's app or as lines
    game.view.windows.watch                     the training first, then perhaps a match against what it learned
    game.view.train.window.TrainingWindow.run   sixty times a second: what a person does, what is new, the picture
    game.view.train.worker.Feed._run            beside it, a thread that asks for one update after the other
    agent.runs.run.Run.updates                  keeps each in the run's folder
    agent.trainer.Trainer.run                   until all episodes are walked
    agent.trainer.Trainer.step                  one update: a batch of episodes, their credit, the step along ∇̂J
    agent.reinforce.policy.Policy.gradients     Σ credit(s, a) ∇ ln π(a|s) of (17), by ``torch.autograd.grad``
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.command_line import Commands, Interrupted, Signals, layers, names, run, say, tempo, warn, whole_level

if TYPE_CHECKING:
    from agent.runs.session import Session

VIEWS = ("auto", "window", "terminal", "none")
ESTIMATORS = ("total-return", "reward-to-go", "baseline", "exact")
OPTIMIZERS = ("adam", "sgd")
FEATURES = ("one-hot", "position")

gym_arg = click.option(
    "--gym-arg",
    multiple=True,
    metavar="KEY=VALUE",
    expose_value=False,
    callback=whole_level,
    help="An option of a gym:ID, such as map_name=8x8; may be repeated.",
)


def physics(command: Any) -> Any:
    """Add the options that change a level's physics."""
    for option in (
        click.option("--step-reward", type=float, help="What a step onto plain ground pays, instead of the level's."),
        click.option("--slip", type=float, help="Share of steps that go to one side, instead of the level's."),
        click.option("--max-steps", type=int, help="Steps until an episode is truncated, instead of the level's."),
        click.option("--discount", type=float, help="γ of (6), instead of the level's."),
    ):
        command = option(command)
    return command


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
@physics
@click.option("--seed", type=int, help="The same seed gives the same run.  [default: 0]")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="The run's folder.  [default: runs/LEVEL-1]"
)
@click.option("--resume", metavar="RUN", help="Go on with a run: its folder, or its name under runs/.")
@click.option("--from", "source", metavar="RUN", help="Begin a new run from the policy of this one.")
@click.option("--tensorboard", is_flag=True, help="Keep the metrics for TensorBoard too, in the run's folder.")
@click.option("--json", "as_json", is_flag=True, help="End with the result as one line of JSON.")
def train(
    level: str | None,
    view: str,
    out: Path | None,
    resume: str | None,
    source: str | None,
    tensorboard: bool,
    as_json: bool,
    **options: Any,
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
      python main.py train cliff --from cliff-1 --slip 0.1
    """
    from agent.ranks.ranks import ranks_here

    ranks = ranks_here()
    if ranks.rank > 0:
        from agent.runs.follower import follow_rank_0

        sys.exit(follow_rank_0(ranks))
    from agent.runs.folder import MATCHES
    from agent.runs.opponents import TrainingByTurns
    from agent.runs.start import session_for
    from game.match.record import Matches
    from game.view import medium
    from game.view.play.rules import Rules

    shown = medium.chosen(view)
    session = session_for(level, resume, source, options, out, ranks, tensorboard)
    warn(*session.world.warnings)
    training = TrainingByTurns(session)
    # A signal waits for the update to end, a second one does not; the window's own thread is never within an update.
    signals = Signals(at_once=1 if shown == "window" else 2, held=shown == "app")
    signals.catch()
    try:
        if shown == "none":
            session.train(stopped=lambda: signals.came() > 0)
        else:
            opponents, rules = training.opponents if training.playable else None, Rules(matches=Matches(MATCHES))
            say(medium.train(session, shown, opponents, rules, signals))
        session.close()
    except Interrupted:
        if shown not in ("window", "app"):  # half an update is nothing to report
            raise
    say_learned(training.last, as_json)
    sys.exit(signals.status)


def say_learned(session: Session, as_json: bool) -> None:
    """Say what was learned, with ``as_json`` also as one line of JSON."""
    from agent.studies.evaluation import summary
    from agent.studies.report import report

    warn(session.note)
    if session.run is not None:
        numbers = summary(session.run)
        say(report(session.run, numbers))
        if as_json:
            say(json.dumps(numbers))


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
    type=float,
    callback=tempo,
    metavar="TEMPO",
    help="Against the clock: so many steps of the policy a second.",
)
@click.option("--update", type=click.IntRange(0), metavar="K", help="Race the policy as it was after update K.")
@physics
def play(
    level: str | None,
    run_name: str | None,
    view: str,
    rounds: int,
    greedy: bool,
    seed: int | None,
    clock: float | None,
    update: int | None,
    **changed: Any,
) -> None:
    """Play LEVEL against the learned policy: the same start, the same dice, turn by turn or against the clock.

    \b
    Examples:
      python main.py play
      python main.py play ice_bridge --rounds 3
      python main.py play cliff --clock 2 --update 50
      python main.py play --run cliff-1 --greedy
      python main.py play cliff --slip 0.1
    """
    from agent.runs.folder import MATCHES
    from agent.runs.opponents import opponents_for
    from game.match.record import Matches
    from game.view import medium
    from game.view.play.rules import Rules

    shown = medium.chosen(view)
    opponents = opponents_for(level, run_name, changed)
    warn(*opponents.warnings)
    rules = Rules(rounds, greedy, seed, Matches(MATCHES), clock, update)
    signals = Signals(held=shown == "app")
    if shown != "lines":
        signals.catch()
    say(medium.play(opponents, opponents.argument, shown, rules, signals))


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
    from agent.runs.folder import MATCHES, find, newest_of_all
    from agent.runs.kept_run import Watched
    from agent.runs.opponents import Opponents
    from game.match.record import Matches
    from game.view import medium
    from game.view.play.rules import Rules

    saved = newest_of_all() if run is None else find(run)
    opponents = (lambda: Opponents(saved.world.argument, saved)) if saved.world.playable else None
    shown, signals = medium.chosen(view), Signals(held=True)
    if shown == "app":
        signals.catch()
    say(medium.watch(Watched(saved), shown, opponents, Rules(matches=Matches(MATCHES)), signals))


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
    from game.view import medium

    check_page(1 if page is None else page)
    shown, signals = medium.chosen(view), Signals(held=True)
    from agent.lesson.course import Course

    if shown == "app":
        signals.catch()
    say(medium.lesson(Course(), page, shown, signals))


@cli.command()
@click.argument("level", is_eager=True)
@gym_arg
@click.option("--policy", default="uniform", show_default=True, help="uniform, optimal, shipped, p=0.6, or a run.")
@click.option("--greedy", is_flag=True, help="Take the most probable action instead of sampling.")
@physics
@click.option("--json", "as_json", is_flag=True, help="As one line of JSON.")
def evaluate(level: str, policy: str, greedy: bool, as_json: bool, **changed: Any) -> None:
    """What a policy attains on LEVEL, exactly, by dynamic programming.

    p=0.6 is a policy for levels with two actions: the probability of the one listed last.

    \b
    Examples:
      python main.py evaluate frozen_lake --policy shipped --greedy
      python main.py evaluate short_corridor --policy p=0.586
    """
    from agent.studies.evaluation import PARTS
    from agent.studies.evaluation import evaluate as evaluated
    from agent.studies.report import evaluation_text
    from game.view.shared.progress import counted
    from game.world.catalog import load

    world = load(level).with_options(**changed)
    warn(*world.warnings)
    with counted("evaluate", PARTS, sys.stderr, after=1.0) as advance:
        numbers, note = evaluated(world, policy, greedy, advance)
    warn(note)
    say(json.dumps(numbers) if as_json else evaluation_text(numbers))


@cli.command()
@click.argument("level", is_eager=True)
@gym_arg
@click.option("--estimators", callback=names, default=",".join(ESTIMATORS), show_default=True, metavar="A,B,…")
@click.option("--seeds", type=click.IntRange(1, 1000), default=10, show_default=True, help="Runs of each estimator.")
@click.option("--batch", type=int, help="Episodes per update, N of (17).  [default: by size of the level]")
@click.option("--updates", type=int, help="Updates of each run.  [default: by size of the level]")
@physics
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
    **changed: Any,
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

    world = load(level).with_options(**changed)
    out = out or Path(f"compare-{world.name}.png")
    refuse_path(out)
    warn(*world.warnings)
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
    Signals().catch()
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
    warn(*notes)
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
        say(f"Written: {write[1]}.  Next: python main.py train {write[1]}")
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
    run(cli)
