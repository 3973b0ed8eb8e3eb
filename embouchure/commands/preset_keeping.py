"""`embouchure presets tag`, `rename`, `delete` and what else keeps a library in order."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from embouchure.commands.options import JsonOption
from embouchure.errors import ProgramError
from embouchure.output import say, speak_json

NameArgument = Annotated[str, typer.Argument(help="Name of a preset.")]
NewArgument = Annotated[str, typer.Argument(help="The new name: a to z, 0 to 9 and -.")]


def _answer(sentence: str, *, as_json: bool, **fields: object) -> None:
    """Tell what was done: a sentence for people, its figures for scripts."""
    if as_json:
        speak_json(fields)
    else:
        say(sentence)


def edit(
    name: NameArgument,
    description: Annotated[str | None, typer.Option(help="What a player would say of it.")] = None,
    licence: Annotated[str | None, typer.Option(help="What others may do with it.")] = None,
    gain_db: Annotated[float | None, typer.Option("--gain-db", help="Its gain, in dB.")] = None,
    match_loudness: Annotated[
        bool, typer.Option("--match-loudness", help="Make it as loud as the factory's.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Save one of your presets with another text or gain; the version before stays.

    Example: embouchure presets edit dark-reed --description "A reed at night" --match-loudness
    """
    from presets.catalogue import read_card_of
    from presets.library import change, versions
    from presets.matching import match

    fields: dict[str, Any] = {"description": description, "licence": licence}
    if gain_db is not None:
        fields["voice"] = {**read_card_of(name).voice.model_dump(), "gain_db": gain_db}
    given = {key: value for key, value in fields.items() if value is not None}
    if not given and not match_loudness:
        raise ProgramError(
            "nothing is to change; give --description, --licence, --gain-db or --match-loudness"
        )
    change(name, **given)
    gain = match(name) if match_loudness else read_card_of(name).voice.gain_db
    version = versions(name)[-1].number
    _answer(f"Saved {name}.", as_json=as_json, name=name, version=version, gain_db=gain)


def tag(
    name: NameArgument,
    add: Annotated[list[str] | None, typer.Argument(help="Tags to add.")] = None,
    remove: Annotated[
        list[str] | None, typer.Option(help="A tag to remove; repeat it for several.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add tags to any preset, or remove some.

    Example: embouchure presets tag bow dark solo --remove loud
    """
    from presets import labels
    from presets.store import factory_names

    tags = labels.tag(name, tuple(add or ()), tuple(remove or ()))
    whose = "tags of yours, beside its own" if name in factory_names() else "tags"
    sentence = (
        f"{name} has these {whose}: {', '.join(tags)}." if tags else f"{name} has no {whose}."
    )
    _answer(sentence, as_json=as_json, name=name, tags=tags)


def favourite(
    name: NameArgument,
    off: Annotated[bool, typer.Option("--off", help="Make it one no longer.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make any preset a favourite.

    Example: embouchure presets favourite bow
    """
    from presets.labels import favour

    favour(name, is_favourite=not off)
    sentence = f"{name} is {'no longer ' if off else ''}a favourite."
    _answer(sentence, as_json=as_json, name=name, is_favourite=not off)


def rename(name: NameArgument, new: NewArgument, as_json: JsonOption = False) -> None:
    """Give one of your presets another name; its versions go with it.

    Example: embouchure presets rename dark-reed night-reed
    """
    from presets import library

    library.rename(name, new)
    _answer(f"{name} is now called {new}.", as_json=as_json, name=new)


def duplicate(
    name: Annotated[str, typer.Argument(help="Name of a preset, or the path of a preset file.")],
    new: Annotated[str | None, typer.Argument(help="Name of the copy.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a copy of any preset as one of your own.

    Example: embouchure presets duplicate bow my-bow
    """
    from presets import library

    copied = library.duplicate(name, new)
    _answer(f"Kept a copy of {name} as {copied}.", as_json=as_json, name=copied)


def delete(name: NameArgument, as_json: JsonOption = False) -> None:
    """Move one of your presets to the trash.

    Example: embouchure presets delete dark-reed
    """
    from presets import library

    library.delete(name)
    sentence = f"{name} is in the trash; embouchure presets restore {name} brings it back."
    _answer(sentence, as_json=as_json, name=name)


def trash(as_json: JsonOption = False) -> None:
    """List what is in the trash.

    Example: embouchure presets trash
    """
    from presets.library import trashed

    found = trashed()
    _answer("\n".join(found) or "The trash is empty.", as_json=as_json, names=found)


def restore(name: NameArgument, as_json: JsonOption = False) -> None:
    """Bring a deleted preset back.

    Example: embouchure presets restore dark-reed
    """
    from presets import library

    library.restore(name)
    _answer(f"{name} is back.", as_json=as_json, name=name)


def history(name: NameArgument, as_json: JsonOption = False) -> None:
    """List every version of a preset that was saved.

    Example: embouchure presets history dark-reed
    """
    from presets.library import versions

    saved = [
        {"number": version.number, "saved": _moment(version.saved_s)} for version in versions(name)
    ]
    lines = [f"{version['number']:4}  {version['saved']}" for version in saved]
    _answer("\n".join(lines) or f"No version of {name} is kept.", as_json=as_json, versions=saved)


def revert(
    name: NameArgument,
    number: Annotated[int, typer.Argument(help="Number of a version.")],
    as_json: JsonOption = False,
) -> None:
    """Make an older version of a preset the newest again.

    Example: embouchure presets revert dark-reed 2
    """
    from presets import library

    version = library.revert(name, number)
    sentence = f"{name} is as it was in version {number}; this is version {version}."
    _answer(sentence, as_json=as_json, name=name, version=version)


def _moment(time_s: float) -> str:
    return datetime.fromtimestamp(time_s).astimezone().isoformat(timespec="seconds")


COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "edit": edit,
    "tag": tag,
    "favourite": favourite,
    "rename": rename,
    "duplicate": duplicate,
    "delete": delete,
    "trash": trash,
    "restore": restore,
    "history": history,
    "revert": revert,
}
