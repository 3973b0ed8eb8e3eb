"""A page that stays open while the service is killed and started again: it finds it, and plays on."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.embouchure.studio import Instrument, ended
from tests.page.visit import Visit

pytestmark = pytest.mark.jack

PORT = 4894
DEVICE = "document.querySelector('.header-device')?.textContent"
OPTIONS = ("--page", "--no-open", "--port", str(PORT), "--no-demo")


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    with Visit.on(browser) as made:
        yield made


def lose_the_service(
    visit: Visit, screen: str, server: str, folder: Path, *, is_long: bool = False
) -> None:
    """Open a screen, and kill the service that showed it; for long until the page says so."""
    with ended(Instrument(server, folder, *OPTIONS)) as first:
        visit.page.goto(f"http://127.0.0.1:{PORT}/#{screen}")
        visit.wait(f"{DEVICE}?.length > 0 && {DEVICE} !== 'Connecting …'")
        first.end(signal.SIGKILL)
        visit.wait(f"{DEVICE} === 'Connecting …'")
        if is_long:
            visit.said("The program does not answer; start it again")
            visit.wait(f"{DEVICE} === 'No answer'")


def test_a_page_finds_the_service_again_and_its_surface_plays(
    server: str, visit: Visit, tmp_path: Path
):
    page = visit.page
    lose_the_service(visit, "surface", server, tmp_path, is_long=True)
    with ended(Instrument(server, tmp_path, *OPTIONS)) as second:
        visit.wait("!document.body.classList.contains('is-lost')")
        visit.watch()
        page.get_by_role("application", name="Surface").focus()
        page.keyboard.down("s")
        visit.wait_for_voices(1)
        page.keyboard.up("s")
        visit.wait_for_voices(0)
        second.end(signal.SIGTERM)


def test_a_screen_that_was_opened_meanwhile_is_filled_when_the_service_is_back(
    server: str, visit: Visit, tmp_path: Path
):
    page = visit.page
    lose_the_service(visit, "play", server, tmp_path)
    page.get_by_role("link", name="Presets").click()
    visit.said("The service does not answer")
    with ended(Instrument(server, tmp_path, *OPTIONS)) as second:
        page.get_by_role("button", name="breath A flute").wait_for()
        second.end(signal.SIGTERM)
