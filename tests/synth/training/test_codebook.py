"""What the codebook holds."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.analysis.frames import frame_times_s
from synth.analysis.note import Analysis
from synth.controls import N_CONTROLS
from synth.training.codebook import AGES_S, choose, release_s, sound_name
from synth.training.corpus import Note


def note(pitch: int, velocity: int, name: str = "flute"):
    return Note(
        path=Path(f"{name}-{pitch}-{velocity}.wav"), split="train", instrument=name, name=name,
        family="flute", pitch=pitch, velocity=velocity,
    )  # fmt: skip


def fading(drop_db_per_s: float, held_db: float = -20.0):
    times_s = frame_times_s(1025)
    loudness = held_db - drop_db_per_s * np.clip(times_s - 3.0, 0, None)
    n_frames = len(times_s)
    return Analysis(
        controls=np.zeros((n_frames, N_CONTROLS), np.float32),
        loudness_db=loudness.astype(np.float32),
        note=np.full(n_frames, 60, np.float32),
    )


@given(st.integers(0, 127), st.sampled_from([25, 50, 75, 100, 127]))
def test_nsynths_velocities_have_names_of_their_own(pitch: int, velocity: int):
    others = [sound_name("a", pitch, v) for v in (25, 50, 75, 100, 127) if v != velocity]
    assert sound_name("a", pitch, velocity) not in others


def test_an_instrument_is_named_at_three_pitches_and_every_velocity():
    chosen = choose([note(p, v) for p in range(48, 84, 4) for v in (35, 65, 95, 125)])
    assert {n.pitch for n in chosen} == {52, 64, 76}
    assert len(chosen) == 12


def test_a_pitch_that_lacks_a_velocity_is_passed_over():
    notes = [note(p, v) for p in (48, 52, 56) for v in (35, 95) if (p, v) != (52, 95)]
    assert {n.pitch for n in choose(notes)} == {48, 56}


def test_notes_of_which_no_two_are_alike_are_named_all_the_same():
    chosen = choose([note(p, v) for p, v in zip(range(50, 62), range(40, 112, 6), strict=True)])
    assert {n.pitch for n in chosen} == {52, 56, 60}


def test_ages_rise_from_the_strike_to_the_end_of_the_held_part():
    assert (AGES_S[0], AGES_S[-1]) == (0.0, 3.0)
    assert (np.diff(AGES_S) > 0).all()


@pytest.mark.parametrize("drop_db_per_s", [30.0, 120.0, 600.0])
def test_the_release_is_the_time_to_fall_by_60_db(drop_db_per_s: float):
    assert release_s(fading(drop_db_per_s)) == pytest.approx(60 / drop_db_per_s, rel=0.1)


def test_a_note_that_had_died_away_gets_a_short_release():
    assert release_s(fading(0.0, held_db=-90.0)) == pytest.approx(0.1)


def test_a_note_that_does_not_fall_gets_the_longest_release():
    assert release_s(fading(0.0)) == pytest.approx(20.0)


def test_the_codebook_is_in_order_whatever_the_notes_are():
    notes = [note(p, v, name) for name in ("flute", "bass") for p in (60, 48) for v in (95, 35)]
    chosen = choose(notes)
    assert chosen == choose(notes[::-1])
    assert [n.pitch for n in chosen[:2]] == [48, 48]
    assert [n.velocity for n in chosen[:2]] == [35, 95]
