"""The page while the instrument is played: what it commands is heard, and a flood harms nothing."""

from collections.abc import Iterator

import pytest

from tests.embouchure.service.served import NAME, Served, flooded, playing
from tests.embouchure.studio import LIFT, PATIENT, STRIKE, Server, Studio

pytestmark = pytest.mark.jack

SONGS = [{"preset": "breath"}, {"preset": "mallet", "title": "Second", "transpose_semitones": 12}]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, Served]]:
    server = Server(NAME, *PATIENT)
    with playing(server.name, tmp_path_factory.mktemp("played")) as (studio, start):
        yield studio, start()
    server.stop()


def test_a_preset_selected_on_the_page_is_heard_and_told(played: tuple[Studio, Served]):
    studio, served = played
    served.ask("POST", "/select", {"preset": "bow"})
    assert served.becomes(lambda state: state["preset"] == "bow")
    studio.play(STRIKE)
    assert studio.peak > 0.01
    studio.play(LIFT)


def test_panic_silences_a_held_note(played: tuple[Studio, Served]):
    studio, served = played
    studio.play(STRIKE)
    assert studio.loudest(0.2) > 0.01
    served.ask("POST", "/panic")
    assert studio.falls_silent(2.0)


def test_a_macro_turned_on_the_page_and_by_hand_is_told_alike(played: tuple[Studio, Served]):
    studio, served = played
    served.ask("PUT", "/macros/2", {"value": 0.25})
    assert served.becomes(lambda state: state["macros"][1] == 0.25)
    studio.play(b"\xb0\x11\x7f")
    assert served.becomes(lambda state: state["macros"][1] == 1.0)


def test_a_step_while_a_note_is_held_lets_it_sound_on(played: tuple[Studio, Served]):
    studio, served = played
    served.ask("POST", "/select", {"preset": "breath"})
    served.ask("POST", "/setlists", {"name": "friday"})
    served.ask("PUT", "/setlists/friday", {"entries": SONGS})
    served.ask("POST", "/setlists/friday/play")
    assert served.becomes(lambda state: state["setlist"] and state["setlist"]["place"] == 1)
    studio.play(STRIKE, b"\xd1\x60", pause_s=0.5)
    served.ask("POST", "/step", {"step": 1})
    assert served.becomes(lambda state: state["setlist"]["place"] == 2)
    assert served.ask("GET", "/state")["preset"] == "mallet"
    assert studio.loudest(0.3) > 0.01
    studio.play(LIFT)


def test_what_was_just_played_is_captured(played: tuple[Studio, Served]):
    studio, served = played
    studio.play(STRIKE, LIFT)
    name = served.ask("POST", "/capture")["name"]
    assert name in [take["name"] for take in served.ask("GET", "/takes")]


def test_a_flood_of_requests_neither_stops_the_sound_nor_loses_a_note(
    played: tuple[Studio, Served],
):
    studio, served = played
    served.ask("DELETE", "/setlist")
    served.ask("POST", "/select", {"preset": "breath"})
    with flooded(served.address):
        for _ in range(20):
            studio.play(STRIKE, b"\xd1\x60", LIFT, pause_s=0.05)
        assert studio.loudest(0.3) > 0.01
    journal = next(served.takes.glob("*.unfinished")).read_text()
    assert journal.count(STRIKE.hex()) >= 20
