"""Serving: one live session with its page, from the start to Ctrl-C."""

import webbrowser
from contextlib import suppress

from embouchure.play_settings import PlaySettings
from embouchure.service.live_session import LiveSession
from embouchure.service.port import HOST, bind
from embouchure.service.server import Server
from embouchure.service.stage import Stage
from embouchure.view import View


def serve(
    settings: PlaySettings,
    view: View,
    port: int,
    *,
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
        Where the page is served; 0 for any that is free.
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
    server = Server(stage, bind(HOST, port))

    def begin() -> None:
        server.start()
        view.say(f"The page is at {server.address}.")
        if opens:
            with suppress(webbrowser.Error):
                webbrowser.open(server.address)

    try:
        LiveSession(settings, view, stage, demo=demo, leaves=leaves, begin=begin).play()
    finally:
        server.end()
