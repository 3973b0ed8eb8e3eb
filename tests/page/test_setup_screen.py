"""Set up tells what a controller sends and what to change on it."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from embouchure.own_inputs import SURFACES
from tests.embouchure.studio import Studio
from tests.page.distant_hand import DistantHand
from tests.page.visit import Visit

pytestmark = pytest.mark.jack

ONE_CHANNEL = [bytes((0x90, note, velocity)) for note, velocity in ((60, 30), (64, 70), (67, 110))]
LEFT_MS = 1_000
ENDS = [bytes((0x80, note, 64)) for note in (60, 64, 67)]


def test_a_keyboard_on_one_channel_is_told_what_to_change(visit: Visit, studio: Studio):
    page = visit.go("setup")
    page.get_by_role("button", name="How is Embouchure set up?").click()
    page.get_by_text("Press three keys").wait_for()
    studio.play(*ONE_CHANNEL, *ENDS)
    visit.wait("document.querySelector('meter[aria-label=Strike]').value > 0.8")
    for words in ("Hold two keys", "slide it to the same note"):
        page.get_by_role("button", name="Go on").click()
        page.get_by_text(words).wait_for()
    page.get_by_role("button", name="Tell me").click()
    page.get_by_text("All fingers share one channel").wait_for()
    page.get_by_text("No pressure came").wait_for()
    page.get_by_text("Soft and hard strikes are told apart").wait_for()


def test_the_way_to_a_voice_and_back_is_measured(visit: Visit):
    page = visit.go("setup")
    page.get_by_role("button", name="Measure").click()
    page.get_by_text("notes were seen sounding within").first.wait_for(timeout=30_000)


def test_the_code_for_a_tablet_is_seen(visit: Visit):
    page = visit.go("setup")
    page.get_by_label("Let tablets on this network join").check()
    page.get_by_alt_text("The code to be read").wait_for()
    visit.wait("document.querySelector('.share-code img').naturalWidth > 0")
    page.get_by_label("Let tablets on this network join").uncheck()
    page.get_by_alt_text("The code to be read").wait_for(state="detached")


def test_a_tablet_that_joins_is_counted_and_the_next_code_shows(visit: Visit):
    page = visit.go("setup")
    page.get_by_label("Let tablets on this network join").check()
    code = page.locator(".share-code .tag").first
    used = code.inner_text()
    page.request.get(used)
    page.get_by_text("1 tablet has joined.").wait_for()
    expect(code).not_to_have_text(used)
    page.get_by_label("Let tablets on this network join").uncheck()


def test_a_tablet_is_not_offered_what_it_may_not_do(visit: Visit, browser: Browser):
    page = visit.go("setup")
    page.get_by_label("Let tablets on this network join").check()
    address = page.locator(".share-code .tag").first.inner_text()
    with Visit.on(browser) as tablet:
        tablet.page.goto(address)
        tablet.page.get_by_role("link", name="Set up").click()
        tablet.page.get_by_role("heading", name="How quick it is").wait_for()
        expect(tablet.page.get_by_label("Let tablets on this network join")).to_have_count(0)
        expect(tablet.page.locator("#said .said-error")).to_have_count(0)
    page.get_by_label("Let tablets on this network join").uncheck()


def test_a_measurement_ends_when_set_up_is_left(visit: Visit):
    page = visit.go("setup")
    with page.expect_websocket(lambda one: one.url.endswith("/touch")) as opened:
        page.get_by_role("button", name="Measure").click()
    with opened.value.expect_event("close", timeout=LEFT_MS):
        page.get_by_role("link", name="Presets").click()


def test_what_cannot_be_sounded_is_told(visit: Visit):
    page = visit.go("setup")
    with ExitStack() as others:
        for _ in SURFACES:
            others.enter_context(DistantHand())
        page.get_by_role("button", name="Sound a chord").click()
        visit.said("surfaces play already; close one of them")
        page.get_by_role("button", name="Measure").click()
        page.get_by_label("How quick it is").get_by_text("surfaces play already").wait_for()
