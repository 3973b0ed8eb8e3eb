"""No clicks: whatever is played, the output's second difference stays below a derived bound.

A partial of amplitude a at w radians a frame has a second difference of at most a w^2. What moves
it moves along straight lines of at least `RAMP_FRAMES`: amplitude that rises by A over R frames
and falls again turns a corner of 2 A / R between two slopes of 2 w A / R; a change of frequency
by dw adds A dw / R, which is at most w A / R within the octave from the highest note down.
The toy space is dark, a few low partials without noise, so that the bound is tight: a jump of
the wave by -50 dB re full scale breaks it.
"""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.controls import note_to_hz
from synth.engine.engine import BLOCK_FRAMES, Engine, Event
from synth.patch import Patch, RoomSettings, VoiceSettings
from tests.synth.measures import second_difference
from tests.synth.toy import (
    RATE_HZ,
    flat_space,
    lift,
    make_engine,
    move,
    panic,
    stop,
    strike,
    toy_patch,
    zone_glide,
)

NOTE = 50.0
RAMP_FRAMES = BLOCK_FRAMES
DARK = flat_space((0.0, -20.0, -30.0), slide_db=6.0)
QUIET = VoiceSettings(gain_db=-8.0, width=0.0)
PARTIALS = ((1, 1.0), (2, 0.147), (3, 0.047))
"""Most that each partial has of the fundamental's amplitude, whatever the slide."""
AMPLITUDE = 0.055
"""Most that the fundamental has, which a test checks."""
CLICK = 10.0 ** (-50 / 20)


def bound(n_touches: int = 1, highest_note: float = NOTE) -> float:
    """The largest second difference of touches that move as fast as they can."""
    w = 2 * np.pi * float(note_to_hz(highest_note)) / RATE_HZ
    worst = sum(a * ((k * w) ** 2 + (2 + 3 * k * w) / RAMP_FRAMES) for k, a in PARTIALS)
    return n_touches * AMPLITUDE * worst


def player(patch: Patch | None = None) -> Engine:
    return make_engine(DARK, patch or toy_patch(voice=QUIET))


def sounded(engine: Engine, *events: Event, n_frames: int = 14_400) -> np.ndarray:
    for event in sorted(events, key=lambda event: event.frame):
        engine.push(event)
    return engine.render(n_frames)


def steady(press: float = 1.0, n_frames: int = 14_400) -> np.ndarray:
    return sounded(player(), strike(note=NOTE, press=press), n_frames=n_frames)[4800:]


@pytest.mark.parametrize("slide", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("glide", [-12.0, 0.0, 12.0])
def test_no_steady_sound_is_louder_than_the_bound_assumes(slide: float, glide: float):
    event = strike(note=NOTE, press=1.0, slide=slide, glide_semitones=glide)
    assert abs(sounded(player(), event)).max() < AMPLITUDE * sum(a for _, a in PARTIALS)


@given(at=st.integers(2, 9000), sign=st.sampled_from([-1, 1]))
@settings(deadline=None, max_examples=50)
def test_the_bound_catches_a_jump_of_minus_50_db_anywhere(at: int, sign: int):
    heard = steady()
    heard[at:] += sign * CLICK
    assert second_difference(heard) > bound()


@given(at=st.integers(2, 9000))
@settings(deadline=None, max_examples=50)
def test_the_bound_catches_a_wave_that_is_cut_off_where_it_is_not_near_zero(at: int):
    heard = steady()
    at += int(np.argmax(abs(heard[at : at + 400, 0])))
    heard[at:] = 0.0
    assert second_difference(heard) > bound()


@pytest.mark.parametrize("press", [0.0, 0.5, 1.0])
def test_a_strike_does_not_click(press: float):
    assert second_difference(sounded(player(), strike(note=NOTE, press=press))) < bound()


STEPS: list[dict[str, float]] = [
    {"press": 0.0},
    {"press": 1.0},
    {"slide": 0.0},
    {"slide": 1.0},
    {"glide_semitones": 1.0},
    {"glide_semitones": -1.0},
    {"glide_semitones": 12.0},
    {"glide_semitones": -12.0},
]


@pytest.mark.parametrize("there", STEPS, ids=str)
@pytest.mark.parametrize("frame", [1000, 1033, 6000, 6101])
def test_a_step_there_and_back_does_not_click(there: dict[str, float], frame: int):
    home = {"press": 0.9, "slide": 0.5, "glide_semitones": 0.0}
    events = (
        strike(note=NOTE, **home),
        move(frame=frame, note=NOTE, **(home | there)),
        move(frame=frame + 700, note=NOTE, **home),
    )
    assert second_difference(sounded(player(), *events)) < bound(1, NOTE + 12)


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 9000), st.floats(0, 1), st.floats(0, 1), st.floats(-12, 12)),
        min_size=1,
        max_size=40,
    )
)
@settings(deadline=None, max_examples=40)
def test_no_course_of_expression_clicks(steps: list[tuple[int, float, float, float]]):
    moves = [move(1, f, p, NOTE, slide=s, glide_semitones=g) for f, p, s, g in steps]
    heard = sounded(player(), strike(note=NOTE, press=0.5), *moves)
    assert second_difference(heard) < bound(1, NOTE + 12)


