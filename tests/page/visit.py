"""A visit to the page, as somebody with a browser and ten fingers pays it."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Self

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route

PORT: Final = 4893
ADDRESS: Final = f"http://127.0.0.1:{PORT}"
DESKTOP: Final = (1280, 800)
PHONE: Final = (320, 640)
PATIENCE_S: Final = 15.0
POLL_MS: Final = 30
WATCH_FRAMES: Final = """async () => {
    const { View } = await import('/view.js');
    new View().watch((frame) => { window.frame = frame; });
}"""


def browser_path() -> str:
    """Find a Chromium of this computer; the tests download none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium is installed; apt-get install chromium")


class Visit:
    """One page of one visitor; `troubles` are the errors the browser told of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.set_default_timeout(1000 * PATIENCE_S)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))

    @classmethod
    @contextmanager
    def on(
        cls,
        browser: Browser,
        size: tuple[int, int] = DESKTOP,
        *,
        is_first: bool = False,
        **options: Any,  # noqa: ANN401
    ) -> Iterator[Self]:
        """Open a page of its own."""
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, has_touch=True, **options)
        if not is_first:
            context.add_init_script("localStorage.setItem('embouchure.welcomed', 'yes')")
        visit = cls(context.new_page())
        yield visit
        context.close()
        assert visit.troubles == []

    def go(self, screen: str) -> Page:
        """Go to a screen and wait until the session is known."""
        self.page.goto(f"{ADDRESS}/#{screen}")
        self.wait("document.querySelector('.header-device')?.textContent.length > 0")
        return self.page

    def wait(self, condition: str) -> None:
        """Wait until an expression holds; the page's own policy allows no script to poll it there."""
        until_s = time.monotonic() + PATIENCE_S
        while not self.page.evaluate(condition):
            assert time.monotonic() < until_s, condition
            self.page.wait_for_timeout(POLL_MS)

    def watch(self) -> None:
        """Keep the newest view frame as `frame`."""
        self.page.evaluate(WATCH_FRAMES)
        self.wait("Boolean(window.frame)")

    def voices(self) -> list[dict[str, Any]]:
        """Return the voices of the newest frame whose fingers are down."""
        found = self.page.evaluate("window.frame.voices.filter((voice) => voice.isHeld)")
        return list(found)

    def wait_for_voices(self, n_voices: int) -> list[dict[str, Any]]:
        """Wait until so many fingers are down."""
        held = "window.frame.voices.filter((voice) => voice.isHeld).length"
        self.wait(f"{held} === {n_voices}")
        return self.voices()

    def hold(self, address: str) -> list[Route]:
        """Collect what is asked for from now on, and let all but the first of it through."""
        held: list[Route] = []

        def take(route: Route) -> None:
            held.append(route)
            if len(held) > 1:
                route.continue_()

        self.page.route(address, take)
        return held

    def said(self, words: str) -> str:
        """Wait until the page says a sentence with these words, and return it."""
        found = self.page.locator("#said p", has_text=words).last
        return found.inner_text()


class Hand:
    """Fingers on a touch screen, by the browser's own emulation."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._points: list[dict[str, float]] = []

    def put(self, places: Sequence[tuple[float, float]]) -> None:
        """Put one finger after the other down, in pixels."""
        for number, (x, y) in enumerate(places):
            self._points.append({"x": x, "y": y, "id": number, "radiusX": 10, "radiusY": 10})
            self._send("touchStart")

    def move(self, steps: Sequence[tuple[float, float]]) -> None:
        """Move each finger by so many pixels."""
        for point, (across, down) in zip(self._points, steps, strict=True):
            point["x"] += across
            point["y"] += down
        self._send("touchMove")

    def lean(self, radii: Sequence[float]) -> None:
        """Give each finger's touch another size, in pixels, to be felt with the next move."""
        for point, radius in zip(self._points, radii, strict=True):
            point["radiusX"] = point["radiusY"] = radius

    def lift(self) -> None:
        """Lift every finger."""
        self._points.clear()
        self._send("touchEnd")

    def lose(self) -> None:
        """Let the system take every finger away, as when there are too many."""
        self._points.clear()
        self._send("touchCancel")

    def _send(self, kind: str) -> None:
        parameters = {"type": kind, "touchPoints": self._points}
        self._session.send("Input.dispatchTouchEvent", parameters)
