"""One instrument with its page, one browser and one other program for all tests of the page."""

import os
import signal
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.embouchure.studio import Instrument, Server, Studio, ended
from tests.page.visit import ADDRESS, PORT, Visit, browser_path


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    made = Server("embouchure-page")
    yield made.name
    made.stop()


@pytest.fixture(scope="session")
def studio(server: str) -> Iterator[Studio]:
    made = Studio.open(server)
    yield made
    made.close()


@pytest.fixture(scope="session")
def instrument(
    server: str, studio: Studio, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Instrument]:
    options = ("--page", "--no-open", "--port", str(PORT), "--no-demo")
    made = Instrument(server, tmp_path_factory.mktemp("page"), *options)
    with ended(made):
        studio.connect()
        lay_out_the_plane()
        yield made
        made.end(signal.SIGTERM)


def lay_out_the_plane() -> None:
    """Let the service do once, before anybody waits for it, what takes the first visit so long."""
    httpx2.get(f"{ADDRESS}/api/v1/space/map", timeout=180.0).raise_for_status()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=browser_path(), args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield made
        made.close()


@pytest.fixture(autouse=True)
def fresh(instrument: Instrument, studio: Studio) -> None:
    """Let every test find the instrument heard, silent, unguided and with its first preset."""
    studio.connect()
    with httpx2.Client(base_url=f"{ADDRESS}/api/v1/", headers={"Origin": ADDRESS}) as client:
        client.delete("calibration").raise_for_status()
        client.delete("explorations/playing").raise_for_status()
        client.post("panic").raise_for_status()
        client.post("select", json={"preset": "breath"}).raise_for_status()


@pytest.fixture
def visit(instrument: Instrument, browser: Browser) -> Iterator[Visit]:
    """Visit as somebody who was here before."""
    with Visit.on(browser) as made:
        yield made


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page
