"""Rendering a log of events."""

import numpy as np
import pytest

from synth.engine.engine import Event
from synth.offline import CHUNK_FRAMES, render, render_chunks
from tests.synth.toy import lift, make_engine, strike


def phrase(n_frames: int) -> list[Event]:
    """One touch in the middle."""
    return [strike(frame=n_frames // 4), lift(frame=n_frames // 2)]


@pytest.mark.parametrize("n_frames", [256, 4 * CHUNK_FRAMES, 50_000])
def test_the_samples_are_those_of_one_long_rendering(n_frames: int):
    engine = make_engine()
    for event in phrase(n_frames):
        engine.push(event)
    rendered = render(make_engine(), phrase(n_frames), n_frames)
    assert np.array_equal(rendered, engine.render(len(rendered)))


def test_the_tail_follows_the_last_event():
    assert len(render(make_engine(), phrase(12_800), 6400)) == 12_800 // 2 + 6400


def test_lengths_are_rounded_up_to_whole_blocks():
    assert len(render(make_engine(), phrase(12_800), 6401)) == 12_800 // 2 + 6464


def test_no_events_and_no_tail_are_nothing():
    assert render(make_engine(), [], 0).shape == (0, 2)


def test_no_events_are_silence():
    assert not render(make_engine(), [], 10_000).any()


def test_an_event_far_ahead_acts_at_its_frame():
    rendered = render(make_engine(), [strike(frame=200_001)], 4800)
    assert np.flatnonzero(rendered.any(axis=1))[0] == pytest.approx(200_001, abs=2)


def test_an_event_of_the_past_acts_at_once():
    engine = make_engine()
    engine.render(6400)
    assert np.flatnonzero(render(engine, [strike(frame=5)], 4800).any(axis=1))[0] <= 2


def test_chunks_are_small_however_long_the_silence():
    chunks = render_chunks(make_engine(), [strike(frame=100_000)], 4800)
    assert max(len(chunk) for chunk in chunks) == CHUNK_FRAMES


def test_events_may_come_from_a_generator():
    rendered = render(make_engine(), iter(phrase(12_800)), 6400)
    assert np.array_equal(rendered, render(make_engine(), phrase(12_800), 6400))
