"""The guard: other sites' pages and other names for this computer reach nothing, and nothing too large."""

from collections.abc import Iterator

import pytest
from starlette.websockets import WebSocketDisconnect

from embouchure.service.guard import MAX_BODY_BYTES, MAX_FILE_BYTES
from tests.embouchure.service.house import ADDRESS, House

FOREIGN = (
    "http://evil.example",
    "http://127.0.0.1:4881",
    "https://127.0.0.1:4880",
    "http://127.0.0.1:4880.evil.example",
    "null",
    "",
)
WRONG_HOSTS = ("evil.example", "evil.example:4880", "127.0.0.1", "127.0.0.1:80", "192.168.1.5:4880")


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_sites_page_commands_nothing(house: House, origin: str):
    sentence = house.refuses("POST", "/panic", headers={"origin": origin})
    assert "pages of other sites are not served" in sentence.lower()
    assert house.engine.told == []


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_sites_page_opens_no_socket(house: House, origin: str):
    with pytest.raises(WebSocketDisconnect), house.socket("/state", origin=origin):
        pass


@pytest.mark.parametrize("host", WRONG_HOSTS)
def test_another_name_for_this_computer_finds_nothing(house: House, host: str):
    sentence = house.refuses("GET", "/state", headers={"host": host})
    assert "is not called so" in sentence
    with pytest.raises(WebSocketDisconnect), house.socket("/state", host=host):
        pass


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_the_services_own_page_is_served_under_each_of_its_names(house: House, name: str):
    headers = {"host": f"{name}:4880", "origin": f"http://{name}:4880"}
    house.ask("POST", "/panic", headers=headers)
    with house.socket("/state", **headers) as socket:
        assert socket.receive_json()["v"] == 1


def test_every_answer_forbids_scripts_from_elsewhere(house: House):
    for path in ("/", "/api/v1/state", "/nothing"):
        headers = house.client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_a_body_that_says_it_is_too_large_is_not_read(house: House):
    answer = house.client.post("/api/v1/select", content=b" " * (MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert answer.json()["detail"].startswith("What was sent is too large")


def test_a_body_that_does_not_say_how_large_it_is_is_cut(house: House):
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(200):
            sent += 2**20
            yield bytes(2**20)

    answer = house.client.post("/api/v1/presets/import", content=pieces())
    assert answer.status_code == 413


def test_a_preset_may_be_larger_than_other_bodies(house: House):
    answer = house.client.post("/api/v1/presets/import", content=bytes(MAX_BODY_BYTES + 1))
    assert answer.status_code == 400
    assert MAX_FILE_BYTES == 32 * 2**20


@pytest.mark.parametrize("length", ["-1", "abc", "1" * 40])
def test_a_nonsensical_length_is_refused(house: House, length: str):
    headers = {"content-length": length, "host": ADDRESS.removeprefix("http://")}
    answer = house.client.post("/api/v1/panic", headers=headers)
    assert answer.status_code == 413
