"""`embouchure settings`: what the instrument is started with unless options say otherwise."""

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import console, say, speak_json

settings = make_group("settings", "Show and change what the instrument is started with.")

KeyArgument = Annotated[
    str, typer.Argument(help="A setting, as `embouchure settings show` has it.")
]


@settings.command("show")
def show(as_json: JsonOption = False) -> None:
    """Show every setting.

    Example: embouchure settings show
    """
    from embouchure.folders import settings_path
    from embouchure.settings import Settings, load_settings

    chosen = load_settings().model_dump(mode="json")
    if as_json:
        speak_json(chosen)
        return
    table = Table("setting", "value", "must be", box=None, pad_edge=False)
    for name, value in chosen.items():
        allowed = Settings.model_fields[name].description
        table.add_row(name, "" if value is None else json.dumps(value), allowed)
    console.print(table)
    say(f"They are kept in {settings_path()}.")


@settings.command("set")
def change(
    key: KeyArgument,
    value: Annotated[str, typer.Argument(help="Its value; lists as JSON, such as [20,21,22,23].")],
    as_json: JsonOption = False,
) -> None:
    """Change a setting from the next start on.

    Example: embouchure settings set device scarlett
    """
    _change(key, _read(value), as_json=as_json)


@settings.command("unset")
def unset(key: KeyArgument, as_json: JsonOption = False) -> None:
    """Let a setting be the usual again.

    Example: embouchure settings unset device
    """
    _change(key, None, as_json=as_json)


def _change(key: str, value: object, *, as_json: bool) -> None:
    from embouchure.settings import Settings, change_settings, validated

    if key not in Settings.model_fields:
        validated({key: value})
    now = change_settings(**{key: value}).model_dump(mode="json")[key]
    if as_json:
        speak_json({key: now})
    else:
        say(f"{key} is {'not set' if now is None else json.dumps(now)} from the next start on.")


def _read(text: str) -> Any:  # noqa: ANN401
    """Read a value as JSON, or else as the text that it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text
