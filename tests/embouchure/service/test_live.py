"""Playing over HTTP: each request becomes the engine's command, or one sentence."""

from typing import Any

import pytest

from embouchure.engine_link import Report
from embouchure.service.stage import Stage
from embouchure.settings import load_settings
from tests.embouchure.service.house import House


@pytest.mark.parametrize(
    ("method", "path", "body", "command"),
    [
        ("POST", "/panic", None, ("silence", {})),
        ("POST", "/select", {"preset": "bow"}, ("select", {"preset": "bow", "zone": -1})),
        (
            "POST",
            "/select",
            {"preset": "bow", "zone": 15},
            ("select", {"preset": "bow", "zone": 15}),
        ),
        ("POST", "/step", {"step": -1}, ("step", {"step": -1})),
        ("PUT", "/macros/4", {"value": 0.5}, ("macro", {"number": 3, "value": 0.5})),
        ("PUT", "/cached", {"on": True}, ("cached", {"on": True})),
        ("PUT", "/hand", {"name": None, "port": 2}, ("hand", {"port": 2, "hand": None})),
        ("DELETE", "/setlist", None, ("setlist", {"name": None})),
    ],
)
def test_a_request_becomes_a_command(
    house: House, method: str, path: str, body: object, command: tuple[str, dict[str, Any]]
):
    house.ask(method, path, json=body)
    assert house.told == command


def test_a_manner_reaches_the_engine_whole(house: House):
    house.ask("PUT", "/manner", json={"manner": {"mono": True}, "zone": 0})
    assert house.told[1]["manner"] == {"strike_share": 1.0, "mono": True, "relative_slide": False}


def test_a_tuning_tells_every_key(house: House):
    answer = house.ask("PUT", "/tuning", json={"a4_hz": 442.0})
    assert house.told == ("tune", answer)
    assert answer["notes"][69] == pytest.approx(69.0784, abs=1e-3)


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", "/select", {"preset": "kazoo"}, "There is no preset 'kazoo'"),
        ("POST", "/select", {"preset": "../../etc/passwd"}, "There is no preset"),
        ("POST", "/select", {"preset": "/etc/hosts"}, "There is no preset"),
        ("POST", "/select", {"preset": "bow", "volume": 3}, "volume is not allowed"),
        ("PUT", "/macros/5", {"value": 0.5}, "number is not allowed"),
        ("PUT", "/macros/1", {"value": 1.5}, "value is not allowed"),
        ("POST", "/step", {"step": 2}, "step is not allowed"),
        ("PUT", "/hand", {"name": "../hand"}, "There is no hand '../hand'; measure one with"),
        ("PUT", "/tuning", {"scale": "nonsense"}, "the scale ends"),
        ("POST", "/setlists/friday/play", None, "There is no setlist 'friday'"),
        ("POST", "/capture", None, "Nothing was played yet"),
        ("GET", "/nothing", None, "There is nothing here"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    house: House, method: str, path: str, body: object, words: str
):
    assert words.lower() in house.refuses(method, path, json=body).lower()


def test_a_chosen_device_is_used_at_once_and_at_the_next_start(house: House):
    house.ask("PUT", "/device", json={"device": "Scarlett", "channels": [3, 4]})
    chosen = {"device": "Scarlett", "host_api": None, "channels": (3, 4)}
    assert house.engine.changes == [chosen]
    assert (load_settings().device, load_settings().channels) == ("Scarlett", (3, 4))


def test_chosen_inputs_are_heard_at_once_and_at_the_next_start(house: House):
    house.ask("PUT", "/inputs", json={"names": ["LinnStrument"]})
    assert house.engine.changes == [{"midi": ("LinnStrument",)}]
    assert load_settings().midi == ("LinnStrument",)
    house.ask("PUT", "/inputs", json={"names": []})
    assert load_settings().midi == ()


@pytest.mark.parametrize(("path", "body"), [("/select", {"preset": "bow"}), ("/step", {"step": 1})])
def test_without_a_sound_device_nothing_is_chosen_in_vain(house: House, path: str, body: object):
    house.stage.enter("no_device", "There is none.")
    assert "there is no sound device" in house.refuses("POST", path, json=body).lower()
    assert house.engine.told == []


class Clumsy:
    """A guest that fails at its first report."""

    def hear(self, report: Report) -> None:
        raise KeyError(report["report"])

    def turn(self) -> None:
        """Never come to this."""


def test_a_guest_that_fails_is_left_out_and_the_session_goes_on(house: House):
    clumsy = Clumsy()
    house.stage.attach(clumsy)
    for _ in range(2):
        for guest in house.stage.guests:
            with house.stage.bearing(guest):
                guest.hear({"report": "status"})
    assert clumsy not in house.stage.guests
    assert [one["kind"] for one in house.stage.state()["notices"]] == ["fault"]


def test_a_body_that_is_no_json_is_refused(house: House):
    assert "not allowed" in house.refuses("POST", "/select", content=b"{nonsense")


def test_nothing_can_be_commanded_before_the_instrument_has_started(house: House):
    house.stage._relay = None
    assert "still starting" in house.refuses("POST", "/panic")


def test_the_state_is_json_with_a_version(house: House):
    assert house.ask("GET", "/state")["v"] == 1


def test_a_socket_gets_everything_and_then_what_is_new(house: House):
    with house.socket("/state") as socket:
        first = socket.receive_json()
        assert first["preset"] is None
        house.stage.set(preset="bow")
        patches = [socket.receive_json()["patch"]]
        while "preset" not in patches[-1]:
            patches.append(socket.receive_json()["patch"])
    assert patches[-1]["preset"] == "bow"
    assert "status" not in patches[-1]


def test_clients_are_counted_while_they_are_there(house: House):
    with house.socket("/state") as one:
        one.receive_json()
        assert house.stage.state()["clients"] == 1
    assert house.stage.state()["clients"] == 0


def test_only_the_newest_notices_are_kept():
    stage = Stage()
    for count in range(100):
        stage.notice(f"Notice {count}.")
    notices = stage.state()["notices"]
    assert [one["id"] for one in notices] == list(range(71, 101))
