"""`embouchure bench`: what playing costs on this computer."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from embouchure.commands.options import JsonOption, PresetOption, RateOption
from embouchure.output import console, speak_json
from embouchure.play_settings import DEFAULT_PRESET, DEFAULT_RATE_HZ


def bench(
    preset: PresetOption = DEFAULT_PRESET,
    rate: RateOption = DEFAULT_RATE_HZ,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=600, help="How long each case is measured.")
    ] = 6.0,
    as_json: JsonOption = False,
) -> None:
    """Measure 1 to 32 voices with every partial audible, as a share of the deadline.

    Example: embouchure bench --seconds 2
    """
    from embouchure.instrument import patch_of
    from embouchure.space_file import load_space
    from synth.bench import run

    with console.status("Measuring"):
        rows = list(run(load_space(), patch_of(preset), rate_hz=rate, seconds=seconds))
    if as_json:
        speak_json([asdict(row) for row in rows])
        return
    stages = list(dict.fromkeys(stage for row in rows for stage in row.stage_us))
    table = Table("block", "case", "voices", "p50", "p99", "p99.9", *stages, box=None)
    for row in rows:
        shares = (row.p50_share, row.p99_share, row.p999_share)
        table.add_row(
            str(row.block_frames),
            row.case,
            str(row.n_voices),
            *(f"{share:.1%}" for share in shares),
            *(f"{row.stage_us[stage]:.0f} us" if stage in row.stage_us else "" for stage in stages),
        )
    console.print(table)
