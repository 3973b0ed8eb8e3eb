"""`embouchure export`: a preset for other instruments."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import console, progress_bar, say, speak_json

export = make_group("export", "Take a preset elsewhere, as samples.")


class SampleFormat(StrEnum):
    """How samples are kept."""

    WAV = "wav"
    FLAC = "flac"


@export.command("sfz")
def export_to_sfz(
    preset: Annotated[str, typer.Argument(help="Name of a preset, or the path of a preset file.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write, new or empty.")],
    every: Annotated[
        int, typer.Option(min=1, max=12, help="Semitones from one sampled key to the next.")
    ] = 3,
    velocities: Annotated[
        int, typer.Option(min=1, max=8, help="Layers of strike, cross-faded by velocity.")
    ] = 3,
    slides: Annotated[
        int, typer.Option(min=1, max=8, help="Layers of slide, cross-faded by CC 74.")
    ] = 3,
    low: Annotated[
        int | None,
        typer.Option(min=0, max=127, help="Lowest key; without it as the preset was made for."),
    ] = None,
    high: Annotated[int | None, typer.Option(min=0, max=127, help="Highest key.")] = None,
    seconds: Annotated[
        float, typer.Option(min=2.0, max=30.0, help="How long a sustained sound is held.")
    ] = 4.0,
    bend: Annotated[
        int, typer.Option(min=0, max=96, help="Semitones that the pitch wheel bends.")
    ] = 2,
    kind: Annotated[
        SampleFormat, typer.Option("--format", help="FLAC takes about half the room.")
    ] = SampleFormat.WAV,
    as_json: JsonOption = False,
) -> None:
    """Render a preset to an SFZ instrument: its keys, strikes and slides as samples of 24 bits.

    Sustained sounds are looped. Ctrl-C keeps the keys that are done, and the same command goes on.

    Example: embouchure export sfz breath -o breath-sfz
    """
    from presets.multisample.export import check_room, export_sfz
    from presets.multisample.plan import plan_for
    from presets.spaces import find_space
    from presets.store import load

    loaded = load(preset)
    plan = plan_for(
        loaded,
        low=low,
        high=high,
        every=every,
        n_velocities=velocities,
        n_slides=slides,
        held_s=seconds,
        suffix=kind.value,
    )
    check_room(out, plan)
    if not as_json:
        say(
            f"{len(plan.keys)} keys, {plan.n_samples} samples: about "
            f"{plan.usual_bytes / 1e6:.0f} MB as WAV if they sustain, at most "
            f"{plan.most_bytes / 1e6:.0f} MB if all ring on."
        )
    with progress_bar(quiet=as_json) as progress:
        task = progress.add_task("Sampling", total=len(plan.keys))
        try:
            written = export_sfz(
                loaded,
                find_space(loaded.card.space),
                out,
                plan,
                bend_semitones=bend,
                tell=lambda done, total: progress.update(task, completed=done, total=total),
            )
        except KeyboardInterrupt:
            console.print("What is done is kept; the same command goes on from there.")
            raise typer.Exit(130) from None
    n_looped = sum(key.loop is not None for key in written.card.keys.values())
    if as_json:
        speak_json(
            {
                "path": str(written.sfz),
                "samples": plan.n_samples,
                "keys": len(plan.keys),
                "looped_keys": n_looped,
                "bytes": written.n_bytes,
            }
        )
    else:
        say(f"Wrote {written.sfz}, {written.n_bytes / 1e6:.0f} MB; {n_looped} keys are looped.")
