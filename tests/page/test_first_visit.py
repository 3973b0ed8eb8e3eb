"""Whoever comes for the first time hears the instrument after three steps."""

import pytest
from playwright.sync_api import Browser, expect

from tests.embouchure.studio import Instrument, Studio
from tests.page.visit import Visit

pytestmark = pytest.mark.jack

AUDIBLE_PEAK = 0.01


def test_three_steps_end_in_sound(instrument: Instrument, studio: Studio, browser: Browser):
    assert studio.falls_silent()
    with Visit.on(browser, is_first=True) as visit:
        page = visit.go("play")
        page.get_by_text("You will hear it through system").wait_for()
        page.get_by_role("button", name="Good").click()
        page.get_by_role("button", name="I am ready").click()
        light = page.get_by_role("button", name="Hold to sound")
        light.hover()
        page.mouse.down()
        page.get_by_text("That is you.").wait_for()
        assert studio.loudest(0.3) > AUDIBLE_PEAK
        page.mouse.up()
        assert studio.falls_silent()
        page.get_by_role("button", name="Go and play").click()
        expect(page.get_by_role("heading", name="breath")).to_be_visible()


def test_the_welcome_comes_once(instrument: Instrument, browser: Browser):
    with Visit.on(browser, is_first=True) as visit:
        page = visit.go("play")
        page.get_by_role("button", name="Skip").click()
        page.reload()
        expect(page.get_by_role("heading", name="breath")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_light_sounds_by_a_key_too(instrument: Instrument, studio: Studio, browser: Browser):
    with Visit.on(browser, is_first=True) as visit:
        page = visit.go("play")
        for name in ("Good", "I am ready"):
            page.get_by_role("button", name=name).press("Enter")
        page.get_by_role("button", name="Hold to sound").focus()
        page.keyboard.down("Space")
        page.get_by_text("That is you.").wait_for()
        page.keyboard.up("Space")
        assert studio.falls_silent()
