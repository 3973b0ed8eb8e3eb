"""`embouchure controllers`: the controllers whose habits are known."""

from typing import TYPE_CHECKING

from rich.table import Table

from embouchure.commands.options import JsonOption
from embouchure.output import console, speak_json

if TYPE_CHECKING:
    from mapper.profile import Profile


def controllers(as_json: JsonOption = False) -> None:
    """List the controllers whose habits are known, and how each is recognised.

    Example: embouchure controllers --json
    """
    from mapper.profile import PROFILES

    if as_json:
        speak_json([_fields(word, profile) for word, profile in PROFILES.items()])
        return
    table = Table("word", "controller", "recognised by a port named", "mode", box=None)
    for word, profile in PROFILES.items():
        names = ", ".join(profile.port_names)
        table.add_row(word, profile.name, names or "never by its name", profile.mode.value)
    console.print(table)


def _fields(word: str, profile: "Profile") -> dict[str, object]:
    return {
        "word": word,
        "name": profile.name,
        "port_names": list(profile.port_names),
        "mode": profile.mode.value,
        "bend_range_semitones": profile.bend_range_semitones,
        "interval_s": profile.interval_s,
    }
