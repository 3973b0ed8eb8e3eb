"""Options of commands that play to other programs beside the sound: OSC, and MIDI through."""

from typing import Annotated, Final

import typer

from embouchure.osc.address import DEFAULT_RATE_HZ

DEFAULT_RATE_HZ_OF_OSC: Final = DEFAULT_RATE_HZ

OscInOption = Annotated[
    str | None,
    typer.Option(
        metavar="PORT",
        help="Take notes and commands by OSC at this port; host:port lets other computers in.",
        show_default=False,
    ),
]
OscOutOption = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT",
        help="Send every touch, code and level by OSC; a port alone is on this computer.",
        show_default=False,
    ),
]
OscRateOption = Annotated[
    float, typer.Option(metavar="HZ", help="How many OSC frames are sent a second, 1 to 500.")
]
ThroughOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Play what is played on to another program too: any part of its MIDI port's name, or "
        "'virtual' for a port of our own that it can listen to.",
        show_default=False,
    ),
]
