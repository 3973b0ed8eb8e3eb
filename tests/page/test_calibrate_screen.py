"""Calibrate: a player is led from the first page to a preset of their own, which plays after a reload."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from calibration.demonstrations.planning import Planner
from calibration.demonstrations.pupil import Pupil
from calibration.simulation.player import Player
from presets.spaces import factory_space
from presets.store import load
from tests.embouchure.studio import Studio
from tests.page.distant_hand import DistantHand
from tests.page.visit import ADDRESS, Visit

pytestmark = pytest.mark.jack

N_TAKES = 2
N_LESSONS = 8
"""In one of them at least the second of two sounds, whose order is drawn, is the taught one."""
LEARNING_MS = 40_000
DRAWN = """() => [...document.querySelectorAll('emb-curves canvas')].map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 3 && value > 200).length;
})"""


@pytest.fixture
def hand(visit: Visit) -> Iterator[DistantHand]:
    assert visit
    with DistantHand() as made:
        yield made


def reads(page: Page, title: str, timeout_ms: float = 15_000) -> None:
    """Wait until a page of the guide is read from across the room."""
    page.locator(".lesson-title", has_text=title).wait_for(timeout=timeout_ms)


def begin(visit: Visit) -> Page:
    page = visit.go("calibrate")
    card = page.get_by_role("region", name="Teach by showing")
    card.get_by_label("Preset").select_option("breath")
    card.get_by_label("How long").select_option(str(N_TAKES))
    card.get_by_label("By which sounds").select_option("scoop")
    card.get_by_role("button", name="Teach").click()
    return page


def teach(visit: Visit, hand: DistantHand) -> bool:
    """Teach, and choose the second sound blindly; return whether it is the one that was taught.

    If it is the sound as it was, there is nothing to keep, and Calibrate begins anew.
    """
    player, planner = (
        Player(3, "power", 1),
        Planner(Pupil(load("breath"), factory_space(), ["scoop"]).targets()),
    )
    page = begin(visit)
    reads(page, "Lowest key", LEARNING_MS)
    hand.tap()
    for target in planner.plan(N_TAKES):
        reads(page, "LISTEN", LEARNING_MS)
        page.keyboard.press("Enter")
        reads(page, "PLAY")
        hand.imitate(player, target)
        page.get_by_role("button", name="Go on").click(timeout=LEARNING_MS)
        assert min(page.evaluate(DRAWN)) > 200
        page.get_by_role("button", name="Next").click(timeout=LEARNING_MS)
    page.get_by_role("button", name="The other sound").click(timeout=LEARNING_MS)
    page.get_by_role("button", name="Choose this one").wait_for()
    page.keyboard.press("r")
    came_to = page.locator(".outcome-first", has_text="You chose").inner_text()
    if came_to == "You chose your own sound.":
        return True
    assert came_to == "You chose the sound as it was, and it stays."
    assert page.get_by_role("button", name="Keep").count() == 0
    page.get_by_role("button", name="Done").click()
    return False


def test_a_preset_is_taught_compared_kept_and_plays_after_a_reload(
    visit: Visit, studio: Studio, hand: DistantHand
):
    page = visit.page
    assert any(teach(visit, hand) for _ in range(N_LESSONS))
    was = page.get_by_role("button", name="As it was")
    was.wait_for()
    studio.falls_silent()
    page.keyboard.press("b")
    page.locator("[data-sound=before][aria-pressed=true]").wait_for()
    assert studio.loudest(1.0) > 0.01
    page.get_by_label("Keep it as a preset called").fill("scooped")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Kept as scooped, and you are playing it.").wait_for(timeout=LEARNING_MS)
    page.get_by_role("button", name="Done").click()
    page.get_by_role("heading", name="Calibrate").wait_for()
    refining = page.get_by_role("region", name="Refine by choosing")
    expect(refining.locator("option[value=scooped]")).to_have_count(1)
    page.reload()
    page.locator(".header-preset", has_text="scooped").wait_for()
    assert studio.falls_silent()
    hand.tap()
    assert studio.loudest(0.4) > 0.001


def test_a_lesson_that_is_left_gives_the_preset_back(visit: Visit):
    visit.page.request.post(f"{ADDRESS}/api/v1/select", data={"preset": "bow"})
    page = begin(visit)
    reads(page, "Lowest key", LEARNING_MS)
    page.keyboard.press("l")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("heading", name="Calibrate").wait_for()
    page.locator(".header-preset", has_text="bow").wait_for()


def test_a_measurement_is_led_by_big_words_and_drawn(visit: Visit, hand: DistantHand):
    page = visit.go("calibrate")
    page.get_by_label("Who plays").fill("Ada")
    page.get_by_role("button", name="Measure my hand").click()
    reads(page, "Swell", LEARNING_MS)
    hand.tap()
    page.locator(".lesson-said", has_text="Measuring Ada on").wait_for()
    page.locator(".lesson-text", has_text="hold").wait_for()
    assert min(page.evaluate(DRAWN)) > 200
    page.keyboard.press("l")
    page.locator(".outcome-first", has_text="Nothing was measured, so nothing is kept.").wait_for()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("heading", name="Calibrate").wait_for()


def test_a_hand_without_a_name_is_not_measured(visit: Visit):
    page = visit.go("calibrate")
    page.get_by_label("Who plays").fill("")
    page.get_by_role("button", name="Measure my hand").click()
    expect(page.get_by_label("Who plays")).to_be_focused()
    expect(page.locator("#said .said-error")).to_have_count(0)
