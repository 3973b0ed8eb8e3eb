"""The shared noise bands."""

import numpy as np
import pytest

from synth.controls import N_NOISE_BANDS, noise_edges_hz
from synth.engine import noise
from synth.engine.layout import BLOCK_FRAMES, N_CHANNELS, STATE, VOICE
from tests.synth.measures import power_db
from tests.synth.toy import RATE_HZ, flat_space, make_engine, stop, strike

LOOPS = noise.make_loops(RATE_HZ)
ONLY_NOISE = flat_space((-100.0,), noise_db=-10.0)


def played(powers: np.ndarray, n_blocks: int = 750) -> np.ndarray:
    """The sound of constant band powers, shape (N_CHANNELS, n_frames), without its first block."""
    state = np.zeros(1, STATE)
    state["noise_power"] = powers
    blocks = np.zeros((n_blocks + 1, N_CHANNELS, BLOCK_FRAMES), np.float32)
    for block in blocks:
        noise.render(state[0], LOOPS, block)
    return blocks[1:].transpose(1, 0, 2).reshape(N_CHANNELS, -1)


def one_band(band: int, power: float) -> np.ndarray:
    powers = np.zeros(N_NOISE_BANDS)
    powers[band] = power
    return powers


def voice_of(powers: np.ndarray, pan: tuple[float, float] = (1.0, 0.0)) -> np.void:
    voice = np.zeros(1, VOICE)[0]
    voice["noise"], voice["pan_left"], voice["pan_right"] = powers, *pan
    return voice


def added(*voices: np.void, fade: float = 1.0) -> np.ndarray:
    power = np.zeros((N_CHANNELS, N_NOISE_BANDS), np.float32)
    for voice in voices:
        noise.add_power(voice, np.float32(fade), power)
    return power


@pytest.mark.parametrize("band", range(0, N_NOISE_BANDS, 8))
def test_a_bands_power_is_the_mean_square_that_sounds(band: int):
    assert power_db(played(one_band(band, 1e-3))[0]) == pytest.approx(-30.0, abs=0.5)


@pytest.mark.parametrize("band", range(0, N_NOISE_BANDS, 8))
def test_a_band_sounds_between_its_edges_only(band: int):
    spectrum = abs(np.fft.rfft(played(one_band(band, 1e-3))[0] * np.hanning(48_000))) ** 2
    low, high = np.round(noise_edges_hz()[band : band + 2]).astype(int)
    assert spectrum[low - 2 : high + 3].sum() > 0.999 * spectrum.sum()


def test_the_channels_are_independent():
    left, right = played(np.full(N_NOISE_BANDS, 1e-4))
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.05


def test_independent_bands_add_in_power():
    both = one_band(20, 1e-3) + one_band(40, 1e-3)
    assert power_db(played(both)[0]) == pytest.approx(-26.99, abs=0.5)


def test_the_powers_of_two_voices_add():
    voices = voice_of(one_band(9, 0.25)), voice_of(one_band(9, 0.5))
    assert added(*voices)[0] == pytest.approx(one_band(9, 0.75))


def test_pan_shares_a_voices_power_between_the_channels():
    power = added(voice_of(one_band(9, 1.0), (0.6, 0.8)))
    assert power[:, 9] == pytest.approx([0.36, 0.64])


def test_a_fade_of_amplitude_fades_power_by_its_square():
    assert added(voice_of(one_band(9, 1.0)), fade=0.5)[0, 9] == pytest.approx(0.25)


def test_a_loop_is_seamless():
    assert np.array_equal(LOOPS[:, -BLOCK_FRAMES:], LOOPS[:, :BLOCK_FRAMES])


def test_bands_above_0_45_of_the_rate_are_silent():
    above = noise_edges_hz()[:-1] > 0.45 * 24_000
    assert not noise.make_loops(24_000.0)[above].any()


def test_a_change_of_power_is_a_ramp_over_one_block():
    state = np.zeros(1, STATE)
    block = np.zeros((N_CHANNELS, BLOCK_FRAMES), np.float32)
    state["noise_power"][0, :, 40] = 1e-2
    noise.render(state[0], LOOPS, block)
    ramp = 0.1 * np.arange(1, BLOCK_FRAMES + 1) / BLOCK_FRAMES
    assert block[0] == pytest.approx(ramp * LOOPS[40, :BLOCK_FRAMES], abs=1e-6)


@pytest.mark.parametrize("frame", [0, 1, 63, 64, 100, 127])
def test_no_noise_sounds_before_its_strike(frame: int):
    engine = make_engine(ONLY_NOISE)
    engine.push(strike(frame=frame))
    assert not engine.render(256)[:frame].any()


def test_noise_is_silent_again_after_its_voice():
    engine = make_engine(ONLY_NOISE)
    engine.push(strike())
    engine.push(stop(frame=640))
    assert not engine.render(2048)[640 + 448 :].any()
