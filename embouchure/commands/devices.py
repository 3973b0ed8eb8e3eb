"""`embouchure devices`: what can be heard through and played on."""

from rich.table import Table

from embouchure.commands.options import JsonOption
from embouchure.output import console, say, speak_json


def devices(as_json: JsonOption = False) -> None:
    """List the sound devices and MIDI inputs of this computer.

    Example: embouchure devices --json
    """
    from synth.outputs import list_outputs

    outputs, (inputs, midi) = list_outputs(), _midi_inputs()
    if as_json:
        speak_json({"outputs": [vars(output) for output in outputs], "inputs": inputs})
        return
    table = Table("sound device", "host API", "channels", "rate", box=None, pad_edge=False)
    for output in outputs:
        table.add_row(output.name, output.host_api, str(output.n_channels), f"{output.rate_hz:g}")
    console.print(table if outputs else "No sound device.")
    say(midi)


def _midi_inputs() -> tuple[list[str], str]:
    """List the MIDI inputs, and say it in words."""
    from mapper.ports import PortError, input_names

    try:
        names = input_names()
    except PortError as error:
        return [], f"MIDI inputs: none; {error}."
    return names, f"MIDI inputs: {', '.join(names) or 'none connected'}."
