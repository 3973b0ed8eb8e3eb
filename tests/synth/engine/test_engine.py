"""The engine as a whole: what is asked is what sounds, at its frame, and the same every time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.controls import N_PARTIALS, NOISE, PARTIALS, SILENCE_DB, note_to_hz
from synth.decoder import decode
from synth.engine.engine import BLOCK_FRAMES, Engine, Event
from synth.patch import VoiceSettings
from tests.synth.device import Device
from tests.synth.measures import cents_between, instantaneous_hz, loudness_db
from tests.synth.phrase import WET, orchestra, phrase, replayed
from tests.synth.toy import (
    PRESS_DB,
    QUIETEST_DB,
    RATE_HZ,
    flat_space,
    make_engine,
    move,
    random_space,
    stop,
    strike,
    toy_patch,
)

BRIGHT = flat_space(tuple(-0.5 * np.arange(60)), noise_db=-45.0)


def sounded(engine: Engine, *events: Event, n_frames: int) -> np.ndarray:
    for event in events:
        engine.push(event)
    return engine.render(n_frames)


def steady(
    note: float, glide_semitones: float = 0.0, press: float = 0.7, **more: float
) -> np.ndarray:
    """A second of one held touch of a sine, after its start."""
    event = strike(note=note, glide_semitones=glide_semitones, press=press)
    return sounded(make_engine(patch=toy_patch(**more)), event, n_frames=57_600)[9600:]


@pytest.mark.parametrize("note", [24.0, 45.0, 69.0, 69.37, 96.0, 120.0])
def test_a_held_note_is_in_tune_within_half_a_cent(note: float):
    found_hz = instantaneous_hz(steady(note)[:, 0], RATE_HZ)
    assert abs(cents_between(found_hz, float(note_to_hz(note)))) < 0.5


@pytest.mark.parametrize("semitones", [-12.0, -0.01, 0.5, 12.0])
def test_glide_is_added_to_the_note(semitones: float):
    found_hz = instantaneous_hz(steady(60.0, semitones)[:, 0], RATE_HZ)
    assert abs(cents_between(found_hz, float(note_to_hz(60.0 + semitones)))) < 0.5


def test_the_mappings_pitch_offset_is_in_cents():
    found_hz = instantaneous_hz(steady(60.0, cents=37.0)[:, 0], RATE_HZ)
    assert abs(cents_between(found_hz, float(note_to_hz(60.37)))) < 0.5


def test_a_glide_of_an_octave_ends_on_the_octave():
    engine = make_engine()
    sounded(engine, strike(), n_frames=9600)
    heard = sounded(engine, move(frame=9700, glide_semitones=12.0), n_frames=57_600)[9600:, 0]
    assert abs(cents_between(instantaneous_hz(heard, RATE_HZ), 880.0)) < 0.5


@pytest.mark.parametrize("note", [36.0, 60.0, 84.0, 100.0])
@pytest.mark.parametrize("press", [0.4, 0.9])
def test_what_loudness_is_asked_is_what_sounds(note: float, press: float):
    heard = sounded(make_engine(BRIGHT), strike(note=note, press=press), n_frames=96_000)
    asked_db = QUIETEST_DB + PRESS_DB * press
    assert loudness_db(heard[9600:]) == pytest.approx(asked_db, abs=0.5)


def test_a_sound_of_noise_alone_has_the_loudness_asked():
    breath = flat_space((-100.0,), noise_db=-10.0)
    heard = sounded(make_engine(breath), strike(press=0.6), n_frames=96_000)
    assert loudness_db(heard[9600:]) == pytest.approx(QUIETEST_DB + 0.6 * PRESS_DB, abs=0.5)


def test_the_patchs_gain_is_in_decibels():
    quiet = toy_patch(voice=VoiceSettings(gain_db=-12.0))
    heard = sounded(make_engine(BRIGHT, quiet), strike(), n_frames=96_000)
    assert loudness_db(heard[9600:]) == pytest.approx(QUIETEST_DB + 0.5 * PRESS_DB - 12, abs=0.5)


def test_what_sounds_is_what_the_decoder_says():
    space = random_space(2)
    engine = make_engine(space)
    sounded(engine, strike(note=30.0, press=0.6, slide=0.9), n_frames=128)
    codes = np.zeros((1, 16), np.float32)
    codes[0, 0] = 0.4
    controls = decode(space, codes, np.array([QUIETEST_DB + 0.6 * PRESS_DB]), np.array([30.0]))[0]
    amplitudes = engine._voices[0]["amplitude_goal"][:N_PARTIALS]
    found_db = 20 * np.log10(amplitudes / amplitudes[0])
    assert found_db == pytest.approx((controls - controls[0])[PARTIALS], abs=0.01)


def test_noise_and_partials_keep_the_balance_that_the_decoder_says():
    engine = make_engine(flat_space((-6.0,), noise_db=-20.0))
    sounded(engine, strike(note=60.0), n_frames=128)
    voice = engine._voices[0]
    ratio = voice["noise_goal"] / voice["amplitude_goal"][0] ** 2
    assert 10 * np.log10(ratio) == pytest.approx(np.full(NOISE.stop - NOISE.start, -14.0), abs=0.01)


@given(frame=st.integers(0, 1000))
@settings(deadline=None, max_examples=40)
def test_a_strike_sounds_at_its_own_frame(frame: int):
    heard = sounded(make_engine(), strike(frame=frame), n_frames=2048)
    assert 0 <= np.flatnonzero(heard.any(axis=1))[0] - frame <= 2


def test_a_late_strike_sounds_at_once():
    engine = make_engine()
    engine.render(640)
    heard = sounded(engine, strike(frame=100), n_frames=64)
    assert np.flatnonzero(heard.any(axis=1))[0] <= 2


def test_without_touches_there_is_exact_silence():
    assert not make_engine(random_space(), toy_patch(room=WET)).render(9600).any()


def test_every_number_is_finite_and_within_full_scale_however_loud_it_is_asked():
    loud = toy_patch(voice=VoiceSettings(gain_db=24.0), room=WET)
    events = [strike(touch, note=40.0 + touch, press=1.0) for touch in range(32)]
    heard = sounded(make_engine(random_space(), loud), *events, n_frames=48_000)
    assert np.isfinite(heard).all()
    assert abs(heard).max() < 1.0


@pytest.mark.parametrize("fault", [np.nan, np.inf, -np.inf, 3e38])
def test_a_mapping_that_says_nonsense_does_not_silence_the_others(fault: float):
    engine = make_engine()
    heard = sounded(engine, strike(1), n_frames=4800)
    engine.select(engine.install(toy_patch(fault=fault)))
    beside = sounded(engine, strike(2, note=60.0), n_frames=4800)
    after = sounded(engine, stop(2), n_frames=48_000)
    assert np.isfinite(beside).all()
    assert abs(after[-2400:]).max() == pytest.approx(abs(heard[-2400:]).max(), rel=0.05)


def test_a_room_that_breaks_inside_is_counted_and_sounds_again():
    engine = make_engine(random_space(), toy_patch(room=WET))
    sounded(engine, strike(1), n_frames=4800)
    engine._room["lines"] = np.nan
    broken = sounded(engine, n_frames=4800)
    assert engine.snapshot().non_finite == 1
    assert np.isfinite(broken).all()
    assert abs(broken[-2400:]).max() > 0.0


@pytest.fixture(scope="module")
def performance() -> np.ndarray:
    """The phrase as one call renders it."""
    return sounded(orchestra(), *phrase(), n_frames=36_864)


def test_two_runs_are_identical(performance: np.ndarray):
    assert np.array_equal(sounded(orchestra(), *phrase(), n_frames=36_864), performance)


@pytest.mark.parametrize("chunk_frames", [64, 192, 1024, 4096])
def test_the_chunks_in_which_it_is_rendered_do_not_matter(
    performance: np.ndarray, chunk_frames: int
):
    engine = orchestra()
    for event in phrase():
        engine.push(event)
    chunks = [engine.render(chunk_frames) for _ in range(0, 36_864, chunk_frames)]
    assert np.array_equal(np.vstack(chunks), performance)


@pytest.mark.parametrize("n_frames", [64, 128, 256])
def test_the_callback_gives_the_same_samples_as_rendering(performance: np.ndarray, n_frames: int):
    live = Device(orchestra(), n_frames).play(phrase(), 36_864 // n_frames)
    assert np.array_equal(live, performance)


def test_a_replayed_log_gives_the_same_samples():
    device = Device(orchestra(), 128)
    live = device.play(phrase(), 288)
    log = device.engine.applied_events()
    assert np.array_equal(replayed(device.engine, log, len(live)), live)


@pytest.mark.parametrize("n_frames", [64, 256])
def test_a_replayed_log_with_late_and_early_events_gives_the_same_samples(n_frames: int):
    rng = np.random.default_rng(5)
    shifted = [e._replace(frame=e.frame + int(rng.integers(-2000, 2000))) for e in phrase()]
    device = Device(orchestra(), n_frames)
    live = device.play(shifted, 36_864 // n_frames)
    log = device.engine.applied_events()
    assert np.array_equal(replayed(device.engine, log, len(live)), live)


def test_the_log_is_taken_once():
    engine = orchestra()
    sounded(engine, strike(), n_frames=64)
    assert [len(engine.applied_events()) for _ in range(2)] == [2, 0]


def test_late_events_are_counted():
    engine = make_engine()
    engine.render(640)
    device = Device(engine, 64)
    before = device.ask() is not None and engine.snapshot().late_events
    engine.push(strike(frame=3))
    device.ask()
    assert engine.snapshot().late_events == before + 1


def test_an_event_placed_in_a_far_future_acts_at_once():
    device = Device(make_engine(), 64)
    device.play([], 10)
    device.engine.push(strike(frame=10**12))
    assert device.ask().any()


def test_frames_beyond_whole_blocks_are_silent():
    engine = make_engine()
    engine.push(strike())
    assert not Device(engine, 100).ask()[64:].any()


def test_gaps_in_the_output_are_counted():
    device = Device(make_engine(), 64)
    for flags in (0, 4, 4, 0, 4):
        device.ask(flags)
    assert device.engine.snapshot().dropouts == 3


def test_a_gap_counts_once_however_many_requests_its_buffer_is_made_of():
    device = Device(make_engine(), 64)
    for _ in range(8):
        device.ask(flags=4, host_time_s=1.0)
    for _ in range(8):
        device.ask(flags=4, host_time_s=1.5)
    assert device.engine.snapshot().dropouts == 2


def test_the_snapshot_shows_the_sounding_touches():
    device = Device(make_engine(), 64)
    device.engine.push(strike(7, press=0.25))
    device.engine.push(strike(8, press=0.75))
    device.ask()
    shown = device.engine.snapshot().voices
    assert shown[["touch", "press"]].tolist() == [(7, 0.25), (8, 0.75)]


def test_the_snapshot_shows_the_level_that_left():
    device = Device(make_engine(), 64)
    heard = device.play([strike(press=0.9)], 20)
    assert device.engine.snapshot().peak == pytest.approx(abs(heard).max(), rel=0.1)


def test_the_load_is_a_share_of_the_deadline():
    device = Device(make_engine(), 1024, timed=True)
    device.play([strike()], 30)
    assert 0.0 < device.engine.snapshot().load <= device.engine.snapshot().load_max


@pytest.mark.parametrize("rate_hz", [44_100.0, 96_000.0])
def test_other_rates_are_in_tune(rate_hz: float):
    heard = sounded(make_engine(rate_hz=rate_hz), strike(), n_frames=int(rate_hz))[9600:, 0]
    assert abs(cents_between(instantaneous_hz(heard, rate_hz), 440.0)) < 0.5


def test_silent_controls_are_silent():
    heard = sounded(make_engine(flat_space((SILENCE_DB,))), strike(), n_frames=4800)
    assert abs(heard).max() < 1e-4


def test_the_engine_advances_in_whole_blocks():
    assert len(make_engine().render(65)) == 2 * BLOCK_FRAMES
