from importlib.resources import files
from itertools import pairwise

import mido
import pytest

from embouchure.compose import performance, performance_bytes


@pytest.fixture(scope="module")
def composed() -> mido.MidiFile:
    return performance()


def test_the_shipped_file_is_what_the_composition_gives() -> None:
    assert files("embouchure").joinpath("performance.mid").read_bytes() == performance_bytes()


def test_it_lasts_about_half_a_minute(composed: mido.MidiFile) -> None:
    assert 25 < composed.length < 32


def test_it_declares_its_zone_before_the_first_note(composed: mido.MidiFile) -> None:
    opening = [m for m in composed.tracks[0] if m.type == "control_change"][:3]
    assert [(m.channel, m.control, m.value) for m in opening] == [
        (0, 101, 0),
        (0, 100, 6),
        (0, 6, 15),
    ]


def test_every_note_that_is_struck_is_lifted(composed: mido.MidiFile) -> None:
    held = set()
    for message in composed.tracks[0]:
        if message.type == "note_on":
            held.add((message.channel, message.note))
        elif message.type == "note_off":
            held.remove((message.channel, message.note))
    assert not held


def test_a_channel_carries_one_note_at_a_time(composed: mido.MidiFile) -> None:
    for channel in range(1, 16):
        kinds = [
            m.type
            for m in composed.tracks[0]
            if m.type in ("note_on", "note_off") and m.channel == channel
        ]
        assert all(here != there for here, there in pairwise(kinds))


@pytest.mark.parametrize("kind", ["pitchwheel", "aftertouch", "control_change"])
def test_each_continuous_dimension_moves(composed: mido.MidiFile, kind: str) -> None:
    assert sum(message.type == kind for message in composed.tracks[0]) > 500
