"""A setlist in the whole program against a JACK server: a pedal steps through it."""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from presets import setlists
from presets.setlist import Setlist, make_entry
from tests.embouchure.studio import LIFT, PATIENT, STRIKE, Instrument, Server, Studio, ended

pytestmark = pytest.mark.jack

STEP = (b"\xb0\x43\x7f", b"\xb0\x43\x00")


@pytest.fixture
def server() -> Iterator[str]:
    made = Server("embouchure-setlist", *PATIENT)
    yield made.name
    made.stop()


def test_a_pedal_steps_and_the_journal_holds_both_presets(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    instrument_data = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(instrument_data))
    monkeypatch.setattr(setlists, "folder", lambda: instrument_data / "embouchure" / "setlists")
    entries = (make_entry(preset="breath"), make_entry(preset="pluck", transpose_semitones=12))
    setlists.save_setlist(Setlist(name="friday", entries=entries))
    studio = Studio.open(server)
    with ExitStack() as stack:
        stack.callback(studio.close)
        options = ("--host-api", "JACK", "--no-demo", "--setlist", "friday")
        instrument = Instrument(server, tmp_path, *options)
        stack.enter_context(ended(instrument))
        studio.connect()
        studio.play(STRIKE, *STEP, LIFT, STRIKE, LIFT)
        assert studio.peak > 0.01
        instrument.end(signal.SIGINT)
        (journal,) = instrument.takes.glob("*.journal")
    lines = journal.read_text().splitlines()
    chosen = [json.loads(line[5:]) for line in lines if line.startswith("call ")]
    assert [one["preset"] for one in chosen if one["call"] == "select"][-2:] == ["breath", "pluck"]
    assert [one["semitones"] for one in chosen if one["call"] == "transpose"][-1] == 12
