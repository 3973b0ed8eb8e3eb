"""What can be measured of a note, and read from its codes."""

import numpy as np
import pytest

from synth.analysis.frames import frame_times_s, n_frames_within
from synth.analysis.note import Analysis
from synth.controls import N_CONTROLS, NOISE, PARTIALS, SILENCE_DB, STRETCH
from synth.training.evaluation.probes import qualities

N_FRAMES = n_frames_within(3 * 48_000)
TIMES_S = frame_times_s(N_FRAMES)


def note(
    level_db: np.ndarray, partials_db: dict[int, float], noise_db: float = SILENCE_DB
) -> Analysis:
    rows = np.full((N_FRAMES, N_CONTROLS), SILENCE_DB, np.float32)
    rows[:, STRETCH] = 0.0
    rows[:, NOISE] = noise_db
    for index, db in partials_db.items():
        rows[:, PARTIALS.start + index] = db
    return Analysis(
        controls=rows,
        loudness_db=level_db.astype(np.float32),
        note=np.full(N_FRAMES, 69.0, np.float32),
    )


STEADY = np.full(N_FRAMES, -20.0)


def test_brightness_is_the_octave_of_the_centroid():
    assert qualities(note(STEADY, {0: 0.0}))[0] == pytest.approx(np.log2(440), abs=0.01)
    assert qualities(note(STEADY, {0: 0.0, 2: 0.0}))[0] == pytest.approx(np.log2(880), abs=0.01)


def test_noise_is_its_share_of_the_whole():
    quiet = qualities(note(STEADY, {0: 0.0}, noise_db=-50.0))[1]
    louder = qualities(note(STEADY, {0: 0.0}, noise_db=-40.0))[1]
    assert louder - quiet == pytest.approx(10.0, abs=0.2)


@pytest.mark.parametrize("attack_s", [0.008, 0.032, 0.128])
def test_attack_is_the_octave_of_the_time_to_speak(attack_s: float):
    rising = -20.0 + np.minimum(0.0, 3.0 * np.log2(np.maximum(TIMES_S, 1e-4) / (2 * attack_s)))
    assert qualities(note(rising, {0: 0.0}))[2] == pytest.approx(np.log2(1000 * attack_s), abs=0.7)


def test_decay_is_how_far_the_level_has_fallen():
    falling = -20.0 - 10.0 * TIMES_S
    assert qualities(note(falling, {0: 0.0}))[3] == pytest.approx(-25.0, abs=0.3)
    assert qualities(note(STEADY, {0: 0.0}))[3] == pytest.approx(0.0, abs=0.01)
