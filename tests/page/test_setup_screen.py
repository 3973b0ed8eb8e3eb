"""Set up tells what a controller sends and what to change on it."""

import pytest

from tests.embouchure.studio import Studio
from tests.page.visit import Visit

pytestmark = pytest.mark.jack

ONE_CHANNEL = [bytes((0x90, note, velocity)) for note, velocity in ((60, 30), (64, 70), (67, 110))]
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
