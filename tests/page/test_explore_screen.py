"""Explore: found sounds are heard by arrow keys and by touch, starred, and made a preset."""

import json
import time
import urllib.request
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.embouchure.studio import Instrument, Studio, wait_for
from tests.page.visit import ADDRESS, Hand, Visit

pytestmark = pytest.mark.jack

N_SOUNDS = 9
FOUND_S = 90.0
HEARD_S = 10.0
"""The first sound of all loads what makes it playable."""
MADE_MS = 120_000
SETTLED_MS = 300
LOOKED_AGAIN_MS = 2_000
N_UNFOUND = 1_500
AT = """(number) => {
    const map = document.querySelector('emb-candidates');
    const { x, y } = map.getBoundingClientRect();
    const [left, top] = map.placeOf(number);
    return [x + left, y + top];
}"""


def ask(method: str, path: str, **body: Any) -> Any:  # noqa: ANN401
    request = urllib.request.Request(
        f"{ADDRESS}/api/v1/{path}",
        json.dumps(body).encode() if method == "POST" else None,
        {"Content-Type": "application/json", "Origin": ADDRESS},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30.0) as answer:
        return json.loads(answer.read() or "null")


@pytest.fixture(scope="module")
def caves(instrument: Instrument) -> list[int]:
    """A small exploration; returns the numbers of its sounds."""
    assert instrument
    ask("POST", "explorations", name="caves", count=N_SOUNDS)
    until_s = time.monotonic() + FOUND_S
    while ask("GET", "explorations")["rendering"]:
        assert time.monotonic() < until_s
        time.sleep(0.2)
    return [sound["number"] for sound in ask("GET", "explorations/caves")["sounds"]]


@pytest.fixture
def page(visit: Visit, caves: list[int]) -> Page:
    assert len(caves) == N_SOUNDS
    shown = visit.go("explore")
    shown.get_by_text(f"{N_SOUNDS} sounds", exact=False).first.wait_for()
    shown.locator(".explore-page button").nth(N_SOUNDS - 1).wait_for()
    return shown


def requests_of(page: Page, errand: str) -> list[str]:
    """Collect what is asked of this kind from now on."""
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith(errand) else None)
    return asked


def cursor(page: Page) -> int:
    return int(page.locator("emb-candidates").get_attribute("data-cursor") or 0)


def test_arrow_keys_go_from_sound_to_sound_and_each_is_heard(page: Page, studio: Studio):
    page.locator("emb-candidates").focus()
    heard = set()
    for key in ("ArrowRight", "ArrowUp", "ArrowDown"):
        assert studio.falls_silent()
        page.keyboard.press(key)
        heard.add(cursor(page))
        assert wait_for(lambda: studio.loudest(0.2) > 0.01, HEARD_S)
    assert len(heard) > 1


def test_two_sounds_are_dragged_onto_an_axis(visit: Visit, page: Page, caves: list[int]):
    start, end = caves[0], caves[1]
    from_x, from_y = page.evaluate(AT, start)
    to_x, to_y = page.evaluate(AT, end)
    page.mouse.move(from_x, from_y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=5)
    page.mouse.up()
    page.get_by_role("dialog").get_by_text("A preset whose slide goes from").wait_for()
    assert page.get_by_label("Its name").input_value() == f"axis-{start}-{end}"
    page.get_by_role("button", name="Not now").click()
    assert visit.troubles == []


def test_an_axis_is_made_by_keys_too(page: Page):
    page.locator("emb-candidates").focus()
    page.keyboard.press("1")
    start = cursor(page)
    page.keyboard.press("a")
    page.keyboard.press("2")
    end = cursor(page)
    page.keyboard.press("a")
    assert page.get_by_label("Its name").input_value() == f"axis-{start}-{end}"
    page.keyboard.press("Escape")


def test_a_finger_on_a_light_lets_it_be_played(page: Page, studio: Studio, caves: list[int]):
    hand = Hand(page)
    hand.put([tuple(page.evaluate(AT, caves[2]))])
    hand.lift()
    page.locator(f"emb-candidates[data-cursor='{caves[2]}']").wait_for()
    assert studio.loudest(0.8) > 0.01


