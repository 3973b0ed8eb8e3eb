import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from pythonosc.udp_client import SimpleUDPClient

from embouchure.osc.address import LOOPBACK, Address, OscSettings
from embouchure.osc.link import OscLink
from embouchure.osc.listener import Listener
from embouchure.osc.words import Word
from embouchure.service.stage import Stage
from tests.embouchure.osc.test_osc import free_port
from tests.embouchure.studio import wait_for

PATIENCE_S = 20.0


class Engine:
    """In place of the relay: remembers what it is told to play."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def tell(self, command: str, **fields: object) -> None:
        assert command == "hear"
        self.heard.append(str(fields["data"]))


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def client(stage: Stage) -> Iterator[SimpleUDPClient]:
    port = free_port()
    settings = OscSettings(listens_at=Address(port=port))
    with closing(OscLink(settings, stage)), SimpleUDPClient(LOOPBACK, port) as made:
        yield made


def test_a_note_before_the_instrument_can_be_played_lets_later_ones_be_held(
    stage: Stage, client: SimpleUDPClient
) -> None:
    client.send_message("/embouchure/frm", [1])
    client.send_message("/embouchure/note/on", [1, 60.0, 0.5])
    time.sleep(0.5)
    engine = Engine()
    stage.open(engine, "")
    client.send_message("/embouchure/note/on", [2, 64.0, 0.5])
    assert wait_for(lambda: engine.heard, PATIENCE_S)
    assert wait_for(lambda: "" in engine.heard, PATIENCE_S)


def test_a_word_that_fails_holds_up_no_other() -> None:
    is_done = threading.Event()
    words = {
        "divide": Word((), lambda: 1 / 0, takes_long=True),
        "go/on": Word((), is_done.set, takes_long=True),
    }
    port, complaints = free_port(), list[str]()
    with (
        closing(Listener(Address(port=port), words, complaints.append)),
        SimpleUDPClient(LOOPBACK, port) as client,
    ):
        client.send_message("/embouchure/divide", [])
        client.send_message("/embouchure/go/on", [])
        assert is_done.wait(PATIENCE_S)
    assert complaints == ["this went wrong by no fault of yours; the service's log says how."]
