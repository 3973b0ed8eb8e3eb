"""`embouchure devices`: what can be heard through and played on."""

from typing import Annotated

import typer
from rich.table import Table

from embouchure.output import console, speak_json

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]


def devices(as_json: AsJson = False) -> None:
    """List the sound devices and MIDI inputs of this computer.

    Example: embouchure devices --json
    """
    from mapper.ports import input_names
    from synth.devices import list_outputs

    outputs, inputs = list_outputs(), input_names()
    if as_json:
        speak_json({"outputs": [vars(output) for output in outputs], "inputs": inputs})
        return
    table = Table("sound device", "host API", "channels", "rate", box=None, pad_edge=False)
    for output in outputs:
        table.add_row(output.name, output.host_api, str(output.n_channels), f"{output.rate_hz:g}")
    console.print(table if outputs else "No sound device.")
    console.print("MIDI inputs: " + (", ".join(inputs) or "none"), highlight=False)
