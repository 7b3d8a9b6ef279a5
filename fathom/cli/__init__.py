"""The command line. Thin: one function a command; what it does stands in the file beside it.

Imports happen inside the functions, so that `fathom --help` starts at once.
Words for people are plain text; what programs read is asked for with `--json`.
"""

import asyncio
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

import fathom
from fathom import settings
from fathom.errors import ExperimentError, FathomError, RunError

app = typer.Typer(
    name="fathom",
    help="An introduction to deep learning that runs. Without a command: `fathom serve`.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def show_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        typer.echo(f"Fathom {fathom.__version__}")
        raise typer.Exit


def complete(beginning: str) -> list[str]:
    """Names of experiments that begin like this, for the shell."""
    from fathom.cli.catalogue import kept_names

    return [name for name in kept_names() if name.startswith(beginning)]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """What happens before every command; without one, the server starts."""
    if context.invoked_subcommand is None:
        serve()


@app.command()
def serve(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port; else the next free one.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Start Fathom on this computer and open it in the browser."""
    from fathom.web.serve import serve as serve_pages

    serve_pages(port, browser)


@app.command("list")
def list_experiments(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the experiments in the order of the course."""
    from fathom.cli.catalogue import show

    show(as_json)


@app.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def run(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The experiment.", autocompletion=complete)
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep everything, for `fathom replay`.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The same in a small file, to be sent.")
    ] = None,
    png: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The last frame and the curves.")
    ] = None,
    track: Annotated[
        str, typer.Option(metavar="TOOL", help="Send it to wandb, tensorboard or jsonl.")
    ] = "",
    views: Annotated[bool, typer.Option("--views", help="Show the pictures here, too.")] = False,
    pace: Annotated[float, typer.Option(min=0, help="Steps a second; 0: full speed.")] = 0.0,
    every: Annotated[
        int, typer.Option(min=0, metavar="N", help="Show every N-th step; 0: what time allows.")
    ] = 0,
    help: Annotated[
        bool, typer.Option("--help", help="Show this; with NAME also its knobs.")
    ] = False,
) -> None:
    """Run an experiment: fathom run NAME --knob value ...

    Ctrl-C stops it and keeps what was recorded.
    The exit code is 0 when it ran, also when the loss ran away or a promise was broken,
    2 for wrong input, 130 after Ctrl-C, and 1 when it is a fault of Fathom.
    """
    if help or not name:
        typer.echo(context.get_help())
        if name:
            from fathom.cli.catalogue import show_knobs

            show_knobs(name)
        raise typer.Exit(0 if help else 2)
    from fathom.cli.execution import Wishes, execute

    wishes = Wishes(as_json, record, export, png, views, pace, every, track)
    raise typer.Exit(asyncio.run(execute(name, context.args, wishes)))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What --record or --export wrote.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    png: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The last frame and the curves.")
    ] = None,
    views: Annotated[bool, typer.Option("--views", help="Show the pictures here, too.")] = False,
) -> None:
    """Look at a recording: its curves, its numbers, how it ended."""
    from fathom.cli.playback import replay as play

    play(file, as_json=as_json, png=png, views=views)


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(metavar="[PATH]", help="A lesson or a part of it; else all.")
    ] = None,
    run: Annotated[
        bool, typer.Option("--run/--no-run", help="Also run every answer, starter and mistake.")
    ] = True,
    everything: Annotated[
        bool, typer.Option("--all", help="Also run what has not changed since it was proved.")
    ] = False,
) -> None:
    """Prove that lessons work: links, experiments, knobs, questions, and every exercise.

    Every problem is one line: file, line, and what to do.
    The exit code is 0 when there is none, and 1 when there are some.
    """
    from fathom.cli.proofs import prove

    raise typer.Exit(1 if prove(path, run=run, everything=everything) else 0)


new = typer.Typer(
    help="Begin a lesson, an exercise or an experiment with one that works.",
    rich_markup_mode=None,
)
app.add_typer(new, name="new")


@new.command("lesson")
def new_lesson(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As in 12-attention.")],
) -> None:
    """Make a lesson that works, and enter it in the course."""
    from fathom.cli.beginnings import lesson

    lesson(name)


@new.command("exercise")
def new_exercise(
    name: Annotated[str, typer.Argument(metavar="LESSON/NAME", help="As in 01-regression/slope.")],
) -> None:
    """Make an exercise that works, at the end of a lesson."""
    from fathom.cli.beginnings import exercise

    exercise(name)


@new.command("experiment")
def new_experiment(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As in spring_chain.")],
) -> None:
    """Make an experiment that works, and enter it among the others."""
    from fathom.cli.beginnings import experiment

    experiment(name)


data = typer.Typer(
    help="Data sets: what there is, and bringing them to this machine.",
    rich_markup_mode=None,
)
app.add_typer(data, name="data")


@data.command("list")
def list_data(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the data sets: what, how large, whose, and whether they are here."""
    from fathom.cli.datasets import show

    show(as_json)


@data.command("fetch")
def fetch_data(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME...", help="Which.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that must be downloaded.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Download data sets, check them and keep them; a broken download goes on where it was."""
    from fathom.cli.datasets import fetch

    raise typer.Exit(fetch(names or [], every=every, as_json=as_json))


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say what works on this machine, and what to do about what does not."""
    from fathom.cli.checks import report

    raise typer.Exit(report(as_json))


def main() -> None:
    """The command `fathom`: no traceback ever reaches the user."""
    sys.exit(execute_words(sys.argv[1:]))


def execute_words(words: list[str]) -> int:
    """Carry out a command line; the exit code."""
    from fathom.cli.output import FAILED, FULL, INTERRUPTED, WRONG_INPUT, complain, quiet_output

    try:
        code = app(as_options(words), prog_name="fathom", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except typer.TyperException as error:  # an unknown option, a missing argument
        from fathom.cli.slips import slip

        complain(slip(error))
        return error.exit_code
    except (ExperimentError, RunError) as error:
        complain(str(error))
        return FAILED
    except FathomError as error:
        complain(str(error))
        return WRONG_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except OSError as error:
        if error.errno not in FULL:
            complain(unexpected(error))
            return FAILED
        quiet_output()
        complain(f"The output cannot be written: {error.strerror}. Free some space there.")
        return WRONG_INPUT
    except Exception as error:
        complain(unexpected(error))
        return FAILED


def as_options(words: list[str]) -> list[str]:
    """`fathom help run` and `fathom version` mean what they mean in other programs."""
    match words:
        case ["help", *rest]:
            return [*rest, "--help"]
        case ["version"]:
            return ["--version"]
    return words


def unexpected(error: Exception) -> str:
    """A fault of ours, as a sentence that says where the rest is."""
    return f"This should not have happened: {type(error).__name__}: {error}. {logged()}"


def logged() -> str:
    """Write the traceback to the log and say where it is."""
    path = settings.cache() / "errors.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"fathom {' '.join(sys.argv[1:])}\n{traceback.format_exc()}\n")
    except OSError as error:
        return f"The details could not be written to {path}: {error.strerror}."
    return f"The details are in {path}."
