"""Presets are found, heard and taken in; what is no preset is refused in one sentence."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.embouchure.studio import LIFT, STRIKE, Studio
from tests.page.visit import ADDRESS, Visit

pytestmark = pytest.mark.jack

SETTLED_MS = 300
IS_ON_TOP = """(() => {
    const said = document.querySelector('#said');
    return said.matches(':popover-open') && said.checkVisibility();
})()"""


def hostile() -> bytes:
    """A file that wants to be written elsewhere, and holds what runs when it is opened."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("../../evil.py", "print('run')")
        archive.writestr("preset.json", json.dumps({"format": "embouchure-preset-2"}))
        archive.writestr("mapping.pkl", b"cos\nsystem\n(S'true'\ntR.")
    return content.getvalue()


@pytest.mark.parametrize("content", [hostile(), b"MZ\x90\x00 no preset at all", b""])
def test_a_hostile_file_is_refused_in_one_sentence(visit: Visit, tmp_path: Path, content: bytes):
    page = visit.go("presets")
    page.get_by_role("button", name="breath A flute").wait_for()
    n_presets = page.locator(".preset").count()
    path = tmp_path / "gift.preset"
    path.write_bytes(content)
    page.locator("input[type=file]").set_input_files(path)
    refused = page.locator("#said .said-error")
    sentence = refused.last.inner_text()
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert page.locator(".preset").count() == n_presets


def test_a_preset_that_was_exported_comes_back_under_another_name(visit: Visit, tmp_path: Path):
    page = visit.go("presets")
    given = page.request.get(f"{ADDRESS}/api/v1/presets/bow/export").body()
    path = tmp_path / "bow.preset"
    path.write_bytes(given)
    page.get_by_role("button", name="breath A flute").wait_for()
    page.locator("input[type=file]").set_input_files(path)
    visit.said("is among your presets now")
    expect(page.locator(".preset", has_text="your own").first).to_be_visible()


def test_search_and_tags_leave_what_was_meant(visit: Visit):
    page = visit.go("presets")
    page.get_by_role("button", name="plucked", exact=True).click()
    expect(page.locator(".preset[data-name=bow]")).to_have_count(0)
    expect(page.locator(".preset[data-name=pluck]")).to_be_visible()
    page.get_by_role("button", name="plucked", exact=True).click()
    page.get_by_label("Search presets").fill("flute reed")
    expect(page.locator(".preset[data-name=pluck]")).to_have_count(0)
    expect(page.locator(".preset[data-name=breath]")).to_be_visible()


def test_two_presets_are_compared(visit: Visit):
    page = visit.go("presets")
    page.get_by_role("button", name="More about bow", exact=True).click()
    page.get_by_label("Compare with").select_option("pluck")
    expect(page.get_by_role("row", name="tags")).to_contain_text("plucked")


def test_a_setlist_steps_on_while_a_chord_is_held(visit: Visit, studio: Studio):
    page = visit.go("presets")
    name = page.get_by_label("Name of a new setlist")
    name.fill("evening")
    name.press("Enter")
    for preset in ("pluck", "bow"):
        page.get_by_label("Add to evening").select_option(preset)
        visit.said(f"{preset} is added")
    page.get_by_role("button", name="Play evening").click()
    page.locator(".header-preset", has_text="pluck").wait_for()
    page.get_by_role("link", name="Play").first.click()
    page.get_by_text("evening 1 / 2 · next bow").wait_for()
    visit.watch()
    studio.play(STRIKE)
    (held,) = visit.wait_for_voices(1)
    page.get_by_role("button", name="Next preset").click()
    page.get_by_role("heading", name="bow").wait_for()
    assert [voice["touch"] for voice in visit.voices()] == [held["touch"]]
    studio.play(LIFT)
    visit.wait_for_voices(0)
    page.request.delete(f"{ADDRESS}/api/v1/setlist")
    page.request.post(f"{ADDRESS}/api/v1/select", data={"preset": "breath"})
    page.get_by_role("heading", name="breath").wait_for()


def test_what_is_refused_in_a_dialog_is_read_before_it(visit: Visit):
    page = visit.go("presets")
    page.get_by_role("button", name="bow Strings").wait_for()
    page.get_by_role("button", name="More about bow", exact=True).click()
    name = page.get_by_label("Name of the copy")
    assert "a to z" in str(name.get_attribute("title"))
    name.fill("bow")
    page.get_by_role("button", name="Keep a copy").click()
    visit.said("There is a preset bow already")
    visit.wait(IS_ON_TOP)


def test_keys_alone_put_a_song_elsewhere_and_stay_with_it(visit: Visit):
    page = visit.go("presets")
    name = page.get_by_label("Name of a new setlist")
    name.fill("morning")
    name.press("Enter")
    for preset in ("pluck", "bow", "voice"):
        page.get_by_label("Add to morning").select_option(preset)
        visit.said(f"{preset} is added")
    page.get_by_role("button", name="Move down place 1 in morning").press("Enter")
    down = page.get_by_role("button", name="Move down place 2 in morning")
    expect(down).to_be_focused()
    down.press("Enter")
    visit.said("pluck is number 3 now")
    songs = page.request.get(f"{ADDRESS}/api/v1/setlists/morning").json()["entries"]
    assert [song["preset"] for song in songs] == ["bow", "voice", "pluck"]
    page.get_by_role("button", name="Delete morning").click()
    visit.said("embouchure setlist revert morning brings it back")


def test_a_title_that_was_just_written_is_played(visit: Visit):
    page = visit.go("presets")
    name = page.get_by_label("Name of a new setlist")
    name.fill("noon")
    name.press("Enter")
    page.get_by_label("Add to noon").select_option("bow")
    visit.said("bow is added")
    page.get_by_label("Title of place 1 in noon").fill("Lark")
    page.get_by_role("button", name="Play noon").click(delay=100)
    visit.said("1 of 1: Lark")
    page.get_by_role("button", name="Leave the setlist").click()
    page.get_by_role("button", name="Delete noon").click()
    visit.said("noon is deleted")


def test_a_setlist_is_written_one_change_after_the_other(visit: Visit):
    page = visit.go("presets")
    name = page.get_by_label("Name of a new setlist")
    name.fill("dawn")
    name.press("Enter")
    for preset in ("pluck", "bow", "voice"):
        page.get_by_label("Add to dawn").select_option(preset)
        visit.said(f"{preset} is added")
    held = visit.hold("**/setlists/dawn")
    for place in (1, 2):
        page.get_by_role("button", name=f"Move down place {place} in dawn").click()
    page.wait_for_timeout(SETTLED_MS)
    (first,) = held
    first.continue_()
    visit.said("pluck is number 3 now")
    songs = page.request.get(f"{ADDRESS}/api/v1/setlists/dawn").json()["entries"]
    assert [song["preset"] for song in songs] == ["bow", "voice", "pluck"]
    page.get_by_role("button", name="Delete dawn").click()
    visit.said("dawn is deleted")
