"""The engine's telemetry as a page gets it."""

import struct

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embouchure.service.places import Places
from embouchure.service.view_frames import Frames, encode
from synth.controls import CODE_SIZE
from synth.engine.engine import Engine
from synth.engine.layout import FADING, HELD, LIFT, TAIL
from tests.synth.toy import make_engine, strike

CORNERS = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], np.float32)


def corners() -> Places:
    """Four codes, one in each corner."""
    return Places(4 * np.eye(4, CODE_SIZE, dtype=np.float32), CORNERS)


def sounding() -> Engine:
    engine = make_engine()
    engine.push(strike(5)._replace(zone=17, press=0.5, slide=0.75))
    engine.push(strike(9))
    engine.render(6400)
    engine.push(strike(9)._replace(kind=LIFT, frame=6400))
    engine.render(640)
    return engine


def test_the_layout_is_as_documented() -> None:
    now = sounding().snapshot()
    frame = encode(now, 77)
    version, n_voices, flags, counter, peak, load, dropouts, shed = struct.unpack_from(
        "<BBHIffII", frame
    )
    assert (version, n_voices, flags, counter) == (1, 2, 1, 77)
    assert peak == np.float32(now.peak)
    assert (load, dropouts, shed) == (np.float32(now.load), now.dropouts, now.shed)
    voices = list(struct.iter_unpack("<IBBHfffffffff", frame[24:]))
    assert [voice[:4] for voice in voices] == [(5, HELD, 17, 0), (9, TAIL, 0, 0)]
    told = now.voices[0]
    names = ("note", "strike", "press", "slide", "glide_semitones", "loudness_db", "f0_hz")
    assert voices[0][4:11] == tuple(float(told[name]) for name in names)


def test_without_an_engine_the_frame_says_so() -> None:
    assert struct.unpack("<BBHIffII", encode(None, 3)) == (1, 0, 0, 3, 0.0, 0.0, 0, 0)


def test_voices_that_were_silenced_are_left_out() -> None:
    now = sounding().snapshot()
    now.voices["status"] = FADING
    assert encode(now, 1)[1] == 0


def test_whoever_looks_at_once_gets_the_same_frame() -> None:
    now_s, engine = [0.0], sounding()
    frames = Frames(engine.snapshot, 0.01, lambda: now_s[0])
    first = frames.newest()
    now_s[0] = 0.005
    assert frames.newest() is first
    now_s[0] = 0.02
    assert struct.unpack_from("<I", frames.newest(), 4) == (2,)


def test_with_places_the_frame_says_where_each_voice_is() -> None:
    now = sounding().snapshot()
    now.voices["code"] = 4 * np.eye(2, CODE_SIZE)
    frame = encode(now, 1, corners())
    assert struct.unpack_from("<H", frame, 2) == (3,)
    at = [voice[-2:] for voice in struct.iter_unpack("<IBBHfffffffff", frame[24:])]
    np.testing.assert_allclose(at, CORNERS[:2], atol=1e-3)


def test_between_two_sounds_a_code_lies_between_their_places() -> None:
    middle = (corners()._codes[:1] + corners()._codes[1:2]) / 2
    ((across, up),) = corners().of(middle)
    assert across < -0.5
    assert abs(up) < 0.01


codes = st.lists(st.floats(-20, 20, width=32), min_size=CODE_SIZE, max_size=CODE_SIZE)


@given(codes)
def test_every_code_has_a_place_within_the_chart(code: list[float]) -> None:
    place = corners().of(np.array([code], np.float32))
    assert place.shape == (1, 2)
    assert np.all(np.abs(place) <= 1.0001)


def test_a_code_that_moves_steadily_does_not_jump() -> None:
    rng = np.random.default_rng(0)
    known = Places(
        rng.normal(size=(300, CODE_SIZE)).astype(np.float32),
        rng.uniform(-1, 1, (300, 2)).astype(np.float32),
    )
    along = np.linspace(0, 1, 2001, dtype=np.float32)[:, None]
    start, end = rng.normal(size=(2, CODE_SIZE)).astype(np.float32)
    path = known.of(start + along * (end - start))
    assert np.abs(np.diff(path, axis=0)).max() < 0.02