def test_a_starred_sound_becomes_a_preset_that_plays(page: Page, studio: Studio):
    page.keyboard.press("1")
    page.keyboard.press("s")
    page.locator("[data-act=star][aria-pressed=true]").wait_for()
    page.keyboard.press("p")
    page.get_by_label("Its name").fill("cave-glass")
    page.get_by_role("button", name="Make it").click()
    page.get_by_text("Made the preset cave-glass; you are playing it.").wait_for(timeout=MADE_MS)
    page.locator(".header-preset", has_text="cave-glass").wait_for()
    assert studio.falls_silent()
    studio.play(b"\x91\x3c\x60")
    assert studio.loudest(0.4) > 0.001
    studio.play(b"\x81\x3c\x40")


def test_another_page_plays_a_found_sound_without_a_complaint(page: Page):
    page.keyboard.press("1")
    page.locator(".header-preset", has_text="caves-").wait_for()
    other = page.context.new_page()
    with other.expect_response("**/api/v1/presets/caves-*"):
        other.goto(f"{ADDRESS}/#play")
    expect(other.get_by_role("heading", name="caves-")).to_be_visible()
    expect(other.locator("#said .said-error")).to_have_count(0)


def test_a_window_that_is_closed_gives_the_players_own_preset_back(page: Page):
    ask("POST", "select", preset="breath")
    page.locator(".header-preset", has_text="breath").wait_for()
    page.keyboard.press("1")
    page.locator(".header-preset", has_text="caves-").wait_for()
    page.goto(f"{ADDRESS}/mark.svg")
    assert wait_for(lambda: ask("GET", "state")["preset"] == "breath", HEARD_S)


def test_enter_follows_a_link(page: Page):
    page.keyboard.press("1")
    page.get_by_role("link", name="Presets").press("Enter")
    page.get_by_role("heading", name="Presets", exact=True).wait_for()


def test_an_arrow_goes_one_sound_on_after_the_map_was_left(page: Page):
    page.get_by_role("button", name="Find others").click()
    page.get_by_role("button", name="Back to the map").click()
    page.locator("emb-candidates").focus()
    page.keyboard.press("1")
    heard = requests_of(page, "hear")
    passed = [cursor(page)]
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
        passed.append(cursor(page))
    page.wait_for_timeout(SETTLED_MS)
    n_steps = sum(one != other for one, other in pairwise(passed))
    assert len(heard) == n_steps > 1


def test_what_was_bred_is_not_heard_once_explore_is_left(
    visit: Visit, page: Page, caves: list[int]
):
    held: list[Route] = []
    page.route("**/breed", lambda route: held.append(route))
    page.keyboard.press("1")
    with page.expect_request("**/breed"):
        page.keyboard.press("b")
    page.get_by_role("link", name="Presets").click()
    heard = requests_of(page, "hear")
    held[0].fulfill(json={"numbers": [caves[1]]})
    visit.said("1 new sounds")
    page.wait_for_timeout(SETTLED_MS)
    assert heard == []


def test_a_preset_that_was_made_but_cannot_be_played_is_named_once(visit: Visit, page: Page):
    page.route("**/use", lambda route: route.fulfill(json={"name": "cave-wood"}))
    page.route("**/api/v1/select", lambda route: route.abort())
    page.keyboard.press("1")
    page.keyboard.press("p")
    page.get_by_label("Its name").fill("cave-wood")
    page.get_by_role("button", name="Make it").click()
    page.get_by_text("Made the preset cave-wood.", exact=True).wait_for()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_finding_goes_on_beside_find_others_until_it_is_stopped(visit: Visit, caves: list[int]):
    assert caves
    ask("POST", "explorations", name="wells", count=N_UNFOUND)
    page = visit.go("explore")
    page.get_by_role("button", name="Find others").click()
    page.wait_for_timeout(LOOKED_AGAIN_MS)
    page.get_by_role("heading", name="Sounds that nobody recorded").wait_for()
    page.get_by_role("button", name="sounds in half a minute").click()
    visit.said("wait for it, or stop it")
    page.get_by_role("button", name="Stop finding").click()
    assert wait_for(lambda: ask("GET", "explorations")["rendering"] is None, HEARD_S)
    expect(page.get_by_role("button", name="Stop finding")).to_be_hidden()
