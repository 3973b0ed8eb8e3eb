"""`embouchure serve`: the live instrument with its page."""

import inspect
from typing import Any, Final

from embouchure.commands.play import play

SERVES: Final = {"page": True, "open_page": True, "demo": False}
"""What it does unless it is told otherwise; a page is all that it always has."""


def serve(**options: Any) -> None:  # noqa: ANN401
    """Play with a page in the browser, until Ctrl-C; it takes what `play` takes.

    It comes up without a sound device too, says so on the page, and sounds as soon as there is one.

    Example: embouchure serve --preset bow --port 4881 --no-open
    """
    play(**options, page=True, leaves=False)


def _signature() -> inspect.Signature:
    taken = inspect.signature(play).parameters.values()
    mine = [one.replace(default=SERVES.get(one.name, one.default)) for one in taken]
    return inspect.Signature([one for one in mine if one.name not in ("page", "leaves")])


serve.__signature__ = _signature()  # type: ignore[attr-defined]
serve.__annotations__ = {
    name: one for name, one in play.__annotations__.items() if name not in ("page", "leaves")
}
