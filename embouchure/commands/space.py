"""`embouchure space`: the world of timbres that presets move in."""

from pathlib import Path
from typing import Annotated

import typer

from embouchure.commands import (
    space_analyse,
    space_cache,
    space_corpus,
    space_evaluation,
    space_learning,
    space_moving,
    space_train,
)
from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import console, say, speak_json

space = make_group("space", "Show the space of timbres, or train one.")


@space.command("show")
def show_space(
    path: Annotated[
        Path | None, typer.Argument(help="A space file; without it the one that is installed.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show where a space comes from, its sounds and how well it was measured to do.

    Example: embouchure space show
    """
    from embouchure.space_file import load_space
    from synth.training.evaluation.summary import summary_table

    shown = load_space(path)
    if as_json:
        speak_json({"sha256": shown.sha256, **shown.card.model_dump(mode="json")})
        return
    card = shown.card
    say(f"{card.name}, {card.licence}, sha256 {shown.sha256}")
    for line in card.provenance:
        say(line)
    for source in card.sources:
        say(f"From {source.name}, {source.licence}")
        for line in source.provenance:
            say(f"  {line}")
    console.print(f"{len(card.sounds)} named sounds", highlight=False)
    console.print(summary_table(card.evaluation))


@space.command("list")
def list_spaces(as_json: JsonOption = False) -> None:
    """List the spaces that are installed: presets made for any of them can be played.

    Example: embouchure space list
    """
    from presets.spaces import installed_spaces

    found = [
        {"name": one.card.name, "sha256": one.sha256, "sounds": len(one.card.sounds)}
        for one in installed_spaces()
    ]
    if as_json:
        speak_json(found)
        return
    for one in found:
        say(f"{one['name']}, {one['sounds']} sounds, sha256 {one['sha256']}")


for commands in (
    space_train.COMMANDS,
    space_corpus.COMMANDS,
    space_learning.COMMANDS,
    space_moving.COMMANDS,
    space_cache.COMMANDS,
    space_evaluation.COMMANDS,
    space_analyse.COMMANDS,
):
    for word, command in commands.items():
        space.command(word)(command)
