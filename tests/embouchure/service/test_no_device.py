"""Without a sound device the page is there, says so, and is told as soon as it sounds."""

import signal
from pathlib import Path

import pytest

from tests.embouchure.service.served import NAME, START_S, Served
from tests.embouchure.studio import PATIENT, Server, ended

pytestmark = pytest.mark.jack


@pytest.mark.parametrize("options", [(), ("--device", "scarlett")], ids=["any", "a missing one"])
def test_it_serves_without_a_device_and_sounds_as_soon_as_there_is_one(
    tmp_path: Path, options: tuple[str, ...]
):
    served = Served(NAME, tmp_path, *options)
    with ended(served):
        assert served.becomes(lambda state: state["phase"]["name"] == "no_device")
        assert "no sound output" in served.ask("GET", "/state")["phase"]["text"]
        assert served.ask("GET", "/presets")
        device = Server(NAME, *PATIENT)
        try:
            assert served.becomes(lambda state: state["phase"]["name"] == "playing", START_S)
        finally:
            served.end(signal.SIGTERM)
            device.stop()
