"""Every screen can be used by everyone: axe finds nothing serious, and nothing is cut off."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.embouchure.studio import Instrument
from tests.page.visit import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.jack

SCREENS = ["play", "surface", "presets", "calibrate", "explore", "setup"]
SIZES = {"desktop": DESKTOP, "320 px": PHONE, "200 %": (640, 400)}
SMALLEST_TARGET_PIXELS = 44


@pytest.fixture(
    scope="module",
    params=[(screen, size) for size in SIZES for screen in SCREENS],
    ids=lambda seen: f"{seen[0]}-{seen[1]}",
)
def screen(
    request: pytest.FixtureRequest, instrument: Instrument, browser: Browser
) -> Iterator[Page]:
    """Show every screen in every size, once for all that is asked of it."""
    name, size = request.param
    with Visit.on(browser, SIZES[size]) as made:
        page = made.go(name)
        settle(page)
        yield page


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")


def test_axe_finds_nothing_serious(screen: Page):
    found = Axe().run(screen).response["violations"]
    grave = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == []


def test_nothing_is_wider_than_the_screen(screen: Page):
    assert screen.evaluate("document.documentElement.scrollWidth") <= screen.viewport_size["width"]


def test_what_is_pressed_is_large_enough(screen: Page):
    small = screen.evaluate(
        """(least) => [...document.querySelectorAll('button, .header-nav a, select, [role=slider]')]
            .map((one) => [one.textContent || one.ariaLabel, one.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < least - 0.5 || box.height < least - 0.5))
            .map(([name, box]) => `${name} ${box.width} x ${box.height}`)""",
        SMALLEST_TARGET_PIXELS,
    )
    assert small == []


def test_axe_finds_nothing_serious_in_the_welcome(instrument: Instrument, browser: Browser):
    with Visit.on(browser, is_first=True) as visit:
        page = visit.go("play")
        found = Axe().run(page, context="dialog").response["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []


def test_who_asks_for_less_motion_gets_none(instrument: Instrument, browser: Browser):
    with Visit.on(browser, reduced_motion="reduce") as visit:
        page = visit.go("play")
        settle(page)
        assert page.evaluate("document.getAnimations().length") == 0


def test_who_asks_for_more_contrast_gets_it(visit: Visit):
    page = visit.go("setup")
    page.get_by_label("High contrast").check()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") is not None
    night = "getComputedStyle(document.documentElement).getPropertyValue('--night').trim()"
    assert page.evaluate(night) == "#000"
    page.reload()
    assert page.evaluate(night) == "#000"


def test_the_screens_are_reached_by_keys_alone(visit: Visit):
    page = visit.go("play")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("link", name="Surface").press("Enter")
    page.get_by_role("application", name="Surface").wait_for()


def test_a_screen_begins_at_its_top(instrument: Instrument, browser: Browser):
    with Visit.on(browser, PHONE) as visit:
        page = visit.go("presets")
        settle(page)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        assert page.evaluate("scrollY") > 0
        page.get_by_role("link", name="Set up").click()
        page.get_by_role("heading", name="Set up").wait_for()
        assert page.evaluate("scrollY") == 0


def test_nothing_in_the_header_lies_over_panic(screen: Page):
    over = screen.evaluate(
        """() => {
            const panic = document.querySelector('.panic').getBoundingClientRect();
            return [...document.querySelectorAll('.header-session > *')]
                .filter((one) => one.getBoundingClientRect().right > panic.left)
                .map((one) => one.className);
        }"""
    )
    assert over == []
