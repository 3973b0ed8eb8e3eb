"""Legato: a sounding touch that is given another note takes its pitch there, smoothly and in time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.engine.engine import Engine, Event
from synth.engine.layout import STRIKE
from synth.patch import VoiceSettings
from tests.synth.engine.test_clicks import NOTE, bound, player
from tests.synth.measures import cents_between, instantaneous_hz, second_difference
from tests.synth.toy import RATE_HZ, lift, make_engine, move, strike, toy_patch

STEP_FRAME = 6001


def engine_with(legato_s: float) -> Engine:
    return make_engine(patch=toy_patch(voice=VoiceSettings(legato_s=legato_s)))


def sounded(engine: Engine, *events: Event, n_frames: int = 24_000) -> np.ndarray:
    for event in events:
        engine.push(event)
    return engine.render(n_frames)


def pitch_course(legato_s: float, to: float = 81.0) -> np.ndarray:
    """The pitch as a note number after each block, from a step of the note on."""
    engine = engine_with(legato_s)
    engine.push(strike(note=69.0))
    engine.push(move(frame=STEP_FRAME, note=to))
    engine.render(STEP_FRAME // 64 * 64)
    course = []
    for _ in range(400):
        engine.render(64)
        voice = engine._voices[0]
        course.append(69 + 12 * np.log2(voice["hz"][0] / 440.0))
    return np.array(course)


@pytest.mark.parametrize("legato_s", [0.0, 0.02, 0.2, 0.5])
@pytest.mark.parametrize("note", [57.0, 70.0, 81.37])
def test_the_new_note_is_in_tune_once_its_time_is_over(legato_s: float, note: float):
    heard = sounded(
        engine_with(legato_s), strike(), move(frame=STEP_FRAME, note=note), n_frames=96_000
    )
    settled = STEP_FRAME + int(RATE_HZ * (legato_s + 0.01))
    found_hz = instantaneous_hz(heard[settled : settled + 48_000, 0], RATE_HZ)
    assert abs(cents_between(found_hz, 440 * 2 ** ((note - 69) / 12))) < 0.5


@pytest.mark.parametrize("legato_s", [0.02, 0.1, 0.4])
def test_half_the_way_is_gone_in_half_the_time(legato_s: float):
    course = pitch_course(legato_s)
    half_s = np.argmax(course > 75.0) * 64 / RATE_HZ
    assert half_s == pytest.approx(legato_s / 2, abs=0.005)


@pytest.mark.parametrize("legato_s", [0.0, 0.02, 0.4])
def test_the_way_is_straight_there_without_overshoot(legato_s: float):
    course = pitch_course(legato_s)
    assert (np.diff(course) >= -1e-6).all()
    assert course[-1] == pytest.approx(81.0, abs=1e-4)


def test_a_new_note_on_the_way_starts_from_where_the_pitch_is():
    course = pitch_course(0.1)
    engine = engine_with(0.1)
    events = strike(), move(frame=STEP_FRAME, note=81.0), move(frame=STEP_FRAME + 2400, note=57.0)
    sounded(engine, *events, n_frames=STEP_FRAME + 2400 + 128)
    now = 69 + 12 * np.log2(engine._voices[0]["hz"][0] / 440.0)
    assert now == pytest.approx(course[2400 // 64], abs=0.7)


def test_the_way_goes_on_after_the_touch_is_lifted():
    patch = toy_patch(voice=VoiceSettings(legato_s=0.2, release_slow_s=20.0, release_fast_s=20.0))
    engine = make_engine(patch=patch)
    sounded(engine, strike(), move(frame=6400, note=81.0), lift(frame=7000))
    assert engine._voices[0]["hz"][0] == pytest.approx(880.0, rel=1e-5)


def test_the_touch_stays_one_voice():
    engine = engine_with(0.02)
    sounded(engine, strike(), *[move(frame=1000 * n, note=60.0 + n) for n in range(1, 9)])
    assert engine.snapshot().n_voices == 1


def test_a_move_takes_the_strike_along():
    engine = make_engine()
    engine.push(Event(0, 1, STRIKE, note=60.0, strike=0.9, press=0.5))
    engine.push(move(frame=640, note=60.0)._replace(strike=0.25))
    engine.render(1280)
    assert engine.snapshot().voices["strike"].tolist() == [0.25]


@pytest.mark.parametrize("legato_s", [0.0, 0.02, 0.3])
@pytest.mark.parametrize("note", [NOTE - 12, NOTE + 1, NOTE + 12])
@pytest.mark.parametrize("frame", [1000, 6000, 6101])
def test_a_new_note_does_not_click(legato_s: float, note: float, frame: int):
    voice = VoiceSettings(gain_db=-8.0, width=0.0, legato_s=legato_s)
    engine = player(toy_patch(voice=voice))
    events = strike(note=NOTE, press=1.0), move(frame=frame, note=note, press=1.0)
    assert second_difference(sounded(engine, *events)) < bound(1, NOTE + 12)


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 9000), st.floats(NOTE - 12, NOTE + 12)), min_size=1, max_size=30
    ),
    legato_s=st.sampled_from([0.0, 0.02, 0.2]),
)
@settings(deadline=None, max_examples=40)
def test_no_run_of_notes_clicks(steps: list[tuple[int, float]], legato_s: float):
    voice = VoiceSettings(gain_db=-8.0, width=0.0, legato_s=legato_s)
    moves = [move(frame=frame, note=note, press=1.0) for frame, note in sorted(steps)]
    heard = sounded(player(toy_patch(voice=voice)), strike(note=NOTE, press=1.0), *moves)
    assert second_difference(heard) < bound(1, NOTE + 12)
