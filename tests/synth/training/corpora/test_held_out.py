"""What is held out of a corpus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.training.corpora.held_out import plan, split_of, unseen
from synth.training.instruments import FAMILIES, INSTRUMENTS, SOURCES, UNSEEN_PROGRAMS


def test_every_instrument_has_nsynths_families_and_sources():
    assert {i.family for i in INSTRUMENTS} <= set(FAMILIES)
    assert {i.source for i in INSTRUMENTS} <= set(SOURCES)


def test_instruments_have_a_number_a_name_and_keys_of_their_own():
    assert (
        len({i.program for i in INSTRUMENTS})
        == len({i.name for i in INSTRUMENTS})
        == len(INSTRUMENTS)
    )
    for instrument in INSTRUMENTS:
        keys = [note + instrument.transpose_semitones for note in (instrument.low, instrument.high)]
        assert 0 <= keys[0] < keys[1] <= 127


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda one: one.name)
def test_notes_held_out_lie_off_the_grid_of_pitches_and_velocities(instrument):  # noqa: ANN001
    planned = plan(instrument.low, instrument.high)
    learned, held_out = planned["train"], planned["valid"]
    assert len(set(held_out)) >= 8
    assert not {pitch for pitch, _ in learned} & {pitch for pitch, _ in held_out}
    assert not {velocity for _, velocity in learned} & {velocity for _, velocity in held_out}
    assert all(instrument.low < pitch < instrument.high for pitch, _ in held_out)
    third = (instrument.high - instrument.low) / 3
    assert {int((pitch - instrument.low) / third) for pitch, _ in held_out} == {0, 1, 2}


def test_a_thousand_notes_and_twelve_programs_measure_the_fluid_soundfont():
    plans = [plan(i.low, i.high, unseen=i.program in UNSEEN_PROGRAMS) for i in INSTRUMENTS]
    held_out = sum(len(p[split]) for p in plans for split in ("valid", "test") if split in p)
    assert held_out >= 1000
    assert sum("test" in p for p in plans) >= 12


def test_an_unseen_instrument_teaches_nothing():
    assert set(plan(48, 72, unseen=True)) == {"test"}


def test_instruments_never_learned_are_of_every_large_family():
    families = ["brass"] * 20 + ["reed"] * 12 + ["string"] * 30 + ["flute"] * 3
    names = [f"{family}-{i}" for i, family in enumerate(families)]
    held_out = unseen(families, names)
    assert len(held_out) >= 12
    assert {families[i] for i in held_out} == {"brass", "reed", "string"}


@given(st.lists(st.sampled_from(FAMILIES), max_size=80))
def test_most_instruments_are_learned(families: list[str]):
    names = [str(i) for i in range(len(families))]
    held_out = unseen(families, names)
    assert len(held_out) <= len(families) / 2
    for family in set(families) - {f for f in families if families.count(f) < 4}:
        assert any(f == family and i not in held_out for i, f in enumerate(families))


@given(st.sets(st.integers(21, 108), max_size=60))
def test_recorded_pitches_at_the_edges_are_learned(pitches: set[int]):
    splits = {pitch: split_of(pitch, sorted(pitches)) for pitch in pitches}
    assert {splits[pitch] for pitch in (sorted(pitches)[:1] + sorted(pitches)[-1:])} <= {"train"}
    share = list(splits.values()).count("valid") / max(len(pitches), 1)
    assert (share > 0) == (len(pitches) >= 8)
    assert share <= 0.25
