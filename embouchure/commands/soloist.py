"""`embouchure soloist`: a preset taught by a recording and its playing, measured."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import track
from rich.table import Table

from embouchure.commands.options import JsonOption
from embouchure.output import console, speak_json

if TYPE_CHECKING:
    from presets.preset import Preset
    from synth.space import Space


def soloist(
    midi: Annotated[Path, typer.Argument(help="The playing, a Standard MIDI File.")],
    recording: Annotated[
        Path, typer.Argument(help="The soloist who was played along with, a sound file.")
    ],
    instrument: Annotated[
        str, typer.Option(help="The factory preset, or instrument of the space, to teach.")
    ] = "morph",
    keep: Annotated[
        str | None,
        typer.Option(help="Keep the taught preset by this name.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure how near a preset comes to a soloist once the recording has taught it.

    Beside it stand the preset untaught, the factory presets, and the same phrase in wrong tones.
    An instrument of the space is first made a preset, which takes a minute or two.

    Example: embouchure soloist trumpet-solo.mid trumpet-solo.ogg --instrument trumpet --keep solo
    """
    from calibration.demonstrations.soloist import soloist as bring_together
    from calibration.demonstrations.soloist_report import diploma, rows
    from embouchure.demo_session import own_name
    from embouchure.space_file import load_space
    from presets.matching import save_matched

    space = load_space()
    if keep:
        own_name(instrument, keep)
    player = bring_together(midi, recording, space)
    preset = _preset(instrument, space)
    if keep:
        save_matched(diploma(player, preset, keep), space)
    measured = rows(player, preset)
    found = list(
        track(measured, "Playing", console=console, transient=True, disable=not console.is_terminal)
    )
    if as_json:
        together = {"lag_s": player.lag_s, "misfit_semitones": player.misfit_semitones}
        speak_json(together | {"rows": [row._asdict() for row in found]})
        return
    table = Table(
        "what plays", "dB from the recording", "from the target", box=None, pad_edge=False
    )
    for row in found:
        table.add_row(row.what, f"{row.recording_db:.2f}", f"{row.target_db:.2f}")
    console.print(table)
    if keep:
        console.print(f"Kept the taught preset as {keep}.", highlight=False)


def _preset(name: str, space: "Space") -> "Preset":
    from calibration.targets.known_instruments import recipe_named
    from presets.factory.design import preset_of
    from presets.store import factory_names, load

    return load(name) if name in factory_names() else preset_of(recipe_named(space, name), space)