@pytest.mark.parametrize("semitones", [1.0, -1.0, 12.0, -12.0])
def test_a_step_of_a_zones_glide_does_not_click(semitones: float):
    events = (
        strike(note=NOTE, press=1.0),
        zone_glide(semitones, frame=3333),
        zone_glide(0.0, frame=7000),
    )
    assert second_difference(sounded(player(), *events)) < bound(1, NOTE + 12)


ENDS: list[Callable[..., Event]] = [lift, stop, panic]


@pytest.mark.parametrize("end", ENDS)
@given(frame=st.integers(0, 9000))
@settings(deadline=None, max_examples=40)
def test_an_end_at_any_moment_does_not_click(end: Callable[..., Event], frame: int):
    events = strike(note=NOTE, press=1.0), end(frame=frame)
    assert second_difference(sounded(player(), *events)) < bound()


@pytest.mark.parametrize("lift_at", [0.0, 1.0])
def test_the_shortest_release_does_not_click(lift_at: float):
    shortest = VoiceSettings(gain_db=-8.0, width=0.0, release_slow_s=0.005, release_fast_s=0.005)
    engine = player(toy_patch(voice=shortest))
    events = strike(note=NOTE, press=1.0), lift(frame=6007, press=1.0, lift=lift_at)
    assert second_difference(sounded(engine, *events)) < bound()


def test_the_end_of_a_long_tail_does_not_click():
    events = strike(note=NOTE, press=1.0), lift(frame=4800, press=1.0)
    heard = sounded(player(), *events, n_frames=96_000)
    last = int(np.flatnonzero(heard.any(axis=1))[-1])
    assert second_difference(heard[last - 64 :]) < 1e-5


def test_stealing_does_not_click():
    engine = player(toy_patch(voice=VoiceSettings(gain_db=-38.0, width=0.0)))
    held = [strike(touch, 97 * touch, NOTE + touch / 16, press=1.0) for touch in range(32)]
    thieves = [strike(100 + i, 6000 + 333 * i, NOTE, press=1.0) for i in range(8)]
    heard = sounded(engine, *held, *thieves)
    assert second_difference(heard) < bound(32, NOTE + 2) * 10 ** (-30 / 20)


def test_sixteen_steals_at_once_do_not_click():
    engine = player(toy_patch(voice=VoiceSettings(gain_db=-38.0, width=0.0)))
    held = [strike(touch, 97 * touch, NOTE + touch / 16, press=1.0) for touch in range(32)]
    thieves = [strike(100 + i, 6000, NOTE, press=1.0) for i in range(16)]
    heard = sounded(engine, *held, *thieves)
    assert second_difference(heard) < bound(48, NOTE + 2) * 10 ** (-30 / 20)


def test_another_patch_while_a_touch_sounds_does_not_click():
    engine = player()
    sounded(engine, strike(note=NOTE, press=1.0), n_frames=6400)
    engine.select(engine.install(toy_patch(cents=300.0, voice=VoiceSettings(gain_db=-14.0))))
    assert second_difference(sounded(engine, n_frames=6400)) < bound()


def wet(**changes: float) -> Patch:
    walls = {"mix": 0.3, "decay_s": 2.0, "size": 0.6, "damping_hz": 5000.0} | changes
    return toy_patch(voice=QUIET, room=RoomSettings(**walls))


@pytest.mark.parametrize(
    "change", [{"mix": 0.0}, {"mix": 1.0}, {"size": 0.3}, {"decay_s": 0.5}, {"damping_hz": 900.0}], ids=str
)  # fmt: skip
def test_another_room_while_the_old_one_rings_does_not_click(change: dict[str, float]):
    engine = player(wet())
    sounded(engine, strike(note=NOTE, press=1.0), n_frames=24_000)
    engine.select(engine.install(wet(**change)))
    assert second_difference(sounded(engine, n_frames=24_000)) < bound()


def test_panic_in_a_ringing_room_does_not_click():
    heard = sounded(
        player(wet()), strike(note=NOTE, press=1.0), panic(frame=20_011), n_frames=24_000
    )
    assert second_difference(heard[14_400:]) < bound()
