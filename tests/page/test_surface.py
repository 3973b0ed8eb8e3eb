"""The surface plays every finger by itself, and no finger is ever left sounding."""

from contextlib import ExitStack

import pytest

from embouchure.own_inputs import SURFACES
from tests.embouchure.studio import Studio
from tests.page.distant_hand import DistantHand
from tests.page.visit import Hand, Visit

pytestmark = pytest.mark.jack

N_FINGERS = 5
PLACES = [(150.0 + 220.0 * finger, 300.0 + 60.0 * (finger % 3)) for finger in range(N_FINGERS)]


@pytest.fixture
def surface(visit: Visit, studio: Studio) -> Visit:
    page = visit.go("surface")
    visit.watch()
    page.get_by_text("round trip").wait_for()
    assert studio.falls_silent()
    return visit


def test_five_fingers_are_five_voices_with_five_glides(surface: Visit):
    hand = Hand(surface.page)
    hand.put(PLACES)
    struck = sorted(surface.wait_for_voices(N_FINGERS), key=lambda voice: voice["touch"])
    notes = [voice["note"] for voice in struck]
    assert len(set(notes)) == N_FINGERS
    for _ in range(10):
        hand.move([(4.0 * (finger - 2), 0.0) for finger in range(N_FINGERS)])
    surface.wait("window.frame.voices.filter(({glide}) => Math.abs(glide) > 0.2).length === 4")
    glides = {voice["note"]: voice["glide"] for voice in surface.voices()}
    left, stays, right = notes[:2], notes[2], notes[3:]
    assert max(glides[note] for note in left) < glides[stays] < min(glides[note] for note in right)
    assert len({round(glide, 3) for glide in glides.values()}) == N_FINGERS
    hand.lift()
    assert surface.wait_for_voices(0) == []


def test_moving_up_presses(surface: Visit, studio: Studio):
    hand = Hand(surface.page)
    hand.put([(600.0, 400.0)])
    (before,) = surface.wait_for_voices(1)
    hand.move([(0.0, -80.0)])
    surface.wait(f"window.frame.voices[0].press > {before['press'] + 0.1}")
    assert studio.loudest(0.2) > 0.0
    hand.lift()


def test_fingers_that_the_system_takes_away_end(surface: Visit, studio: Studio):
    hand = Hand(surface.page)
    hand.put(PLACES)
    surface.wait_for_voices(N_FINGERS)
    hand.lose()
    surface.wait_for_voices(0)
    assert studio.falls_silent()


def test_a_page_that_is_reloaded_in_mid_note_leaves_nothing_sounding(
    surface: Visit, studio: Studio
):
    Hand(surface.page).put(PLACES)
    surface.wait_for_voices(N_FINGERS)
    surface.page.reload()
    assert studio.falls_silent()


def test_another_screen_lifts_every_finger(surface: Visit, studio: Studio):
    Hand(surface.page).put(PLACES)
    surface.wait_for_voices(N_FINGERS)
    surface.page.get_by_role("link", name="Presets").click()
    surface.wait_for_voices(0)
    assert studio.falls_silent()


def test_the_keys_of_a_computer_play_and_bend(surface: Visit):
    page = surface.page
    page.get_by_role("application", name="Surface").focus()
    page.keyboard.down("s")
    page.keyboard.down("f")
    assert len({voice["note"] for voice in surface.wait_for_voices(2)}) == 2
    page.keyboard.down("ArrowRight")
    surface.wait("window.frame.voices.every((voice) => voice.glide > 1)")
    page.keyboard.up("ArrowRight")
    surface.wait("window.frame.voices.every((voice) => Math.abs(voice.glide) < 0.01)")
    page.keyboard.up("s")
    page.keyboard.up("f")
    surface.wait_for_voices(0)


def test_escape_twice_silences_everything(surface: Visit, studio: Studio):
    Hand(surface.page).put(PLACES)
    surface.wait_for_voices(N_FINGERS)
    surface.page.keyboard.press("Escape")
    surface.page.keyboard.press("Escape")
    surface.said("Everything is silent")
    surface.wait_for_voices(0)


def test_a_surface_that_is_one_too_many_says_so_until_a_place_is_free(visit: Visit):
    with ExitStack() as others:
        for _ in SURFACES:
            others.enter_context(DistantHand())
        page = visit.go("surface")
        page.locator(".surface-readings", has_text="surfaces play already").wait_for()
    page.get_by_text("round trip").wait_for()
