"""Play shows what sounds, and everything on it can be reached without a mouse."""

import json

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.embouchure.studio import LIFT, STRIKE, Studio
from tests.page.visit import Visit

pytestmark = pytest.mark.jack

STATE = "fetch('/api/v1/state').then((answer) => answer.json())"
PRESSED = b"\xd1\x50"
SETTLED_MS = 300


def test_a_finger_on_a_controller_is_seen_with_its_note_and_its_press(visit: Visit, studio: Studio):
    page = visit.go("play")
    studio.play(STRIKE, PRESSED)
    expect(page.locator("emb-finger .finger-note")).to_have_text("A4")
    visit.wait("document.querySelector('emb-plane').nDrawn > 3")
    studio.play(LIFT)
    expect(page.locator("emb-finger")).to_have_count(0)


def test_a_macro_turns_by_keys_and_shows_where_it_is(visit: Visit):
    page = visit.go("play")
    knob = page.get_by_role("slider", name="Macro bright")
    knob.press("End")
    expect(knob).to_have_attribute("aria-valuenow", "100")
    visit.wait(f"{STATE}.then(({{macros}}) => macros[0] === 1)")
    knob.press("Home")
    expect(knob).to_have_attribute("aria-valuenow", "0")


def test_a_and_b_and_what_lies_between_are_played(visit: Visit):
    page = visit.go("play")
    page.get_by_label("Preset B").select_option("bow")
    page.get_by_role("heading", name="bow").wait_for()
    page.get_by_role("button", name="Play A").click()
    page.get_by_role("heading", name="breath").wait_for()
    between = page.get_by_role("slider", name="Between A and B")
    between.fill("30")
    visit.wait(f"{STATE}.then(({{morph}}) => morph?.share === 0.3)")
    page.get_by_role("button", name="Play A").click()
    visit.wait(f"{STATE}.then(({{morph}}) => morph === null)")


def test_what_was_just_played_is_kept(visit: Visit, studio: Studio):
    page = visit.go("play")
    studio.play(STRIKE, LIFT)
    page.get_by_role("button", name="Capture what I just played").click()
    visit.said("Kept as")


def test_the_plane_is_told_in_words(visit: Visit):
    page = visit.go("play")
    page.get_by_text("The plane in words").click()
    first = page.get_by_role("option").first
    first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('emb-plane').marked") == page.evaluate(
        "document.activeElement.dataset.name"
    )


def test_panic_is_on_every_screen(visit: Visit):
    for screen in ("play", "surface", "presets", "setup"):
        page = visit.go(screen)
        expect(page.get_by_role("button", name="Panic")).to_be_in_viewport()


def test_panic_says_silence_only_once_the_service_has_answered(visit: Visit):
    page = visit.go("play")
    page.route("**/api/v1/panic", lambda route: route.abort())
    page.get_by_role("button", name="Panic").click()
    visit.said("The service does not answer")
    expect(page.locator("#said")).not_to_contain_text("Everything is silent")
    page.unroute("**/api/v1/panic")
    page.get_by_role("button", name="Panic").click()
    visit.said("Everything is silent")


def test_a_mixture_is_called_by_both_names(visit: Visit):
    page = visit.go("play")
    page.get_by_label("Preset B").select_option("bow")
    page.get_by_role("slider", name="Between A and B").fill("30")
    page.get_by_role("heading", name="breath · bow").wait_for()
    expect(page.locator(".header-preset")).to_have_text("breath · bow")
    page.get_by_role("button", name="Play A").click()


def test_a_name_that_is_refused_is_asked_for_again(visit: Visit):
    page = visit.go("play")
    page.get_by_label("Preset B").select_option("bow")
    page.get_by_role("slider", name="Between A and B").fill("30")
    page.get_by_role("button", name="Keep this mixture").click()
    name = page.get_by_label("Its name")
    name.fill("mallet")
    name.press("Enter")
    visit.said("There is a preset mallet already")
    expect(name).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    page.get_by_role("button", name="Play A").click()


def test_what_cannot_be_mixed_is_shown_as_it_is(visit: Visit):
    page = visit.go("play")
    page.route("**/api/v1/morph", lambda route: route.abort())
    between = page.get_by_role("slider", name="Between A and B")
    between.fill("30")
    visit.said("The service does not answer")
    expect(between).to_have_value("0")


def test_a_capture_that_is_asked_for_twice_at_once_is_made_once(visit: Visit, studio: Studio):
    page = visit.go("play")
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    studio.play(STRIKE, LIFT)
    page.get_by_role("button", name="Capture what I just played").dblclick()
    visit.said("Kept as")
    assert asked.count("capture") == 1


def test_the_macros_of_a_mixture_have_names_after_a_reload(visit: Visit):
    page = visit.go("play")
    page.get_by_label("Preset B").select_option("bow")
    page.get_by_role("slider", name="Between A and B").fill("30")
    page.get_by_role("heading", name="breath · bow").wait_for()
    page.reload()
    page.get_by_role("slider", name="Macro bright").wait_for()
    page.get_by_role("button", name="Play A").click()


def test_a_moved_value_waits_for_the_answer_to_the_one_before(visit: Visit):
    page = visit.go("play")
    knob = page.get_by_role("slider", name="Macro bright")
    held = visit.hold("**/macros/1")
    for key in ("End", "PageDown", "Home"):
        knob.press(key)
    page.wait_for_timeout(SETTLED_MS)
    (first,) = held
    assert first.request.post_data_json == {"value": 1}
    with page.expect_request("**/macros/1") as last:
        first.continue_()
    assert last.value.post_data_json == {"value": 0}
    visit.wait(f"{STATE}.then(({{macros}}) => macros[0] === 0)")


def test_the_first_notice_of_a_restarted_service_is_said(visit: Visit):
    page = visit.page
    shown: list[WebSocketRoute] = []
    notices = [
        {"id": 2, "text": "Before.", "kind": "note"},
        {"id": 1, "text": "After.", "kind": "note"},
    ]

    def amend(socket: WebSocketRoute) -> None:
        notice = notices[min(len(shown), 1)]
        shown.append(socket)
        server = socket.connect_to_server()
        server.on_message(
            lambda text: socket.send(json.dumps({**json.loads(text), "notices": [notice]}))
        )

    page.route_web_socket("**/api/v1/state", amend)
    visit.go("play")
    shown[0].close()
    visit.said("After.")
    expect(page.locator("#said")).not_to_contain_text("Before.")
