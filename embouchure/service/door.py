"""The door to the network: whoever comes in shows the pass that a code was good for."""

from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from embouchure.service.guard import FORBIDDEN, refuse
from embouchure.service.refusals import sentence
from embouchure.service.sharing import Sharing

COOKIE: Final = "embouchure_pass"
JOIN: Final = "/join"
KEPT_S: Final = 12 * 3600
NOT_FOR_TABLETS: Final = ("/api/v1/share", "/api/v1/settings")
"""What only the player's own computer may ask for."""
PAGE: Final = """<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="dark">
<title>Embouchure</title>
<p>{}</p>
</html>
"""


class Door:
    """Stands between the guard and the application, for those who come from the network."""

    def __init__(self, app: ASGIApp, sharing: Sharing) -> None:
        self._app = app
        self._sharing = sharing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in who has a pass, or give one for a code."""
        path = scope["path"]
        cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
        if scope["type"] == "http" and path == JOIN:
            await self._join(scope, receive, send)
        elif not self._sharing.admits(cookies.get(COOKIE, "")):
            text = "scan the code on the player's own computer to join; each code is good once"
            await turn_away(scope, receive, send, text)
        elif path.startswith(NOT_FOR_TABLETS):
            text = "this can be changed on the player's own computer only; ask the player"
            await refuse(scope, receive, send, FORBIDDEN, text)
        else:
            await self._app(scope, receive, send)

    async def _join(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("ascii", errors="replace"))
        one = self._sharing.redeem(query.get("token", [""])[0])
        if one is None:
            text = "this code was used or is too old; scan the new one on the player's own computer"
            await turn_away(scope, receive, send, text)
            return
        answer = RedirectResponse("/#surface", 303)
        answer.set_cookie(COOKIE, one, max_age=KEPT_S, httponly=True, samesite="strict")
        await answer(scope, receive, send)


async def turn_away(scope: Scope, receive: Receive, send: Send, text: str) -> None:
    """Refuse whoever may not come in, with a page to read where it is a browser that asks for one."""
    if "text/html" in Headers(scope=scope).get("accept", ""):
        await HTMLResponse(PAGE.format(sentence(text)), FORBIDDEN)(scope, receive, send)
    else:
        await refuse(scope, receive, send, FORBIDDEN, text)
