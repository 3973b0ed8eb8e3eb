"""`embouchure export`: a preset for other instruments."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from embouchure.commands.group import make_group
from embouchure.commands.options import JsonOption
from embouchure.output import going_on, progress_bar, say, speak_json

if TYPE_CHECKING:
    from presets.multisample.export import Exported
    from presets.multisample.plan import SamplePlan
    from presets.preset import Preset

export = make_group("export", "Take a preset elsewhere, as samples.")


class SampleFormat(StrEnum):
    """How samples are kept."""

    WAV = "wav"
    FLAC = "flac"


PresetArgument = Annotated[
    str, typer.Argument(help="Name of a preset, or the path of a preset file.")
]
OutOption = Annotated[Path, typer.Option("--out", "-o", help="The folder to write, new or empty.")]
EveryOption = Annotated[
    int, typer.Option(min=1, max=12, help="Semitones from one sampled key to the next.")
]
VelocitiesOption = Annotated[
    int, typer.Option(min=1, max=8, help="Layers of strike, cross-faded by velocity.")
]
SlidesOption = Annotated[
    int, typer.Option(min=1, max=8, help="Layers of slide, cross-faded by CC 74.")
]
LowOption = Annotated[
    int | None,
    typer.Option(min=0, max=127, help="Lowest key; without it as the preset was made for."),
]
HighOption = Annotated[int | None, typer.Option(min=0, max=127, help="Highest key.")]
SecondsOption = Annotated[
    float, typer.Option(min=2.0, max=30.0, help="How long a sustained sound is held.")
]
BendOption = Annotated[
    int, typer.Option(min=0, max=96, help="Semitones that the pitch wheel bends.")
]
FormatOption = Annotated[
    SampleFormat, typer.Option("--format", help="FLAC takes about half the room.")
]


@export.command("sfz")
def export_to_sfz(
    preset: PresetArgument,
    out: OutOption,
    every: EveryOption = 3,
    velocities: VelocitiesOption = 3,
    slides: SlidesOption = 3,
    low: LowOption = None,
    high: HighOption = None,
    seconds: SecondsOption = 4.0,
    bend: BendOption = 2,
    kind: FormatOption = SampleFormat.WAV,
    as_json: JsonOption = False,
) -> None:
    """Render a preset to an SFZ instrument: its keys, strikes and slides as samples of 24 bits.

    Sustained sounds are looped. Ctrl-C keeps the keys that are done, and the same command goes on.

    Example: embouchure export sfz breath -o breath-sfz
    """
    from presets.multisample.plan import plan_for
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
    written = _sampled(loaded, out, plan, bend, quiet=as_json)
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


def _sampled(
    preset: "Preset", out: Path, plan: "SamplePlan", bend_semitones: int, *, quiet: bool
) -> "Exported":
    """Sample the keys that are not there yet, showing how far it is."""
    from presets.multisample.export import check_room, export_sfz
    from presets.spaces import find_space

    check_room(out, plan)
    if not quiet:
        say(
            f"{len(plan.keys)} keys, {plan.n_samples} samples: about "
            f"{plan.usual_bytes / 1e6:.0f} MB as WAV if they sustain, at most "
            f"{plan.most_bytes / 1e6:.0f} MB if all ring on."
        )
    space = find_space(preset.card.space)
    with going_on(), progress_bar(quiet=quiet) as progress:
        task = progress.add_task("Sampling", total=len(plan.keys))

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        return export_sfz(preset, space, out, plan, bend_semitones=bend_semitones, tell=tell)
