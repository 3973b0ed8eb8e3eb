"""Sharing: off by default, one visit for each code, and nothing on the network without a pass."""

import socket
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from embouchure.service import sharing as sharing_module
from embouchure.service.app import make_app, shared
from embouchure.service.door import COOKIE
from embouchure.service.sharing import MAX_TABLETS, TOKEN_S, Sharing
from embouchure.service.stage import Stage

HOST, PORT = "192.168.1.5", 4881
ADDRESS = f"http://{HOST}:{PORT}"


@pytest.fixture
def sharing() -> Iterator[Sharing]:
    made = Sharing(lambda listening, _: listening.close)
    made.begin("127.0.0.1")
    yield made
    made.end()


def code(sharing: Sharing) -> str:
    """The code that is shown now."""
    return str(sharing.describe()["address"]).partition("token=")[2]


def tablet(sharing: Sharing) -> TestClient:
    app = shared(make_app(Stage()), sharing, HOST, PORT)
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)


def joined(sharing: Sharing) -> TestClient:
    made = tablet(sharing)
    assert made.get("/join", params={"token": code(sharing)}).status_code == 303
    return made


def test_it_is_off_until_it_is_asked_for():
    assert Sharing(lambda listening, _: listening.close).describe() == {
        "on": False,
        "address": None,
        "tablets": 0,
        "qr_svg": None,
    }


def test_a_code_is_good_for_one_tablet(sharing: Sharing):
    first = code(sharing)
    assert sharing.redeem(first)
    assert sharing.redeem(first) is None
    assert code(sharing) != first
    assert sharing.describe()["tablets"] == 1


def test_a_code_grows_old(sharing: Sharing, monkeypatch: pytest.MonkeyPatch):
    old = code(sharing)
    later_s = sharing_module.time.monotonic() + TOKEN_S + 1
    monkeypatch.setattr(sharing_module.time, "monotonic", lambda: later_s)
    assert sharing.redeem(old) is None


@pytest.mark.parametrize("token", ["", "wrong", "é" * 20, "x" * 10_000])
def test_a_wrong_code_is_good_for_nothing_and_spoils_none(sharing: Sharing, token: str):
    right = code(sharing)
    assert sharing.redeem(token) is None
    assert sharing.redeem(right)


def test_ending_parts_with_every_tablet(sharing: Sharing):
    one = sharing.redeem(code(sharing))
    assert one
    assert sharing.admits(one)
    sharing.end()
    assert not sharing.admits(one)


def test_no_more_tablets_join_than_there_is_room_for(sharing: Sharing):
    passes = [sharing.redeem(code(sharing)) for _ in range(MAX_TABLETS + 1)]
    admitted = [one for one in passes if one and sharing.admits(one)]
    assert admitted == passes[1:]


def test_the_code_is_drawn_for_a_camera(sharing: Sharing):
    drawn = ElementTree.fromstring(str(sharing.describe()["qr_svg"]))
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"  # without it no browser shows it
    assert drawn.get("viewBox")


@pytest.mark.parametrize("path", ["/", "/api/v1/state", "/api/v1/openapi.json", "/join"])
def test_who_has_no_pass_is_shown_nothing(sharing: Sharing, path: str):
    answer = tablet(sharing).get(path)
    assert answer.status_code == 403
    assert answer.json()["detail"].endswith(".")


@pytest.mark.parametrize("path", ["/", "/join"])
def test_a_browser_without_a_pass_is_told_on_a_page(sharing: Sharing, path: str):
    answer = tablet(sharing).get(path, headers={"accept": "text/html,*/*"})
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "on the player's own computer" in answer.text


def test_who_has_a_made_up_pass_is_shown_nothing(sharing: Sharing):
    answer = tablet(sharing).get("/api/v1/state", headers={"cookie": f"{COOKIE}=made-up"})
    assert answer.status_code == 403


def test_a_tablet_that_joined_plays(sharing: Sharing):
    one = joined(sharing)
    assert one.get("/api/v1/state").json()["v"] == 1
    with one.websocket_connect(f"ws://{HOST}:{PORT}/api/v1/state") as state:
        assert state.receive_json()["v"] == 1


def test_no_socket_opens_without_a_pass(sharing: Sharing):
    one = tablet(sharing)
    with (
        pytest.raises(WebSocketDisconnect),
        one.websocket_connect(f"ws://{HOST}:{PORT}/api/v1/state"),
    ):
        pass


def test_a_pass_is_hidden_from_scripts_and_other_sites(sharing: Sharing):
    answer = tablet(sharing).get("/join", params={"token": code(sharing)})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.headers["location"] == "/#surface"


@pytest.mark.parametrize("path", ["/api/v1/share", "/api/v1/settings"])
def test_a_tablet_changes_neither_who_joins_nor_the_settings(sharing: Sharing, path: str):
    assert joined(sharing).get(path).status_code == 403


def test_a_pass_does_not_help_another_sites_page(sharing: Sharing):
    one = joined(sharing)
    assert one.post("/api/v1/panic", headers={"origin": "http://evil.example"}).status_code == 403
    assert one.get("/api/v1/state", headers={"host": "evil.example"}).status_code == 403


def test_a_computer_on_no_network_is_told_so(monkeypatch: pytest.MonkeyPatch):
    def unreachable(*_: object) -> None:
        raise OSError("network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    with pytest.raises(ValueError, match="on no network"):
        Sharing(lambda listening, _: listening.close).begin()
