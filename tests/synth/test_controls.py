"""Conversions and weightings that the controls are stated in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.controls import (
    CODE_SIZE,
    HALF_ORDERS,
    N_CONTROLS,
    N_NOISE_BANDS,
    NOISE,
    NOISE_HIGH_HZ,
    NOISE_LOW_HZ,
    ORDERS,
    PARTIALS,
    STRETCH,
    TRANSIENT,
    WHOLE_ORDERS,
    decoder_inputs,
    erb_rate_to_hz,
    hz_to_erb_rate,
    hz_to_note,
    k_weighting_db,
    noise_centres_hz,
    noise_edges_hz,
    note_to_hz,
)
from tests.synth import measures


def test_a_row_is_partials_then_noise_then_stretch_then_transient():
    places = np.arange(N_CONTROLS)
    parts = [places[part] for part in (PARTIALS, NOISE, STRETCH, TRANSIENT)]
    assert np.concatenate(parts).tolist() == places.tolist()


def test_partials_are_a_hundred_whole_orders_then_the_twelve_lowest_half_ones():
    assert ORDERS[WHOLE_ORDERS].tolist() == list(range(1, 101))
    assert ORDERS[HALF_ORDERS].tolist() == [k + 0.5 for k in range(12)]
    assert ORDERS.shape == (PARTIALS.stop,)


def test_k_weighting_is_the_standards_from_20_hz_to_10_khz():
    frequencies_hz = np.geomspace(20.0, 10_000.0, 400)
    error_db = k_weighting_db(frequencies_hz) - measures.k_weighting_db(frequencies_hz)
    assert abs(error_db).max() < 0.1


def test_k_weighting_leaves_1_khz_alone():
    assert k_weighting_db(1000.0) == pytest.approx(0.0, abs=0.05)


@given(st.floats(-36, 160))
def test_note_to_hz_reverses_hz_to_note(note: float):
    assert hz_to_note(note_to_hz(note)) == pytest.approx(note, abs=1e-9)


@given(st.floats(0, 24_000))
def test_erb_rate_to_hz_reverses_hz_to_erb_rate(frequency_hz: float):
    assert erb_rate_to_hz(hz_to_erb_rate(frequency_hz)) == pytest.approx(frequency_hz, abs=1e-6)


def test_noise_bands_run_from_the_lowest_to_the_highest_edge():
    assert noise_edges_hz()[[0, -1]] == pytest.approx([NOISE_LOW_HZ, NOISE_HIGH_HZ])


def test_noise_bands_are_equally_wide_in_erb_rate():
    widths = np.diff(hz_to_erb_rate(noise_edges_hz()))
    assert widths == pytest.approx(np.full(N_NOISE_BANDS, widths[0]))


def test_each_noise_centre_lies_in_its_band():
    edges_hz = noise_edges_hz()
    assert ((edges_hz[:-1] < noise_centres_hz()) & (noise_centres_hz() < edges_hz[1:])).all()


def test_decoder_inputs_standardise_loudness():
    row = decoder_inputs(np.zeros((1, CODE_SIZE)), [-15.0], [60.0], (-25.0, 10.0))[0]
    assert row[CODE_SIZE] == pytest.approx(1.0)


def test_decoder_inputs_centre_pitch_on_middle_c():
    row = decoder_inputs(np.zeros((1, CODE_SIZE)), [-15.0], [60.0], (-25.0, 10.0))[0]
    assert row[CODE_SIZE + 1 :] == pytest.approx([0, *np.exp(-0.5 * np.arange(-3.0, 5.0) ** 2)])
