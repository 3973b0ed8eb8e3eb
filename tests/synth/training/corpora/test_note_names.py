"""What the names of samples tell, in the ways that their makers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.training.corpora.note_names import read_name

LETTERS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@pytest.mark.parametrize(
    ("stem", "pitch"),
    [
        ("c4", 60),
        ("A#3", 58),
        ("Bb2", 46),
        ("Fs5", 78),
        ("piano_E1_close", 28),
        ("060", 60),
        ("36", 36),
        ("Viola pizz D#5 rr1", 75),
        ("organ.C-1", 0),
        ("take b3 of B3", 59),
    ],
)
def test_a_pitch_is_read(stem: str, pitch: int):
    assert read_name(stem).pitch == pitch


@pytest.mark.parametrize("stem", ["barn door", "take 3", "year 1999", "Caterpillar", "kick12a", ""])
def test_what_is_no_pitch_is_not_read_as_one(stem: str):
    assert read_name(stem).pitch is None


@pytest.mark.parametrize(
    ("stem", "velocity"),
    [
        ("c4_v90", 90),
        ("c4 vel127", 127),
        ("c4-ff", 112),
        ("pp c4", 29),
        ("clarinet-60-100", 100),
        ("c4", None),
        ("c4_v900", None),
    ],
)
def test_a_velocity_is_read(stem: str, velocity: int | None):
    assert read_name(stem).velocity == velocity


@pytest.mark.parametrize(
    ("stem", "instrument"),
    [("Soft Piano_A#3_v90", "soft-piano"), ("060", ""), ("bass_synthetic_033-022-050", "bass-synthetic-033")],
)  # fmt: skip
def test_the_rest_is_the_instrument(stem: str, instrument: str):
    assert read_name(stem).instrument == instrument


@given(st.integers(0, 127), st.integers(1, 127))
def test_nsynths_names_are_read_whole(pitch: int, velocity: int):
    read = read_name(f"bass_synthetic_033-{pitch:03d}-{velocity:03d}")
    assert (read.pitch, read.velocity) == (pitch, velocity)


@given(st.integers(12, 127))
def test_every_key_is_read_by_its_letter(pitch: int):
    read = read_name(f"my horn {LETTERS[pitch % 12]}{pitch // 12 - 1}")
    assert (read.pitch, read.by_letter, read.instrument) == (pitch, True, "my-horn")


@given(st.text(max_size=40))
def test_any_name_tells_a_note_or_nothing(stem: str):
    read = read_name(stem)
    assert read.pitch is None or 0 <= read.pitch < 128
    assert read.velocity is None or 1 <= read.velocity < 128
    assert not set(read.instrument) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
