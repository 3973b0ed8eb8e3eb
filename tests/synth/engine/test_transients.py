"""The bursts at the start of a strike."""

import numpy as np
import pytest

from synth.controls import N_CONTROLS, N_TRANSIENT_BANDS, TRANSIENT, TRANSIENT_CENTRES_HZ
from synth.engine import transients
from synth.engine.layout import VOICE
from tests.synth.toy import RATE_HZ

ATOMS = transients.make_atoms(RATE_HZ)
BANDS = range(N_TRANSIENT_BANDS)


def burst(levels_db: dict[int, float], pieces: tuple[int, ...] = (64,) * 40) -> np.ndarray:
    """The sound of a strike's burst, rendered piece by piece."""
    controls = np.zeros(N_CONTROLS, np.float32)
    controls[TRANSIENT] = -200.0
    for band, level_db in levels_db.items():
        controls[TRANSIENT.start + band] = level_db
    voice = np.zeros(1, VOICE)[0]
    transients.start(voice, controls, np.float32(1))
    out = [np.zeros(n, np.float32) for n in pieces]
    for piece in out:
        transients.render(voice, ATOMS, piece)
    return np.concatenate(out)


@pytest.mark.parametrize("band", BANDS)
def test_a_burst_of_0_db_holds_the_energy_of_10_ms_at_mean_square_1(band: int):
    energy_s = np.sum(burst({band: 0.0}) ** 2) / RATE_HZ
    assert energy_s == pytest.approx(0.010, rel=1e-3)


@pytest.mark.parametrize("band", BANDS)
def test_a_burst_is_centred_on_its_octave(band: int):
    power = abs(np.fft.rfft(burst({band: 0.0}))) ** 2
    hz = np.fft.rfftfreq(64 * 40, 1 / RATE_HZ)
    centre_hz = 2.0 ** (np.sum(np.log2(hz[1:]) * power[1:]) / power[1:].sum())
    assert abs(np.log2(centre_hz / TRANSIENT_CENTRES_HZ[band])) < 0.5


def test_levels_are_decibels():
    assert burst({3: -20.0}) == pytest.approx(0.1 * burst({3: 0.0}), abs=1e-6)


def test_bands_add():
    both = burst({2: -6.0}) + burst({5: -3.0})
    assert burst({2: -6.0, 5: -3.0}) == pytest.approx(both, abs=1e-6)


def test_the_pieces_in_which_a_burst_is_rendered_do_not_matter():
    assert np.array_equal(burst({4: 0.0}, (1, 63, 500, 1996)), burst({4: 0.0}))


def test_a_burst_ends():
    assert not burst({band: 0.0 for band in BANDS})[transients.ATOM_FRAMES :].any()


def test_a_burst_begins_at_zero():
    assert burst({band: 0.0 for band in BANDS})[0] == 0.0


def test_bursts_above_the_band_of_a_low_rate_are_silent():
    above = np.sqrt(2) * TRANSIENT_CENTRES_HZ > 0.48 * 22_050
    assert not transients.make_atoms(22_050.0)[above].any()
