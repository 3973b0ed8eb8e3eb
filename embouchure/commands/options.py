"""Options that several commands share."""

from enum import StrEnum
from typing import Annotated

import typer


class ModeName(StrEnum):
    """How a controller spreads its notes over channels; the names are those of `mapper.zones.Mode`."""

    MPE = "mpe"
    ONE_CHANNEL = "one-channel"
    CHANNEL_PER_NOTE = "channel-per-note"


PresetOption = Annotated[str, typer.Option(help="Name of a preset, or the path of a preset file.")]
RateOption = Annotated[int, typer.Option(min=22_050, max=192_000, help="Sample rate in Hz.")]
ModeOption = Annotated[
    ModeName, typer.Option(help="How the controller spreads its notes over channels.")
]
MidiOption = Annotated[
    list[str] | None,
    typer.Option(help="MIDI input, by any part of its name; repeat it for several."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]
