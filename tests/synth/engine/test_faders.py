"""Faders: volume and macros of a zone, smooth, prompt and everywhere in it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.controls import CODE_SIZE
from synth.engine.engine import Engine, Event
from synth.patch import VoiceSettings
from tests.synth.engine.test_clicks import NOTE, QUIET, bound, player
from tests.synth.measures import instantaneous_hz, power_db, second_difference
from tests.synth.toy import (
    RATE_HZ,
    flat_space,
    level,
    lift,
    macro,
    make_engine,
    random_space,
    strike,
    toy_patch,
)

LOUDNESS, PITCH = CODE_SIZE, CODE_SIZE + 1
TWENTY_MS = 960
SLOW = VoiceSettings(release_slow_s=20.0, release_fast_s=20.0)


def sounded(engine: Engine, *events: Event, n_frames: int = 14_400) -> np.ndarray:
    for event in events:
        engine.push(event)
    return engine.render(n_frames)


def change_db(*events: Event, engine: Engine | None = None, frame: int = 4800) -> float:
    """How much the level of a held touch differs `TWENTY_MS` after a frame from just before it."""
    heard = sounded(engine or make_engine(), strike(), *events)
    end = frame + TWENTY_MS
    return power_db(heard[end : end + 2400]) - power_db(heard[frame - 2400 : frame])


@pytest.mark.parametrize("gain", [0.9, 0.5, 0.1, 0.001])
@pytest.mark.parametrize("frame", [4800, 4863])
def test_volume_scales_the_amplitude_and_is_there_within_20_ms(gain: float, frame: int):
    assert change_db(level(gain, frame), frame=frame) == pytest.approx(
        20 * np.log10(gain), abs=0.05
    )


def test_volume_scales_noise_as_it_does_partials():
    breath = make_engine(flat_space((-100.0,), noise_db=-10.0))
    assert change_db(level(0.1, 4800), engine=breath) == pytest.approx(-20.0, abs=0.5)


def test_volume_scales_tails():
    engine = make_engine(patch=toy_patch(voice=SLOW))
    heard = sounded(engine, strike(), lift(frame=2400), level(0.1, 4800))
    fall_db = power_db(heard[5760:8160]) - power_db(heard[2400:4800])
    assert fall_db == pytest.approx(-20.0, abs=1.0)


def test_volume_0_is_exact_silence_within_20_ms():
    heard = sounded(make_engine(random_space()), strike(), level(0.0, 4800))
    assert not heard[4800 + TWENTY_MS + 64 :].any()


def test_a_new_strike_starts_at_the_volume_that_is():
    quiet = sounded(make_engine(), level(0.25), strike(frame=4800))
    full = sounded(make_engine(), strike(frame=4800))
    assert quiet[4800:] == pytest.approx(0.25 * full[4800:], abs=1e-5)


def test_a_touch_struck_at_volume_0_sounds_when_the_volume_returns():
    assert sounded(make_engine(), level(0.0), strike(frame=4800), level(1.0, 9600))[9700:].any()


def test_volume_is_of_its_own_zone_only():
    assert change_db(level(0.0, 4800, zone=1)) == pytest.approx(0.0, abs=1e-3)


def test_the_highest_zone_has_its_own_volume():
    heard = sounded(make_engine(), strike(zone=255), level(0.0, 4800, zone=255))
    assert not heard[6000:].any()


@pytest.mark.parametrize("apart", [64, 100, 500, 2400])
@pytest.mark.parametrize("frame", [4800, 4831])
def test_volume_that_jumps_to_silence_and_back_does_not_click(frame: int, apart: int):
    events = strike(note=NOTE, press=1.0), level(0.0, frame), level(1.0, frame + apart)
    assert second_difference(sounded(player(), *events)) < bound()


def test_a_macro_of_every_zone_is_also_of_this_one():
    engine = make_engine(patch=toy_patch(macros={(0, LOUDNESS): -12.0}))
    change = change_db(macro(0, 1.0, 4800, zone=-1), engine=engine)
    assert change == pytest.approx(-12.0, abs=0.05)


@given(
    steps=st.lists(st.tuples(st.integers(0, 9000), st.floats(0, 1)), min_size=1, max_size=40),
    end=st.integers(0, 9000),
)
@settings(deadline=None, max_examples=40)
def test_no_course_of_volume_clicks(steps: list[tuple[int, float]], end: int):
    events = [level(gain, frame) for frame, gain in steps] + [lift(frame=end, press=1.0)]
    heard = sounded(player(), strike(note=NOTE, press=1.0), *sorted(events))
    assert second_difference(heard) < bound()


def above_10_khz_db(audio: np.ndarray) -> float:
    """Energy above 10 kHz as a share of the whole."""
    spectrum = abs(np.fft.rfft(audio[:, 0] * np.blackman(len(audio)))) ** 2
    high = np.fft.rfftfreq(len(audio), 1 / RATE_HZ) > 10_000
    return float(10 * np.log10(spectrum[high].sum() / spectrum.sum()))


def test_a_knobs_coarse_steps_leave_no_zipper():
    engine = make_engine(flat_space(tuple(-3.0 * np.arange(60))))
    steps = [level((i / 127) ** 2, 9600 + 384 * (i - 20)) for i in range(20, 128)]
    heard = sounded(engine, level((20 / 127) ** 2), strike(note=69.0), *steps, n_frames=96_000)
    ramp, steady = heard[9600 : 9600 + 384 * 107], heard[60_000:]
    assert above_10_khz_db(ramp) == pytest.approx(above_10_khz_db(steady), abs=3.0)
    assert above_10_khz_db(steady) < -60.0


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_macro_adds_its_share_of_loudness(value: float):
    patch = toy_patch(macros={(2, LOUDNESS): -12.0})
    fall_db = change_db(macro(2, value, 4800), engine=make_engine(patch=patch))
    assert fall_db == pytest.approx(-12.0 * value, abs=0.05)


def test_a_macro_adds_its_share_of_pitch():
    patch = toy_patch(macros={(0, PITCH): 200.0})
    heard = sounded(make_engine(patch=patch), strike(), macro(0, 0.5, 64), n_frames=57_600)
    assert instantaneous_hz(heard[9600:, 0], RATE_HZ) == pytest.approx(
        440 * 2 ** (1 / 12), rel=1e-4
    )


def test_a_macro_adds_its_share_of_the_code():
    engine = make_engine(patch=toy_patch(macros={(3, 5): -4.0}))
    sounded(engine, strike(), macro(3, 0.25, 64))
    assert engine._voices[0]["trajectory"][5] == pytest.approx(-1.0)


def test_macros_add_up():
    patch = toy_patch(macros={(0, LOUDNESS): -12.0, (1, LOUDNESS): 6.0})
    events = macro(0, 1.0, 4800), macro(1, 1.0, 4800)
    assert change_db(*events, engine=make_engine(patch=patch)) == pytest.approx(-6.0, abs=0.05)


def test_macros_at_rest_change_nothing():
    patch = toy_patch(macros={(k, i): 9.0 for k in range(4) for i in range(CODE_SIZE + 2)})
    plain, rich = (sounded(make_engine(patch=p), strike()) for p in (toy_patch(), patch))
    assert np.array_equal(plain, rich)


def test_a_macro_is_of_its_own_zone_only():
    engine = make_engine(patch=toy_patch(macros={(0, LOUDNESS): -12.0}))
    assert change_db(macro(0, 1.0, 4800, zone=4), engine=engine) == pytest.approx(0.0, abs=1e-3)


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 9000), st.integers(0, 3), st.floats(0, 1)),
        min_size=1,
        max_size=40,
    )
)
@settings(deadline=None, max_examples=40)
def test_no_course_of_macros_clicks(steps: list[tuple[int, int, float]]):
    added = {(0, LOUDNESS): -40.0, (1, 0): -1.0, (2, PITCH): 1200.0, (3, LOUDNESS): -90.0}
    events = [macro(number, value, frame) for frame, number, value in sorted(steps)]
    engine = player(toy_patch(voice=QUIET, macros=added))
    heard = sounded(engine, strike(note=NOTE, press=0.9), *events)
    assert second_difference(heard) < bound(1, NOTE + 12)


@pytest.mark.parametrize("value", [-5.0, 7.0, np.nan])
def test_a_value_out_of_range_is_brought_into_it(value: float):
    heard = sounded(make_engine(), strike(), level(value, 64), macro(0, value, 64))
    assert np.isfinite(heard).all()
    assert abs(heard).max() < 1.0
