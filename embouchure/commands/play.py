"""`embouchure play`: the live instrument."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Final

import typer

from embouchure.commands.options import (
    A4Option,
    CachedOption,
    ControllerOption,
    DeviceOption,
    HandOption,
    HostApiOption,
    KeyboardMapOption,
    MacroOption,
    MidiOption,
    ModeName,
    ModeOption,
    MonoOption,
    PresetOption,
    RateOption,
    SlideOption,
    StrikeShareOption,
    TuningOption,
    ZonePresetOption,
    channel_pair,
    is_given,
    of_settings,
    wishes_of,
)
from embouchure.commands.outlet_options import (
    DEFAULT_RATE_HZ_OF_OSC,
    OscInOption,
    OscOutOption,
    OscRateOption,
    ThroughOption,
)
from embouchure.commands.stepping_options import (
    NextControlOption,
    NextKeyOption,
    PreviousControlOption,
    PreviousKeyOption,
    SetlistOption,
    first_of_setlist,
    stepping,
)
from embouchure.errors import ProgramError
from embouchure.osc.address import OscSettings
from embouchure.output import console
from embouchure.play_settings import (
    DEFAULT_PRESET,
    DEFAULT_RATE_HZ,
    PlaySettings,
)

DEFAULT_PORT: Final = 4880
FALLBACK_WAV: Final = Path("embouchure-performance.wav")

DemoOption = Annotated[
    bool, typer.Option(help="With no controller, play the bundled performance once.")
]
ChannelsOption = Annotated[
    str | None,
    typer.Option(
        metavar="LEFT-RIGHT",
        help="The pair of the device's outputs to play on, such as 3-4; without it 1-2.",
        show_default=False,
    ),
]
PageOption = Annotated[bool, typer.Option("--page", help="Serve a page in the browser meanwhile.")]
PortOption = Annotated[int, typer.Option(min=0, max=65_535, help="Where the page is served.")]
OpenOption = Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")]
LeavesOption = Annotated[bool, typer.Option(hidden=True)]


def play(
    context: typer.Context,
    preset: PresetOption = DEFAULT_PRESET,
    device: DeviceOption = None,
    host_api: HostApiOption = None,
    midi: MidiOption = None,
    demo: DemoOption = True,
    rate: RateOption = DEFAULT_RATE_HZ,
    channels: ChannelsOption = None,
    mode: ModeOption = ModeName.AUTO,
    controller: ControllerOption = None,
    zone_preset: ZonePresetOption = None,
    mono: MonoOption = None,
    slide: SlideOption = None,
    strike_share: StrikeShareOption = None,
    tuning: TuningOption = None,
    keyboard_map: KeyboardMapOption = None,
    a4_hz: A4Option = None,
    macro_cc: MacroOption = None,
    hand: HandOption = None,
    cached: CachedOption = False,
    setlist: SetlistOption = None,
    next_cc: NextControlOption = None,
    previous_cc: PreviousControlOption = None,
    next_key: NextKeyOption = None,
    previous_key: PreviousKeyOption = None,
    page: PageOption = False,
    port: PortOption = DEFAULT_PORT,
    open_page: OpenOption = False,
    osc_in: OscInOption = None,
    osc_out: OscOutOption = None,
    osc_rate: OscRateOption = DEFAULT_RATE_HZ_OF_OSC,
    through: ThroughOption = None,
    leaves: LeavesOption = True,
) -> None:
    """Play, until Ctrl-C. Every session is kept as a take.

    In a terminal the key c changes between the decoder and its cache for what is struck from then on.

    Examples: embouchure play --preset bow --device scarlett,
    embouchure play --zone-preset upper=pluck --mono --a4 442,
    embouchure play --setlist friday --next-cc 67
    """
    from embouchure.settings import refuse_gone

    wishes = wishes_of(
        mode=mode,
        controller=controller,
        zone_preset=zone_preset,
        mono=mono,
        slide=slide,
        strike_share=strike_share,
        tuning=tuning,
        keyboard_map=keyboard_map,
        a4_hz=a4_hz,
        macro_cc=macro_cc,
        hand=hand,
        cached=cached,
    )
    if not page and (is_given(context, "port") or is_given(context, "open_page")):
        raise ProgramError("--port and --open are of the page; add --page, or leave them out")
    if leaves:
        refuse_gone(of_settings(context, "hand", *([] if setlist else ["preset"])))
    if setlist:
        preset = first_of_setlist(setlist, wishes, is_preset_given=is_given(context, "preset"))
    wishes = stepping(
        wishes,
        setlist=setlist,
        next_control=next_cc,
        previous_control=previous_cc,
        next_key=next_key,
        previous_key=previous_key,
    )
    settings = PlaySettings(
        preset=preset,
        device=device,
        host_api=host_api,
        midi=tuple(midi or ()),
        through=through,
        rate_hz=rate,
        channels=channel_pair(channels),
        wishes=wishes,
    )
    osc = OscSettings.parse(osc_in, osc_out, osc_rate)
    page_port = port if page else None
    _play(settings, osc, page_port, opens=open_page, demo=demo, leaves=leaves)


def _play(
    settings: PlaySettings,
    osc: OscSettings,
    page_port: int | None,
    *,
    opens: bool,
    demo: bool,
    leaves: bool,
) -> None:
    """Play, with a page and OSC if they are wanted; with no device at all, to a file."""
    from embouchure.player import NoDeviceError, Player
    from embouchure.view import open_view

    try:
        with closing(open_view(console)) as view:
            if page_port is not None or osc.is_wanted:
                from embouchure.service.serving import serve

                serve(settings, view, page_port, osc=osc, opens=opens, demo=demo, leaves=leaves)
            else:
                Player(settings, view, demo=demo).play()
    except NoDeviceError as error:
        if not demo:
            raise
        reason = str(error)
        typer.echo(
            f"{reason[:1].upper()}{reason[1:]}; for now a performance is written to a file instead."
        )
        _render_instead(settings)


def _render_instead(settings: PlaySettings) -> None:
    """Write the bundled performance to a file, so that something can be heard."""
    from importlib.resources import as_file, files

    from embouchure.commands.render import render_to

    with as_file(files("embouchure").joinpath("performance.mid")) as performance:
        render_to(performance, FALLBACK_WAV, settings)
