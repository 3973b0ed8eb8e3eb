"""The command line: `embouchure COMMAND`, where no command means play."""

import re
import sys
from importlib.metadata import version
from typing import Annotated, Any, Final, NoReturn, cast

import typer

from embouchure.commands.bench import bench
from embouchure.commands.calibrate import calibrate
from embouchure.commands.controllers import controllers
from embouchure.commands.devices import devices
from embouchure.commands.doctor import doctor
from embouchure.commands.encode import encode
from embouchure.commands.explore import explore
from embouchure.commands.export import export
from embouchure.commands.feel import feel
from embouchure.commands.fit import fit
from embouchure.commands.gestures import gestures
from embouchure.commands.hands import hands
from embouchure.commands.live import live
from embouchure.commands.monitor import monitor
from embouchure.commands.play import play
from embouchure.commands.presets import presets
from embouchure.commands.render import render
from embouchure.commands.serve import serve
from embouchure.commands.setlist import setlist
from embouchure.commands.settings import settings
from embouchure.commands.soloist import soloist
from embouchure.commands.space import space
from embouchure.commands.study import study
from embouchure.commands.takes import takes
from embouchure.commands.targets import targets
from embouchure.errors import player_errors
from embouchure.folders import settings_path
from embouchure.kernel_cache import use_kernel_cache
from mapper.complaint import complaint

USAGE_ERROR: Final = cast("type[Exception]", typer.BadParameter.__base__)
"""What is raised for a command line that is none; typer names only this one kind of it."""

SUGGESTION: Final = re.compile(r"\. Did you mean (.*)\?")

app = typer.Typer(
    help="A playable neural instrument for MPE controllers; without a command it plays.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for command in (
    play,
    serve,
    render,
    gestures,
    monitor,
    devices,
    controllers,
    doctor,
    bench,
    feel,
    encode,
    soloist,
    study,
):
    app.command()(command)
app.command()(fit)
app.add_typer(presets, name="presets")
app.add_typer(setlist, name="setlist")
app.add_typer(explore, name="explore")
app.add_typer(space, name="space")
app.add_typer(export, name="export")
app.add_typer(calibrate, name="calibrate")
app.add_typer(hands, name="hands")
app.add_typer(targets, name="targets")
app.add_typer(takes, name="takes")
app.add_typer(live, name="live")
app.add_typer(settings, name="settings")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"Embouchure {version('embouchure')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    pass


def _with_command(arguments: list[str]) -> list[str]:
    """Put `play` in front where no command was given.

    >>> _with_command(["--preset", "bow"])
    ['play', '--preset', 'bow']
    """
    ours = {"-h", "--help", "--version", "--install-completion", "--show-completion"}
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ours):
        return ["play", *arguments]
    return arguments


def _chosen(arguments: list[str]) -> dict[str, dict[str, Any]]:
    """Give what the player chose once and for all to the commands that start the instrument."""
    if arguments[0] not in {"play", "serve", "calibrate"} or not settings_path().exists():
        return {}
    from embouchure.settings import option_defaults

    return option_defaults()


def main() -> NoReturn:
    """Run one command; what the player did wrong ends in one sentence and exit code 1, or 2."""
    use_kernel_cache()
    arguments = _with_command(sys.argv[1:])
    try:
        code = app(
            arguments,
            prog_name="embouchure",
            standalone_mode=False,
            default_map=_chosen(arguments),
        )
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except USAGE_ERROR as error:
        _fail(_usage(error), 2)
    except player_errors() as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"the system refuses: {error.strerror or error}; make room, or look at its rights")
    sys.exit(code)


def _usage(error: Any) -> str:  # noqa: ANN401 - typer does not name its class
    """Say in one sentence what is wrong with a command line."""
    from pydantic import ValidationError

    if isinstance(error.__cause__, ValidationError):
        error.message = complaint(error.__cause__).words()
    message = " ".join(error.format_message().split()).rstrip(".")
    message = SUGGESTION.sub(r" (perhaps \1)", message)
    command = error.ctx.command_path if error.ctx else "embouchure"
    return f"{message[:1].lower()}{message[1:]}; `{command} --help` says what it takes"


def _fail(sentence: str, code: int = 1) -> NoReturn:
    print(f"embouchure: {sentence}", file=sys.stderr)
    sys.exit(code)
