"""What may be made of a note."""

import numpy as np
import pytest

from synth.analysis.note import loudness_db
from synth.controls import (
    N_CONTROLS,
    NOISE,
    ORDERS,
    PARTIALS,
    SILENCE_DB,
    STRETCH,
    noise_centres_hz,
    note_to_hz,
)
from synth.training.variety import N_BUMPS, Variety, draw_variety, no_variety, vary

PITCH = np.array([60.0])


@pytest.fixture
def rows():
    random = np.random.default_rng(0)
    rows = np.full((1, 4, N_CONTROLS), SILENCE_DB, np.float32)
    rows[..., :30] = random.uniform(-60, -5, (1, 4, 30))
    rows[..., NOISE] = random.uniform(-70, -40, (1, 4, 65))
    rows[..., STRETCH] = 0
    return rows


def own_loudness(rows: np.ndarray, pitch: float):
    hz = np.tile(note_to_hz(pitch) * ORDERS, (rows.shape[1], 1))
    partials, noise = (10 ** (rows[0][:, part].astype(float) / 10) for part in (PARTIALS, NOISE))
    return loudness_db(partials / 2, noise, hz)


def made(rows: np.ndarray, others: np.ndarray | None = None, **changes: float | list[float]):
    nothing = vars(no_variety(np.array([0])))
    variety = Variety(**{**nothing, **{key: np.array([value]) for key, value in changes.items()}})
    pitch = PITCH + variety.shift_semitones
    return vary(rows.copy(), rows if others is None else others, pitch, variety)


def test_nothing_is_made_of_a_note_but_its_level(rows: np.ndarray):
    same = made(rows)
    change = (same - rows)[rows > -90]
    per_frame = (same - rows)[0, :, 0]
    assert same[0, 1, :20] - rows[0, 1, :20] == pytest.approx(np.full(20, per_frame[1]), abs=1e-3)
    assert np.isfinite(change).all()


def test_whatever_is_made_has_loudness_zero(rows: np.ndarray):
    bumps = [9.0, *np.linspace(-8, 8, N_BUMPS)]
    for sound in (made(rows), made(rows, colour_db=bumps), made(rows, rows[:, ::-1], share=0.4)):
        assert own_loudness(sound, 60) == pytest.approx(0, abs=0.02)


def test_half_a_blend_lies_halfway_in_db(rows: np.ndarray):
    others = rows[:, ::-1]
    blend = made(rows, others, share=0.5)
    straight = (rows + others) / 2
    shift = blend[0, :, 0] - straight[0, :, 0]
    assert blend[0, :, :30] - straight[0, :, :30] == pytest.approx(
        np.tile(shift[:, None], 30), abs=1e-3
    )


def test_a_tilt_makes_high_partials_louder(rows: np.ndarray):
    change = made(rows, colour_db=[10.0] + [0.0] * N_BUMPS) - made(rows)
    assert (np.diff(change[0, 0, :30]) > 0).all()


def test_silence_stays_silent(rows: np.ndarray):
    assert (made(rows, colour_db=[30.0] * (1 + N_BUMPS))[..., 40:100] <= SILENCE_DB + 10).all()


def test_a_shift_moves_noise_as_far_as_the_pitch(rows: np.ndarray):
    rows[..., NOISE] = -90
    rows[..., NOISE.start + 40] = -20
    moved = made(rows, shift_semitones=5.0)
    peak = moved[0, 0, NOISE].argmax()
    ratio = noise_centres_hz()[peak] / noise_centres_hz()[40]
    assert 12 * np.log2(ratio) == pytest.approx(5, abs=1.2)


def test_what_would_sound_too_high_is_silenced(rows: np.ndarray):
    moved = vary(rows.copy(), rows, np.array([100.0]), no_variety(np.array([0])))
    assert (moved[0, :, 10:30] == SILENCE_DB).all()


def test_some_crops_are_left_as_they_are():
    variety = draw_variety(np.random.default_rng(0), np.arange(1000))
    assert 0.4 < len(variety.varied) / 1000 < 0.8
