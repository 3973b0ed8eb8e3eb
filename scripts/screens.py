"""Photograph every screen of the page while the instrument is played, into docs/screens.

    python scripts/screens.py [SCREEN ...]

It starts a JACK server and the instrument, plays five fingers on a surface of their own, and takes
each screen as a phone, an iPad and a desktop show it.
"""

import math
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.embouchure.studio import Instrument, Server, ended
from tests.page.visit import ADDRESS, PORT, Hand, Visit, browser_path

FOLDER = ROOT / "docs" / "screens"
SIZES = {"phone": (390, 844), "ipad": (1024, 1366), "desktop": (1440, 900)}
SCREENS = ["welcome", "play", "surface", "presets", "calibrate", "explore", "setup"]
JPEG_QUALITY = 78
N_FINGERS = 5
N_STEPS = 40
STEP_MS = 40
PLACES = [(240.0 * finger + 130.0, 420.0 + 130.0 * (finger % 3)) for finger in range(N_FINGERS)]


@contextmanager
def playing() -> Iterator[None]:
    """Run the instrument with its page."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        server = Server("embouchure-screens")
        stack.callback(server.stop)
        options = ("--page", "--no-open", "--port", str(PORT), "--no-demo")
        stack.enter_context(ended(Instrument(server.name, Path(folder), *options)))
        yield


def dance(hand: Hand, visit: Visit) -> None:
    """Move every finger its own way, long enough for its path to be seen."""
    for step in range(N_STEPS):
        angles = [0.16 * step + 1.3 * finger for finger in range(N_FINGERS)]
        hand.lean([25.0 + 11.0 * math.sin(0.7 * angle) for angle in angles])
        hand.move([(5.0 * math.sin(angle), 9.0 * math.cos(1.4 * angle)) for angle in angles])
        visit.page.wait_for_timeout(STEP_MS)


def photograph(browser: Browser, screen: str, size: str) -> None:
    """Take one screen in one size while five fingers play."""
    is_first = screen == "welcome"
    with (
        Visit.on(browser, SIZES[size], is_first=is_first) as seen,
        Visit.on(browser, SIZES["desktop"]) as player,
    ):
        page = seen.go("play" if is_first else screen)
        page.wait_for_load_state("networkidle")
        surface = seen if screen == "surface" else player
        if surface is player:
            player.go("surface")
        surface.page.get_by_text("round trip").wait_for()
        hand = Hand(surface.page)
        across, down = (
            side / whole for side, whole in zip(SIZES[size], SIZES["desktop"], strict=True)
        )
        scale = (across, down) if surface is seen else (1.0, 1.0)
        hand.put([(x * scale[0], y * scale[1]) for x, y in PLACES])
        dance(hand, surface)
        path = FOLDER / f"{screen}-{size}.jpg"
        page.screenshot(path=path, type="jpeg", quality=JPEG_QUALITY)
        hand.lift()


def main() -> None:
    """Take them all, or those that are named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:] or SCREENS
    with playing(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        ready(browser)
        for screen in wanted:
            for size in SIZES:
                photograph(browser, screen, size)
        browser.close()
    total = sum(path.stat().st_size for path in FOLDER.glob("*.jpg"))
    print(f"{len(list(FOLDER.glob('*.jpg')))} pictures, {total / 1e6:.2f} MB, in {FOLDER}")


def ready(browser: Browser) -> None:
    """Wait until the map of the space is drawn, which is kept once it is."""
    with Visit.on(browser) as visit:
        visit.page.request.get(f"{ADDRESS}/api/v1/space/map", timeout=180_000)


if __name__ == "__main__":
    main()
