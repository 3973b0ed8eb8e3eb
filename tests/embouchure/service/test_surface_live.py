"""Surfaces against the real service and the real engine: what is heard, and when an engine dies."""

import json
import os
import re
import signal
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from websockets.sync.client import ClientConnection

from embouchure.own_inputs import PORTS, SURFACES
from embouchure.service.touch_frames import TouchFrame, pack
from mapper.performance import read
from mapper.surface import Finger, Phase
from tests.embouchure.service.hostile_surface import opened
from tests.embouchure.studio import PATIENT, Instrument, Server, Studio, ended, wait_for

pytestmark = pytest.mark.jack

RATE_HZ = 48_000
NOTES = (48, 55, 62, 69, 76)
GLIDES = (-1.67, -1.01, 2.99, 1.5, 1.62)
"""Where each finger goes, in semitones: almost one from wherever another has a partial."""


@pytest.fixture(scope="module")
def patient_server() -> Iterator[str]:
    made = Server("embouchure-play", *PATIENT)
    yield made.name
    made.stop()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start one that does not wait for programs that were killed."""
    made = Server("embouchure-fault")
    yield made.name
    made.stop()


@contextmanager
def playing(server: str, folder: Path, *options: str) -> Iterator[tuple[Instrument, Studio]]:
    studio = Studio.open(server)
    page = ("--page", "--port", "0", "--no-demo")
    instrument = Instrument(server, folder, "--host-api", "JACK", *page, *options)
    with ended(instrument):
        studio.connect()
        yield instrument, studio
    studio.close()


def address(instrument: Instrument) -> str:
    assert instrument.says("The page is at")
    found = re.search(r"http://(\S+)\.", " ".join(instrument.said))
    assert found
    return f"ws://{found[1]}/api/v1"


def hold(surface: ClientConnection, seconds: float, glides: tuple[float, ...] = (0.0,) * 5) -> None:
    """Keep five fingers where they are."""
    fingers = tuple(
        Finger(k, Phase.MOVES, float(note), glide, 0.5, 0.5, 0.7)
        for k, (note, glide) in enumerate(zip(NOTES, glides, strict=True))
    )
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        surface.send(pack(TouchFrame(0, 0, fingers)))
        surface.recv()
        time.sleep(0.02)


def level_db(sound: NDArray[np.float32], note: float) -> float:
    """How strong a note's first partial is."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    hz = 440.0 * 2 ** ((note - 69) / 12)
    at = round(hz * len(sound) / RATE_HZ)
    return float(20 * np.log10(spectrum[at - 2 : at + 3].max() + 1e-9))


def test_five_fingers_are_heard_with_five_glides(patient_server: str, tmp_path: Path) -> None:
    with playing(patient_server, tmp_path, "--preset", "bow") as (instrument, studio):
        with opened(f"{address(instrument)}/touch") as surface:
            hold(surface, 1.5)
            before = np.concatenate(studio.heard)[-RATE_HZ:]
            hold(surface, 2.0, GLIDES)
            after = np.concatenate(studio.heard)[-RATE_HZ:]
        assert studio.falls_silent()
        strikes = [one for one in instrument.played() if one[0] & 0xF0 == 0x90]
    for note, glide in zip(NOTES, GLIDES, strict=True):
        assert level_db(before, note) > level_db(before, note + glide) + 15
        assert level_db(after, note + glide) > level_db(after, note) + 15
    assert sorted(one[1] for one in strikes) == list(NOTES)


def voices(page: ClientConnection) -> int:
    """How many voices the next frame shows."""
    frame = page.recv(timeout=5.0)
    page.send(b"\0")
    assert isinstance(frame, bytes)
    return struct.unpack_from("<BB", frame)[1]


def inputs(ws: str) -> list[dict[str, object]]:
    with opened(f"{ws}/state") as client:
        return list(json.loads(client.recv(timeout=5.0))["inputs"])


def test_after_an_engine_died_the_view_and_the_surfaces_go_on(server: str, tmp_path: Path) -> None:
    with playing(server, tmp_path) as (instrument, _):
        ws = address(instrument)
        with opened(f"{ws}/touch") as surface, opened(f"{ws}/view") as page:
            hold(surface, 0.5)
            assert wait_for(lambda: voices(page) == 5, 5.0)
            assert [one["name"] for one in inputs(ws)][-1] == SURFACES[0]
            os.kill(instrument.engine_pid, signal.SIGKILL)
            assert wait_for(lambda: voices(page) == 0, 2.0)
            assert instrument.says("started again")
            assert wait_for(lambda: _plays(surface, page), 20.0)
        with opened(f"{ws}/view") as page:
            assert wait_for(lambda: voices(page) == 0, 10.0)
        instrument.end(signal.SIGINT)
        (take,) = instrument.takes.glob("*.mid")
    assert {played.port for played in read(take)} == {PORTS[SURFACES[0]]}


def _plays(surface: ClientConnection, page: ClientConnection) -> bool:
    """Lift every finger and play again."""
    surface.send(pack(TouchFrame(0, 0, ())))
    surface.recv()
    hold(surface, 0.3)
    return any(voices(page) >= 5 for _ in range(20))
