"""Serving: one live session with its page, from the start to Ctrl-C."""

import threading
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import TYPE_CHECKING

from embouchure.osc.address import OscSettings
from embouchure.play_settings import PlaySettings
from embouchure.service.live_session import LiveSession
from embouchure.service.port import HOST, bind
from embouchure.service.server import Server
from embouchure.service.stage import Stage
from embouchure.view import View

if TYPE_CHECKING:
    from embouchure.osc.link import OscLink


def serve(  # noqa: PLR0913  # what a session needs to be told
    settings: PlaySettings,
    view: View,
    port: int | None,
    *,
    osc: OscSettings | None = None,
    opens: bool = False,
    demo: bool = False,
    leaves: bool = False,
) -> None:
    """Play with a page until interrupted.

    Parameters
    ----------
    settings
        What the player chose.
    view
        Where the session is shown beside the page.
    port
        Where the page is served; 0 for any that is free, None for no page.
    osc
        What comes and goes by OSC.
    opens
        Whether the page is opened in a browser.
    demo
        Whether the bundled performance is played once when no controller is connected.
    leaves
        Whether it ends where there is no sound device at all.

    Raises
    ------
    PortTakenError
        When somebody else serves at the port.
    ProgramError
        As `Player.play` does.
    """
    stage = Stage()
    with ExitStack() as stack:
        server = (
            None if port is None else stack.enter_context(_ending(Server(stage, bind(HOST, port))))
        )
        if osc and osc.is_wanted:
            stack.enter_context(closing(_link(osc, stage, view)))

        def begin() -> None:
            if server:
                server.start()
                view.say(f"The page is at {server.address}.")
                if opens:  # a browser of the terminal would keep the session waiting
                    threading.Thread(target=_show, args=(server.address,), daemon=True).start()

        LiveSession(settings, view, stage, demo=demo, leaves=leaves, begin=begin).play()


def _show(address: str) -> None:
    """Open the page in a browser, where there is one."""
    with suppress(webbrowser.Error):
        webbrowser.open(address)


@contextmanager
def _ending(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.end()


def _link(osc: OscSettings, stage: Stage, view: View) -> "OscLink":
    """Begin with OSC, and say where."""
    from embouchure.osc.link import OscLink

    link = OscLink(osc, stage)
    for sentence in osc.in_words():
        view.say(sentence)
    return link
