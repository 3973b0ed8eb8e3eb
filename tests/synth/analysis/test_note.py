"""What the analysis of a note must find."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from synth.analysis.note import Analysis, analyse, find_onset
from synth.controls import (
    HALF_ORDERS,
    NOISE,
    ORDERS,
    PARTIALS,
    SILENCE_DB,
    STRETCH,
    TRANSIENT,
    noise_edges_hz,
    note_to_hz,
)

Array = NDArray[np.float64]

RATE_HZ = 48_000
TIME_S = np.arange(RATE_HZ) / RATE_HZ
SUSTAIN = slice(60, 200)
HISS = 1e-3 * np.random.default_rng(5).standard_normal(RATE_HZ)


def tone(f0_hz: float, levels: Sequence[float], stretch: Callable[[int], float] = lambda k: 0.0):
    return sum(
        level * np.sin(2 * np.pi * f0_hz * k * (1 + stretch(k)) * TIME_S)
        for k, level in enumerate(levels, start=1)
    )


def absolute_db(frames: Analysis, columns: slice):
    return (frames.controls[:, columns] + frames.loudness_db[:, None])[SUSTAIN]


def test_loudness_of_a_full_scale_kilohertz_sine_is_minus_3_01_db():
    frames = analyse(tone(1000.0, [1.0]), RATE_HZ, 83.2131)
    assert np.median(frames.loudness_db[SUSTAIN]) == pytest.approx(-3.01, abs=0.1)


def test_partials_are_read_at_their_peak_amplitude():
    levels = [0.5, 0.25, 0.125, 0.0625]
    frames = analyse(tone(220.0, levels), RATE_HZ, 57)
    read = np.median(absolute_db(frames, PARTIALS), axis=0)[:4]
    assert read == pytest.approx(20 * np.log10(levels), abs=0.2)


def test_a_pure_tone_leaves_little_noise():
    frames = analyse(tone(220.0, [0.5, 0.25]), RATE_HZ, 57)
    noise = 10 * np.log10((10 ** (absolute_db(frames, NOISE) / 10)).sum(1))
    assert np.median(noise) < -60


def test_white_noise_reads_as_its_power_in_each_band():
    noise = 0.1 * np.random.default_rng(0).standard_normal(RATE_HZ)
    frames = analyse(noise, RATE_HZ, 84)
    power = (10 ** (absolute_db(frames, NOISE) / 10)).mean(0)
    expected = 0.01 * np.diff(noise_edges_hz()) / (RATE_HZ / 2)
    off_db = 10 * np.log10(power[30:64] / expected[30:64])
    assert np.median(off_db) == pytest.approx(0, abs=1.5)


def test_pitch_off_the_nominal_note_is_found_within_a_cent():
    frames = analyse(tone(440.0 * 2 ** (25 / 1200), [0.4, 0.2, 0.1]), RATE_HZ, 69)
    assert np.median(frames.note[SUSTAIN]) == pytest.approx(69.25, abs=0.01)


def test_vibrato_is_heard_as_pitch_and_not_as_weaker_partials():
    cents = 30 * np.sin(2 * np.pi * 5.5 * TIME_S)
    phase = np.cumsum(2 * np.pi * 440 * 2 ** (cents / 1200)) / RATE_HZ
    frames = analyse(sum(0.1 * np.sin(k * phase) for k in range(1, 11)), RATE_HZ, 69)
    assert absolute_db(frames, PARTIALS)[:, :10] == pytest.approx(-20, abs=1.0)


def test_a_stiff_string_is_read_at_its_own_frequencies():
    orders = np.arange(1, 21)
    stretch = 0.5 * 4e-4 * orders**2
    frames = analyse(tone(130.81, 0.3 / orders, lambda k: stretch[k - 1]), RATE_HZ, 48)
    read_hz = note_to_hz(np.median(frames.note)) * orders * (1 + frames.controls[0, STRETCH][:20])
    assert 1200 * np.log2(read_hz / (130.81 * orders * (1 + stretch))) == pytest.approx(0, abs=2)


def test_a_harmonic_tone_is_not_stretched():
    frames = analyse(tone(220.0, [0.3 / k for k in range(1, 21)]), RATE_HZ, 57)
    assert np.abs(frames.controls[0, STRETCH][:20]).max() < 6e-4


@pytest.mark.parametrize("order", [0.5, 1.5, 4.5, 11.5])
def test_a_layer_between_the_harmonics_is_read_at_its_half_order(order: float):
    low = 0.25 * np.sin(2 * np.pi * 110.0 * TIME_S)
    between = 0.125 * np.sin(2 * np.pi * 220.0 * order * TIME_S + 1.0)
    frames = analyse(tone(220.0, [0.5, 0.25, 0.1]) + low + between, RATE_HZ, 57)
    read = np.median(absolute_db(frames, PARTIALS), axis=0)[order == ORDERS]
    wanted = {0.5: abs(0.25 + 0.125 * np.exp(1j))}.get(order, 0.125)
    assert read == pytest.approx(20 * np.log10(wanted), abs=0.3)


def test_a_tone_without_such_a_layer_has_silent_half_orders():
    dying = np.exp(-10 * TIME_S) * (tone(220.0, [0.5, 0.25, 0.1]) + HISS)
    frames = analyse(dying, RATE_HZ, 57)
    assert (frames.controls[:, HALF_ORDERS] == SILENCE_DB).all()


def test_a_struck_bar_is_read_at_its_own_ratios():
    ratios, levels = np.array([1.0, 2.756, 5.404, 8.933]), [0.4, 0.2, 0.1, 0.05]
    bar = sum(a * np.sin(2 * np.pi * 330 * r * TIME_S) for a, r in zip(levels, ratios, strict=True))
    frames = analyse(bar * np.exp(-3 * TIME_S) + HISS, RATE_HZ, 64)
    told = ORDERS[:64] * (1 + frames.controls[0, STRETCH])
    nearest = np.abs(told - ratios[:, None]).argmin(axis=1)
    assert 1200 * np.log2(told[nearest] / ratios) == pytest.approx(0, abs=5)
    assert frames.controls[60, nearest] == pytest.approx(
        frames.controls[60, 0] + 20 * np.log10(np.divide(levels, levels[0])), abs=1
    )


def test_a_valley_beside_loud_noise_stays_a_valley():
    white = np.random.default_rng(2).standard_normal(RATE_HZ)
    spectrum, hz = np.fft.rfft(white), np.fft.rfftfreq(RATE_HZ, 1 / RATE_HZ)
    gap = np.where((hz > 600) & (hz < 900), 0.001, 0.1)
    frames = analyse(np.fft.irfft(spectrum * gap), RATE_HZ, 96)
    level = 10 * np.log10(
        (10 ** (absolute_db(frames, NOISE) / 10)).mean(0) / np.diff(noise_edges_hz())
    )
    inside = (noise_edges_hz()[:-1] > 650) & (noise_edges_hz()[1:] < 850)
    beside = (noise_edges_hz()[:-1] > 1000) & (noise_edges_hz()[1:] < 2000)
    assert level[inside].max() < level[beside].mean() - 25


def test_bright_partials_of_a_low_note_are_there_at_once():
    levels = [0.3 / k for k in range(1, 31)]
    frames = analyse(np.concatenate([np.zeros(9600), tone(65.4, levels)]), RATE_HZ, 36)
    early = np.searchsorted(frames.times_s, 0.020)
    rows = frames.controls + frames.loudness_db[:, None]
    upper = 10 * np.log10((10 ** (rows[:, 8:30] / 10)).sum(1))
    assert upper[early] == pytest.approx(np.median(upper[SUSTAIN]), abs=3)


def test_a_click_at_the_strike_is_heard_as_transient():
    sound = np.concatenate([np.zeros(480), tone(220.0, [0.1])])
    click = np.random.default_rng(1).standard_normal(240) * 0.5
    struck = sound.copy()
    struck[480:720] += click * np.hanning(240)
    calm, loud = (analyse(x, RATE_HZ, 57) for x in (sound, struck))
    level = [float((f.controls[0, TRANSIENT] + f.loudness_db[0]).max()) for f in (calm, loud)]
    assert level[1] > level[0] + 15


def test_frames_begin_at_the_onset():
    silence = np.zeros(4800)
    assert find_onset(np.concatenate([silence, tone(220.0, [0.5])])) == pytest.approx(4800, abs=48)


def test_a_sudden_low_note_is_at_its_level_within_30_ms():
    frames = analyse(np.concatenate([np.zeros(9600), tone(65.4, [0.5, 0.3])]), RATE_HZ, 36)
    early = frames.loudness_db[np.searchsorted(frames.times_s, 0.030)]
    assert early == pytest.approx(np.median(frames.loudness_db[SUSTAIN]), abs=2)


def test_other_rates_are_heard_alike():
    sound = tone(220.0, [0.5, 0.25])
    halved = analyse(sound[::2], RATE_HZ // 2, 57)
    assert np.median(absolute_db(halved, slice(0, 2)), axis=0) == pytest.approx(
        [-6.02, -12.04], abs=0.3
    )


@pytest.mark.parametrize("sound", [np.zeros(RATE_HZ), np.ones(100), np.empty(0)])
def test_silence_and_shreds_are_refused(sound: Array):
    with pytest.raises(ValueError, match="silent or shorter than 20 ms; give one that sounds"):
        analyse(sound, RATE_HZ, 60)


@settings(max_examples=15, deadline=None)
@given(
    arrays(np.float64, st.integers(1100, 6000), elements=st.floats(-1, 1, width=16)),
    st.floats(12, 120),
)
def test_whatever_sounds_gives_legal_controls(sound: Array, note: float):
    sound[:1100] += np.sin(np.arange(1100) * 0.1)
    frames = analyse(sound, RATE_HZ, note)
    assert np.isfinite(frames.controls).all()
    assert np.isfinite(frames.loudness_db).all()
    assert frames.controls[:, : STRETCH.start].min() >= SILENCE_DB
