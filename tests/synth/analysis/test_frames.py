"""Where an analysis' frames lie."""

from hypothesis import given
from hypothesis import strategies as st

from synth.analysis.frames import HOP, YOUNG_FRAMES, YOUNG_HOP, frame_starts, n_frames_within


def test_frames_are_64_samples_apart_for_60_ms_and_192_after():
    steps = frame_starts(60)[1:] - frame_starts(60)[:-1]
    assert set(steps[:YOUNG_FRAMES]) == {YOUNG_HOP}
    assert set(steps[YOUNG_FRAMES:]) == {HOP}


@given(st.integers(1, 400_000))
def test_as_many_frames_as_start_within_the_sound(n_samples: int):
    starts = frame_starts(n_frames_within(n_samples) + 1)
    assert starts[-2] < n_samples <= starts[-1]
